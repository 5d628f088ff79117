"""What is taken down of a run: bounded in rate and number, evenly over the whole, the first and the last always."""

import itertools
import types

import pytest
import torch

from explorer.errors import ExplorerError
from explorer.models.trainable import Design, build
from explorer.training import recorder as room
from explorer.training.config import TrainConfig
from explorer.training.loop import Evaluation, Outcome
from explorer.training.recorder import FEWEST_SNAPSHOTS, MOST_SNAPSHOTS, Recorder
from explorer.training.settings import RunSettings
from explorer.training.step import Training
from explorer.training.story import Story
from explorer.training.timeline import Writer, read_events, snapshot_steps
from tests.data.sets import stripes
from tests.training.test_loop import normalise, small


@pytest.fixture
def clock(monkeypatch):
    """The recorder's clock: stands still unless `clock(seconds)` moves it; returns now."""
    now = [1000.0]
    monkeypatch.setattr(room, "time", types.SimpleNamespace(perf_counter=lambda: now[0]))

    def go_on(seconds=0.0):
        now[0] += seconds
        return now[0]

    return go_on


def begun(writer=None, network=None):
    """A training that only pretends, its recorder and what that tells."""
    told = []
    config = TrainConfig(epochs=200_000, batch_size=8, device="cpu")
    training = Training(network or small(), stripes(), normalise, config)
    recorder = Recorder(writer, told.append)
    recorder.begin(training)
    return training, recorder, told


def go(training, recorder, clock, steps, *, each):
    """So many steps of so many seconds each."""
    for _ in range(steps):
        clock(each)
        training.steps += 1
        recorder.stepped(training)


def kept(told):
    """The snapshots that a listener believes in."""
    steps = []
    for event in told:
        if event["kind"] == "snapshot":
            steps = [step for step in steps if step not in event["dropped"]] + [event["step"]]
    return steps


OUTCOME = {"samples_per_second": 10.0, "seconds": 2.0, "epochs": 1.0, "device": "cpu"}


def end(training, recorder, reason="finished", accuracy=0.5):
    recorder.end(training, Outcome(accuracy, steps=training.steps, reason=reason, **OUTCOME))


def test_it_begins_with_what_the_run_is_and_a_snapshot(clock):
    _training, _, told = begun()
    assert [event["kind"] for event in told] == ["began", "snapshot"]
    assert told[0]["parameters"] == 64 * 2 + 2
    assert (told[0]["total_steps"], told[0]["steps_an_epoch"], told[0]["batch_size"]) == (1_000_000, 5, 8)
    assert (told[0]["train_pictures"], told[0]["test_pictures"]) == (40, 40)
    assert told[1] == {"kind": "snapshot", "step": 0, "dropped": []}


@pytest.mark.parametrize("each", [0.0001, 0.003, 0.05, 0.1, 0.7])
def test_at_most_ten_snapshots_a_second(clock, each):
    training, recorder, told = begun()
    times = [clock()]
    for _ in range(300):
        before = kept(told)
        go(training, recorder, clock, 1, each=each)
        if kept(told) != before:
            times.append(clock())
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert all(gap >= 0.1 - 1e-9 for gap in gaps)
    # and no fewer than steps and clock allow: a step's length late at most
    assert all(gap <= max(0.1, each) + each + 1e-9 for gap in gaps)


@pytest.mark.parametrize("steps", [1, 50, MOST_SNAPSHOTS - 1, MOST_SNAPSHOTS, MOST_SNAPSHOTS + 1, 1000, 8011])
def test_a_bounded_number_evenly_over_the_whole_with_first_and_last(clock, steps):
    training, recorder, told = begun()
    believed = Story()
    for _ in range(steps):
        go(training, recorder, clock, 1, each=0.2)
        for event in told:
            believed.add(event)
        told.clear()
        assert len(believed.snapshots) <= MOST_SNAPSHOTS + 1
    end(training, recorder)
    for event in told:
        believed.add(event)
    found = believed.snapshots
    assert (found[0], found[-1]) == (0, steps)
    assert len(found) >= min(steps + 1, MOST_SNAPSHOTS // 2)
    assert found == sorted(set(found))
    gaps = [after - before for before, after in itertools.pairwise(found)]
    assert max(gaps) <= 2 * max(1, steps // (MOST_SNAPSHOTS // 2))
    assert max(gaps[:-1], default=1) <= 2 * min(gaps[:-1], default=1)  # the last came when the run ended


def test_a_long_run_can_still_be_watched(clock):
    training, recorder, told = begun()
    go(training, recorder, clock, 3000, each=0.2)  # by now only every 24th step or so stays
    told.clear()
    newest = []
    for _ in range(60):
        go(training, recorder, clock, 1, each=0.2)
        newest += [event["step"] for event in told if event["kind"] == "snapshot"]
        told.clear()
        assert training.steps - max(newest, default=training.steps) <= 3  # half a second, and a step
    assert len(newest) >= 18


def test_what_is_told_is_what_lies_on_the_disk(clock, runs, monkeypatch):
    monkeypatch.setattr(room, "MOST_SNAPSHOTS", 10)
    monkeypatch.setattr(room, "FEWEST_SNAPSHOTS", 4)
    writer = Writer(runs / "one", RunSettings(), stripes())
    training, recorder, told = begun(writer)
    for _ in range(100):
        go(training, recorder, clock, 1, each=0.2)
        assert snapshot_steps(writer.folder) == kept(told)
    end(training, recorder)
    assert snapshot_steps(writer.folder) == kept(told)
    assert read_events(writer.folder) == told


def test_large_networks_keep_fewer_snapshots(clock, monkeypatch):
    size = 4 * (64 * 2 + 2)
    for bytes_there, expected in ((size * 50, 50), (size * 10_000, MOST_SNAPSHOTS), (0, FEWEST_SNAPSHOTS)):
        monkeypatch.setattr(room, "MOST_BYTES", bytes_there)
        training, recorder, told = begun()
        most = 0
        for _ in range(500):
            go(training, recorder, clock, 1, each=0.2)
            most = max(most, len(kept(told)))
        assert expected - 1 <= most <= expected + 1


def test_losses_are_told_five_times_a_second_and_later_less_often(clock):
    training, recorder, told = begun()
    go(training, recorder, clock, 1000, each=0.01)  # ten seconds
    assert 45 <= sum(event["kind"] == "loss" for event in told) <= 51
    go(training, recorder, clock, 10_000, each=1.0)  # and almost three hours
    losses = [event for event in told if event["kind"] == "loss"]
    assert len(losses) < 6000
    gaps = [after["step"] - before["step"] for before, after in itertools.pairwise(losses[-10:])]
    assert all(18 <= gap <= 22 for gap in gaps)  # 10,010 s / 500


def test_the_loss_is_the_mean_since_the_last_one(clock):
    training, recorder, told = begun()
    for losses in ([2.0, 4.0], [1.0, 1.0, 7.0]):
        for number, loss in enumerate(losses):
            training._loss_sum += loss
            training.steps += 1
            clock(1.0 if number == len(losses) - 1 else 0.0)
            if number == len(losses) - 1:
                recorder.stepped(training)
    assert [(event["step"], event["loss"]) for event in told if event["kind"] == "loss"] == [(2, 3.0), (5, 3.0)]


def test_a_step_by_hand_is_taken_down_at_once(clock):
    training, recorder, told = begun()
    for step in range(1, 4):
        training.steps = step
        recorder.stepped(training, at_once=True)
        assert [event["kind"] for event in told[-2:]] == ["loss", "snapshot"]
        assert told[-1]["step"] == step
    recorder.stepped(training, at_once=True)  # nothing new
    assert kept(told) == [0, 1, 2, 3]


def test_an_evaluation_is_told_whole(clock):
    _, recorder, told = begun()
    recorder.evaluated(Evaluation(5, 1.0, 2.34567, 0.1, 0.5, 0.75, 0.6, 0.8, ((3, 1), (0, 4))))
    assert told[-1] == {
        "kind": "evaluation", "step": 5, "epoch": 1.0, "seconds": 2.3457, "loss": 0.5, "test_accuracy": 0.75,
        "test_loss": 0.6, "train_accuracy": 0.8, "confusion": ((3, 1), (0, 4)),
            "metric": "accuracy", "extras": {}, "per_class": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "accuracy", "state", "message"),
    [
        ("finished", 0.9876, "finished", "Finished after 1,234 steps, 2.0 s of training. Test accuracy 98.76%."),
        (
            "accuracy",
            0.99,
            "finished",
            "Reached the accuracy after 1,234 steps, 2.0 s of training. Test accuracy 99.00%.",
        ),
        ("stopped", None, "stopped", "Stopped after 1,234 steps, 2.0 s of training."),
    ],
)
def test_how_it_ended(clock, reason, accuracy, state, message):
    training, recorder, told = begun()
    training.steps = 1234
    end(training, recorder, reason, accuracy)
    assert [event["kind"] for event in told[-3:]] == ["loss", "snapshot", "ended"]
    assert (told[-1]["state"], told[-1]["message"]) == (state, message)


def test_broken_weights_are_not_kept(clock, runs):
    network = build(Design("corner_mlp"), 1, 2)
    writer = Writer(runs / "one", RunSettings(), stripes())
    training, recorder, told = begun(writer, network)
    for value in (float("nan"), float("inf")):
        with torch.no_grad():
            network.hidden.weight[3, 7] = value
        training.steps = 0
        with pytest.raises(ExplorerError, match="no longer a number after 1 step: choose a smaller learning rate"):
            go(training, recorder, clock, 1, each=1)
    assert snapshot_steps(writer.folder) == kept(told) == [0]
