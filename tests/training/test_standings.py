"""The newest judged run of each network, and its numbers."""

from explorer.training.standings import standings
from tests.scene_runs import record

ALL = ("seg_full", "seg_nearest", "seg_skip")


def test_the_newest_run_counts_that_was_judged(runs):
    record(runs, "20260101-000000-a", "seg_nearest", value=0.4)
    record(runs, "20260102-000000-b", "seg_nearest", value=0.6)
    record(runs, "20260103-000000-c", "seg_nearest", value=None)
    record(runs, "20260104-000000-d", "seg_skip", value=0.7, ended="stopped")
    record(runs, "20260105-000000-e", "locate", "boxes")
    found = standings(runs, ALL, "scenes")
    assert list(found) == ["seg_nearest", "seg_skip"]
    assert found["seg_nearest"].run.id == "20260102-000000-b"
    assert found["seg_nearest"].value == 0.6
    assert found["seg_nearest"].extras == {"pixel accuracy": 0.75}
    assert found["seg_nearest"].per_class == (0.5, None)
    assert found["seg_nearest"].milliseconds == 200.0  # 2 s for ten steps
    assert found["seg_nearest"].step == 10
    assert found["seg_skip"].state == "stopped"


def test_without_runs_or_with_broken_ones_there_is_nothing(runs):
    assert standings(runs, ALL, "scenes") == {}
    record(runs, "20260101-000000-a", "seg_nearest", steps=())
    assert standings(runs, ALL, "scenes") == {}
    record(runs, "20260102-000000-b", "seg_nearest")
    (runs / "20260102-000000-b" / "run.json").write_text("{")
    assert standings(runs, ALL, "scenes") == {}
