"""How a network is to be trained. Knows the limits of every setting; not networks, not data."""

import math
from dataclasses import dataclass

from explorer.data.augment import compose
from explorer.errors import ExplorerError
from explorer.training.optimisers import OPTIMISERS
from explorer.training.schedules import SCHEDULES
from explorer.words import counted, noun

MOST_EPOCHS = 1_000_000
MOST_THREADS = 1024
MOST_WEIGHT = 1000  # of one part of a loss


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

    epochs: float = 30
    seconds: float | None = None
    until_accuracy: float | None = None
    batch_size: int = 128
    optimiser: str = "adamw"
    rate: float = 3e-3
    schedule: str = "one_cycle"
    weight_decay: float = 1e-2
    augmentation: str = "none"
    bfloat16: bool = False
    seed: int = 0
    device: str = "auto"
    threads: int | None = None
    class_weight: float = 1.0
    box_weight: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what cannot be trained with."""
        if not 0 < self.epochs <= MOST_EPOCHS:
            raise ExplorerError(
                f"{counted(self.epochs, 'epoch')} cannot be trained: choose more than 0, at most {MOST_EPOCHS:,}."
            )
        if self.seconds is not None and not 0 < self.seconds < math.inf:
            raise ExplorerError(f"{counted(self.seconds, 'second')} cannot be trained: choose more than 0.")
        if self.until_accuracy is not None and not 0 < self.until_accuracy <= 1:
            raise ExplorerError(f"An accuracy of {self.until_accuracy} cannot be reached: choose between 0 and 1.")
        if self.batch_size < 1:
            raise ExplorerError(
                f"A batch of {counted(self.batch_size, 'picture')} cannot be trained on: choose 1 or more."
            )
        check_rate(self.rate)
        if not 0 <= self.weight_decay < math.inf:
            raise ExplorerError(f"A weight decay of {self.weight_decay} is not possible: choose 0 or more.")
        if not 0 <= self.seed < 2**63:
            raise ExplorerError(f"A seed of {self.seed} is not possible: choose a whole number from 0 to 2⁶³ − 1.")
        if self.threads is not None and not 1 <= self.threads <= MOST_THREADS:
            raise ExplorerError(
                f"{counted(self.threads, 'thread')} {noun(self.threads, 'is', 'are')} not possible: choose 1 to {MOST_THREADS}."
            )
        _check_known("optimiser", self.optimiser, OPTIMISERS)
        _check_known("schedule", self.schedule, SCHEDULES)
        compose(self.augmentation)
        check_loss_weights(self.class_weight, self.box_weight)


def check_rate(rate: float) -> float:
    """Return the learning rate; raises ExplorerError unless it is a finite number above 0."""
    if not 0 < rate < math.inf:
        raise ExplorerError(f"A learning rate of {rate} teaches nothing: choose more than 0, such as 0.003.")
    return rate


def check_loss_weights(class_weight: float, box_weight: float) -> None:
    """Raises ExplorerError unless both are numbers from 0 to MOST_WEIGHT and one of them is above 0."""
    for weight in (class_weight, box_weight):
        if not 0 <= weight <= MOST_WEIGHT:
            raise ExplorerError(f"A loss cannot be weighted by {weight}: choose 0 to {MOST_WEIGHT:,}.")
    if class_weight == box_weight == 0:
        raise ExplorerError("Both losses weigh 0, which teaches nothing: give the class's or the box's loss a weight.")


def _check_known(kind: str, name: str, known: dict[str, object]) -> None:
    if name not in known:
        raise ExplorerError(f"There is no {kind} called “{str(name)[:40]}”: choose one of {', '.join(known)}.")
