"""One registry for all long work: found by kind and name, bounded, joined, and ended all at once."""

import time

import pytest

from explorer.errors import ExplorerError
from explorer.live import downloads, registry, runs, scans, studies
from explorer.live.registry import LIVE, OVER, Kind, begin, close_all, find, live_jobs

KINDS = (runs.KIND, scans.KIND, studies.KIND, downloads.KIND)
BAKE, FRY = Kind("bake", 2, "{} loaves are in the oven: wait."), Kind("fry", 1, "{} in the pan: wait.")


class Work:
    """A job that is over when it is told so."""

    def __init__(self, seconds=0.0):
        self.state, self.message, self._seconds = "starting", "", seconds

    def stop(self):
        self.state = "stopped"

    def wait(self, seconds=None):
        return self.state in OVER

    def close(self):
        time.sleep(self._seconds)
        self.state = "interrupted"


@pytest.fixture(autouse=True)
def empty(monkeypatch):
    """No jobs of other tests."""
    monkeypatch.setattr(registry, "_JOBS", {})


def test_a_job_is_found_by_its_kind_and_name():
    one = begin(BAKE, "a", Work)
    assert begin(BAKE, "a", Work) is one  # asked for by two at once
    other = begin(FRY, "a", Work)
    assert (find(BAKE, "a"), find(FRY, "a"), find(BAKE, "b"), find(BAKE, ["a"])) == (one, other, None, None)
    assert live_jobs() == [other, one]
    assert live_jobs(BAKE) == [one]
    one.stop()
    assert find(BAKE, "a") is one  # still there to be asked
    assert live_jobs(BAKE) == []
    assert begin(BAKE, "a", Work) is not one


def test_there_are_so_many_of_a_kind_at_most():
    first = begin(BAKE, 1, Work)
    begin(BAKE, 2, Work)
    with pytest.raises(ExplorerError, match="2 loaves are in the oven: wait"):
        begin(BAKE, 3, Work)
    begin(FRY, 3, Work)  # another kind
    first.stop()
    assert begin(BAKE, 3, Work)


def test_what_cannot_be_begun_leaves_nothing():
    def fail():
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        begin(BAKE, 1, fail)
    assert registry._JOBS == {}


def test_what_is_over_is_forgotten_in_the_end(monkeypatch):
    monkeypatch.setattr(registry, "MOST_KEPT", 3)
    for name in range(10):
        begin(BAKE, name, Work).stop()
    assert find(BAKE, 9).state == "stopped"
    assert len(registry._JOBS) <= 5
    assert find(BAKE, 0) is None


@pytest.mark.parametrize("state", [*LIVE, *OVER])
def test_every_state_is_live_or_over(state):
    work = Work()
    work.state = state
    assert registry.is_live(work) is (state in LIVE)


def test_all_are_ended_at_once():
    jobs = [begin(Kind(str(name), 1, ""), name, lambda: Work(0.2)) for name in range(8)]
    began = time.monotonic()
    close_all()
    assert time.monotonic() - began < 1
    assert {job.state for job in jobs} == {"interrupted"}
    close_all()  # twice does no harm


def test_the_kinds_differ():
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    for kind in KINDS:
        assert kind.most > 0
        assert str(kind.most) in kind.busy.format(kind.most)
