"""`python -m explorer train … --transfer-from` and `python -m explorer study`."""

import json

from explorer.study.study import list_studies
from explorer.training.timeline import list_runs
from tests.command import refused

STUDENT = ("train", "lenet5", "--data", "digits", "--device", "cpu", "--transfer-from", "lenet5", "--epochs", "1")


def test_a_student_is_trained_and_its_command_says_so(say, runs):
    status, _, _ = say(
        *STUDENT, "--cut", "c3", "--student", "fine_tune", "--depth-rate", "0.5", "--augmentation", "none"
    )
    assert status == 0
    (run,) = list_runs(runs)
    assert (run.settings.transfer.cut, run.settings.transfer.depth_rate, run.settings.transfer.channels) == (
        "c3",
        0.5,
        1,
    )
    assert "--transfer-from lenet5 --cut c3 --student fine_tune --depth-rate 0.5" in run.settings.command()
    assert run.settings.title == "LeNet-5, digits, no augmentation, fine-tuning, from lenet5 up to c3"


def test_a_cut_that_is_not_said_is_the_usual_one(say, runs, tmp_path):
    assert say(*STUDENT, "--out", tmp_path / "mine.safetensors")[0] == 0
    assert list_runs(runs)[0].settings.transfer.cut == "c5"
    card = json.loads((tmp_path / "mine.json").read_text())
    assert "--transfer-from lenet5 --cut c5 --student last" in card["command"]


def test_what_cannot_be_transferred_is_one_sentence(say):
    assert "no network called" in refused(say(*STUDENT[:-3], "lenet9", "--epochs", "1"))
    assert "cannot be cut at “c9”" in refused(say(*STUDENT, "--cut", "c9"))
    assert "no student called" in refused(say(*STUDENT, "--student", "all"))
    assert "same network as its source" in refused(
        say("train", "deep", "--data", "digits", "--transfer-from", "lenet5")
    )


STUDY = ("study", "lenet5", "digits", "--counts", "1,2", "--seeds", "2", "--steps", "3")


def test_a_study_prints_its_table_and_is_kept(say, runs):
    status, out, _ = say(*STUDY)
    assert status == 0
    lines = out.splitlines()
    assert lines[0] == "| examples a class | last layers only | fine-tuning | from scratch |"
    assert [line.split(" | ")[0] for line in lines[2:]] == ["| 1", "| 2"]
    assert all(line.count(" ± ") == 3 for line in lines[2:])
    (kept,) = list_studies(runs)
    assert kept.done
    assert (kept.study.cut, kept.study.seeds) == ("c5", 2)
    assert kept.study.command().startswith(
        "python -m explorer study lenet5 digits --cut c5 --counts 1,2 --seeds 2 --steps 3"
    )


def test_a_study_as_json_that_is_not_kept(say, runs):
    status, out, _ = say(*STUDY, "--json", "--no-record", "--students", "last")
    assert status == 0
    assert len(json.loads(out)["points"]) == 4
    assert list_studies(runs) == []


def test_what_cannot_be_studied_is_one_sentence(say):
    assert "are no numbers of examples" in refused(say(*STUDY[:4], "a,b"))
    assert "students are unknown" in refused(say(*STUDY, "--students", "teacher"))
    assert "has only" in refused(say("study", "lenet5", "digits", "--counts", "5000"))
