"""The activations that a network can be built with. Knows nn.Module; not networks, not formulas (layers/activation.py)."""

from collections.abc import Callable

from torch import nn

from explorer.errors import ExplorerError
from explorer.layers.activation import LEAKY_SLOPE

ACTIVATION_LAYERS: dict[str, Callable[[], nn.Module]] = {
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "leaky": lambda: nn.LeakyReLU(LEAKY_SLOPE),
}
ACTIVATION_TITLES = {"relu": "ReLU", "leaky": "Leaky ReLU", "tanh": "tanh", "sigmoid": "Sigmoid"}


def activation_layer(key: str) -> nn.Module:
    """Return a new layer of that activation. Raises ExplorerError for an unknown key."""
    if key not in ACTIVATION_LAYERS:
        raise ExplorerError(f"Activation {key!r} is unknown: choose one of {', '.join(ACTIVATION_LAYERS)}.")
    return ACTIVATION_LAYERS[key]()
