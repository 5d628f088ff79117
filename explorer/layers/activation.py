"""Activations: what is done to a sum on its own, and the slope that backpropagation needs.

Knows functions of one number, applied cell by cell; nothing of layers.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError


@dataclass(frozen=True)
class Activation:
    """One activation: `value(x)` and `slope(x)` = dvalue/dx, both cell by cell on float64 arrays of any shape."""

    key: str
    formula: str
    value: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Return 1/(1+e^−x), written with tanh because e^−x overflows below −709."""
    return 0.5 * (1.0 + np.tanh(0.5 * x))


ACTIVATIONS = {
    activation.key: activation
    for activation in [
        Activation("identity", "x", np.array, np.ones_like),
        Activation("sigmoid", "1/(1+e^−x)", sigmoid, lambda x: sigmoid(x) * (1.0 - sigmoid(x))),
        Activation("relu", "max(0, x)", lambda x: np.maximum(x, 0.0), lambda x: (x > 0).astype(np.float64)),
        Activation("tanh", "tanh(x)", np.tanh, lambda x: 1.0 - np.tanh(x) ** 2),
    ]
}


def find_activation(key: str | None) -> Activation:
    """Return the activation of that name; None means identity."""
    if key is None:
        return ACTIVATIONS["identity"]
    if not isinstance(key, str) or key not in ACTIVATIONS:
        raise ExplorerError(f"Activation {key!r} is unknown: choose one of {', '.join(ACTIVATIONS)}.")
    return ACTIVATIONS[key]
