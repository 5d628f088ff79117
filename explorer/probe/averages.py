"""Features of many pictures: one layer's output for all of them, and its mean for each class. Knows networks; not data sets."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.probe.layouts import turned
from explorer.probe.recording import record
from explorer.words import counted

BATCH = 64
MOST_VALUES = 2e8  # of one layer over all pictures, 800 MB


@dataclass(frozen=True, eq=False)
class ClassAverages:
    """A layer's mean output for each class: means float32 (classes, channels, h, w), read-only; of counts[k] pictures each.

    A dense layer's units are maps of 1×1. A class without pictures has NaN everywhere.
    """

    means: np.ndarray
    counts: tuple[int, ...]


def features(network: nn.Module, inputs: torch.Tensor, layer: str) -> np.ndarray:
    """The layer's output for every input (n, C, H, W), flattened: float32 (n, p).

    Raises ExplorerError where that is too much for the memory.
    """
    parts: list[np.ndarray] = []
    for batch in inputs.split(BATCH):
        part = record(network, batch, [layer]).outputs[layer].flatten(1).float().numpy()
        if part.shape[1] * len(inputs) > MOST_VALUES:
            raise ExplorerError(
                f"{counted(len(inputs), 'picture')} of {counted(part.shape[1], 'value')} each are too many: choose a "
                "later layer."
            )
        parts.append(part)
    return np.concatenate(parts)


def class_averages(
    network: nn.Module, inputs: torch.Tensor, labels: torch.Tensor, classes: int, layer: str, layout: str = ""
) -> ClassAverages:
    """Mean output of the layer over the inputs (n, C, H, W) of each class; labels int64 (n,) from 0 to classes − 1.

    layout: what the axes of its output are, as `LayerFacts.layout` has it: channels that are last there are first in the means.
    """
    sums: torch.Tensor | None = None
    for batch, truth in zip(inputs.split(BATCH), labels.split(BATCH), strict=True):
        output = record(network, batch, [layer]).outputs[layer].double()
        output = output.permute(0, *(1 + axis for axis in turned(layout, output.ndim - 1)))
        output = output.reshape(*output.shape, *(1,) * (4 - output.ndim))
        if sums is None:
            sums = torch.zeros(classes, *output.shape[1:], dtype=torch.float64)
        sums.index_add_(0, truth, output)
    if sums is None:
        raise ExplorerError("There are no pictures to average: choose another data set.")
    counts = torch.bincount(labels, minlength=classes)
    means = (sums / counts.reshape(-1, 1, 1, 1)).float().numpy()
    means.setflags(write=False)
    return ClassAverages(means, tuple(counts.tolist()))
