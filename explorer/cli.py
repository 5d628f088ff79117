"""The same facts without a browser. Knows the core and how to print; the app itself is started as a process of its own.

torch is imported by the commands that need it, so that --help answers at once.
"""

import argparse
import datetime
import json
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
import urllib.request
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from explorer.errors import ExplorerError

ROOT = Path(__file__).parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the process's exit status: 0 done, 1 an ExplorerError, printed as one line."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    options = build_parser().parse_args(arguments or ["run"])
    try:
        return options.command(options)
    except ExplorerError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `describe … | head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains once more at its end
        return 0


def build_parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    parser = argparse.ArgumentParser(
        prog="python -m explorer", description="A visual explorer of convolutional networks."
    )
    commands = parser.add_subparsers(title="commands (without one, the app opens)", metavar="COMMAND", required=True)

    run = commands.add_parser("run", help="open the app in the browser", allow_abbrev=False)
    run.add_argument("--port", type=int, default=8501, help="the port to listen on (default: 8501)")
    run.add_argument("--headless", action="store_true", help="do not open a browser window")
    run.set_defaults(command=_run)

    describe = commands.add_parser("describe", help="print a network's layers, shapes and costs", allow_abbrev=False)
    describe.add_argument("name", help="the network: lenet5 or colour")
    describe.add_argument("--json", action="store_true", help="print JSON instead of a table")
    describe.set_defaults(command=_describe)

    train = commands.add_parser("train", help="train a network and save its weights", allow_abbrev=False)
    train.add_argument("name", help="the network: lenet5 or colour")
    train.add_argument("--data", required=True, help="the data set: mnist, cifar10 or digits")
    train.add_argument("--data-dir", type=Path, help="where a copy lies (default: $EXPLORER_DATA, else ./data)")
    train.add_argument("--download", action="store_true", help="fetch the data set if there is no copy")
    train.add_argument("--epochs", type=float, help="how many passes over the data (default: the network's recipe)")
    train.add_argument("--seconds", type=float, help="stop after this much training time")
    train.add_argument("--until-accuracy", type=float, help="stop once the test accuracy reaches this (0 to 1)")
    train.add_argument(
        "--seed", type=int, default=0, help="for the first weights and the order of the pictures (default: 0)"
    )
    train.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (default: auto)")
    train.add_argument("--out", type=Path, help="write the weights here (.safetensors), and a card beside them")
    train.add_argument("--json", action="store_true", help="print the result as JSON")
    train.set_defaults(command=_train)
    return parser


def _run(options: argparse.Namespace) -> int:
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(options.port)]
    command += ["--server.headless", "true"]  # else Streamlit lays advertisements of its own over the page
    if not options.headless:
        threading.Thread(target=_open_browser, args=(options.port,), daemon=True).start()
    # Whoever ends this process ends the server too: `call` kills its child when an exception, such as this exit, passes.
    before = signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        return subprocess.call(command, cwd=ROOT)
    finally:
        signal.signal(signal.SIGTERM, before)


def _open_browser(port: int) -> None:
    """Open the app's address once it answers; give up after a minute."""
    address = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
        except OSError:
            time.sleep(0.25)
        else:
            webbrowser.open(address)
            return


def _describe(options: argparse.Namespace) -> int:
    from explorer.models.registry import find
    from explorer.probe.facts import describe, table

    spec = find(options.name)
    facts = describe(spec.build(), spec.input_shape)
    print(json.dumps({"name": spec.name, **facts.as_json()}, indent=2) if options.json else table(spec.title, facts))
    return 0


def _train(options: argparse.Namespace) -> int:
    import dataclasses

    import torch

    from explorer.models.registry import find
    from explorer.models.weights import check_writable, save_weights
    from explorer.training.datasets import load_data_set
    from explorer.training.loop import Progress, train
    from explorer.training.recipes import find_recipe

    if options.out and options.out.suffix != ".safetensors":
        raise ExplorerError(f"“{options.out.name}” would not be recognised later: end --out with .safetensors.")
    spec, recipe = find(options.name), find_recipe(options.name)
    limits = {"seconds": options.seconds, "until_accuracy": options.until_accuracy}
    if options.epochs is not None:
        limits["epochs"] = options.epochs
    config = dataclasses.replace(recipe.config, **limits, seed=options.seed, device=options.device)
    data = load_data_set(options.data, options.data_dir, download=options.download)
    if data.train.images.shape[1] != spec.feeding.channels:
        raise ExplorerError(
            f"{spec.title} takes {spec.feeding.channels}-channel pictures and {options.data} has "
            f"{data.train.images.shape[1]}: choose --data {recipe.data}."
        )
    if len(data.classes) != len(spec.labels):
        raise ExplorerError(
            f"{spec.title} tells {len(spec.labels)} classes apart and {options.data} has {len(data.classes)}."
        )

    if options.out:
        check_writable(options.out)

    def report(progress: Progress) -> None:
        print(
            f"{progress.fraction:6.1%}  epoch {progress.epoch:3d}  {progress.seconds:7.1f} s  "
            f"loss {progress.loss:.4f}  test accuracy {progress.test_accuracy:.2%}",
            file=sys.stderr,
            flush=True,
        )

    torch.manual_seed(config.seed)
    network = recipe.build()
    outcome = train(network, data, spec.feeding.normalise, config, report)
    result = {
        "test_accuracy": outcome.test_accuracy,
        "samples_per_second": round(outcome.samples_per_second, 1),
        "seconds": round(outcome.seconds, 3),
        "epochs": round(outcome.epochs, 3),
        "device": outcome.device,
    }
    if options.out:
        card = {
            "network": spec.name,
            "data": options.data,
            "command": _command(options),
            "seed": config.seed,
            "steps": outcome.steps,
            **result,
            "torch": torch.__version__,
            "date": datetime.date.today().isoformat(),
        }
        save_weights(recipe.finish(network.cpu()), options.out, card)
    print(json.dumps(result) if options.json else f"Test accuracy {outcome.test_accuracy:.2%} on {outcome.device}.")
    return 0


def _command(options: argparse.Namespace) -> str:
    """The command that trains this again, without the folders of this machine."""
    words = ["python", "-m", "explorer", "train", options.name, "--data", options.data]
    for name in ("epochs", "seconds", "until_accuracy"):
        if (value := getattr(options, name)) is not None:
            words += ["--" + name.replace("_", "-"), f"{value:.12g}"]
    out = options.out.name if options.out.is_absolute() else options.out.as_posix()
    return shlex.join([*words, "--seed", str(options.seed), "--device", options.device, "--out", out])
