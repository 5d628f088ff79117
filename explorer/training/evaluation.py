"""How well a network labels pictures. Knows networks and labelled pictures; not training."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from explorer.data.labelled import LabelledImages
from explorer.probe.recording import evaluating
from explorer.training.step import Normalise


@dataclass(frozen=True)
class Verdict:
    """accuracy in [0, 1]; loss: mean cross-entropy; confusion int64 (k, k): row = true class, column = answer."""

    accuracy: float
    loss: float
    confusion: torch.Tensor


def judge(
    network: nn.Module,
    data: LabelledImages,
    normalise: Normalise,
    *,
    batch_size: int | None = None,
    between: Callable[[], None] = lambda: None,
) -> Verdict:
    """Let the network label all of `data`. Leaves every layer in the mode it was in. between: called after every batch.

    batch_size: None takes what is fast there: on a CPU as many as its cache holds.
    """
    batch_size = batch_size or (250 if data.images.device.type == "cpu" else 1000)
    confusion, loss = None, torch.zeros((), device=data.images.device)
    with evaluating(network), torch.inference_mode():
        for images, labels in zip(data.images.split(batch_size), data.labels.split(batch_size), strict=True):
            logits = network(normalise(images)).float()
            classes = logits.shape[1]
            cells = torch.bincount(labels * classes + logits.argmax(1), minlength=classes * classes)
            confusion = cells if confusion is None else confusion + cells
            loss += F.cross_entropy(logits, labels, reduction="sum")
            between()
    confusion = confusion.reshape(classes, classes).cpu()
    return Verdict(confusion.diagonal().sum().item() / len(data), loss.item() / len(data), confusion)
