"""`train`: one run from its options to its weights and their card. Knows what is printed; not how one trains."""

import argparse
import contextlib
import dataclasses
import datetime
import json
import shlex
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn

from explorer.data.labelled import DataSet
from explorer.errors import ExplorerError
from explorer.models.registry import find, knows
from explorer.models.trainable import TRAINABLE, Design
from explorer.models.weights import check_writable, save_weights
from explorer.settings.fields import Real, Switch, Whole
from explorer.settings.record import kinds_of
from explorer.training.config import TrainConfig
from explorer.training.control import Control
from explorer.training.loop import Outcome
from explorer.training.recipes import find_recipe
from explorer.training.run import load_data, perform
from explorer.training.settings import RunSettings, Start, Transfer, option
from explorer.training.sources import default_cut
from explorer.training.timeline import new_identity, run_folder, runs_root
from explorer.training.transfer import check
from explorer.words import counted


def run(options: argparse.Namespace) -> int:
    """Train; raises ExplorerError for settings that cannot be trained with, before anything is read or written."""
    if options.out and options.out.suffix != ".safetensors":
        raise ExplorerError(f"“{options.out.name}” would not be recognised later: end --out with .safetensors.")
    settings = settings_of(options)
    check(settings, options.data_dir)
    data = load_data(settings, options.data_dir, download=options.download)
    if options.out:
        name = options.out.stem if knows(options.out.stem) else options.name
        spec = find(name) if knows(name) and not settings.transfer else None
        if spec and len(data.classes) != len(spec.labels):
            raise ExplorerError(
                f"{spec.title} tells {counted(len(spec.labels), 'class')} apart and {settings.data} has {len(data.classes)}."
            )
        check_writable(options.out)

    identity = None if options.no_record else new_identity(options.name)
    folder = run_folder(runs_root(), identity) if identity else None
    network, outcome, ended_by = _perform(settings, data, folder)
    if ended_by:
        kept = f"go on from it with --from {identity}:{outcome.steps}" if identity else "nothing of it is kept"
        lost = f" {options.out} is not written." if options.out else ""
        print(f"\nStopped by {ended_by.name} after {counted(outcome.steps, 'step')}: {kept}.{lost}", file=sys.stderr)
        return 128 + ended_by
    result = {
        "metric": outcome.metric,
        "test_accuracy": outcome.test_accuracy,
        "samples_per_second": round(outcome.samples_per_second, 1),
        "seconds": round(outcome.seconds, 3),
        "epochs": round(outcome.epochs, 3),
        "device": outcome.device,
        "run": identity,
    }
    if options.out:
        _save(network, options.out, settings, outcome, {key: result[key] for key in result if key != "run"})
    kept = f" The run is kept as {folder}." if folder else ""
    print(
        json.dumps(result)
        if options.json
        else f"Test {outcome.metric} {outcome.test_accuracy:.2%} on {outcome.device}.{kept}"
    )
    return 0


def _perform(
    settings: RunSettings, data: DataSet, folder: Path | None
) -> tuple[nn.Module, Outcome, signal.Signals | None]:
    """Train. Ctrl+C or SIGTERM ends it after its step, with all that it has learned; a second one ends it at once."""
    controls: list[Control] = []
    heard: list[signal.Signals] = []

    def hear(number: int, _frame: object) -> None:
        if heard or not controls:
            raise KeyboardInterrupt
        heard.append(signal.Signals(number))
        controls[0].commands.put({"name": "stop"})

    before = {}
    with contextlib.suppress(ValueError):  # only a program's main thread may
        before = {number: signal.signal(number, hear) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        network, outcome = perform(settings, data, folder=folder, tell=_tell, control=controls.append)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return network, outcome, heard[0] if heard and outcome.reason == "stopped" else None


def settings_of(options: argparse.Namespace) -> RunSettings:
    """The network's recipe with what was asked for instead."""
    transfer = None
    if options.transfer_from:
        network = None if options.name in TRAINABLE else options.name
        cut = options.cut or default_cut(options.transfer_from)
        transfer = Transfer(options.transfer_from, cut, options.student, options.depth_rate, network=network)
    recipe = find_recipe("lenet5" if transfer and transfer.network else options.name)

    def changed(usual: object) -> object:
        names = [field.name for field in dataclasses.fields(usual) if hasattr(options, field.name)]
        return dataclasses.replace(usual, **{name: getattr(options, name) for name in names})

    start = None
    if options.start:
        run, colon, step = options.start.rpartition(":")
        if not colon or not step.isdecimal():
            raise ExplorerError(f"“{options.start[:80]}” is no snapshot: write --from RUN:STEP.")
        start = Start(run, int(step))
    return RunSettings(
        changed(recipe.design),
        options.data or recipe.data,
        changed(recipe.config),
        options.train_pictures,
        start,
        transfer,
    )


def add_settings(group: argparse._ArgumentGroup) -> None:
    """An option for each setting of a network's design and of its training, as their records tell it."""
    for name, kind in [*kinds_of(Design).items(), *kinds_of(TrainConfig).items()]:
        told = {"help": kind.help or None, "default": argparse.SUPPRESS}
        if isinstance(kind, Switch):
            told["action"] = argparse.BooleanOptionalAction
        elif isinstance(kind, Whole | Real):
            plain = int if isinstance(kind, Whole) else float
            told["type"] = _or_none(plain) if kind.optional else plain
        if name != "network":
            group.add_argument(option(name), **told)


def _or_none(plain: type) -> Callable[[str], float | None]:
    def read(text: str) -> float | None:
        return None if text == "none" else plain(text)

    read.__name__ = plain.__name__  # what argparse calls it where it cannot be read
    return read


def _tell(event: dict[str, object]) -> None:
    """A line for every evaluation; on a terminal, a bar between them."""
    bar = sys.stderr.isatty()
    if event["kind"] == "loss" and bar:
        done = round(24 * event["fraction"])
        line = f"{'█' * done}{'·' * (24 - done)} {event['fraction']:6.1%}  loss {event['loss']:.4f}  {event['speed']:,.0f}/s"
        print(f"\r{line}", end="", file=sys.stderr, flush=True)
    elif event["kind"] == "evaluation":
        line = (
            f"epoch {event['epoch']:6.2f}  step {event['step']:6d}  {event['seconds']:7.1f} s  "
            f"loss {event['loss']:.4f}  test {event['metric']} {event['test_accuracy']:.2%}"
        )
        print(f"\r{line:<70}" if bar else line, file=sys.stderr, flush=True)


def _save(network: object, out: Path, settings: RunSettings, outcome: object, result: dict[str, object]) -> None:
    """The network as it is shipped, and its card."""
    name = out.name if out.is_absolute() else out.as_posix()
    card = {
        "network": settings.design.network,
        "data": settings.data,
        "command": f"{settings.command()} --out {shlex.quote(name)}",
        "seed": settings.config.seed,
        "steps": outcome.steps,
        **result,
        "torch": torch.__version__,
        "date": datetime.date.today().isoformat(),
    }
    save_weights(find_recipe(settings.design.network).finish(network.cpu()), out, card)
