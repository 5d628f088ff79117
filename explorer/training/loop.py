"""The training loop. Knows a network, a data set in memory and a TrainConfig; not files, not processes, not screens.

The data lies on the device; batches are gathered and varied there, with no worker processes and no work per sample.
"""

import contextlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from explorer.errors import ExplorerError
from explorer.probe.recording import evaluating
from explorer.training.augment import AUGMENTATIONS
from explorer.training.datasets import DataSet, LabelledImages

MOST_EPOCHS = 1_000_000
Normalise = Callable[[torch.Tensor], torch.Tensor]


@dataclass(frozen=True)
class TrainConfig:
    """All that decides a run besides network and data. The run ends at whichever limit is reached first.

    epochs: passes over the training set. seconds: of training time. until_accuracy: in [0, 1], asked after every epoch.
    rate: the peak of the one-cycle learning rate. bfloat16: mixed precision where the device has it in hardware.
    """

    epochs: float = 30
    seconds: float | None = None
    until_accuracy: float | None = None
    batch_size: int = 128
    optimiser: str = "adamw"
    rate: float = 3e-3
    weight_decay: float = 1e-2
    augmentation: str = "none"
    bfloat16: bool = False
    seed: int = 0
    device: str = "auto"

    def __post_init__(self) -> None:
        """Refuse what cannot be trained with."""
        if not 0 < self.epochs <= MOST_EPOCHS:
            raise ExplorerError(f"{self.epochs} epochs cannot be trained: choose more than 0, at most {MOST_EPOCHS:,}.")
        if self.seconds is not None and not 0 < self.seconds < math.inf:
            raise ExplorerError(f"{self.seconds} seconds cannot be trained: choose more than 0.")
        if self.until_accuracy is not None and not 0 < self.until_accuracy <= 1:
            raise ExplorerError(f"An accuracy of {self.until_accuracy} cannot be reached: choose between 0 and 1.")
        if self.batch_size < 1:
            raise ExplorerError(f"A batch of {self.batch_size} pictures cannot be trained on: choose 1 or more.")
        if not 0 < self.rate < math.inf:
            raise ExplorerError(f"A learning rate of {self.rate} teaches nothing: choose more than 0, such as 0.003.")
        if not 0 <= self.weight_decay < math.inf:
            raise ExplorerError(f"A weight decay of {self.weight_decay} is not possible: choose 0 or more.")
        if not 0 <= self.seed < 2**63:
            raise ExplorerError(f"A seed of {self.seed} is not possible: choose a whole number from 0 to 2⁶³ − 1.")
        if self.optimiser not in OPTIMISERS:
            raise ExplorerError(
                f"There is no optimiser called “{self.optimiser}”: choose one of {', '.join(OPTIMISERS)}."
            )
        if self.augmentation not in AUGMENTATIONS:
            raise ExplorerError(
                f"There is no augmentation called “{self.augmentation}”: choose one of {', '.join(AUGMENTATIONS)}."
            )


@dataclass(frozen=True)
class Progress:
    """How far a run is, after an epoch: loss is the epoch's mean training loss."""

    epoch: int
    steps: int
    seconds: float
    fraction: float
    loss: float
    test_accuracy: float


@dataclass(frozen=True)
class Outcome:
    """How a run ended. seconds and samples_per_second count training steps, not the evaluations between them."""

    test_accuracy: float
    samples_per_second: float
    seconds: float
    epochs: float
    steps: int
    device: str


def _adamw(network: nn.Module, config: TrainConfig) -> torch.optim.Optimizer:
    return torch.optim.AdamW(network.parameters(), lr=config.rate, weight_decay=config.weight_decay, fused=True)


def _sgd(network: nn.Module, config: TrainConfig) -> torch.optim.Optimizer:
    return torch.optim.SGD(
        network.parameters(), lr=config.rate, momentum=0.9, nesterov=True, weight_decay=config.weight_decay, fused=True
    )


OPTIMISERS = {"adamw": _adamw, "sgd": _sgd}


def one_cycle(fraction: float, *, warm_up: float = 0.2) -> float:
    """The learning rate as a share of its peak, `fraction` of the way through: up in a line, down in a half cosine.

    Source: Smith, Topin: Super-Convergence (2018). one_cycle(0.2) == 1, one_cycle(1) == 0.
    """
    if fraction < warm_up:
        return 0.05 + 0.95 * fraction / warm_up
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (fraction - warm_up) / (1 - warm_up))))


def choose_device(name: str) -> torch.device:
    """ "auto" → CUDA, else Apple's MPS, else the CPU. Raises ExplorerError for a device that is not there."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        torch.zeros(1, device=name).item()  # "meta" makes tensors, but has no numbers
    except (RuntimeError, AssertionError, ImportError) as error:
        raise ExplorerError(f"The device “{name[:20]}” is not available here: choose auto or cpu.") from error
    return torch.device(name)


def _has_bfloat16(device: torch.device) -> bool:
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return device.type == "cpu" and torch.cpu._is_avx512_bf16_supported()


def evaluate(network: nn.Module, data: LabelledImages, normalise: Normalise, *, batch_size: int = 1000) -> float:
    """The share of `data` that the network labels rightly, in [0, 1]. Leaves every layer in the mode it was in."""
    with evaluating(network), torch.inference_mode():
        right = sum(
            (network(normalise(images)).argmax(1) == labels).sum().item()
            for images, labels in zip(data.images.split(batch_size), data.labels.split(batch_size), strict=True)
        )
    return right / len(data)


def train(
    network: nn.Module,
    data: DataSet,
    normalise: Normalise,
    config: TrainConfig,
    report: Callable[[Progress], None] = lambda progress: None,
) -> Outcome:
    """Train `network` in place; `report` is called after every epoch. The same seed and device give the same network.

    normalise: pixel values 0–255 (N, C, H, W) → the network's input, on the device of its argument.
    """
    device = choose_device(config.device)
    generator = torch.Generator(device).manual_seed(config.seed)
    network.to(device, memory_format=torch.channels_last).train()
    train_set, test_set = data.train.to(device), data.test.to(device)
    optimiser = OPTIMISERS[config.optimiser](network, config)
    augment = AUGMENTATIONS[config.augmentation]
    mixed = config.bfloat16 and _has_bfloat16(device)
    precision = torch.autocast(device.type, torch.bfloat16) if mixed else contextlib.nullcontext()

    batch_size = min(config.batch_size, len(train_set))
    per_epoch = len(train_set) // batch_size  # the rest of each shuffled epoch waits for the next shuffle
    total_steps = max(1, math.ceil(config.epochs * per_epoch))
    steps, seconds, fraction, accuracy = 0, 0.0, 0.0, 0.0

    while fraction < 1:
        order = torch.randperm(len(train_set), device=device, generator=generator)
        losses = []
        started, before = time.perf_counter(), seconds
        for chosen in order[: per_epoch * batch_size].split(batch_size):
            for group in optimiser.param_groups:
                group["lr"] = config.rate * one_cycle(fraction)
            images = normalise(augment(train_set.images[chosen].float(), generator))
            with precision:
                logits = network(images.contiguous(memory_format=torch.channels_last))
            loss = F.cross_entropy(logits.float(), train_set.labels[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.detach())
            steps += 1
            seconds = before + time.perf_counter() - started
            fraction = max(steps / total_steps, seconds / config.seconds if config.seconds else 0)
            if fraction >= 1:
                break
        mean_loss = torch.stack(losses).mean().item()  # waits for the device, so that the time is that of the work
        seconds = before + time.perf_counter() - started
        if not math.isfinite(mean_loss):
            raise ExplorerError(f"The loss is no longer a number after {steps} steps: choose a smaller learning rate.")
        accuracy = evaluate(network, test_set, normalise)
        report(Progress(math.ceil(steps / per_epoch), steps, seconds, min(1.0, fraction), mean_loss, accuracy))
        if config.until_accuracy is not None and accuracy >= config.until_accuracy:
            break

    return Outcome(accuracy, steps * batch_size / seconds, seconds, steps / per_epoch, steps, str(device))
