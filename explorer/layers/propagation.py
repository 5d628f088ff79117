"""The spread of numbers through a deep stack, as theory has it. Knows variances; draws no weight, runs no network.

Dense layers of n units, out = f(z), z = W·x + b, with independent weights of mean 0 and n large. Then z is normal and

    Var(z) = n·Var(w)·E[x²]                     forward: Var = Var(x)·[n·Var(w)] where x has mean 0
    Var(∂L/∂x) = n·Var(w)·E[f′(z)²]·Var(∂L/∂out)                          backward

(Glorot & Bengio 2010; He et al. 2015; Poole et al. 2016). With batch normalisation between sum and activation f sees a variance
of 1, and the way back is divided by the standard deviation of the sum over the batch (Yang et al. 2019).
"""

from dataclasses import dataclass

import numpy as np

from explorer.layers.activation import Activation, normal_mean
from explorer.layers.checks import frozen

EPSILON = 1e-5  # batch normalisation divides by √(variance + ε); PyTorch's own ε


@dataclass(frozen=True, eq=False)
class Predicted:
    """Standard deviations by layer. sums: (depth,) of z. activations: (depth + 1,), the input first. gradients: (depth + 1,)
    of ∂L/∂ the same numbers, where the last is given."""

    sums: np.ndarray
    activations: np.ndarray
    gradients: np.ndarray


def predict(
    activation: Activation,
    factor: float,
    depth: int,
    *,
    deviation: float = 1.0,
    bias: float = 0.0,
    bias_variance: float = 0.0,
    batch_norm: bool = False,
) -> Predicted:
    """Return the spread in a stack of `depth` equal layers.

    factor: n·Var(w). deviation: of the input, mean 0. bias: every bias; bias_variance: of biases drawn around it.
    The gradient at the last layer's output has standard deviation 1.
    """
    sums, activations, passes = [], [deviation], []
    first, second = 0.0, deviation**2  # E[x], E[x²]
    for _ in range(depth):
        variance = factor * second + bias_variance
        sums.append(np.sqrt(variance))
        shrink, mean = 1.0, bias
        if batch_norm:  # over the batch a unit's mean is gone, and with it the bias
            over_batch = factor * max(second - first**2, 0.0)
            shrink, mean = 1 / np.sqrt(over_batch + EPSILON), 0.0
            variance = over_batch * shrink**2
        spread = np.sqrt(variance)
        first = normal_mean(activation.value, spread, mean)
        second = normal_mean(lambda z: activation.value(z) ** 2, spread, mean)
        slope = normal_mean(lambda z: activation.slope(z) ** 2, spread, mean)
        activations.append(np.sqrt(max(second - first**2, 0.0)))
        passes.append(np.sqrt(factor * slope) * shrink)
    gradients = np.cumprod([1.0, *reversed(passes)])[::-1]
    return Predicted(frozen(np.array(sums)), frozen(np.array(activations)), frozen(gradients.copy()))
