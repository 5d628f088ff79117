"""A tiny network learning step by step, to see whether its hidden units ever become different. Knows one toy task only."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.layers.checks import frozen, real_number, shown, whole_number
from explorer.models.activations import activation_layer
from explorer.models.initialise import initialise

UNITS = 4
SAMPLES = 16
MOST_STEPS = 200
MOST_RATE = 10.0
_SAME = 1e-9


@dataclass(frozen=True, eq=False)
class Symmetry:
    """The network after so many updates.

    weights: (4, UNITS), one column a hidden unit: from x₁, from x₂, bias, to the output. losses: (steps + 1,), before the
    first update and after each. distinct: how many of the hidden units differ. moved: whether a hidden unit's weight changed.
    """

    weights: np.ndarray
    losses: np.ndarray
    distinct: int
    moved: bool


def train_tiny(scheme: str, activation: str, steps: int, rate: float, seed: int = 0) -> Symmetry:
    """Train 2 inputs → UNITS hidden units → 1 output by gradient descent on 16 fixed points.

    Target x₁·x₂ + x₁, loss ½·mean (output − target)²; biases start at 0. scheme: zeros|small|xavier|he.
    activation: a key of ACTIVATION_LAYERS. steps: 0 to 200. rate: 0 to 10. Raises ExplorerError beyond these, and where
    the numbers overflow.
    """
    steps, rate = whole_number(steps, "Updates", 0, MOST_STEPS), real_number(rate, "Learning rate of the tiny network")
    if not 0 <= rate <= MOST_RATE:
        raise ExplorerError(
            f"Learning rate of the tiny network is {shown(rate)}: choose a number from 0 to {MOST_RATE:g}."
        )
    source = torch.Generator().manual_seed(whole_number(seed, "Seed", 0, 2**31 - 1))
    points = torch.randn(SAMPLES, 2, generator=source, dtype=torch.float64)
    target = points[:, :1] * points[:, 1:] + points[:, :1]
    hidden, output = (nn.utils.skip_init(nn.Linear, *size, dtype=torch.float64) for size in ((2, UNITS), (UNITS, 1)))
    network = initialise(nn.Sequential(hidden, activation_layer(activation), output), scheme, source)
    before, losses = _columns(hidden, output), []
    parameters = list(network.parameters())
    with torch.enable_grad():
        for step in range(steps + 1):
            loss = 0.5 * ((network(points) - target) ** 2).mean()
            losses.append(float(loss.detach()))
            if step < steps:
                gradients = torch.autograd.grad(loss, parameters)
                with torch.no_grad():
                    for parameter, gradient in zip(parameters, gradients, strict=True):
                        parameter -= rate * gradient
    weights = _columns(hidden, output)
    if not (np.isfinite(weights).all() and np.isfinite(losses).all()):
        raise ExplorerError("The tiny network's numbers overflow: choose a smaller learning rate.")
    return Symmetry(frozen(weights), frozen(np.array(losses)), _count(weights), bool(np.any(weights != before)))


def _columns(hidden: nn.Linear, output: nn.Linear) -> np.ndarray:
    parts = (hidden.weight.T, hidden.bias[None], output.weight)
    return torch.cat([part.detach() for part in parts]).numpy().copy()


def _count(weights: np.ndarray) -> int:
    """How many columns differ from every column before them by more than rounding."""
    distinct: list[np.ndarray] = []
    for column in weights.T:
        if not any(np.allclose(column, other, rtol=_SAME, atol=_SAME) for other in distinct):
            distinct.append(column)
    return len(distinct)
