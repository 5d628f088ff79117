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
from explorer.commands import run as run_command
from explorer.models.registry import MODELS, SHIPPED
from tests.command import refused

ROOT = Path(__file__).parents[1]
COMMANDS = ("run", "describe", "train")


@pytest.mark.parametrize("name", SHIPPED)
def test_describe_as_json(say, name):
    status, out, err = say("describe", name, "--json")
    assert (status, err) == (0, "")
    facts = json.loads(out)
    assert list(facts) == ["name", "input", "parameters", "layers"]
    assert (facts["name"], facts["input"]) == (name, list(MODELS[name].input_shape))
    keys = ["name", "type", "output", "kernel", "stride", "padding", "dilation", "parameters", "macs"]
    for layer in facts["layers"]:
        known = layer["receptive_field"] is not None
        assert list(layer) == [*keys, "receptive_field"] if known else [*keys, "receptive_field", "reason"]
    assert facts["layers"][0]["kernel"] == [5, 5]


def test_describe_lenet_in_json_has_G1s_numbers(say):
    facts = json.loads(say("describe", "lenet5", "--json")[1])
    assert facts["parameters"] == 61_706
    assert [layer["parameters"] for layer in facts["layers"] if layer["parameters"]] == [156, 2416, 48120, 10164, 850]


def test_help_and_readme_say_what_a_factory_may_carry(say):
    status, out, _ = say("run", "--help")
    assert status == 0
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("mean", "std", "labels"):
        assert f".{name}" in out
        assert f"factory.{name}" in readme


def test_help_names_every_network():
    assert cli.NETWORKS.split(", ") == list(MODELS)


@pytest.mark.parametrize(("name", "count"), [("squeezenet1_1", "1,235,496"), ("mobilenet_v3_large", "5,483,032")])
def test_describe_knows_torchvisions(say, name, count):
    status, out, err = say("describe", name)
    assert (status, err) == (0, "")
    assert out.startswith(f"{MODELS[name].title}: input 3 @ 224×224, {count} parameters, ")


OWN = """
from torch import nn
def make():
    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(72, 3))
"""


def test_describe_a_network_of_ones_own(say, tmp_path, monkeypatch):
    (tmp_path / "describedofmine.py").write_text(OWN)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    status, out, _ = say("describe", "describedofmine:make", "--input-shape", "1,8,8")
    assert status == 0
    assert out.startswith("make: input 1 @ 8×8, 239 parameters")
    assert "--input-shape 3,224,224" in refused(say("describe", "describedofmine:make"))


def test_run_tries_a_network_of_ones_own_first(say, tmp_path, monkeypatch):
    (tmp_path / "runofmine.py").write_text(OWN)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    called = []
    monkeypatch.setattr(
        run_command.subprocess, "call", lambda command, **rest: called.append((command, rest["env"])) or 0
    )
    assert "fails on an input" in refused(
        say("run", "--headless", "--model", "runofmine:make", "--input-shape", "1,9,9")
    )
    assert not called
    assert say("run", "--headless", "--model", "runofmine:make", "--input-shape", "1,8,8")[0] == 0
    ((command, environment),) = called
    assert command[-5:] == ["--", "--model", "runofmine:make", "--input-shape", "1,8,8"]
    assert environment["PYTHONPATH"].split(os.pathsep)[0] == str(tmp_path)


@pytest.mark.parametrize("name", SHIPPED)
def test_describe_as_a_table(say, name):
    status, out, err = say("describe", name)
    assert (status, err) == (0, "")
    title, head, *lines = out.splitlines()
    assert title.startswith(f"{MODELS[name].title}: input ")
    assert head.startswith("layer")
    assert [line.split()[0] for line in lines] == [
        layer["name"] for layer in json.loads(say("describe", name, "--json")[1])["layers"]
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["describe", "alexnot"], "lenet5, colour"),
        (["train", "alexnet", "--data", "digits"], "lenet5, colour"),
        (["train", "lenet5", "--data", "imagenet"], "mnist, fashion_mnist, kmnist, cifar10, digits"),
        (["train", "colour", "--data", "digits"], "choose cifar10, or lenet5 for grey ones"),
        (["train", "lenet5", "--data", "mnist", "--data-dir", "nowhere"], "--data-dir"),
        (["train", "lenet5", "--data", "digits", "--epochs", "0"], "Epochs is 0"),
        (["train", "lenet5", "--data", "digits", "--epochs=-3"], "Epochs is −3"),
        (["train", "lenet5", "--data", "digits", "--epochs", "nan"], "Epochs is nan"),
        (["train", "lenet5", "--data", "digits", "--epochs", "1e308"], "Epochs is 10³⁰⁸"),
        (["train", "lenet5", "--data", "digits", "--seconds", "inf"], "Seconds is ∞"),
        (["train", "lenet5", "--data", "digits", "--seconds=-1"], "Seconds is −1"),
        (["train", "lenet5", "--data", "digits", "--until-accuracy", "99"], "99"),
        (["train", "lenet5", "--data", "digits", "--seed=-1"], "Seed is −1"),
        (["train", "lenet5", "--data", "digits", "--seed", "9" * 30], "Seed is"),
        (["train", "lenet5", "--data", "digits", "--device", "tpu"], "choose one of auto, cpu"),
        (["train", "lenet5", "--data", "digits", "--out", "weights.pt"], "end --out with .safetensors"),
        (["train", "lenet5", "--data", "digits", "--activation", "magic"], "sigmoid, tanh, relu, leaky"),
        (["train", "lenet5", "--data", "digits", "--pooling", "magic"], "max, average"),
        (["train", "lenet5", "--data", "digits", "--initialisation", "magic"], "default, zeros, small, xavier, he"),
        (["train", "lenet5", "--data", "digits", "--dropout", "1"], "choose a number from 0 to 0.95"),
        (["train", "lenet5", "--data", "digits", "--optimiser", "magic"], "adamw, adam, momentum, sgd, rmsprop"),
        (["train", "lenet5", "--data", "digits", "--schedule", "magic"], "one_cycle, constant, cosine, steps"),
        (["train", "lenet5", "--data", "digits", "--batch-size", "0"], "Batch size is 0"),
        (["train", "lenet5", "--data", "digits", "--rate", "nan"], "Learning rate is nan"),
        (["train", "lenet5", "--data", "digits", "--weight-decay=-1"], "Weight decay is −1"),
        (["train", "lenet5", "--data", "digits", "--augmentation", "magic"], "magic"),
        (["train", "lenet5", "--data", "digits", "--threads", "0"], "Threads is 0"),
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
        (["train"], "name"),
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
    monkeypatch.setattr(run_command, "_open_browser", windows.append)
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
    monkeypatch.setattr(run_command, "_open_browser", lambda port: None)
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
    ask = f"import sys; from explorer import cli; from explorer.commands import run; c = run.subprocess.call; \
run.subprocess.call = lambda command, **rest: c([sys.executable, '-c', {sleeper!r}]); sys.exit(cli.main(['run', '--headless']))"
    process = subprocess.Popen([sys.executable, "-c", ask], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    child = int(process.stdout.readline())
    process.terminate()
    assert process.wait(20) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="signals between processes are POSIX's")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_command_that_a_signal_ends_says_so(number):
    ask = "import sys, time; from explorer import cli; from explorer.commands import describe; \
describe.run = lambda options: print('.', flush=True) or time.sleep(60); sys.exit(cli.main(['describe', 'lenet5']))"
    process = subprocess.Popen([sys.executable, "-c", ask], cwd=ROOT, stdout=-1, stderr=-1, text=True)
    process.stdout.readline()
    process.send_signal(number)
    _, said = process.communicate(timeout=20)
    assert (process.returncode, said.strip()) == (128 + number, "Ended before it was over.")
