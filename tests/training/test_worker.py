"""The training process by its pipes: one request, commands, events, and an end when its standard input ends."""

import dataclasses
import json
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from explorer.models.trainable import Design
from explorer.training.config import TrainConfig
from explorer.training.settings import RunSettings
from explorer.training.story import tell
from explorer.training.timeline import read_events, read_snapshot, snapshot_steps

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds: only a broken test waits so long; a process imports torch first
ENDLESS = RunSettings(Design(), "digits", TrainConfig(epochs=1_000_000, batch_size=32, device="cpu", threads=1))
SHORT = dataclasses.replace(ENDLESS, config=dataclasses.replace(ENDLESS.config, epochs=0.5))


class Worker:
    """A worker process; `hear` waits for an event."""

    def __init__(self, request):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "explorer.training.worker"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.events, self.heard = queue.SimpleQueue(), []
        threading.Thread(target=self._listen, daemon=True).start()
        self.say(request)

    def _listen(self):
        for line in self.process.stdout:
            self.events.put(json.loads(line))

    def say(self, message):
        self.process.stdin.write((message if isinstance(message, str) else json.dumps(message)) + "\n")
        self.process.stdin.flush()

    def hear(self, **wanted):
        """Wait for an event that has these values."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            event = self.events.get(timeout=PATIENCE)
            self.heard.append(event)
            if all(event.get(key) == value for key, value in wanted.items()):
                return event
        pytest.fail(f"nothing of {wanted} was heard")

    def ended(self):
        """Its exit status and how many seconds it took to end."""
        started = time.monotonic()
        return self.process.wait(PATIENCE), time.monotonic() - started


@pytest.fixture
def work(runs):
    """work(settings, commands=…) → a Worker that records into runs/one; none is left at the end."""
    workers = []

    def begin(settings, **more):
        plain = settings if isinstance(settings, dict) else settings.as_json()
        workers.append(Worker({"settings": plain, "folder": str(runs / "one"), "data_dir": None, **more}))
        return workers[-1]

    yield begin
    for worker in workers:
        worker.process.kill()
        worker.process.wait()
        worker.process.stderr.close()


def test_from_request_to_the_end(work, runs):
    worker = work(SHORT)
    last = worker.hear(kind="ended")
    assert (last["state"], last["step"]) == ("finished", 22)  # half of an epoch: 44 batches of 32 pictures
    assert worker.ended()[0] == 0
    assert worker.heard[0]["kind"] == "began"
    assert read_events(runs / "one") == worker.heard
    assert snapshot_steps(runs / "one")[-1] == 22
    assert worker.process.stderr.read() == ""


def test_commands_before_and_after_the_beginning(work):
    worker = work(ENDLESS, commands=[{"name": "rate", "value": 0.25}, {"name": "pause"}])
    worker.say({"name": "speed", "value": 50})  # comes while torch is being imported
    assert worker.hear(kind="changed")["rate"] == 0.25
    assert worker.hear(kind="changed", paused=True)["step"] == 0
    assert worker.hear(kind="changed", speed=50)["paused"]
    worker.say({"name": "step"})
    assert worker.hear(kind="snapshot", step=1)
    worker.say({"name": "resume"})
    worker.hear(kind="changed", paused=False)
    worker.hear(kind="loss")
    worker.say({"name": "stop"})
    assert worker.hear(kind="ended")["state"] == "stopped"
    assert worker.ended()[0] == 0


def test_nonsense_is_passed_over(work):
    worker = work(ENDLESS, commands=[{"name": "pause"}, {"name": "explode"}, "x", None])
    worker.hear(kind="changed", paused=True)
    huge = '{"name": "rate", "value": 1' + "0" * 400 + "}"
    for line in (
        "",
        "{",
        "[]",
        "null",
        '"stop"',
        '{"name": "explode"}',
        '{"name": "rate", "value": "fast"}',
        huge,
        "\0",
    ):
        worker.say(line)
    worker.say({"name": "step"})
    assert worker.hear(kind="snapshot", step=1)  # it still listens
    assert worker.process.poll() is None


@pytest.mark.parametrize("commands", [[], [{"name": "pause"}]], ids=str)
def test_it_ends_with_its_standard_input(work, runs, commands):
    worker = work(ENDLESS, commands=commands)
    worker.hear(kind="began")
    worker.hear(kind="changed" if commands else "loss")
    worker.process.stdin.close()
    status, seconds = worker.ended()
    assert status == 0
    assert seconds < 5
    assert tell(read_events(runs / "one")).state == "interrupted"
    assert all(read_snapshot(runs / "one", steps) for steps in snapshot_steps(runs / "one"))


def test_stopped_before_it_has_begun(work, runs):
    """While torch is imported and data is read, a stop need not wait."""
    worker = work(ENDLESS)
    worker.say({"name": "stop"})
    assert worker.hear(kind="ended")["state"] == "stopped"
    status, seconds = worker.ended()
    assert status == 0
    assert seconds < 5
    assert len(worker.heard) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"data": "mnist"}, "No readable copy of mnist"),
        ({"train_pictures": 3}, "choose at least 10"),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_one_sentence(work, runs, tmp_path, change, said):
    worker = work(dataclasses.replace(SHORT, **change), data_dir=str(tmp_path))
    last = worker.hear(kind="ended")
    assert last["state"] == "failed"
    assert said in last["message"]
    assert "\n" not in last["message"]
    assert worker.ended()[0] == 1


def test_settings_of_another_version_are_one_sentence(work):
    worker = work({"legs": 4})
    assert "written by another version" in worker.hear(kind="ended")["message"]
    assert worker.ended()[0] == 1
