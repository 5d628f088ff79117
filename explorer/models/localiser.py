"""A small network that says what there is and where: one extractor, two heads. Knows its layers; not how it is trained."""

import torch
from torch import nn

from explorer.models.activations import activation_layer
from explorer.models.joining import Concatenate

LOCALISERS = ("locate",)  # keys of Design.network
UNITS = 64


class Localiser(nn.Module):
    """float32 (N, channels, 32, 32) → (N, classes + 4): logits, then the box (cx, cy, w, h), each in (0, 1) of the side.

    Three convolutions, each with a pooling, and one dense layer are shared; `class_head` and `box_head` are one dense layer
    each. The maps are flattened, not averaged: an average would have forgotten where.
    """

    def __init__(
        self, channels: int, classes: int, activation: str = "relu", *, batch_norm: bool = False, dropout: float = 0.0
    ) -> None:
        super().__init__()
        for number, (inputs, outputs) in enumerate(((channels, 16), (16, 32), (32, 32)), start=1):
            self.add_module(f"conv{number}", nn.Conv2d(inputs, outputs, kernel_size=3, padding=1))
            if batch_norm:
                self.add_module(f"norm{number}", nn.BatchNorm2d(outputs))
            self.add_module(f"{activation}{number}", activation_layer(activation))
            self.add_module(f"pool{number}", nn.MaxPool2d(2))
        self.add_module("flatten", nn.Flatten())  # 32 @ 4×4
        self.add_module("dense4", nn.Linear(32 * 4 * 4, UNITS))
        self.add_module(f"{activation}4", activation_layer(activation))
        if dropout:
            self.add_module("drop4", nn.Dropout(dropout))
        self._shared = tuple(self._modules)
        self.class_head = nn.Linear(UNITS, classes)
        self.box_head = nn.Linear(UNITS, 4)
        self.box = nn.Sigmoid()
        self.output = Concatenate()

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Both heads' answers side by side."""
        for name in self._shared:
            values = self.get_submodule(name)(values)
        return self.output(self.class_head(values), self.box(self.box_head(values)))
