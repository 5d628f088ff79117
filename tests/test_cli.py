"""The command line: one answer on stdout, one sentence on stderr where something is wrong, never a traceback."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from explorer import cli
from explorer.models.registry import MODELS
from explorer.models.weights import load_weights, read_card
from explorer.training.settings import Start
from explorer.training.story import tell
from explorer.training.timeline import list_runs, read_events, read_run, read_snapshot, snapshot_steps
from tests.training.sets import write_jpeg_archive

ROOT = Path(__file__).parents[1]
COMMANDS = ("run", "describe", "train")
RESULT = {"test_accuracy", "samples_per_second", "seconds", "epochs", "device"}
DIGITS = ("train", "lenet5", "--data", "digits", "--device", "cpu")


@pytest.fixture
def say(capsys):
    """Run one command; returns exit status, stdout and stderr."""

    def run(*words):
        try:
            status = cli.main([str(word) for word in words])
        except SystemExit as end:  # argparse's way
            status = end.code
        return status, *capsys.readouterr()

    return run


def refused(answer):
    """The one sentence on stderr."""
    status, out, err = answer
    assert (status, out) == (1, "")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize("name", list(MODELS))
def test_describe_as_json(say, name):
    status, out, err = say("describe", name, "--json")
    assert (status, err) == (0, "")
    facts = json.loads(out)
    assert list(facts) == ["name", "input", "parameters", "layers"]
    assert (facts["name"], facts["input"]) == (name, list(MODELS[name].input_shape))
    keys = ["name", "type", "output", "kernel", "stride", "padding", "dilation", "parameters", "macs"]
    assert all(list(layer) == keys for layer in facts["layers"])
    assert facts["layers"][0]["kernel"] == [5, 5]


def test_describe_lenet_in_json_has_G1s_numbers(say):
    facts = json.loads(say("describe", "lenet5", "--json")[1])
    assert facts["parameters"] == 61_706
    assert [layer["parameters"] for layer in facts["layers"] if layer["parameters"]] == [156, 2416, 48120, 10164, 850]


@pytest.mark.parametrize("name", list(MODELS))
def test_describe_as_a_table(say, name):
    status, out, err = say("describe", name)
    assert (status, err) == (0, "")
    title, head, *lines = out.splitlines()
    assert title.startswith(f"{MODELS[name].title}: input ")
    assert head.startswith("layer")
    assert [line.split()[0] for line in lines] == [
        layer["name"] for layer in json.loads(say("describe", name, "--json")[1])["layers"]
    ]


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
}


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
    from explorer.training.settings import OPTIONS as known

    assert {option.replace("--no-", "--") for option in OPTIONS} == set(known.values())


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


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["describe", "alexnet"], "lenet5, colour"),
        (["train", "alexnet", "--data", "digits"], "lenet5, colour"),
        (["train", "lenet5", "--data", "imagenet"], "mnist, fashion_mnist, kmnist, cifar10, digits"),
        (["train", "colour", "--data", "digits"], "choose cifar10, or lenet5 for grey ones"),
        (["train", "lenet5", "--data", "mnist", "--data-dir", "nowhere"], "--data-dir"),
        (["train", "lenet5", "--data", "digits", "--epochs", "0"], "0.0 epochs"),
        (["train", "lenet5", "--data", "digits", "--epochs=-3"], "-3.0 epochs"),
        (["train", "lenet5", "--data", "digits", "--epochs", "nan"], "nan epochs"),
        (["train", "lenet5", "--data", "digits", "--epochs", "1e308"], "epochs"),
        (["train", "lenet5", "--data", "digits", "--seconds", "inf"], "inf seconds"),
        (["train", "lenet5", "--data", "digits", "--seconds=-1"], "-1.0 seconds"),
        (["train", "lenet5", "--data", "digits", "--until-accuracy", "99"], "99"),
        (["train", "lenet5", "--data", "digits", "--seed=-1"], "seed of -1"),
        (["train", "lenet5", "--data", "digits", "--seed", "9" * 30], "seed"),
        (["train", "lenet5", "--data", "digits", "--device", "tpu"], "choose auto or cpu"),
        (["train", "lenet5", "--data", "digits", "--out", "weights.pt"], "end --out with .safetensors"),
        (["train", "lenet5", "--data", "digits", "--activation", "magic"], "sigmoid, tanh, relu, leaky"),
        (["train", "lenet5", "--data", "digits", "--pooling", "magic"], "max, average"),
        (["train", "lenet5", "--data", "digits", "--initialisation", "magic"], "default, zeros, small, xavier, he"),
        (["train", "lenet5", "--data", "digits", "--dropout", "1"], "choose 0 to 0.95"),
        (["train", "lenet5", "--data", "digits", "--optimiser", "magic"], "adamw, adam, momentum, sgd, rmsprop"),
        (["train", "lenet5", "--data", "digits", "--schedule", "magic"], "one_cycle, constant, cosine, steps"),
        (["train", "lenet5", "--data", "digits", "--batch-size", "0"], "batch of 0"),
        (["train", "lenet5", "--data", "digits", "--rate", "nan"], "learning rate of nan"),
        (["train", "lenet5", "--data", "digits", "--weight-decay=-1"], "weight decay of -1.0"),
        (["train", "lenet5", "--data", "digits", "--augmentation", "magic"], "magic"),
        (["train", "lenet5", "--data", "digits", "--threads", "0"], "0 threads"),
        (["train", "lenet5", "--data", "digits", "--train-pictures", "0"], "choose 1 or more"),
        (["train", "lenet5", "--data", "digits", "--train-pictures", "9"], "choose at least 10"),
        (["train", "lenet5", "--data", "digits", "--from", "somewhere"], "write --from RUN:STEP"),
        (["train", "lenet5", "--data", "digits", "--from", "run:last"], "write --from RUN:STEP"),
        (["train", "lenet5", "--data", "digits", "--from", "nobody:0"], "no run called “nobody”"),
        (["train", "lenet5", "--data", "digits", "--from", "../x:0"], "no run's name"),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_one_sentence(say, words, said):
    assert said in refused(say(*words))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["fly"], "fly"),
        (["describe"], "name"),
        (["train", "lenet5"], "--data"),
        (["train", "lenet5", "--data", "digits", "--epochs", "many"], "many"),
        (["train", "lenet5", "--data", "digits", "--data-di", "x"], "--data-di"),  # no abbreviations
        (["run", "--port", "http"], "http"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_understood_ends_with_usage(say, words, said):
    status, out, err = say(*words)
    assert (status, out) == (2, "")
    assert err.startswith("usage: python -m explorer")
    assert said in err.splitlines()[-1]


@pytest.mark.parametrize("out", ["file/net.safetensors", "folder.safetensors"])
def test_an_unwritable_out_is_said_before_training(say, tmp_path, monkeypatch, out):
    (tmp_path / "file").write_text("a file, not a folder")
    (tmp_path / "folder.safetensors").mkdir()
    monkeypatch.setattr("explorer.training.run.train", lambda *args, **rest: pytest.fail("trained for nothing"))
    said = refused(say("train", "lenet5", "--data", "digits", "--out", tmp_path / out))
    assert str(tmp_path / out) in said
    assert "cannot be written" in said


@pytest.mark.parametrize("words", [["--help"], *([name, "--help"] for name in COMMANDS)], ids=" ".join)
def test_help(say, words):
    status, out, err = say(*words)
    assert (status, err) == (0, "")
    assert out.startswith("usage: python -m explorer")
    assert all(name in out for name in (COMMANDS if len(words) == 1 else words))


@pytest.mark.parametrize(
    ("words", "port", "opened"),
    [([], "8501", [8501]), (["run"], "8501", [8501]), (["run", "--port", "9000", "--headless"], "9000", [])],
)
def test_run_starts_streamlit_in_the_projects_folder(say, monkeypatch, words, port, opened):
    calls, windows = [], []
    monkeypatch.setattr(cli, "_open_browser", windows.append)
    monkeypatch.setattr(subprocess, "call", lambda command, **settings: calls.append((command, settings)) or 7)
    assert say(*words) == (7, "", "")  # its own exit status
    ((command, settings),) = calls
    assert command[:5] == [sys.executable, "-m", "streamlit", "run", "app.py"]
    assert command[command.index("--server.port") + 1] == port
    assert command[command.index("--server.headless") + 1] == "true"  # the browser is opened by the command itself
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.daemon:
            thread.join(0.5)
    assert windows == opened
    assert settings["cwd"] == ROOT
    assert (ROOT / "app.py").exists()


def test_ctrl_c_ends_quietly(say, monkeypatch):
    def interrupt(*args, **settings):
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "call", interrupt)
    monkeypatch.setattr(cli, "_open_browser", lambda port: None)
    assert say("run") == (130, "", "")


def imported_after(code):
    """Which of the slow libraries a fresh process has loaded after running `code`."""
    slow = "torch torchvision streamlit plotly cv2 sklearn skimage pandas"
    ask = f"{code}\nimport sys\nprint([name for name in '{slow}'.split() if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)
    return answer.stdout.splitlines()[-1]


def test_the_parser_needs_nothing_slow():
    assert imported_after("from explorer.cli import build_parser\nbuild_parser().format_help()") == "[]"


def test_describe_needs_torch_only():
    assert imported_after("from explorer.cli import main\nassert main(['describe', 'lenet5']) == 0") == "['torch']"


def test_the_module_is_the_command_line():
    answer = subprocess.run(
        [sys.executable, "-m", "explorer", "train", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "--until-accuracy" in answer.stdout


def test_a_reader_that_has_seen_enough_is_no_error():
    command = f"{sys.executable} -m explorer describe lenet5 --json | head -c 20"
    answer = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True)
    assert answer.stderr == ""
    assert answer.stdout.startswith("{")


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="signals between processes are POSIX's")
def test_no_server_outlives_the_command():
    """The command is a sleeping stand-in for the server; ended by SIGTERM, it takes that with it."""
    sleeper = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    ask = f"import sys; from explorer import cli; c = cli.subprocess.call; \
cli.subprocess.call = lambda command, **rest: c([sys.executable, '-c', {sleeper!r}]); sys.exit(cli.main(['run', '--headless']))"
    process = subprocess.Popen([sys.executable, "-c", ask], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    child = int(process.stdout.readline())
    process.terminate()
    assert process.wait(20) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
