"""`train`: one run from its options to its weights and their card. Knows what is printed; not how one trains."""

import argparse
import dataclasses
import datetime
import json
import shlex
import sys
from pathlib import Path

import torch

from explorer.errors import ExplorerError
from explorer.models.registry import find, knows
from explorer.models.trainable import TRAINABLE
from explorer.models.weights import check_writable, save_weights
from explorer.training.recipes import find_recipe
from explorer.training.run import load_data, perform
from explorer.training.settings import RunSettings, Start, Transfer
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
    network, outcome = perform(settings, data, folder=folder, tell=_tell)
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
