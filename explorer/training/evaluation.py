"""How well a network labels pictures, or their pixels, or finds boxes. Knows networks and tasks; not training."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch
from torch import nn

from explorer.data.labelled import LabelledImages
from explorer.probe.recording import evaluating
from explorer.training.step import Normalise
from explorer.training.tasks import TASKS, Task


@dataclass(frozen=True)
class Verdict:
    """How a network did.

    accuracy: in [0, 1], the task's number (the mean IoU of masks and boxes). loss: the mean over the pictures; of several parts
    their weighted sum. confusion int64 (k, k): row = true class, column = answer; of masks it counts pixels.
    extras, per_class: as training.tasks.Score. parts: the loss's parts by name, not weighted; {} where it has one only.
    """

    accuracy: float
    loss: float
    confusion: torch.Tensor
    extras: Mapping[str, float] = field(default_factory=dict)
    per_class: tuple[float | None, ...] = ()
    parts: Mapping[str, float] = field(default_factory=dict)


def judge(
    network: nn.Module,
    data: LabelledImages,
    normalise: Normalise,
    *,
    task: Task = TASKS["classes"],
    weights: Mapping[str, float] | None = None,
    batch_size: int | None = None,
    between: Callable[[], None] = lambda: None,
) -> Verdict:
    """Let the network answer for all of `data`. Leaves every layer in the mode it was in. between: called after every batch.

    weights: of the parts of the task's loss, by their names; None weighs each by 1.
    batch_size: None takes what is fast there: on a CPU as many as its cache holds.
    """
    batch_size = batch_size or (250 if data.images.device.type == "cpu" else 1000)
    device = data.images.device
    confusion, sums, losses = None, None, torch.zeros(len(task.parts), device=device)
    targets = zip(*(whole.split(batch_size) for whole in task.targets(data)), strict=True)
    with evaluating(network), torch.inference_mode():
        for images, wanted in zip(data.images.split(batch_size), targets, strict=True):
            output = network(normalise(images)).float()
            cells, more = task.count(output, wanted)
            confusion = cells if confusion is None else confusion + cells
            sums = more if sums is None else sums + more
            losses += torch.stack(task.losses(output, wanted, "sum"))
            between()
    classes = math.isqrt(len(confusion))
    confusion = confusion.reshape(classes, classes).cpu()
    score = task.score(confusion, sums, len(data))
    parts = {name: total / len(data) for name, total in zip(task.parts, losses.tolist(), strict=True)}
    loss = sum(value * (weights or {}).get(name, 1.0) for name, value in parts.items())
    return Verdict(score.value, loss, confusion, score.extras, score.per_class, parts if len(parts) > 1 else {})
