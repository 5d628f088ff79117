"""`python -m explorer train`: what it prints, saves and records."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from explorer.models.registry import MODELS
from explorer.models.weights import load_weights, read_card
from explorer.training.settings import Start
from explorer.training.story import tell
from explorer.training.timeline import list_runs, read_events, read_run, read_snapshot, snapshot_steps
from explorer.words import counted
from tests.command import refused
from tests.data.sets import write_jpeg_archive

ROOT = Path(__file__).parents[1]
RESULT = {"metric", "test_accuracy", "samples_per_second", "seconds", "epochs", "device"}
DIGITS = ("train", "lenet5", "--data", "digits", "--device", "cpu")


def test_train_prints_one_json_object_and_saves(say, tmp_path):
    out_file = tmp_path / "runs" / "mine.safetensors"
    status, out, err = say(
        *("train", "lenet5", "--data", "digits", "--data-dir", tmp_path, "--epochs", 2, "--seconds", 60, "--seed", 5),
        *("--device", "cpu", "--json", "--out", out_file),
    )
    assert status == 0
    assert out.count("\n") == 1
    result = json.loads(out)
    assert set(result) == {*RESULT, "run"}
    assert 0.1 < result["test_accuracy"] <= 1
    assert result["samples_per_second"] > 0
    assert (result["epochs"], result["device"]) == (2, "cpu")
    assert err.count("test accuracy") == 2  # a line an epoch

    load_weights(MODELS["lenet5"].build(), out_file)
    card = read_card(out_file)
    assert {name: card[name] for name in RESULT} == {name: result[name] for name in RESULT}
    assert "run" not in card
    assert (card["network"], card["data"], card["seed"], card["steps"]) == ("lenet5", "digits", 5, 22)
    assert card["command"] == (
        "python -m explorer train lenet5 --data digits --epochs 2 --seconds 60 --seed 5 --device cpu --out mine.safetensors"
    )
    assert str(tmp_path) not in out_file.with_suffix(".json").read_text()


def test_a_relative_out_stays_in_the_command(say, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert say("train", "lenet5", "--data", "digits", "--epochs", 0.1, "--out", "runs/a b.safetensors")[0] == 0
    command = read_card(tmp_path / "runs" / "a b.safetensors")["command"]
    assert command.endswith("--data digits --epochs 0.1 --out 'runs/a b.safetensors'")


def test_the_cards_command_trains_the_same_weights(say, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    say(
        "train", "lenet5", "--data", "digits", "--epochs", 0.5, "--device", "cpu", "--out", tmp_path / "one.safetensors"
    )
    first = (tmp_path / "one.safetensors").read_bytes()
    words = read_card(tmp_path / "one.safetensors")["command"].split()
    assert words[:3] == ["python", "-m", "explorer"]
    (tmp_path / "one.safetensors").unlink()
    assert say(*words[3:])[0] == 0
    assert (tmp_path / "one.safetensors").read_bytes() == first


def test_train_in_words(say, runs):
    status, out, _ = say("train", "lenet5", "--data", "digits", "--seconds", 0.2, "--until-accuracy", 0.05)
    assert status == 0
    assert out.startswith("Test accuracy ")
    assert out.count("\n") == 1
    (folder,) = runs.iterdir()
    assert out.rstrip().endswith(f"The run is kept as {folder}.")


def test_training_is_recorded(say, runs):
    _, out, _ = say(*DIGITS, "--epochs", 0.2, "--json")
    result = json.loads(out)
    (run,) = list_runs(runs)
    assert run.id == result["run"]
    story = tell(read_events(run.folder))
    assert (story.state, story.step) == ("finished", 3)
    assert story.evaluations[-1][1] == result["test_accuracy"]
    assert story.snapshots == snapshot_steps(run.folder)


def test_training_is_not_recorded_where_nobody_wants_it(say, runs):
    status, out, _ = say(*DIGITS, "--epochs", 0.1, "--json", "--no-record")
    assert (status, json.loads(out)["run"]) == (0, None)
    assert say(*DIGITS, "--epochs", 0.1, "--no-record")[1].count("kept") == 0
    assert not runs.exists()


def test_from_goes_on_from_a_snapshot(say, runs):
    first = json.loads(say(*DIGITS, "--epochs", 0.2, "--json")[1])["run"]
    status, out, _ = say(*DIGITS, "--epochs", 0.1, "--from", f"{first}:3", "--seed", 9, "--json")
    assert status == 0
    second = read_run(runs, json.loads(out)["run"])
    assert second.settings.start == Start(first, 3)
    last, begin = read_snapshot(runs / first, 3), read_snapshot(second.folder, 0)
    assert all((last[name] == begin[name]).all() for name in last)
    assert f"--from {first}:3" in second.settings.command()
    assert "“norm1.weight” is missing there" in refused(say(*DIGITS, "--from", f"{first}:3", "--batch-norm"))


OPTIONS = {
    "--activation": ("tanh", "activation", "tanh"),
    "--pooling": ("average", "pooling", "average"),
    "--initialisation": ("he", "initialisation", "he"),
    "--batch-norm": (None, "batch_norm", True),
    "--no-batch-norm": (None, "batch_norm", False),
    "--dropout": ("0.25", "dropout", 0.25),
    "--epochs": ("0.05", "epochs", 0.05),
    "--seconds": ("7.5", "seconds", 7.5),
    "--until-accuracy": ("0.9", "until_accuracy", 0.9),
    "--batch-size": ("16", "batch_size", 16),
    "--optimiser": ("rmsprop", "optimiser", "rmsprop"),
    "--rate": ("0.001", "rate", 0.001),
    "--schedule": ("cosine", "schedule", "cosine"),
    "--weight-decay": ("0", "weight_decay", 0),
    "--augmentation": ("flip+shift", "augmentation", "flip+shift"),
    "--bfloat16": (None, "bfloat16", True),
    "--no-bfloat16": (None, "bfloat16", False),
    "--seed": ("11", "seed", 11),
    "--device": ("cpu", "device", "cpu"),
    "--threads": ("1", "threads", 1),
    "--class-weight": ("0.5", "class_weight", 0.5),
    "--box-weight": ("5", "box_weight", 5),
}


def test_a_segmenter_needs_no_more_than_its_name(say, runs):
    status, out, err = say("train", "seg_nearest", "--train-pictures", 32, "--epochs", 1)
    assert status == 0, err
    assert out.startswith("Test mean IoU")
    assert "test mean IoU" in err
    (run,) = list_runs(runs)
    assert run.settings.data == "scenes"


@pytest.mark.parametrize("option", list(OPTIONS))
def test_every_option_reaches_the_run(say, runs, option):
    text, name, value = OPTIONS[option]
    words = [option] if text is None else [option, text]
    status, _, err = say("train", "lenet5", "--data", "digits", "--epochs", 0.05, "--train-pictures", 200, *words)
    assert status == 0, err
    (run,) = list_runs(runs)
    plain = run.settings.as_json()
    assert (plain["design"] | plain["config"])[name] == value
    assert run.settings.train_pictures == 200


def test_all_options_are_tried_above():
    from explorer.models.trainable import Design
    from explorer.settings.record import kinds_of
    from explorer.training.config import TrainConfig
    from explorer.training.settings import option

    known = {option(name) for name in [*kinds_of(Design), *kinds_of(TrainConfig)]} - {"--network"}
    assert {tried.replace("--no-", "--") for tried in OPTIONS} == known


def test_none_takes_a_limit_away(say, runs):
    assert say(*DIGITS, "--epochs", 0.05, "--seconds", "none", "--until-accuracy", "none")[0] == 0
    (run,) = list_runs(runs)
    assert (run.settings.config.seconds, run.settings.config.until_accuracy) == (None, None)


@pytest.mark.parametrize("name", ["deep", "corner_cnn", "corner_mlp"])
def test_the_other_networks_train_too(say, runs, name):
    assert say("train", name, "--data", "digits", "--epochs", 0.05, "--device", "cpu")[0] == 0
    assert [run.settings.design.network for run in list_runs(runs)] == [name]


@pytest.mark.parametrize("norm", ["--batch-norm", "--no-batch-norm"])
def test_the_colour_network_is_saved_as_it_is_shipped(say, tmp_path, norm):
    write_jpeg_archive(tmp_path)
    words = ("train", "colour", "--data", "cifar10", "--data-dir", tmp_path, "--epochs", 1, "--device", "cpu", norm)
    status, _, err = say(*words, "--batch-size", 5, "--out", tmp_path / "mine.safetensors")
    assert status == 0, err
    load_weights(MODELS["colour"].build(), tmp_path / "mine.safetensors")


def test_a_diverging_training_is_one_sentence(say, runs):
    status, out, err = say(*DIGITS, "--optimiser", "sgd", "--rate", "1e38")
    assert (status, out) == (1, "")
    assert err.startswith("The loss is no longer a number after")
    assert err.count("\n") == 1
    (run,) = list_runs(runs)
    assert tell(read_events(run.folder)).state == "failed"


@pytest.mark.skipif(sys.platform == "win32", reason="signals between processes are POSIX's")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_a_word_and_all_that_was_learned(runs, tmp_path, number):
    command = [sys.executable, "-m", "explorer", *DIGITS, "--epochs", "1000000"]
    command += ["--out", str(tmp_path / "x.safetensors")]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 60
    while not list(runs.glob("*/snapshots/*.safetensors")):
        assert time.monotonic() < until
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    (run,) = list_runs(runs)
    step = snapshot_steps(run.folder)[-1]
    assert said.splitlines()[-1].startswith(
        f"Stopped by {number.name} after {counted(step, 'step')}: go on from it with "
    )
    assert f"--from {run.id}:{step}. {tmp_path / 'x.safetensors'} is not written." in said
    story = tell(read_events(run.folder))
    assert (story.state, story.step) == ("stopped", step)
