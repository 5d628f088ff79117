"""A small CNN and an MLP with as many parameters, to be compared. Knows their layers; not what they learn.

With one channel and five classes: 14,469 parameters in the CNN, 14,425 in the MLP. The CNN pools by two only once: training
pictures whose objects' places vary by three pixels then show it both ways in which an object can lie under the windows.
"""

from collections import OrderedDict

from torch import nn

from explorer.models.activations import activation_layer

MLP_UNITS = 14  # so many that both have about as many parameters
SIDE = 32


def corner_cnn(channels: int, classes: int, activation: str = "relu") -> nn.Sequential:
    """Three convolutions, then of each map its largest value wherever it lies: (N, channels, 32, 32) → (N, classes)."""
    return nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(channels, 16, kernel_size=5, padding=2),  # 416 parameters with one channel
            relu1=activation_layer(activation),
            pool1=nn.MaxPool2d(2),  # 16 @ 16×16
            conv2=nn.Conv2d(16, 32, kernel_size=3, padding=1),  # 4,640 parameters
            relu2=activation_layer(activation),
            conv3=nn.Conv2d(32, 32, kernel_size=3, padding=1),  # 9,248 parameters; sees 14×14 pixels
            relu3=activation_layer(activation),
            where=nn.AdaptiveMaxPool2d(1),  # 32 @ 1×1: that there is something, not where
            flatten=nn.Flatten(),
            output=nn.Linear(32, classes),  # 165 parameters with five classes
        )
    )


def corner_mlp(channels: int, classes: int, activation: str = "relu") -> nn.Sequential:
    """One weight a pixel and hidden unit: (N, channels, 32, 32) → (N, classes)."""
    return nn.Sequential(
        OrderedDict(
            flatten=nn.Flatten(),
            hidden=nn.Linear(channels * SIDE * SIDE, MLP_UNITS),  # 14,350 parameters with one channel
            relu1=activation_layer(activation),
            output=nn.Linear(MLP_UNITS, classes),  # 75 parameters with five classes
        )
    )
