"""The decision table: four rows, filled from studies and from runs side by side."""

import dataclasses
import json

import pytest

from explorer.data.labelled import DataSet, LabelledImages
from explorer.study.decision import SMALL, decision_table
from explorer.study.study import Study
from explorer.training.config import TrainConfig
from explorer.training.run import perform
from explorer.training.transfer import students
from tests.data.sets import stripes


def keep(root, name, study, accuracies, seeds=2):
    """A study on the disk. accuracies: (student, count) → mean."""
    points = [
        {"student": student, "count": count, "seed": seed, "accuracy": mean + (0.01 if seed else -0.01), "seconds": 1.0}
        for (student, count), mean in accuracies.items()
        for seed in range(seeds)
    ]
    (root / name).mkdir(parents=True)
    told = {"format": 1, "began": "2026-11-21", "study": study.as_json(), "points": points}
    (root / name / "study.json").write_text(json.dumps(told))


def rows(root, **more):
    return {row.key: row for row in decision_table(root, **more)}


def test_four_rows_with_nothing_measured(runs):
    table = decision_table(runs)
    assert [(row.key, row.expects) for row in table] == [
        ("small similar", "last"),
        ("big similar", "fine_tune"),
        ("big different", "scratch"),
        ("small different", None),
    ]
    assert all(
        row.key == f"{'small' if row.small else 'big'} {'similar' if row.similar else 'different'}" for row in table
    )
    assert all(row.rule and row.measured == () for row in table)


def test_a_study_fills_a_row_for_each_count(runs):
    counts = {
        ("last", 10): 0.9,
        ("fine_tune", 10): 0.85,
        ("scratch", 10): 0.7,
        ("last", 50): 0.92,
        ("fine_tune", 50): 0.95,
    }
    keep(runs, "a-study", Study("lenet5", "c5", "mnist_high", (10, 50), 2), counts)
    found = rows(runs)
    (small,), (big,) = found["small similar"].measured, found["big similar"].measured
    assert (small.best, small.count, small.seeds, small.kept) == ("last", 10, 2, ("a-study",))
    assert small.margin == pytest.approx(0.05)
    assert small.accuracies["scratch"] == pytest.approx(0.7)
    assert small.on.endswith(", from LeNet-5 up to c5")
    assert (big.best, big.count) == ("fine_tune", 50)
    assert found["big different"].measured == found["small different"].measured == ()


def test_what_is_different_and_what_is_small(runs):
    both = {("last", SMALL): 0.5, ("scratch", SMALL): 0.6, ("last", SMALL + 1): 0.5, ("scratch", SMALL + 1): 0.7}
    keep(runs, "a-study", Study("lenet5", "c5", "shapes", (SMALL, SMALL + 1), 2), both)
    found = rows(runs)
    assert [one.count for one in found["small different"].measured] == [SMALL]
    assert [one.count for one in found["big different"].measured] == [SMALL + 1]


def test_only_the_user_knows_what_own_classes_show(runs):
    keep(runs, "a-study", Study("lenet5", "c5", "own", (2,), 2), {("last", 2): 0.5, ("scratch", 2): 0.6})
    assert all(row.measured == () for row in decision_table(runs))
    assert rows(runs, says={"own": "handwriting"})["small similar"].measured
    assert rows(runs, says={"own": "photographs"})["small different"].measured


def test_one_student_alone_decides_nothing(runs):
    keep(runs, "a-study", Study("lenet5", "c5", "digits", (2,), 2), {("last", 2): 0.5})
    assert all(row.measured == () for row in decision_table(runs))


def test_runs_side_by_side_fill_a_row(runs):
    config = TrainConfig(epochs=2, batch_size=8, device="cpu")
    for name, settings in students("lenet5", "f6", "shapes", config).items():
        perform(settings, stripes(), folder=runs / f"run-{name.replace('_', '-')}")
    other = dataclasses.replace(config, rate=0.5e-3)
    perform(students("lenet5", "f6", "shapes", other)["last"], stripes(), folder=runs / "another")
    (measured,) = rows(runs)["small different"].measured
    assert set(measured.accuracies) == {"last", "fine_tune", "scratch"}
    assert (measured.count, measured.seeds) == (20, 1)
    assert set(measured.kept) == {"run-last", "run-fine-tune", "run-scratch"}
    assert measured.accuracies[measured.best] == max(measured.accuracies.values())


def test_what_came_last_comes_first_however_many_counts_a_study_has(runs):
    counts = tuple(range(1, 13))
    both = {(student, count): 0.5 for student in ("last", "scratch") for count in counts}
    keep(runs, "20260101-000000-study", Study("lenet5", "c5", "shapes", counts, 1), both, seeds=1)
    for student in ("last", "scratch"):
        config = TrainConfig(epochs=0.1, batch_size=8, device="cpu")
        settings = students("lenet5", "f6", "shapes", config)[student]
        perform(settings, stripes(), folder=runs / f"20260102-000000-{student}")
    measured = rows(runs)["small different"].measured
    assert set(measured[0].kept) == {"20260102-000000-last", "20260102-000000-scratch"}


def test_a_run_with_many_pictures_is_big(runs):
    config = TrainConfig(epochs=0.1, batch_size=8, device="cpu")
    half = LabelledImages(stripes(60).train.images, stripes(60).train.labels)
    data = DataSet("x", ("above", "below"), half, half)
    for name in ("last", "scratch"):
        perform(students("lenet5", "f6", "digits", config)[name], data, folder=runs / f"run-{name}")
    assert [one.count for one in rows(runs)["big similar"].measured] == [30]


def test_spoilt_files_are_passed_over(runs):
    (runs / "bad").mkdir(parents=True)
    (runs / "bad" / "study.json").write_text("[]")
    keep(runs, "gone", Study("no-such-run:7", "c5", "digits", (2,), 2), {("last", 2): 0.5, ("scratch", 2): 0.6})
    assert all(row.measured == () for row in decision_table(runs))
