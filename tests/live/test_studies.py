"""Studies in processes of their own, on the small digits; what cannot be measured is said before one starts."""

import dataclasses

import numpy as np
import pytest

from explorer.data.collections import new_collection
from explorer.errors import ExplorerError
from explorer.live import registry
from explorer.live import runs as jobs
from explorer.live import studies as study_jobs
from explorer.study.study import Study, list_studies, read_study
from explorer.training.transfer import students

PATIENCE = 120
SMALL = Study("lenet5", "f6", "digits", counts=(1,), seeds=1, steps=3)


@pytest.fixture(autouse=True)
def empty_registry(monkeypatch, tmp_path):
    """An empty registry, and no process left at the end."""
    monkeypatch.setattr(registry, "_JOBS", {})
    monkeypatch.setenv("EXPLORER_COLLECTIONS", str(tmp_path / "collections"))
    yield
    registry.close_all()


def test_from_start_to_done_and_again(runs):
    job = study_jobs.start(SMALL)
    assert job.live
    assert study_jobs.find(job.id) is job
    assert study_jobs.live_jobs() == [job]
    assert job.wait(PATIENCE)
    assert (job.state, job.message, job.total) == ("finished", "", 3)
    kept = read_study(runs / job.id)
    assert kept.points == job.points
    assert kept.done
    assert list_studies(runs) == [kept] == [study_jobs.kept(job.id)]
    again = study_jobs.resume(job.id)
    assert again.wait(PATIENCE)
    assert again.points == job.points  # nothing is measured twice


def test_two_who_go_on_at_once_share_one_process(runs):
    job = study_jobs.start(Study("lenet5", "f6", "digits", counts=(1,), seeds=20, steps=200))
    assert study_jobs.resume(job.id) is job
    assert study_jobs._begin(job.id, job.study) is job  # as one who asked a moment earlier
    assert study_jobs.live_jobs() == [job]


def test_stop_keeps_what_was_measured(runs):
    job = study_jobs.start(Study("lenet5", "f6", "digits", counts=(1, 2, 5), seeds=20, steps=200))
    job.stop()
    assert job.wait(PATIENCE)
    assert job.state in ("stopped", "failed")
    assert len(job.points) < job.total
    assert not study_jobs.live_jobs()


def own(*counts):
    """A collection with so many pictures in each class."""
    collection = new_collection()
    for number, count in enumerate(counts):
        identity = collection.add_class(f"class {number}")
        for picture in range(count):
            pixels = np.zeros((40, 40), np.uint8)
            pixels[10 + number * 4 : 16 + number * 4, 5 + picture : 30] = 200
            collection.add_picture(identity, pixels)
    return collection


@pytest.mark.parametrize(
    ("counts", "words"),
    [((), "no class"), ((3,), "only one class"), ((3, 0), "no picture"), ((3, 1), "only one picture")],
)
def test_classes_of_ones_own_that_do_not_do_are_said_before_a_process_starts(runs, counts, words):
    folder = own(*counts).folder
    with pytest.raises(ExplorerError, match=words):
        study_jobs.start(Study("lenet5", "f6", "own", data_dir=str(folder)))
    with pytest.raises(ExplorerError, match=words):
        jobs.start(students("lenet5", "f6", "own")["last"], data_dir=folder)
    assert not runs.exists()


def test_classes_of_ones_own_are_measured(runs):
    job = study_jobs.start(Study("lenet5", "f6", "own", (2,), 1, ("last",), steps=3, data_dir=str(own(4, 4).folder)))
    assert job.wait(PATIENCE)
    assert (job.state, job.message) == ("finished", "")


def test_too_many_at_once_is_one_sentence(runs, monkeypatch):
    monkeypatch.setattr(study_jobs, "KIND", dataclasses.replace(study_jobs.KIND, most=0))
    with pytest.raises(ExplorerError, match="wait for one, or stop it"):
        study_jobs.start(SMALL)


def test_no_such_source_or_study(runs):
    with pytest.raises(ExplorerError, match="no network called"):
        study_jobs.start(Study("lenet9", "f6", "digits"))
    with pytest.raises(ExplorerError, match="cannot be cut"):
        study_jobs.start(Study("lenet5", "c9", "digits"))
    with pytest.raises(ExplorerError, match="no study called"):
        study_jobs.resume("nothing")
    with pytest.raises(ExplorerError):
        study_jobs.resume("../../etc")
