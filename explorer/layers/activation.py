"""Activations: what is done to a sum on its own, and the slope that backpropagation needs.

Knows functions of one number, applied cell by cell; nothing of layers.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.layers.checks import real_number, shown
from explorer.words import written

LEAKY_SLOPE = 0.01
STEEPEST_LEAK = 10.0
SATURATED = 1 / 20  # of the largest slope: less is called saturated
_GRID = 2000  # even, so that no point lies on a kink at zero
_REACH = 9.0  # standard deviations; beyond lies 10⁻¹⁹ of a normal distribution


@dataclass(frozen=True)
class Activation:
    """One activation: `value(x)` and `slope(x)` = dvalue/dx, both cell by cell on float64 arrays of any shape.

    largest_slope: the maximum of |slope|. bounds: the values that are approached or reached. saturates: whether the slope
    goes to 0 on both sides. cost: the operations for one value.
    """

    key: str
    formula: str
    value: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]
    title: str = ""
    largest_slope: float = 1.0
    bounds: tuple[float, float] = (-np.inf, np.inf)
    saturates: bool = False
    cost: str = "nothing"

    @property
    def zero_centred(self) -> bool:
        """Whether f(−x) = −f(x): inputs around zero become outputs around zero."""
        x = np.linspace(0.1, 5, 50)
        return bool(np.allclose(self.value(-x), -self.value(x)))


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Return 1/(1+e^−x), written with tanh because e^−x overflows below −709."""
    return 0.5 * (1.0 + np.tanh(0.5 * x))


def leaky_relu(slope: float = LEAKY_SLOPE) -> Activation:
    """Return leaky ReLU with that slope a below zero: x for x > 0, a·x else.

    Raises ExplorerError for a = 1, which is the identity, and outside ±10.

    >>> leaky_relu(0.1).value(np.array([-2.0, 2.0])).tolist()
    [-0.2, 2.0]
    """
    a = real_number(slope, "Leaky slope a")
    if a == 1:
        raise ExplorerError("Leaky slope a = 1 makes f(x) = x, a straight line: choose another slope, such as 0.01.")
    if abs(a) > STEEPEST_LEAK:
        raise ExplorerError(f"Leaky slope a is {shown(a)}: choose a number from −10 to 10 other than 1.")
    return Activation(
        "leaky",
        f"x if x > 0, {written(a, 6)}·x else",
        lambda x: np.where(x > 0, x, a * x),
        lambda x: np.where(x > 0, 1.0, a),
        title=f"leaky ReLU, a = {written(a, 6)}",
        largest_slope=max(1.0, abs(a)),
        bounds=(-np.inf if a > 0 else 0.0, np.inf),
        cost="1 comparison, 1 multiplication",
    )


ACTIVATIONS = {
    activation.key: activation
    for activation in [
        Activation("identity", "x", np.array, np.ones_like, title="none (linear)"),
        Activation(
            "sigmoid",
            "1/(1+e^−x)",
            sigmoid,
            lambda x: sigmoid(x) * (1.0 - sigmoid(x)),
            title="sigmoid",
            largest_slope=0.25,
            bounds=(0.0, 1.0),
            saturates=True,
            cost="1 exponential, 1 addition, 1 division",
        ),
        Activation(
            "relu",
            "max(0, x)",
            lambda x: np.maximum(x, 0.0),
            lambda x: (x > 0).astype(np.float64),
            title="ReLU",
            bounds=(0.0, np.inf),
            cost="1 comparison",
        ),
        Activation(
            "tanh",
            "tanh(x)",
            np.tanh,
            lambda x: 1.0 - np.tanh(x) ** 2,
            title="tanh",
            bounds=(-1.0, 1.0),
            saturates=True,
            cost="1 exponential, 2 additions, 1 division",
        ),
        leaky_relu(),
    ]
}


def find_activation(key: str | None) -> Activation:
    """Return the activation of that name; None means identity."""
    if key is None:
        return ACTIVATIONS["identity"]
    if not isinstance(key, str) or key not in ACTIVATIONS:
        raise ExplorerError(f"Activation {key!r} is unknown: choose one of {', '.join(ACTIVATIONS)}.")
    return ACTIVATIONS[key]


def with_slope(key: str, slope: float) -> Activation:
    """Return the activation of that name, leaky ReLU with `slope` below zero."""
    return leaky_relu(slope) if key == "leaky" else find_activation(key)


def normal_mean(function: Callable[[np.ndarray], np.ndarray], deviation: float = 1.0, mean: float = 0.0) -> float:
    """Return E[function(z)] for z normal with that mean and standard deviation, by the midpoint rule, to about 5 digits.

    >>> round(normal_mean(np.square, 3.0), 4)
    9.0
    """
    step = 2 * _REACH / _GRID
    at = -_REACH + step * (np.arange(_GRID) + 0.5)
    density = np.exp(-0.5 * at**2)
    return float(np.average(function(mean + deviation * at), weights=density))


def saturated_share(activation: Activation, sums: np.ndarray) -> float | None:
    """Return the share of sums at which the slope is below 1/20 of the largest; None for functions that do not saturate."""
    if not activation.saturates:
        return None
    return float(np.mean(activation.slope(sums) < SATURATED * activation.largest_slope))
