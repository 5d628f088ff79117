"""Labelled pictures in memory: what every data set becomes. Knows tensors; not files, not where a set comes from."""

from dataclasses import dataclass

import numpy as np
import torch

from explorer.errors import ExplorerError

SIDE = 32  # every set is brought to 32×32, the input of the networks that are trained here


@dataclass(frozen=True)
class LabelledImages:
    """One half of a data set: images uint8 (N, C, 32, 32), labels int64 (N,)."""

    images: torch.Tensor
    labels: torch.Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def to(self, device: torch.device) -> "LabelledImages":
        return LabelledImages(self.images.to(device), self.labels.to(device))

    def sample(self, count: int) -> "LabelledImages":
        """At most so many, evenly from the whole: a set that is sorted by class keeps its classes."""
        if count >= len(self):
            return self
        chosen = torch.arange(count, device=self.labels.device) * len(self) // count
        return LabelledImages(self.images[chosen], self.labels[chosen])


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
        raise ExplorerError(f"{pictures} training pictures are too few: choose at least {classes}, one for each class.")
    if pictures >= len(data.train):
        return data
    labels = data.train.labels
    by_class = torch.argsort(labels, stable=True)
    counts = torch.bincount(labels, minlength=classes)
    place = torch.empty_like(labels)  # the how-manieth of its class each picture is
    place[by_class] = torch.arange(len(labels)) - (counts.cumsum(0) - counts)[labels[by_class]]
    chosen = torch.argsort(place * classes + labels, stable=True)[:pictures].sort().values
    kept = LabelledImages(data.train.images[chosen], labels[chosen])
    return DataSet(data.name, data.classes, kept, data.test, data.note)


def channels_first(images: np.ndarray) -> torch.Tensor:
    """uint8 (N, H, W, C) → (N, C, H, W)."""
    return torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()
