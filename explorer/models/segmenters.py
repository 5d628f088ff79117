"""Five small networks that name the class of every pixel. Knows their layers; not data, not how they are trained.

All have six 3×3 convolutions and a last one of 1×1. Four halve the picture twice and double it twice, and differ in
how they double only; the first stays at full size. float32 (N, channels, 32, 32) → logits (N, classes, 32, 32); any side that
can be halved twice will do.
Sources: fully convolutional networks and their skips, Long, Shelhamer & Darrell (2015); switches, Noh, Hong & Han (2015) and
SegNet, Badrinarayanan, Kendall & Cipolla (2017); skips by concatenation, U-Net, Ronneberger, Fischer & Brox (2015).
"""

from collections.abc import Callable

import torch
from torch import nn

from explorer.models.activations import activation_layer
from explorer.models.joining import Concatenate

WIDTH = 16  # channels at full size; twice as many below

# channels → the layer that doubles rows and columns
UPS: dict[str, Callable[[int], nn.Module]] = {
    "nearest": lambda width: nn.Upsample(scale_factor=2, mode="nearest"),
    "unpool": lambda width: nn.MaxUnpool2d(2),
    "transposed": lambda width: nn.ConvTranspose2d(width, width, kernel_size=2, stride=2),  # stamps do not overlap
}


class Segmenter(nn.Module):
    """One of the five. Its layers lie, and are named, in the order in which they run.

    up: a key of UPS; None leaves out poolings and what would undo them. "unpool" puts each value back where its pooling found
    it, zeros round it. skips: maps from before a pooling are laid beside those that were doubled to the same size.
    """

    def __init__(
        self,
        channels: int,
        classes: int,
        *,
        up: str | None,
        skips: bool = False,
        activation: str = "relu",
        batch_norm: bool = False,
    ) -> None:
        super().__init__()

        def convolve(number: int, inputs: int, outputs: int) -> None:
            self.add_module(f"conv{number}", nn.Conv2d(inputs, outputs, kernel_size=3, padding=1))
            if batch_norm:
                self.add_module(f"norm{number}", nn.BatchNorm2d(outputs))
            self.add_module(f"{activation}{number}", activation_layer(activation))

        def halve(number: int) -> None:
            if up:
                self.add_module(f"pool{number}", nn.MaxPool2d(2, return_indices=up == "unpool"))

        def double(number: int, width: int) -> None:
            if up:
                self.add_module(f"up{number}", UPS[up](width))
            if skips:
                self.add_module(f"join{number}", Concatenate())

        beside = 2 if skips else 1
        convolve(1, channels, WIDTH)
        halve(1)
        convolve(2, WIDTH, 2 * WIDTH)
        halve(2)
        convolve(3, 2 * WIDTH, 2 * WIDTH)
        convolve(4, 2 * WIDTH, 2 * WIDTH)
        double(2, 2 * WIDTH)
        convolve(5, beside * 2 * WIDTH, WIDTH)
        double(1, WIDTH)
        convolve(6, beside * WIDTH, WIDTH)
        self.add_module("output", nn.Conv2d(WIDTH, classes, kernel_size=1))

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Logits of every pixel's class."""
        before, switches = {}, {}  # of each pooling by its number: what it was given, and where its values lay
        for name, layer in self.named_children():
            number = name[-1]
            if isinstance(layer, nn.MaxPool2d):
                before[number] = maps
                maps = layer(maps)
                if layer.return_indices:
                    maps, switches[number] = maps
            elif isinstance(layer, nn.MaxUnpool2d):
                maps = layer(maps, switches[number])
            elif isinstance(layer, Concatenate):
                maps = layer(maps, before[number])
            else:
                maps = layer(maps)
        return maps


# key of Design.network → what the five differ in
SEGMENTERS: dict[str, dict[str, object]] = {
    "seg_full": {"up": None},
    "seg_nearest": {"up": "nearest"},
    "seg_unpool": {"up": "unpool"},
    "seg_transposed": {"up": "transposed"},
    "seg_skip": {"up": "transposed", "skips": True},
}


def segmenter(
    name: str, channels: int, classes: int, activation: str = "relu", *, batch_norm: bool = False
) -> nn.Module:
    """The network of that key of SEGMENTERS, untrained."""
    return Segmenter(channels, classes, activation=activation, batch_norm=batch_norm, **SEGMENTERS[name])
