"""The weights that make one feature map. Knows layers with weights; not inputs, not screens."""

from dataclasses import dataclass

import numpy as np
from torch import nn

from explorer.errors import ExplorerError


@dataclass(frozen=True)
class Kernel:
    """What one output channel multiplies its input by.

    weights: float32 (Cin, kh, kw), one plane per input channel; a dense unit's weights are (n, 1, 1). bias: 0 without one.
    """

    layer: str
    channel: int
    weights: np.ndarray
    bias: float


def kernel_of(network: nn.Module, layer: str, channel: int) -> Kernel | None:
    """The kernel of that layer's output `channel`, copied; None where the layer has none (pooling, activation).

    Raises ExplorerError for a channel that the layer does not have.
    """
    module = network.get_submodule(layer)
    if not isinstance(module, nn.Conv2d | nn.Linear):
        return None
    if not 0 <= channel < len(module.weight):
        raise ExplorerError(f"{layer} has no channel {channel}: choose 0 to {len(module.weight) - 1}.")
    weights = module.weight[channel].detach().cpu().float().numpy().copy()
    bias = 0.0 if module.bias is None else float(module.bias[channel].detach())
    return Kernel(layer, channel, weights.reshape(*weights.shape, *(1,) * (3 - weights.ndim)), bias)
