"""The page Transfer learning by itself: students in real processes, reopened and tried; studies and the table."""

import base64
import dataclasses
import time

import pytest

from explorer.data.datasets import load_data_set
from explorer.live import registry
from explorer.live import runs as jobs
from explorer.study.study import Study
from explorer.study.study import run as measure
from explorer.training.run import load_data, perform
from explorer.training.settings import STUDENTS, RunSettings
from explorer.training.timeline import snapshot_steps
from explorer.training.transfer import students
from explorer.ui.transfer_learning import extractor
from explorer.ui.transfer_learning.settings import Taught
from explorer.ui.transfer_learning.students import _pictures
from explorer.ui.transfer_learning.task import Task
from tests.pages.own_classes import PLACE, QUICK, opened, png, scribble, settings, two_classes


@pytest.fixture(autouse=True)
def no_process_is_left(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path))  # no MNIST here: the small digits
    yield
    registry.close_all()


@pytest.fixture
def collection():
    return two_classes()


# ── students ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def wait_until(true, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_the_pictures_are_varied_where_one_says_so(collection):
    screen = opened(collection=collection.id, source="lenet5", students="scratch")
    next(box for box in screen.at.checkbox if box.label == "Vary the pictures").check().run()
    assert screen.address["varied"] == "True"
    screen.button("Train one student").click().run()
    (identity,) = screen.address["runs"].split(".")
    assert jobs.find_job(identity).settings.config.augmentation == "shift+rotate+scale"
    jobs.find_job(identity).close()


@pytest.mark.parametrize("left_out", [["From scratch"], list(STUDENTS.values())])
def test_which_students_and_how_often_are_in_the_address(left_out):
    screen = opened(exhibit="J1", source="lenet5", data="shapes")
    for title in left_out:
        next(box for box in screen.at.checkbox if box.label == title).uncheck().run()
    next(box for box in screen.at.number_input if box.label == "Repetitions").set_value(5).run()
    again = opened(**screen.address)
    assert not again.at.warning
    assert settings(again) == settings(screen)
    assert {box.label for box in again.at.checkbox if not box.value} == {*left_out, "Vary the pictures"}
    assert next(box for box in again.at.number_input if box.label == "Repetitions").value == 5


def test_a_student_is_trained_while_its_class_is_removed(collection):
    screen = opened(collection=collection.id, source="lenet5", students="last")
    screen.button("Train one student").click().run()
    assert not screen.errors
    (identity,) = screen.address["runs"].split(".")
    job = jobs.find_job(identity)
    wait_until(lambda: job.story.snapshots or not job.live)
    collection.remove_class(collection.classes()[0].id)
    wait_until(lambda: not job.live)
    assert job.story.state == "finished", job.story.message
    screen.at.run()
    assert not screen.errors
    assert "frozen" in screen.words
    assert "test pictures right" in screen.words
    assert screen.button("Train one student again").disabled  # one class is left
    assert jobs.find_job(identity).settings.transfer.student == "last"


@pytest.fixture
def recorded(runs, collection):
    """Three students that are over, by their ids."""
    ids = {}
    for number, (name, wanted) in enumerate(students("lenet5", "f6", "own", QUICK).items()):
        ids[name] = f"20261121-12000{number}-lenet5-000{number}"
        perform(wanted, load_data(wanted, collection.folder), folder=runs / ids[name])
    return ids


def test_students_are_reopened_by_their_address(recorded, collection):
    screen = opened(collection=collection.id, source="lenet5", runs=".".join(recorded.values()))
    assert not screen.errors
    assert screen.words.count("test pictures right") == 3
    assert "How far each layer's weights moved" in screen.words
    assert "The plane of features" in screen.words
    header = screen.header("studio J4")
    assert [run["title"] for run in header["runs"]] == list(STUDENTS.values())
    assert screen.address["runs"] == ".".join(recorded.values())


def test_any_picture_can_be_tried(recorded, collection):
    screen = opened(collection=collection.id, source="lenet5", runs=".".join(recorded.values()))
    frame = base64.b64encode(png(scribble(1))).decode()
    assert not [markdown for markdown in screen.at.markdown if markdown.value.startswith("### ")]
    screen.send("trying webcam", frame=frame)
    answers = [markdown.value for markdown in screen.at.markdown if markdown.value.startswith("### ")]
    assert len(answers) == 3
    assert all("upright" in answer or "across" in answer for answer in answers)
    screen.send("trying webcam", frame="hostile")
    assert not screen.errors


def test_a_run_that_was_stopped_before_its_first_snapshot_says_so(recorded, collection, runs):
    folder = runs / recorded["scratch"]
    for path in (folder / "snapshots").iterdir():
        path.unlink()
    (folder / "events.jsonl").write_text(
        '{"kind": "ended", "state": "failed", "message": "No memory."}', encoding="utf-8"
    )
    screen = opened(collection=collection.id, source="lenet5", runs=".".join(recorded.values()))
    assert not screen.errors
    assert "No memory" in screen.words
    assert screen.words.count("test pictures right") == 2


def test_a_run_of_one_s_own_is_a_source(runs, collection):
    identity = "20261121-110000-lenet5-aaaa"
    perform(RunSettings(data="digits_low", config=QUICK), load_data_set("digits_low"), folder=runs / identity)
    step = snapshot_steps(runs / identity)[-1]
    screen = opened(collection=collection.id, source=f"{identity}:{step}", cut="c5")
    assert not screen.errors
    assert not screen.at.warning
    assert settings(screen).cut == "c5"
    assert not screen.button("Train three students").disabled


@pytest.mark.parametrize(
    ("customdata", "cut"),
    [(["c3", "x"], "c3"), ([""], "f6"), (["output"], "f6"), ([3], "f6"), ("c3", "f6"), ([], "f6"), (None, "f6")],
)
def test_a_click_cuts_and_a_false_one_does_not(monkeypatch, customdata, cut):
    screen = opened(source="lenet5", cut="f6")
    state = {"chart": {"selection": {"points": [{"customdata": customdata}]}}, PLACE: screen.at.session_state[PLACE]}
    state[PLACE] = dataclasses.replace(state[PLACE], settings=Taught(source="lenet5", cut="f6"))
    monkeypatch.setattr(extractor.st, "session_state", state)
    extractor._take_click("chart", {"c1", "c3", "c5", "f6"})
    assert state[PLACE].settings.cut == cut


def test_a_run_that_is_no_student_is_said(runs):
    perform(
        RunSettings(data="digits", config=QUICK), load_data_set("shapes"), folder=runs / "20261121-110000-lenet5-aaaa"
    )
    screen = opened(runs="20261121-110000-lenet5-aaaa")
    assert "no student" in screen.at.warning[0].value
    assert screen.at.session_state[PLACE].runs["J4"] == ()


def test_students_of_other_classes_are_not_mixed(recorded, collection, runs):
    other = students("lenet5", "f6", "digits_high", QUICK)["scratch"]
    perform(other, load_data(other, None), folder=runs / "20261121-110000-lenet5-bbbb")
    screen = opened(collection=collection.id, source="lenet5", runs=f"{recorded['last']}.20261121-110000-lenet5-bbbb")
    assert not screen.errors
    assert "other classes" in screen.at.warning[0].value
    assert screen.at.session_state[PLACE].runs["J4"] == (recorded["last"],)


def test_all_pictures_of_a_task_are_counted():
    assert _pictures(Task("digits_high", None, 5, pictures=10)) == 50
    assert _pictures(Task("digits_high", None, 5)) == len(load_data_set("digits_high").train)


# ── studies and the table ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def studied(runs):
    study = Study("lenet5", "f6", "digits_high", counts=(1, 2), seeds=2, steps=2)
    list(measure(study, load_data(study.settings("last"), None), runs / "20261121-130000-study-0000"))
    return "20261121-130000-study-0000"


def test_a_study_is_shown_and_listed(studied):
    screen = opened(exhibit="J1", study=studied, source="lenet5")
    assert not screen.errors
    assert "2 repetitions" in screen.words
    assert any(studied in box.options or studied[9:11] in str(box.options) for box in screen.at.selectbox)


def test_a_study_of_another_collection_is_not_this_one_s(runs, collection):
    study = Study("lenet5", "c5", "own", counts=(1, 2), seeds=1, steps=2, data_dir=str(collection.folder.absolute()))
    list(measure(study, load_data(study.settings("last"), collection.folder), runs / "20261121-130000-study-0000"))
    mine = opened(exhibit="J1", source="lenet5", cut="c5", data="own", collection=collection.id)
    assert settings(mine).study == "20261121-130000-study-0000"
    other = opened(exhibit="J1", source="lenet5", cut="c5", data="own", collection=two_classes().id)
    assert settings(other).study == ""


def test_after_a_stop_the_cuts_are_measured_from_the_first(runs):
    screen = opened(exhibit="J3", source="lenet5", data="digits_high", count="2")
    for _ in range(2):
        screen.button("Measure all 4 cuts").click().run()
        assert "Cut 1 of 4" in screen.at.get("progress")[0].proto.text
        screen.button("Stop").click().run()
    assert not screen.errors


def test_the_table_has_the_rule_and_what_was_measured(studied):
    screen = opened(exhibit="J2")
    assert not screen.errors
    assert "Collect more data" not in screen.words  # it is asked first
    assert "2 repetitions" not in screen.words  # and what was measured tells it too
    screen.button("Show the rule of thumb").click().run()
    assert not screen.errors
    assert "Collect more data" in screen.words
    assert "2 repetitions" in screen.words


def test_the_chart_of_cuts_has_the_study(studied):
    screen = opened(exhibit="J3", source="lenet5", cut="f6", data="digits_high", count="2")
    assert not screen.errors
    assert "a dot each" in screen.words


@pytest.mark.parametrize("path", ["", "/none/there", "~nobody/x", "a\0b"])
def test_a_folder_that_is_none_is_said(path):
    screen = opened(exhibit="J1", source="lenet5", data="folder")
    screen.at.text_input(key="transfer_learning folder J1 0").set_value(path).run()
    assert not screen.errors
    assert "older" in screen.at.info[0].value or "no such pictures" in screen.at.info[0].value
    assert screen.button("Train three students").disabled


def test_MNIST_is_replaced_where_it_is_not(runs):
    screen = opened(exhibit="J1", source="lenet5")
    assert settings(screen).data == "digits_high"
    assert "taken instead" in screen.words
