"""Which of an MLP's input weights one training step moves. Knows networks and the corner's pictures; not screens."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from explorer.data.corner import HOME, JITTER, NOISE, OBJECT, corner_pictures
from explorer.errors import ExplorerError

Normalise = Callable[[torch.Tensor], torch.Tensor]
SEED = 3
# What the gradient is taken of → how many pictures, and their noise as a share of the data set's
BATCHES: dict[str, tuple[int, float]] = {
    "one, noise removed": (1, 0.0),
    "one, as in training": (1, 1.0),
    "the mean of 500": (500, 1.0),
}


@dataclass(frozen=True)
class MovedWeights:
    """A gradient over an MLP's input weights.

    picture: uint8 (32, 32), the training picture, the first of several. gradient: float32 (units, 32, 32), strongest unit
    first; units: their numbers. still: how many of the layer's units have no gradient at all. box: first row, first column
    and size of the part that the object lies in. share: how much of the gradient, by its squares, lies in the box, in [0, 1].
    """

    picture: np.ndarray
    gradient: np.ndarray
    units: tuple[int, ...]
    still: int
    box: tuple[int, int, int]
    share: float


def moved_by(mlp: nn.Module, normalise: Normalise, label: int, kind: str) -> MovedWeights:
    """The gradient that training pictures of one class cause. kind: a key of BATCHES.

    One picture has its object at the middle of the trained corner; several vary by a pixel, as the data set's do.
    """
    count, share = BATCHES[kind]
    random = np.random.default_rng(SEED + label)
    tops, lefts = HOME + (random.integers(-JITTER, JITTER + 1, (2, count)) if count > 1 else np.zeros((2, count), int))
    images = corner_pictures(np.full(count, label), tops, lefts, random, noise=share * NOISE)
    gradient = moved_weights(mlp, normalise(images), torch.full((count,), label))
    strength = np.square(gradient, dtype=np.float64).sum(axis=(1, 2))
    order = np.argsort(-strength, kind="stable")
    margin = JITTER if count > 1 else 0
    box = HOME - margin, HOME - margin, OBJECT + 2 * margin
    return MovedWeights(
        images[0, 0].numpy(),
        gradient[order],
        tuple(order.tolist()),
        int((strength == 0).sum()),
        box,
        share_under(gradient, *box),
    )


def moved_weights(mlp: nn.Module, images: torch.Tensor, labels: torch.Tensor) -> np.ndarray:
    """The loss's gradient over an MLP's input weights, as pictures: float32 (hidden units, 32, 32).

    The weight from pixel i to hidden unit h has the gradient ∂L/∂w_hi = δ_h · x_i, with x_i the normalised pixel and δ_h one
    number for all of the unit's weights: where the input is 0 no weight moves. Over several pictures it is the mean.
    Computed in float64 on a copy: late in training the gradients are tiny, and no parameter of `mlp` is touched.
    mlp: its first layer with weights is a Linear(1024, hidden). images: normalised float32 (N, 1, 32, 32), labels (N,).
    Raises ExplorerError for a network that does not begin with such a layer.
    """
    own = copy.deepcopy(mlp).cpu().double().eval().requires_grad_(True)
    first = next((layer for layer in own.modules() if next(layer.parameters(recurse=False), None) is not None), None)
    if not isinstance(first, nn.Linear) or first.in_features != images[0].numel():
        raise ExplorerError("This network does not begin with a weight for each pixel: choose the MLP.")
    with torch.enable_grad():
        loss = F.cross_entropy(own(images.cpu().double()), labels.cpu())
        (gradient,) = torch.autograd.grad(loss, [first.weight])
    return gradient.reshape(-1, *images.shape[-2:]).float().numpy()


def share_under(gradient: np.ndarray, top: int, left: int, size: int) -> float:
    """How much of a gradient, by its squares, lies in the size×size box at (top, left): in [0, 1], 0 for a zero gradient."""
    squares = np.square(gradient, dtype=np.float64)
    total = squares.sum()
    return float(squares[..., top : top + size, left : left + size].sum() / total) if total else 0.0
