"""How far numbers and gradients spread in a deep stack before any training. Knows stacks of dense layers; no data set.

Each layer is dense, then (where wanted) batch normalisation, then the activation; all are equally wide. The input is normal,
and so is the gradient that is sent back from the last layer's output, with standard deviation 1: only the way through the
layers is measured. Everything in float64, so that what vanishes is seen vanishing and not cut off at 10⁻³⁸.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.layers.activation import LEAKY_SLOPE, saturated_share, with_slope
from explorer.layers.checks import frozen, real_number, shown, whole_number
from explorer.layers.initialisation import weight_deviation
from explorer.layers.propagation import EPSILON, Predicted, predict
from explorer.models.activations import activation_layer
from explorer.models.initialise import INITIALISATIONS, initialise

SAMPLES = 256  # inputs in the batch
MOST_DEPTH, MOST_WIDTH, MOST_STEPS = 50, 256, 20
MOST_SEED = 2**31 - 1
MOST_RATE, MOST_BIAS, MOST_DEVIATION = 1e6, 1e3, 1e3


@dataclass(frozen=True)
class StackSettings:
    """A stack and what is done to it.

    depth: layers. width: units of each. activation: identity|sigmoid|tanh|relu|leaky. scheme: a key of INITIALISATIONS.
    slope: leaky ReLU's a. deviation: of the input. bias: added to every bias after the initialisation. rate, steps: updates
    w ← w − rate·∂L/∂w made before anything is measured, L = ½·mean (output − target)² summed over the units.
    """

    depth: int = 20
    width: int = 100
    activation: str = "relu"
    scheme: str = "he"
    batch_norm: bool = False
    seed: int = 0
    slope: float = LEAKY_SLOPE
    deviation: float = 1.0
    bias: float = 0.0
    rate: float = 0.0
    steps: int = 0


@dataclass(frozen=True, eq=False)
class Spread:
    """What was measured: standard deviations over all units and inputs of the batch, by layer.

    sums: (depth,) of W·x + b. activations: (depth + 1,), the input first. gradients: (depth + 1,) of ∂L/∂ the same numbers.
    dead: (depth,) units that are 0 on every input, None unless the activation is ReLU. saturated: (depth,) share of values
    with almost no slope, None where the activation does not saturate. factor: n·Var(w). predicted: by theory, without
    updates. inputs: how many of them the spreads, the dead units and the shares are taken over.
    """

    settings: StackSettings
    sums: np.ndarray
    activations: np.ndarray
    gradients: np.ndarray
    dead: np.ndarray | None
    saturated: np.ndarray | None
    factor: float
    predicted: Predicted
    inputs: int

    @property
    def idle(self) -> np.ndarray | None:
        """(depth,) share of a layer that passes (almost) no gradient: dead units of ReLU, saturated values of others."""
        return self.saturated if self.dead is None else self.dead / self.settings.width


def checked(settings: StackSettings) -> StackSettings:
    """Return the settings as clean numbers. Raises ExplorerError for the first that is out of its range."""
    if settings.scheme not in INITIALISATIONS:
        raise ExplorerError(
            f"Initialisation {settings.scheme!r} is unknown: choose one of {', '.join(INITIALISATIONS)}."
        )
    with_slope(settings.activation, settings.slope)
    return replace(
        settings,
        depth=whole_number(settings.depth, "Depth", 1, MOST_DEPTH),
        width=whole_number(settings.width, "Width", 2, MOST_WIDTH),
        seed=whole_number(settings.seed, "Seed", 0, MOST_SEED),
        steps=whole_number(settings.steps, "Update steps", 0, MOST_STEPS),
        deviation=_within(settings.deviation, "Spread of the input", 0, MOST_DEVIATION),
        bias=_within(settings.bias, "Bias", -MOST_BIAS, MOST_BIAS),
        rate=_within(settings.rate, "Learning rate", 0, MOST_RATE),
    )


def measure_spread(settings: StackSettings) -> Spread:
    """Build the stack, send one batch forward and one gradient back; milliseconds. Raises ExplorerError for bad settings.

    One seed gives the same input, the same gradient and the same normal draws to every scheme and activation: they differ
    in what they do with them.
    """
    settings = checked(settings)
    source = torch.Generator().manual_seed(settings.seed)
    shape = (SAMPLES, settings.width)
    inputs = torch.randn(shape, generator=source, dtype=torch.float64) * settings.deviation
    upstream, target = (torch.randn(shape, generator=source, dtype=torch.float64) for _ in range(2))
    stack = build_stack(settings, source)
    with torch.enable_grad():  # whatever the caller's mode
        for _ in range(settings.steps if settings.rate else 0):
            _update(stack, inputs, target, settings.rate)
        sums, activations = _forward(stack, inputs)
        gradients = torch.autograd.grad(activations[-1], activations, upstream)
    activation = with_slope(settings.activation, settings.slope)
    normal = [stack[i].norm(z) for i, z in enumerate(sums)]
    spread = Spread(
        settings,
        _deviations(sums),
        _deviations(activations),
        _deviations(gradients),
        _of_layers(dead_units, activations[1:]) if settings.activation == "relu" else None,
        _of_layers(lambda z: saturated_share(activation, z.detach().numpy()), normal) if activation.saturates else None,
        weight_factor(settings),
        _predicted(settings),
        len(inputs),
    )
    if not all(np.isfinite(part).all() for part in (spread.sums, spread.activations, spread.gradients)):
        raise ExplorerError(
            "The numbers grow beyond what a computer can hold: choose a smaller learning rate or depth."
        )
    return spread


def dead_units(values: torch.Tensor) -> int:
    """Return how many units (channels) are 0 on every input and everywhere: values (N, units, …), after ReLU."""
    return int((values == 0).transpose(0, 1).flatten(1).all(1).sum())


def weight_factor(settings: StackSettings) -> float:
    """Return n·Var(w) of the stack's layers; PyTorch's own weights are uniform within ±1/√n, so that theirs is 1/3."""
    if settings.scheme == "default":
        return 1 / 3
    return settings.width * weight_deviation(settings.scheme, settings.width, settings.width) ** 2


class _Layer(nn.Module):
    """Dense, perhaps batch normalisation, activation."""

    def __init__(self, settings: StackSettings) -> None:
        super().__init__()
        width = settings.width
        self.dense = nn.utils.skip_init(nn.Linear, width, width, dtype=torch.float64)
        self.norm = nn.BatchNorm1d(width, EPSILON, dtype=torch.float64) if settings.batch_norm else nn.Identity()
        if settings.activation == "leaky":
            self.activation = nn.LeakyReLU(settings.slope)
        else:
            self.activation = (
                nn.Identity() if settings.activation == "identity" else activation_layer(settings.activation)
            )


def build_stack(settings: StackSettings, source: torch.Generator) -> nn.ModuleList:
    """Return the layers with their first weights, all drawn from `source`."""
    stack = nn.ModuleList(_Layer(settings) for _ in range(settings.depth))
    if settings.scheme == "default":
        # what nn.Linear draws itself, here from a source of our own: the process has one for all sessions
        bound = 1 / math.sqrt(settings.width)
        for layer in stack:
            for part in (layer.dense.weight, layer.dense.bias):
                nn.init.uniform_(part, -bound, bound, generator=source)
    initialise(stack, settings.scheme, source)
    with torch.no_grad():
        for layer in stack:
            layer.dense.bias += settings.bias
    return stack


def _forward(stack: nn.ModuleList, inputs: torch.Tensor) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    """Every layer's sums, and the input followed by every layer's output."""
    sums, activations = [], [inputs.clone().requires_grad_()]
    for layer in stack:
        sums.append(layer.dense(activations[-1]))
        activations.append(layer.activation(layer.norm(sums[-1])))
    return sums, activations


def _update(stack: nn.ModuleList, inputs: torch.Tensor, target: torch.Tensor, rate: float) -> None:
    """One step of gradient descent on the whole batch."""
    _, activations = _forward(stack, inputs)
    loss = 0.5 * ((activations[-1] - target) ** 2).sum(1).mean()
    parameters = list(stack.parameters())
    with torch.no_grad():
        for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
            parameter -= rate * gradient


def _predicted(settings: StackSettings) -> Predicted:
    return predict(
        with_slope(settings.activation, settings.slope),
        weight_factor(settings),
        settings.depth,
        deviation=settings.deviation,
        bias=settings.bias,
        bias_variance=1 / (3 * settings.width) if settings.scheme == "default" else 0.0,
        batch_norm=settings.batch_norm,
    )


def _deviations(layers: Sequence[torch.Tensor]) -> np.ndarray:
    return _of_layers(lambda values: float(values.detach().std(correction=0)), layers)


def _of_layers(measure: Callable[[torch.Tensor], float], layers: Sequence[torch.Tensor]) -> np.ndarray:
    return frozen(np.array([measure(values) for values in layers]))


def _within(value: object, name: str, low: float, high: float) -> float:
    number = real_number(value, name)
    if not low <= number <= high:
        raise ExplorerError(f"{name} is {shown(number)}: choose a number from {low:,} to {high:,}.")
    return number
