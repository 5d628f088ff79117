"""How a gradient travels back through a deep stack with and without residual connections. Knows stacks; no data set.

Plain: x ← F(x). Residual: x ← x + F(x), so that ∂/∂x of a layer is 1 + F′ and not F′ alone (He, Zhang, Ren, Sun 2015: Deep
Residual Learning). F(x) = W·ReLU(x), or W·ReLU(norm(x)) with batch normalisation. Both stacks have the same weights, input and
gradient, in float64. Without normalisation, theory says for the mean square of the gradient, layer by layer: times n·Var(w)/2
in the plain stack, times 1 + n·Var(w)/2 in the other, because half of the slopes of ReLU are 0.
"""

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.layers.checks import frozen, whole_number

SAMPLES = 128
MOST_DEPTH, MOST_WIDTH, MOST_SEED = 100, 200, 2**31 - 1
# n·Var(w): PyTorch's own draws uniformly within ±1/√n
FACTORS = {"default": 1 / 3, "xavier": 1.0, "he": 2.0}


@dataclass(frozen=True)
class DeepSettings:
    """depth: layers. width: units of each. scheme: a key of FACTORS. batch_norm: before each ReLU. seed: of all numbers."""

    depth: int = 50
    width: int = 100
    scheme: str = "default"
    batch_norm: bool = False
    seed: int = 0


@dataclass(frozen=True, eq=False)
class TwoStacks:
    """Standard deviations of ∂L/∂x by layer, (depth + 1,), the input first; theory's where there is no normalisation."""

    settings: DeepSettings
    plain: np.ndarray
    residual: np.ndarray
    plain_theory: np.ndarray | None
    residual_theory: np.ndarray | None


def measure_two_stacks(settings: DeepSettings) -> TwoStacks:
    """Send a batch forward and a gradient (deviation 1) back through both. Raises ExplorerError for bad settings."""
    settings = checked(settings)
    source = torch.Generator().manual_seed(settings.seed)
    shape = (SAMPLES, settings.width)
    inputs, upstream = (torch.randn(shape, generator=source, dtype=torch.float64) for _ in range(2))
    deviation = (FACTORS[settings.scheme] / settings.width) ** 0.5
    weights = [
        torch.randn(settings.width, settings.width, generator=source, dtype=torch.float64) * deviation
        for _ in range(settings.depth)
    ]
    plain, residual = (_gradients(inputs, weights, upstream, settings.batch_norm, skip) for skip in (False, True))
    theory = (None, None) if settings.batch_norm else predict(settings)
    return TwoStacks(settings, plain, residual, *theory)


def predict(settings: DeepSettings) -> tuple[np.ndarray, np.ndarray]:
    """By theory, for a wide stack: the plain one's and the residual one's gradients by layer, 1 at the last."""
    above = np.arange(settings.depth, -1, -1)
    half = FACTORS[settings.scheme] / 2
    return frozen(half ** (above / 2)), frozen((1 + half) ** (above / 2))


def checked(settings: DeepSettings) -> DeepSettings:
    """Return the settings as clean numbers. Raises ExplorerError for the first that is out of its range."""
    if settings.scheme not in FACTORS:
        raise ExplorerError(f"Initialisation {settings.scheme!r} is unknown: choose one of {', '.join(FACTORS)}.")
    return replace(
        settings,
        depth=whole_number(settings.depth, "Depth", 1, MOST_DEPTH),
        width=whole_number(settings.width, "Width", 2, MOST_WIDTH),
        seed=whole_number(settings.seed, "Seed", 0, MOST_SEED),
    )


def _gradients(
    inputs: torch.Tensor, weights: list[torch.Tensor], upstream: torch.Tensor, batch_norm: bool, skip: bool
) -> np.ndarray:
    with torch.enable_grad():  # whatever the caller's mode
        values = [inputs.clone().requires_grad_()]
        for weight in weights:
            x = values[-1]
            normal = nn.functional.batch_norm(x, None, None, training=True) if batch_norm else x
            change = torch.relu(normal) @ weight.T
            values.append(x + change if skip else change)
        gradients = torch.autograd.grad(values[-1], values, upstream)
    return frozen(np.array([float(gradient.std(correction=0)) for gradient in gradients]))
