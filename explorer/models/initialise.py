"""First weights for any network of convolutions and dense layers. Knows nn.Module; not which networks exist.

The spread that each scheme gives a weight is said in layers/initialisation.py; here it is drawn.
"""

import math

import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.layers.initialisation import SCHEMES, weight_deviation

# "default" leaves what PyTorch drew when the layers were made: uniform within ±1/√n_in, biases too.
INITIALISATIONS: dict[str, str] = {"default": "PyTorch's own", **{key: scheme.title for key, scheme in SCHEMES.items()}}


def initialise(network: nn.Module, scheme: str, generator: torch.Generator | None = None) -> nn.Module:
    """Draw new weights for every convolution and dense layer, in place, and return the network.

    scheme: a key of INITIALISATIONS. Weights are normal with mean 0 and the scheme's standard deviation, biases 0;
    "default" changes nothing. n_in and n_out count a kernel's cells: channels · height · width; of a transposed
    convolution n_in is what reaches one output: that over stride².
    generator: for a reproducible draw, on the CPU; the same draw comes out whatever device the weights are on.
    Raises ExplorerError for an unknown scheme.
    """
    if scheme not in INITIALISATIONS:
        raise ExplorerError(f"Initialisation {scheme!r} is unknown: choose one of {', '.join(INITIALISATIONS)}.")
    if scheme == "default":
        return network
    with torch.no_grad():
        for layer in network.modules():
            if isinstance(layer, nn.Linear | nn.Conv1d | nn.Conv2d | nn.Conv3d | nn.ConvTranspose2d):
                n_in, n_out = nn.init._calculate_fan_in_and_fan_out(layer.weight)
                if isinstance(layer, nn.ConvTranspose2d):  # (in, out, h, w); an output takes one stamp in stride²
                    n_in, n_out = max(1, n_out // math.prod(layer.stride)), n_in
                drawn = torch.randn(layer.weight.shape, generator=generator)
                layer.weight.copy_(drawn * weight_deviation(scheme, n_in, n_out))
                if layer.bias is not None:
                    layer.bias.zero_()
    return network
