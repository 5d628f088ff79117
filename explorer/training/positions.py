"""What a trained network makes of an object elsewhere than where it learnt it. Knows networks and pictures; not screens."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from explorer.data.corner import CLASSES, HOME, JITTER, LAST, corner_pictures
from explorer.errors import ExplorerError
from explorer.probe.recording import evaluating
from explorer.words import counted, noun

Normalise = Callable[[torch.Tensor], torch.Tensor]
BATCH = 100  # small enough for the maps to stay in the processor's cache


@dataclass(frozen=True)
class PositionMap:
    """The share of objects that is named rightly, by where the object lies.

    accuracy: float32 (rows, cols) in [0, 1]. starts: the first row (and, alike, column) of the object's box at each place.
    pictures: judged at each place. trained: the first and the last start in the training set.
    """

    accuracy: np.ndarray
    starts: tuple[int, ...]
    pictures: int
    trained: tuple[int, int] = (HOME - JITTER, HOME + JITTER)

    @property
    def at_home(self) -> float | None:
        """The mean accuracy where the training set has its objects; None where no place of the map is among them."""
        home = self._home()
        return float(self.accuracy[home].mean()) if home.any() else None

    @property
    def elsewhere(self) -> float:
        """The mean accuracy at all other places."""
        return float(self.accuracy[~self._home()].mean())

    def _home(self) -> np.ndarray:
        inside = np.array([self.trained[0] <= start <= self.trained[1] for start in self.starts])
        return inside[:, None] & inside[None, :]


def accuracy_by_position(
    network: nn.Module, normalise: Normalise, *, stride: int = 2, pictures: int = 30, seed: int = 0
) -> PositionMap:
    """Judge a network by new pictures of the corner's kind with the object at every place, `stride` pixels apart.

    Each place has its own `pictures` pictures, every class as often; seed decides their sizes, turns, light and noise.
    network: float32 (N, 1, 32, 32) → logits (N, 5). Leaves every layer in the mode it was in. The defaults judge 3,630
    pictures, half a second for the CNN on one core.
    Raises ExplorerError for a stride outside 1 to 20 and for less than one picture a class.
    """
    if not 1 <= stride <= LAST:
        raise ExplorerError(f"Places {counted(stride, 'pixel')} apart are not possible: choose 1 to {LAST}.")
    if pictures < len(CLASSES):
        raise ExplorerError(
            f"{counted(pictures, 'picture')} at each place {noun(pictures, 'is', 'are')} too few: choose at least "
            f"{len(CLASSES)}."
        )
    starts = np.arange(0, LAST + 1, stride)
    tops, lefts = (np.repeat(grid.ravel(), pictures) for grid in np.meshgrid(starts, starts, indexing="ij"))
    labels = np.tile(np.arange(pictures) % len(CLASSES), len(starts) ** 2)
    images = corner_pictures(labels, tops, lefts, np.random.default_rng(seed))
    device = next(network.parameters()).device
    with evaluating(network), torch.inference_mode():
        answers = torch.cat([network(normalise(batch.to(device))).argmax(1).cpu() for batch in images.split(BATCH)])
    right = (answers.numpy() == labels).reshape(len(starts), len(starts), pictures)
    return PositionMap(right.mean(axis=2, dtype=np.float32), tuple(starts.tolist()), pictures)


def answer_at(network: nn.Module, normalise: Normalise, image: torch.Tensor) -> np.ndarray:
    """The probability of each class for one picture uint8 (1, 1, 32, 32): float32 (5,), their sum 1."""
    device = next(network.parameters()).device
    with evaluating(network), torch.inference_mode():
        return network(normalise(image.to(device))).softmax(1)[0].cpu().numpy()
