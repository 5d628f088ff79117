"""How a network is to be trained: each setting told once, for the page, the command line and the record on disk.

Knows the limits of every setting; not networks, not data.
"""

import math
from dataclasses import dataclass
from typing import Annotated

from explorer.data.augment import varied
from explorer.errors import ExplorerError
from explorer.settings import record
from explorer.settings.fields import OneOf, Real, Switch, Whole
from explorer.training.devices import DEVICES, available
from explorer.training.optimisers import OPTIMISER_TITLES, OPTIMISERS
from explorer.training.schedules import SCHEDULE_TITLES, SCHEDULES

MOST_EPOCHS = 1_000_000
MOST_THREADS = 1024
MOST_WEIGHT = 1000  # of one part of a loss
RATE = Real("Learning rate", 0, math.inf, "the peak of the learning rate", 0.001, above=True)


class _Device(OneOf):
    """One of the kinds of devices; which of several is said as PyTorch does, "cuda:1"."""

    def check(self, value: object) -> None:
        super().check(value.partition(":")[0] if isinstance(value, str) else value)


@dataclass(frozen=True)
class TrainConfig:
    """All that decides a run besides network and data. The run ends at whichever limit is reached first.

    epochs: passes over the training set. seconds: of training time. until_accuracy: in [0, 1], asked at every evaluation.
    rate: the peak of the learning rate, whose course `schedule` (a key of SCHEDULES) says. augmentation: names of
    AUGMENTATIONS joined by "+". bfloat16: mixed precision where the device has it in hardware. seed: for the first
    weights, the order of the pictures and their variations. threads: of the CPU; None leaves PyTorch's own number.
    class_weight, box_weight: what the two losses of a network for boxes are multiplied by; others have one loss only and no
    use for them. until_accuracy asks for the mean IoU where the network is judged by that.
    """

    epochs: Annotated[float, Real("Epochs", 0, MOST_EPOCHS, "how many passes over the data", 1.0, above=True)] = 30
    seconds: Annotated[
        float | None, Real("Seconds", 0, math.inf, "stop after this much training time", optional=True, above=True)
    ] = None
    until_accuracy: Annotated[
        float | None,
        Real(
            "Stop at accuracy, %", 0, 1, "stop once the test accuracy, or mean IoU, reaches this (0 to 1)", 0.5,
            optional=True, above=True, percent=True,
        ),
    ] = None  # fmt: skip
    batch_size: Annotated[int, Whole("Batch size", 1, 2**31, step=16)] = 128
    optimiser: Annotated[str, OneOf("Optimiser", OPTIMISERS, OPTIMISER_TITLES.__getitem__)] = "adamw"
    rate: Annotated[float, RATE] = 3e-3
    schedule: Annotated[str, OneOf("Schedule", SCHEDULES, SCHEDULE_TITLES.__getitem__)] = "one_cycle"
    weight_decay: Annotated[float, Real("Weight decay", 0, math.inf, step=0.01)] = 1e-2
    augmentation: Annotated[str, varied("Augmentation", help='such as "strokes" or "flip+shift"', wide=2.0)] = "none"
    bfloat16: Annotated[bool, Switch("bfloat16", "mixed precision where it is in hardware")] = False
    seed: Annotated[int, Whole("Seed", 0, 2**63 - 1, "for the first weights and the order of the pictures")] = 0
    device: Annotated[str, _Device("Device", DEVICES, DEVICES.__getitem__, offered=available)] = "auto"
    threads: Annotated[int | None, Whole("Threads", 1, MOST_THREADS, "of the CPU", optional=True)] = None
    class_weight: Annotated[
        float,
        Real(
            "Weight of the class's loss", 0, MOST_WEIGHT, "of a network for boxes: what the class's loss is weighted by"
        ),
    ] = 1.0
    box_weight: Annotated[float, Real("Weight of the box's loss", 0, MOST_WEIGHT, "the same of the box's loss")] = 1.0

    def __post_init__(self) -> None:
        """Refuse what cannot be trained with."""
        record.check(self)
        check_loss_weights(self.class_weight, self.box_weight)


def check_rate(rate: float) -> float:
    """Return the learning rate; raises ExplorerError unless it is a finite number above 0."""
    RATE.check(rate)
    return rate


def check_loss_weights(class_weight: float, box_weight: float) -> None:
    """Raises ExplorerError unless both are numbers from 0 to MOST_WEIGHT and one of them is above 0."""
    for weight in (class_weight, box_weight):
        if not 0 <= weight <= MOST_WEIGHT:
            raise ExplorerError(f"A loss cannot be weighted by {weight}: choose 0 to {MOST_WEIGHT:,}.")
    if class_weight == box_weight == 0:
        raise ExplorerError("Both losses weigh 0, which teaches nothing: give the class's or the box's loss a weight.")
