"""Labelled pictures in memory: what every data set becomes. Knows tensors; not files, not where a set comes from."""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from explorer.errors import ExplorerError
from explorer.words import counted, noun

SIDE = 32  # every set is brought to 32×32, the input of the networks that are trained here


@dataclass(frozen=True)
class LabelledImages:
    """One half of a data set: images uint8 (N, C, S, S), labels int64 (N,); S is SIDE but for one's own pictures.

    masks: uint8 (N, S, S), the class of every pixel. boxes: float32 (N, 4), the object's box as (cx, cy, w, h), each a
    fraction of the picture's side, in [0, 1]. None where the set has none.
    """

    images: torch.Tensor
    labels: torch.Tensor
    masks: torch.Tensor | None = None
    boxes: torch.Tensor | None = None

    def __len__(self) -> int:
        return len(self.labels)

    def to(self, device: torch.device) -> "LabelledImages":
        return self._each(lambda part: part.to(device))

    def take(self, indices: torch.Tensor | Sequence[int]) -> "LabelledImages":
        """These pictures, in this order, with all that is known of them. indices: whole numbers, or a truth for each."""
        chosen = torch.as_tensor(indices, device=self.labels.device)
        if chosen.dtype != torch.bool:
            chosen = chosen.long()  # an empty list has no whole numbers to be told by
        return self._each(lambda part: part[chosen])

    def sample(self, count: int) -> "LabelledImages":
        """At most so many, evenly from the whole: a set that is sorted by class keeps its classes."""
        if count >= len(self):
            return self
        return self.take(torch.arange(count, device=self.labels.device) * len(self) // count)

    def _each(self, change: Callable[[torch.Tensor], torch.Tensor]) -> "LabelledImages":
        parts = (self.images, self.labels, self.masks, self.boxes)
        return LabelledImages(*(None if part is None else change(part) for part in parts))


@dataclass(frozen=True)
class DataSet:
    """A data set: its classes in the order of the labels, what to learn from and what to judge by.

    note: what had to be left out when it was read, one sentence; "" for nothing.
    """

    name: str
    classes: tuple[str, ...]
    train: LabelledImages
    test: LabelledImages
    note: str = ""


def few(data: DataSet, pictures: int) -> DataSet:
    """The same set with only so many training pictures, spread evenly over the classes; the test half stays whole.

    Of each class its first pictures are kept, in their old order; a class that has too few is made up for by the others.
    The whole set where it has no more. Raises ExplorerError for less than one picture a class.
    """
    classes = len(data.classes)
    if pictures < classes:
        raise ExplorerError(
            f"{counted(pictures, 'training picture')} {noun(pictures, 'is', 'are')} too few: choose at least "
            f"{classes}, one for each class."
        )
    if pictures >= len(data.train):
        return data
    labels = data.train.labels
    by_class = torch.argsort(labels, stable=True)
    counts = torch.bincount(labels, minlength=classes)
    place = torch.empty_like(labels)  # the how-manieth of its class each picture is
    place[by_class] = torch.arange(len(labels)) - (counts.cumsum(0) - counts)[labels[by_class]]
    chosen = torch.argsort(place * classes + labels, stable=True)[:pictures].sort().values
    return dataclasses.replace(data, train=data.train.take(chosen))


def channels_first(images: np.ndarray) -> torch.Tensor:
    """uint8 (N, H, W, C) → (N, C, H, W)."""
    return torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()
