"""A run from its settings to its end: what is told, what is kept, how it goes on from another and how it fails."""

import threading

import pytest
import torch

from explorer.data.labelled import DataSet, LabelledImages
from explorer.errors import ExplorerError
from explorer.models.feeding import DIGITS, PHOTOS
from explorer.models.trainable import Design, build
from explorer.training import run as room
from explorer.training.config import TrainConfig
from explorer.training.loop import train
from explorer.training.run import feeding, perform, take_over
from explorer.training.settings import RunSettings, Start
from explorer.training.story import tell
from explorer.training.timeline import (
    Writer,
    list_runs,
    read_events,
    read_run,
    read_snapshot,
    snapshot_steps,
)
from tests.data.sets import stripes


def settings(design=None, *, start=None, train_pictures=None, **changed):
    config = TrainConfig(**{"epochs": 2, "batch_size": 8, "device": "cpu", **changed})
    return RunSettings(design or Design("corner_mlp"), "digits", config, train_pictures, start)


def recorded(runs, name="one", data=None, **wished):
    """Perform a run into runs/name; returns network, outcome and what was told."""
    told = []
    network, outcome = perform(settings(**wished), data or stripes(), folder=runs / name, tell=told.append)
    return network, outcome, told


def same(state, other):
    return state.keys() == other.keys() and all(torch.equal(state[name], other[name]) for name in state)


def plain(event):
    """As JSON gives it back."""
    return {key: [list(row) for row in value] if key == "confusion" else value for key, value in event.items()}


def test_what_is_told_is_what_is_kept(runs):
    _, outcome, told = recorded(runs)
    folder = runs / "one"
    assert read_events(folder) == [plain(event) for event in told]
    story = tell(told)
    assert story.snapshots == snapshot_steps(folder)
    assert (story.state, story.step, story.epoch, story.fraction) == ("finished", outcome.steps, 2, 1.0)
    assert [accuracy for _, accuracy, *_ in story.evaluations][-1] == outcome.test_accuracy
    run = read_run(runs, "one")
    assert (run.settings, run.classes, run.channels) == (settings(), ("above", "below"), 1)


@pytest.mark.parametrize("design", [Design("corner_mlp"), Design("lenet5", batch_norm=True, dropout=0.5)], ids=str)
def test_first_and_last_snapshot(runs, design):
    network, outcome, _ = recorded(runs, design=design, seed=5)
    folder = runs / "one"
    assert same(read_snapshot(folder, 0), build(design, 1, 2, seed=5).state_dict())
    assert snapshot_steps(folder)[-1] == outcome.steps
    assert same(read_snapshot(folder, outcome.steps), network.state_dict())


def test_recording_changes_nothing(runs):
    network, _, _ = recorded(runs)
    unrecorded, outcome = perform(settings(), stripes())
    bare = build(Design("corner_mlp"), 1, 2)
    train(bare, stripes(), DIGITS.normalise, settings().config)
    assert same(network.state_dict(), unrecorded.state_dict())
    assert same(network.state_dict(), bare.state_dict())
    assert outcome.reason == "finished"


def test_nothing_is_written_without_a_folder(runs):
    perform(settings(), stripes())
    assert not runs.exists()


def test_few_pictures(runs):
    _, outcome, told = recorded(runs, train_pictures=16)
    assert told[0]["train_pictures"] == 16
    assert outcome.steps == 4
    with pytest.raises(ExplorerError, match="choose at least 2"):
        perform(settings(train_pictures=1), stripes())


def test_feeding_by_channels():
    assert (feeding(1), feeding(3)) == (DIGITS, PHOTOS)


def test_commands_from_another_thread_reach_it():
    told = []
    paused, began = threading.Event(), []

    def hear(event):
        told.append(event)
        if event["kind"] == "changed" and event["paused"]:
            paused.set()

    def control(control):
        control.commands.put({"name": "pause"})
        began.append(control)

    def stop_later():
        paused.wait(30)
        began[0].commands.put({"name": "step"})
        began[0].commands.put({"name": "step"})
        began[0].commands.put({"name": "stop"})

    threading.Thread(target=stop_later, daemon=True).start()
    _, outcome = perform(settings(epochs=1000), stripes(), tell=hear, control=control)
    assert (outcome.reason, outcome.steps, outcome.test_accuracy) == ("stopped", 2, None)
    story = tell(told)
    assert (story.state, story.snapshots) == ("stopped", [0, 1, 2])
    assert [step for step, *_ in story.loss] == [1, 2]


# ── going on from a snapshot ────────────────────────────────────────────────────────────────────────────────────────


def test_going_on_begins_where_the_other_stood(runs):
    network, outcome, _ = recorded(runs)
    recorded(runs, "two", start=Start("one", outcome.steps), rate=1e-4, seed=3)
    assert same(read_snapshot(runs / "two", 0), network.state_dict())
    recorded(runs, "three", start=Start("one", 0), seed=9)
    assert same(read_snapshot(runs / "three", 0), build(Design("corner_mlp"), 1, 2, seed=0).state_dict())
    assert {run.id: run.settings.start for run in list_runs(runs)} == {
        "one": None,
        "two": Start("one", outcome.steps),
        "three": Start("one", 0),
    }


def test_dropout_may_differ(runs):
    recorded(runs, design=Design("lenet5"))
    network = build(Design("lenet5", dropout=0.5), 1, 2)
    take_over(network, Start("one", 0))
    assert torch.equal(network.f6.weight, read_snapshot(runs / "one", 0)["f6.weight"])


@pytest.mark.parametrize(
    ("design", "classes", "said"),
    [
        (Design("lenet5"), 10, r"“output.weight” is \(2, 84\) there and \(10, 84\) here"),
        (Design("lenet5", batch_norm=True), 2, r"“norm1.weight” is missing there and \(6,\) here"),
        (Design("deep"), 2, r"“dense1.weight” is missing there and \(64, 256\) here"),
    ],
    ids=str,
)
def test_what_does_not_fit_names_the_tensor(runs, design, classes, said):
    recorded(runs, design=Design("lenet5"), epochs=0.2)
    with pytest.raises(ExplorerError, match=said):
        take_over(build(design, 1, classes), Start("one", 0))


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (Start("nobody", 0), "no run called “nobody”"),
        (Start("../one", 0), "no run's name"),
        (Start("one", 999_999), "no snapshot of step 999,999"),
        (Start("one", -1), "no snapshot of step -1"),
    ],
    ids=str,
)
def test_a_start_that_is_not_there(runs, start, said):
    recorded(runs, epochs=0.2)
    with pytest.raises(ExplorerError, match=said):
        perform(settings(start=start), stripes(), folder=runs / "two")
    assert not (runs / "two").exists()


# ── failing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def fails(runs, said, **wished):
    """Perform a run that fails with a sentence; returns the story that is kept."""
    told = []
    with pytest.raises(ExplorerError, match=said) as caught:
        perform(settings(**wished), wished.pop("data", None) or stripes(), folder=runs / "one", tell=told.append)
    story = tell(read_events(runs / "one"))
    assert (story.state, story.message) == ("failed", str(caught.value))
    assert told[-1] == {"kind": "ended", "state": "failed", "message": str(caught.value)}
    return story


@pytest.mark.parametrize("epochs", [0.2, 3, 1000])
def test_a_loss_that_is_no_number_fails_and_keeps_what_was_good(runs, epochs):
    story = fails(runs, "no longer a number", optimiser="sgd", rate=1e38, schedule="constant", epochs=epochs)
    assert story.snapshots == snapshot_steps(runs / "one")
    assert story.snapshots[0] == 0
    for steps in story.snapshots:
        assert all(tensor.isfinite().all() for tensor in read_snapshot(runs / "one", steps).values())


OUT = {
    "the GPU": torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB."),
    "the CPU": RuntimeError("[enforce fail at alloc_cpu.cpp:118] DefaultCPUAllocator: can't allocate memory: 1 bytes."),
    "Python": MemoryError(),
}


@pytest.mark.parametrize("error", OUT.values(), ids=OUT)
def test_too_little_memory_is_one_sentence(runs, monkeypatch, error):
    def fail(*args, begun, **callbacks):
        raise error

    monkeypatch.setattr(room, "train", fail)
    fails(runs, "not enough memory for this run: choose a smaller batch or a smaller data set")


def test_what_pytorch_refuses_is_one_sentence(runs):
    # normalisation over one picture of 1×1 pixels has no deviation
    story = fails(runs, r"PyTorch could not go on \(Expected more than 1", design=Design(batch_norm=True), batch_size=1)
    assert "\n" not in story.message
    assert story.snapshots == [0]


def test_a_full_disk_stops_it_and_is_said(runs, monkeypatch):
    written = []

    def full(writer, steps, state, snapshot=Writer.snapshot):
        if written:
            raise ExplorerError("The run can no longer be written.")
        written.append(steps)
        snapshot(writer, steps, state)

    monkeypatch.setattr(Writer, "snapshot", full)
    story = fails(runs, "can no longer be written")
    assert story.snapshots == snapshot_steps(runs / "one") == [0]


def test_a_fault_of_ours_is_no_sentence(runs):
    """An error that no user can mend is not dressed up as one."""
    half = LabelledImages(stripes().train.images, stripes().train.labels)
    with pytest.raises(ZeroDivisionError):
        perform(settings(), DataSet("x", ("a", "b"), half, half), tell=lambda event: 1 / 0)
