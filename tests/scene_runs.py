"""Runs that look as if they had been trained: a network's weights and a few events on disk, made in no time."""

from functools import cache
from pathlib import Path

import torch

from explorer.data.datasets import load_data_set
from explorer.data.labelled import DataSet
from explorer.models.trainable import build
from explorer.training.recipes import find_recipe
from explorer.training.settings import RunSettings
from explorer.training.timeline import Run, Writer, read_run


@cache
def pictures(name: str) -> DataSet:
    whole = load_data_set(name, None)
    return DataSet(name, whole.classes, whole.train.take(range(4)), whole.test.take(range(12)))


def record(
    root: Path,
    name: str,
    network: str,
    data: str = "scenes",
    *,
    value: float | None = 0.5,
    steps=(0, 7),
    ended="finished",
) -> tuple[Run, torch.nn.Module]:
    """A run of `network` with the same weights at all `steps`; value: at its one evaluation, None for none."""
    settings = RunSettings(find_recipe(network).design, data, find_recipe(network).config)
    source = pictures(data)
    built = build(settings.design, 1, len(source.classes), seed=3).eval()
    writer = Writer(root / name, settings, source)
    task = "masks" if data == "scenes" else "boxes"
    extras = {"pixel accuracy": 0.75} if data == "scenes" else {"accuracy": 0.25, "found": 0.125}
    writer.event(
        {"kind": "began", "device": "CPU", "parameters": 1, "total_steps": 100, "batch_size": 16, "note": "", "task": task,
         "metric": "mean IoU", "loss_weights": {} if data == "scenes" else {"class": 1.0, "box": 5.0}}
    )  # fmt: skip
    writer.event(
        {"kind": "loss", "step": 10, "epoch": 0.5, "seconds": 2.0, "fraction": 0.1, "loss": 1.0, "parts": {}, "rate": 0.01,
         "speed": 80.0, "memory_mb": 1.0}
    )  # fmt: skip
    for step in steps:
        writer.snapshot(step, built.state_dict())
        writer.event({"kind": "snapshot", "step": step, "dropped": []})
    if value is not None:
        writer.event(
            {"kind": "evaluation", "step": 10, "test_accuracy": value, "train_accuracy": 0.6, "test_loss": 1.0, "seconds": 2.0,
             "confusion": [[1]], "extras": extras, "per_class": [0.5, None]}
        )  # fmt: skip
    if ended:
        writer.event({"kind": "ended", "state": ended, "message": "Over."})
    return read_run(root, name), built
