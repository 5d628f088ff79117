"""A run on disk: whole files only, names that lead nowhere, and what stays readable whatever happens."""

import errno
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from explorer.errors import ExplorerError
from explorer.models.trainable import Design, build
from explorer.training import timeline
from explorer.training.settings import RunSettings
from explorer.training.timeline import (
    Writer,
    list_runs,
    new_identity,
    read_events,
    read_run,
    read_snapshot,
    read_watched,
    run_folder,
    runs_root,
    snapshot_steps,
)
from tests.data.sets import stripes

ROOT = Path(__file__).parents[2]
SETTINGS = RunSettings(Design("deep"), "digits")


def state(number=0):
    return build(Design("corner_mlp"), 1, 2, seed=number).state_dict()


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def writer(runs):
    return Writer(runs / "one", SETTINGS, stripes())


def test_the_root_is_where_the_environment_says(runs, monkeypatch):
    assert runs_root() == runs
    monkeypatch.setenv("EXPLORER_RUNS", "")
    assert runs_root() == Path("runs")


def test_a_run_comes_back(runs, writer):
    run = read_run(runs, "one")
    assert (run.id, run.folder, run.settings) == ("one", runs / "one", SETTINGS)
    assert (run.classes, run.channels) == (("above", "below"), 1)
    watched = read_watched(run.folder)
    assert torch.equal(watched.images, stripes().test.images)
    assert torch.equal(watched.labels, stripes().test.labels)


def test_at_most_a_thousand_pictures_are_kept(runs):
    Writer(runs / "many", SETTINGS, stripes(2500))
    watched = read_watched(runs / "many")
    assert len(watched) == 1000
    assert torch.equal(watched.images[3], stripes(2500).test.images[7])  # every two and a halfth


def test_snapshots_come_back_bit_by_bit(writer):
    for steps in (0, 100, 20):
        writer.snapshot(steps, state(steps))
    assert snapshot_steps(writer.folder) == [0, 20, 100]
    for steps in (0, 100, 20):
        kept = read_snapshot(writer.folder, steps)
        assert all(torch.equal(kept[name], tensor) for name, tensor in state(steps).items())


def test_channels_last_weights_come_back(writer):
    network = build(Design(), 1, 10).to(memory_format=torch.channels_last)
    writer.snapshot(1, network.state_dict())
    kept = read_snapshot(writer.folder, 1)
    assert all(torch.equal(kept[name], tensor) for name, tensor in network.state_dict().items())


def test_a_dropped_snapshot_is_gone(writer):
    writer.snapshot(1, state())
    writer.drop(1)
    writer.drop(1)  # twice does no harm
    assert snapshot_steps(writer.folder) == []
    with pytest.raises(ExplorerError, match="no snapshot of step 1 any more: it has kept none"):
        read_snapshot(writer.folder, 1)
    writer.snapshot(2, state())
    with pytest.raises(ExplorerError, match="no snapshot of step 1 any more: choose one of the timeline"):
        read_snapshot(writer.folder, 1)


def test_events_come_back_in_order(writer):
    events = [{"kind": "loss", "step": number, "message": "ü ≤ “ \n"} for number in range(50)]
    for event in events:
        writer.event(event)
    assert read_events(writer.folder) == events


def test_there_is_a_new_name_each_time():
    names = {new_identity("corner_mlp") for _ in range(20)}
    assert len(names) > 15
    for name in names:
        assert run_folder(Path("runs"), name) == Path("runs") / name


HOSTILE = [
    *("", ".", "..", "../x", "a/b", "/etc", "a\\b", "-x", "_x", "Ä", "a b", "a\n", "\0", "A", "~", "%2e%2e", "x" * 65),
    *("x" * 100, None, 7, ["a"], b"a"),
]


@pytest.mark.parametrize("name", HOSTILE, ids=repr)
def test_what_is_no_run_s_name_makes_no_path(runs, name):
    for ask in (run_folder, read_run):
        with pytest.raises(ExplorerError, match="no run's name: choose one of the list"):
            ask(runs, name)


def test_a_name_may_be_64_letters_long(runs):
    assert run_folder(runs, "x" * 64).name == "x" * 64


# ── what is damaged ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("end", [b'{"kind": "lo', b'{"kind": "loss"', b"\xc3", b"[1, 2]", b"7", b"null\n", b"\0\0\0"])
def test_a_last_line_that_was_cut_off_is_left_out(writer, end):
    writer.event({"kind": "began"})
    with (writer.folder / "events.jsonl").open("ab") as file:
        file.write(end)
    assert read_events(writer.folder) == [{"kind": "began"}]


def test_there_are_no_events_where_there_is_no_file(tmp_path):
    assert read_events(tmp_path / "nowhere") == []
    assert snapshot_steps(tmp_path / "nowhere") == []
    assert list_runs(tmp_path / "nowhere") == []


DAMAGED = [
    "",
    "{",
    "[]",
    "null",
    "{}",
    '{"settings": {}}',
    '{"settings": null, "classes": [], "channels": 1, "began": ""}',
]


@pytest.mark.parametrize("text", [*DAMAGED, "\udcff"], ids=repr)
def test_an_unreadable_run_is_skipped(runs, writer, text):
    shutil.copytree(runs / "one", runs / "two")
    (runs / "two" / "run.json").write_bytes(text.encode(errors="surrogateescape"))
    assert [run.id for run in list_runs(runs)] == ["one"]
    with pytest.raises(ExplorerError, match=r"(no run called “two” that can be read|settings cannot be read): "):
        read_run(runs, "two")


def test_the_newest_run_comes_first_and_no_more_than_asked_for_are_read(runs, writer):
    for name in ("20200101-120000-deep-ffff", "20261121-143005-lenet5-3f2a", "20261121-143006-deep-0000", "..no"):
        shutil.copytree(runs / "one", runs / name)
    shutil.rmtree(runs / "one")
    (runs / "a file").write_text("")
    (runs / "99999999-999999-deep-0000").mkdir()  # no run.json yet
    newest = ["20261121-143006-deep-0000", "20261121-143005-lenet5-3f2a", "20200101-120000-deep-ffff"]
    assert [run.id for run in list_runs(runs)] == newest
    assert [run.id for run in list_runs(runs, most=2)] == newest[:2]


@pytest.mark.parametrize("content", [b"", b"\0" * 100, save({"x": torch.ones(3)})[:20]])
def test_a_damaged_snapshot_is_one_sentence(writer, content):
    (writer.folder / "snapshots" / "3.safetensors").write_bytes(content)
    (writer.folder / "watch.safetensors").write_bytes(content)
    with pytest.raises(ExplorerError, match="no snapshot of step 3"):
        read_snapshot(writer.folder, 3)
    with pytest.raises(ExplorerError, match="lost its test pictures"):
        read_watched(writer.folder)


def test_what_is_no_snapshot_is_not_counted(writer):
    writer.snapshot(5, state())
    for name in ("6.part", "x.safetensors", "-1.safetensors", "1.5.safetensors"):
        (writer.folder / "snapshots" / name).write_bytes(b"")
    assert snapshot_steps(writer.folder) == [5]


# ── a full disk ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_snapshot_is_whole_or_not_there(writer, monkeypatch):
    writer.snapshot(1, state())
    before = files(writer.folder)
    real = Path.write_bytes

    def half(path, content):
        real(path, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(
        ExplorerError, match=r"can no longer be written to kept/one \(No space left on device\)"
    ) as caught:
        writer.snapshot(2, state())
    assert "free some space" in str(caught.value)
    assert str(writer.folder.parent) not in str(caught.value)
    assert files(writer.folder) == before  # no half file is left over
    monkeypatch.setattr(Path, "write_bytes", real)
    writer.snapshot(2, state())
    assert snapshot_steps(writer.folder) == [1, 2]


def test_an_event_that_was_cut_off_does_not_spoil_the_next(writer):
    class FullNow:
        def __init__(self, file):
            self.file, self.room = file, 10

        def write(self, line):
            if self.room == 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            written = self.file.write(line[: self.room])
            self.room -= written
            return written

    writer.event({"kind": "first"})
    writer._events = FullNow(writer._events)
    with pytest.raises(ExplorerError, match="No space left on device"):
        writer.event({"kind": "second"})
    writer._events.room = 10_000  # somebody made room
    writer.event({"kind": "third"})
    writer.event({"kind": "fourth"})
    assert [event["kind"] for event in read_events(writer.folder)] == ["first", "third", "fourth"]


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX's")
def test_a_disk_that_really_takes_no_more(runs):
    """A process whose files may not grow beyond a limit: the whole training ends with one sentence, the rest is kept."""
    script = """
        import resource, signal
        from pathlib import Path
        from explorer.errors import ExplorerError
        from explorer.models.trainable import Design
        from explorer.training.config import TrainConfig
        from explorer.training.run import perform
        from explorer.training.settings import RunSettings
        from tests.data.sets import stripes

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (80_000, 80_000))
        settings = RunSettings(Design("corner_mlp"), "digits", TrainConfig(epochs=1000, batch_size=8, device="cpu"))
        try:
            perform(settings, stripes(), folder=Path(__import__("sys").argv[1]) / "full")
        except ExplorerError as error:
            print(error)
    """
    answer = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(runs)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout.count("\n") == 1, answer.stderr
    assert "can no longer be written to kept/full (File too large). What was recorded is kept" in answer.stdout
    run = read_run(runs, "full")
    steps = snapshot_steps(run.folder)
    assert steps[0] == 0
    assert all(read_snapshot(run.folder, number) for number in steps)
    assert read_events(run.folder)[0]["kind"] == "began"
    assert len(read_events(run.folder)) > 100
    assert (run.folder / "events.jsonl").stat().st_size <= 80_000


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(ExplorerError, match="can no longer be written"):
        Writer(tmp_path / "runs" / "one", SETTINGS, stripes())


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "runs").write_text("")
    with pytest.raises(ExplorerError, match="can no longer be written to runs/one"):
        Writer(tmp_path / "runs" / "one", SETTINGS, stripes())


def test_the_most_events_that_are_read_are_bounded(writer, monkeypatch):
    for number in range(100):
        writer.event({"n": number})
    monkeypatch.setattr(timeline, "MOST_EVENTS", 95)
    assert read_events(writer.folder) == [{"n": number} for number in range(10)]
