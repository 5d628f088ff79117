"""What is known of a run: the same live and from its file, bounded, and never confused by what it does not know."""

import copy
import itertools
import json

import pytest

from explorer.training.story import LIVE, MOST_POINTS, OVER, Story, tell, thinned

BEGAN = {
    "kind": "began", "device": "CPU, 1 thread", "parameters": 61706, "total_steps": 100, "steps_an_epoch": 10,
    "batch_size": 8, "train_pictures": 80, "test_pictures": 20, "note": "Left out.",
}  # fmt: skip


def loss(step, value=1.0):
    return {
        "kind": "loss", "step": step, "epoch": step / 10, "seconds": step / 5, "fraction": step / 100, "loss": value,
        "rate": 0.1, "speed": 40.0, "memory_mb": 12.5,
    }  # fmt: skip


def evaluation(step, accuracy=0.5):
    return {
        "kind": "evaluation", "step": step, "epoch": step / 10, "seconds": step / 5, "loss": 1.0, "test_accuracy": accuracy,
        "test_loss": 0.7, "train_accuracy": 0.9, "confusion": [[3, 1], [0, 4]],
    }  # fmt: skip


def snapshot(step, dropped=()):
    return {"kind": "snapshot", "step": step, "dropped": list(dropped)}


WHOLE = [
    BEGAN,
    snapshot(0),
    loss(5, 2.0),
    snapshot(5),
    evaluation(10, 0.25),
    {"kind": "changed", "step": 10, "paused": True, "speed": 2.0, "rate": 0.05},
    snapshot(10, [5]),
    {"kind": "changed", "step": 10, "paused": False, "speed": None, "rate": 0.05},
    loss(15, 1.5),
    {"kind": "ended", "state": "finished", "message": "Finished.", "step": 15, "seconds": 3.0},
]


def test_by_hand():
    story = tell(WHOLE)
    assert (story.state, story.message, story.fraction, story.live) == ("finished", "Finished.", 1.0, False)
    assert story.note == "Left out."
    assert (story.device, story.parameters, story.total_steps, story.batch_size) == ("CPU, 1 thread", 61706, 100, 8)
    assert (story.step, story.epoch, story.seconds, story.speed, story.memory_mb) == (15, 1.5, 3.0, 40.0, 12.5)
    assert story.loss == [(5, 2.0, 0.1, 1.0), (15, 1.5, 0.1, 3.0)]
    assert story.evaluations == [(10, 0.25, 0.9, 0.7, 2.0)]
    assert story.confusion == [[3, 1], [0, 4]]
    assert story.snapshots == [0, 10]
    assert story.version == len(WHOLE)


def test_live_and_from_the_file_are_the_same():
    live = Story()
    for event in WHOLE:
        live.add(event)
    assert tell(json.loads(json.dumps(event)) for event in WHOLE) == live


def test_the_states_on_the_way():
    story, states = Story(), []
    for event in WHOLE:
        story.add(event)
        states.append(story.state)
    assert [state for state, _ in itertools.groupby(states)] == ["running", "paused", "running", "finished"]
    assert set(states) <= {*LIVE, *OVER}


@pytest.mark.parametrize("length", range(len(WHOLE)))
def test_a_run_that_did_not_end_is_interrupted(length):
    story = tell(WHOLE[:length])
    assert (story.state, story.live) == ("interrupted", False)
    assert ("continue from" in story.message) == bool(story.snapshots)
    assert ("begin it again" in story.message) != bool(story.snapshots)


@pytest.mark.parametrize("state", OVER)
def test_how_it_ended_is_kept(state):
    story = tell([BEGAN, loss(50), {"kind": "ended", "state": state, "message": "Why."}])
    assert (story.state, story.message) == (state, "Why.")
    assert story.fraction == (1.0 if state == "finished" else 0.5)


STRANGE = [
    {"kind": "confetti"},
    {},
    {"kind": None},
    {"kind": ["loss"]},
    {"kind": "loss"},
    {"kind": "loss", "step": 3},
    {"kind": "evaluation", "step": 3},
    {"kind": "snapshot", "step": 3, "dropped": 7},
    {"kind": "changed"},
    {"kind": "began"},
    {"kind": "ended"},
]


@pytest.mark.parametrize("strange", STRANGE, ids=json.dumps)
def test_what_cannot_be_understood_is_passed_over(strange):
    story = tell([BEGAN, loss(5), strange, snapshot(5), evaluation(10)])
    assert story.state == "interrupted"
    assert len(story.loss) == len(story.evaluations) == 1
    assert story.snapshots == [5]


def test_an_unknown_kind_changes_nothing():
    story = tell(WHOLE)
    before = copy.deepcopy(story)
    story.add({"kind": "confetti", "step": 3})
    assert story == before


def test_downloading_is_told_and_over_when_it_begins():
    story = Story()
    story.add({"kind": "download", "bytes": 2_500_000, "total": 10_000_000})
    assert (story.state, story.fraction, story.live) == ("starting", 0.25, True)
    assert story.message == "Downloading: 2.5 of 10.0 MB."
    story.add({"kind": "download", "bytes": 2_500_000, "total": None})
    assert story.message == "Downloading: 2.5 MB."
    story.add(BEGAN)
    assert (story.state, story.message, story.fraction) == ("running", "", 0.0)


def test_a_long_run_stays_small_and_whole():
    story = Story()
    for step in range(1, 20_001):
        story.add(loss(step))
        story.add(evaluation(step))
    for points in (story.loss, story.evaluations):
        steps = [point[0] for point in points]
        assert MOST_POINTS <= len(steps) <= 8 * MOST_POINTS
        assert (steps[0], steps[-1]) == (1, 20_000)
        assert steps == sorted(set(steps))


@pytest.mark.parametrize("count", [0, 1, 399, 400, 401, 799, 10_000])
def test_thinned_is_even(count):
    points = list(range(count))
    kept = thinned(points)
    assert len(kept) == min(count, MOST_POINTS)
    assert kept[:1] + kept[-1:] == points[:1] + points[-1:]
    gaps = {after - before for before, after in itertools.pairwise(kept)}
    assert not gaps or max(gaps) - min(gaps) <= 1
    assert points == list(range(count))
