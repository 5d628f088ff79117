"""Studies: what is measured is what a plain run measures, every point is kept at once, and what was stopped goes on."""

import dataclasses
import json
import pickle
import statistics

import pytest
import torch

from explorer.data.labelled import DataSet, LabelledImages
from explorer.errors import ExplorerError
from explorer.models.feeding import DIGITS
from explorer.study.report import read_counts, report, table
from explorer.study.study import Point, Study, list_studies, means, possible_counts, read_study, run
from explorer.training.evaluation import judge
from explorer.training.learning import learning_of
from explorer.training.loop import train
from explorer.training.transfer import new_student
from tests.data.sets import stripes

STUDY = Study("lenet5", "f6", "digits", counts=(1, 3), seeds=2, steps=4, batch_size=4)


def facts(points):
    """All but the time."""
    return [(point.student, point.count, point.seed, point.accuracy) for point in points]


def test_every_student_count_and_seed_is_measured_once(runs):
    points = list(run(STUDY, stripes(), runs / "one"))
    keys = {(point.student, point.count, point.seed) for point in points}
    assert keys == {(student, count, seed) for student in STUDY.students for count in (1, 3) for seed in (0, 1)}
    assert len(points) == len(keys) == STUDY.total
    kept = read_study(runs / "one")
    assert (kept.study, list(kept.points), kept.total, kept.done) == (STUDY, points, 12, True)
    assert facts(run(STUDY, stripes())) == facts(points)  # the same again


@pytest.mark.parametrize("student", STUDY.students)
def test_a_point_is_what_a_plain_training_reaches(student):
    """Without kept features, without a study: the same pictures, seed and steps."""
    data = stripes()
    study = dataclasses.replace(STUDY, counts=(3,), students=(student,))
    (_, point) = run(study, data)
    places = torch.randperm(40, generator=torch.Generator().manual_seed(1))
    chosen = torch.cat([places[data.train.labels[places] == label][:3] for label in (0, 1)]).sort().values
    settings = study.settings(student)
    config = dataclasses.replace(settings.config, seed=1, epochs=4.0, device="cpu")
    network = new_student(dataclasses.replace(settings, config=config), 1, 2)
    few = dataclasses.replace(data, train=data.train.take(chosen))
    outcome = train(
        network, few, DIGITS.normalise, config, learning=learning_of(network, settings.transfer, (1, 32, 32))
    )
    assert outcome.steps == 4
    assert (point.seed, point.count) == (1, 3)
    assert point.accuracy == judge(network, data.test, DIGITS.normalise).accuracy


def test_what_was_stopped_goes_on(runs):
    points = run(STUDY, stripes(), runs / "one")
    first = [next(points) for _ in range(5)]
    points.close()
    assert list(read_study(runs / "one").points) == first
    assert not read_study(runs / "one").done
    whole = list(run(STUDY, stripes(), runs / "one"))
    assert whole[:5] == first
    assert facts(whole) == facts(run(STUDY, stripes()))


def test_another_studys_folder_is_refused(runs):
    list(run(dataclasses.replace(STUDY, seeds=1, counts=(1,)), stripes(), runs / "one"))
    with pytest.raises(ExplorerError, match="holds another study"):
        list(run(STUDY, stripes(), runs / "one"))


def test_means_by_hand():
    points = [Point("last", 1, seed, accuracy, 0.1) for seed, accuracy in enumerate((0.5, 0.7, 0.9))]
    points.append(Point("scratch", 1, 0, 0.25, 0.1))
    found = means(points)
    assert [(mean.student, mean.count, mean.seeds) for mean in found] == [("last", 1, 3), ("scratch", 1, 1)]
    assert (found[0].mean, found[0].deviation) == (pytest.approx(0.7), pytest.approx(statistics.stdev((0.5, 0.7, 0.9))))
    assert (found[1].mean, found[1].deviation) == (0.25, 0.0)
    study = Study("lenet5", "f6", "digits", counts=(1,), seeds=3, students=("last", "scratch"))
    assert table(study, points).splitlines()[2] == "| 1 | 70.0% ± 20.0% | 25.0% ± 0.0% |"
    assert json.loads(json.dumps(report(study, points)))["points"][0]["accuracy"] == 0.5


def test_counts_that_a_set_has():
    assert possible_counts(stripes()) == (1, 2, 5, 10, 20)
    assert possible_counts(stripes(), (30, 40)) == (20,)
    assert read_counts("1,2,5") == (1, 2, 5)
    with pytest.raises(ExplorerError, match="write --counts"):
        read_counts("1;2")


def test_a_class_with_too_few_examples_is_named():
    with pytest.raises(ExplorerError, match="“above” has only 20 training pictures"):
        next(run(dataclasses.replace(STUDY, counts=(1, 21)), stripes()))


def test_to_json_and_back():
    assert Study.from_json(json.loads(json.dumps(STUDY.as_json()))) == STUDY


@pytest.mark.parametrize(
    "change",
    [
        {"counts": ()},
        {"counts": (0,)},
        {"counts": (1, 1)},
        {"counts": (1.5,)},
        {"counts": (10**9,)},
        {"counts": 3},
        {"seeds": 0},
        {"seeds": True},
        {"seeds": 10**6},
        {"steps": -1},
        {"steps": 10**9},
        {"batch_size": 0},
        {"students": ()},
        {"students": ("last", "last")},
        {"students": ("teacher",)},
        {"rate": 0},
        {"depth_rate": 2.0},
        {"source": "../x"},
        {"cut": ""},
        {"data_dir": 7},
        {"legs": 4},
    ],
)
def test_what_is_no_study_is_one_sentence(change):
    with pytest.raises(ExplorerError):
        Study.from_json({**STUDY.as_json(), **change})


class Evil:
    def __reduce__(self):
        return (pytest.fail, ("a pickled study was run",))


def written(**change):
    point = {"student": "last", "count": 1, "seed": 0, "accuracy": 0.5, "seconds": 1.0}
    told = {"format": 1, "began": "2026-11-21T14:00:00+01:00", "study": STUDY.as_json(), "points": [point]}
    return json.dumps({**told, **change}).encode()


POINT = {"student": "last", "count": 1, "seed": 0, "accuracy": 0.5, "seconds": 1.0}
HOSTILE = {
    "pickled": pickle.dumps(Evil()),
    "cut off": written()[:-20],
    "not text": b"\xff\xfe\x00",
    "a list": b"[]",
    "deep": b"[" * 100_000,
    "another format": written(format=2),
    "no date": written(began=7),
    "no study": written(study=None),
    "an accuracy of 7": written(points=[{**POINT, "accuracy": 7}]),
    "an accuracy that is none": written(points=[{**POINT, "accuracy": float("nan")}]),
    "text for an accuracy": written(points=[{**POINT, "accuracy": "1"}]),
    "a seed that is not its own": written(points=[{**POINT, "seed": 9}]),
    "a count that is not its own": written(points=[{**POINT, "count": 2}]),
    "another student": written(points=[{**POINT, "student": "teacher"}]),
    "a point twice": written(points=[POINT, POINT]),
    "more in a point": written(points=[{**POINT, "code": "import os"}]),
    "huge": b" " * (5 * 2**20),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_no_study(runs, content):
    (runs / "bad").mkdir(parents=True)
    (runs / "bad" / "study.json").write_bytes(content)
    with pytest.raises(ExplorerError, match="no study called “bad”"):
        read_study(runs / "bad")
    (runs / "good").mkdir()
    (runs / "good" / "study.json").write_bytes(written())
    assert [kept.id for kept in list_studies(runs)] == ["good"]


def test_a_disk_that_refuses_is_one_sentence(runs):
    runs.mkdir()
    (runs / "file").write_text("no folder")
    with pytest.raises(ExplorerError, match="look at the disk, then go on with it"):  # there is room enough
        next(run(STUDY, stripes(), runs / "file"))


def test_three_channels_for_a_grey_source():
    data = stripes()
    rgb = LabelledImages(data.train.images.repeat(1, 3, 1, 1), data.train.labels)
    points = list(run(dataclasses.replace(STUDY, counts=(1,), seeds=1), DataSet("x", data.classes, rgb, rgb)))
    assert len(points) == 3


def test_the_command_names_the_folder_of_own_classes():
    assert Study("lenet5", "c5", "own", data_dir="/a b").command().endswith("--data-dir '/a b'")
    assert "--data-dir" not in Study("lenet5", "c5", "digits").command()
