"""Networks to be trained with settings of one's own. Knows their layers; not data, not how they are trained.

Every network takes float32 (N, channels, 32, 32) and is flat (its layers have no layers inside), so that each has a short name
of its own. Those for classes put out (N, classes) and are an nn.Sequential; what the others put out says training.tasks.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.models.activations import ACTIVATION_LAYERS, ACTIVATION_TITLES, activation_layer
from explorer.models.colour import colour_net
from explorer.models.corner import corner_cnn, corner_mlp
from explorer.models.initialise import INITIALISATIONS, initialise
from explorer.models.localiser import Localiser
from explorer.models.segmenters import SEGMENTERS, segmenter
from explorer.settings import record
from explorer.settings.fields import OneOf, Real, Switch
from explorer.words import counted

POOLINGS: dict[str, Callable[[int], nn.Module]] = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
POOLING_TITLES = {"max": "Maximum", "average": "Average"}
MOST_CLASSES = 1000
DEEP_LAYERS, DEEP_WIDTH = 12, 64  # of the deep stack


TRAINABLE: dict[str, Callable[["Design", int, int], nn.Module]] = {}  # name → its builder: filled once those are known


@dataclass(frozen=True)
class Design:
    """Which network, and how it is made. A network that has no use for a setting ignores it.

    network: a key of TRAINABLE. activation: of ACTIVATION_LAYERS. pooling: of POOLINGS. initialisation: of INITIALISATIONS.
    dropout: the probability with which a unit of the dense layers is dropped, in [0, 0.95].
    """

    network: Annotated[str, OneOf("Network", TRAINABLE)] = "lenet5"
    activation: Annotated[
        str, OneOf("Activation", ACTIVATION_LAYERS, ACTIVATION_TITLES.__getitem__, "sigmoid, tanh, relu or leaky")
    ] = "relu"
    pooling: Annotated[str, OneOf("Pooling", POOLINGS, POOLING_TITLES.__getitem__, "max or average")] = "max"
    initialisation: Annotated[
        str,
        OneOf("Initialisation", INITIALISATIONS, INITIALISATIONS.__getitem__, "default, zeros, small, xavier or he"),
    ] = "default"
    batch_norm: Annotated[bool, Switch("Batch norm")] = False
    dropout: Annotated[
        float, Real("Dropout", 0, 0.95, "of the dense layers: the probability that a unit is dropped", 0.1)
    ] = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be built."""
        record.check(self)


def build(design: Design, channels: int, classes: int, *, seed: int = 0) -> nn.Module:
    """A new network with the first weights of that seed. Raises ExplorerError for channels or classes it cannot take."""
    if not 2 <= classes <= MOST_CLASSES:
        raise ExplorerError(f"{counted(classes, 'class')} cannot be told apart: bring 2 to {MOST_CLASSES:,}.")
    if design.network == "colour" and channels != 3:
        raise ExplorerError(
            f"The colour network takes 3-channel pictures and these have {channels}: choose cifar10, or lenet5 for grey ones."
        )
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        return initialise(TRAINABLE[design.network](design, channels, classes), design.initialisation)


def lenet5(design: Design, channels: int, classes: int) -> nn.Sequential:
    """LeNet-5 with its parts exchanged; as it opens, layer for layer `models.lenet.lenet5`."""
    layers: OrderedDict[str, nn.Module] = OrderedDict()

    def convolve(number: int, inputs: int, outputs: int) -> None:
        layers[f"c{number}"] = nn.Conv2d(inputs, outputs, kernel_size=5)
        if design.batch_norm:
            layers[f"norm{number}"] = nn.BatchNorm2d(outputs)
        layers[f"{design.activation}{number}"] = activation_layer(design.activation)

    convolve(1, channels, 6)
    layers["s2"] = POOLINGS[design.pooling](2)
    convolve(3, 6, 16)
    layers["s4"] = POOLINGS[design.pooling](2)
    convolve(5, 16, 120)
    layers["flatten"] = nn.Flatten()
    if design.dropout:
        layers["drop5"] = nn.Dropout(design.dropout)
    layers["f6"] = nn.Linear(120, 84)
    layers[f"{design.activation}6"] = activation_layer(design.activation)
    if design.dropout:
        layers["drop6"] = nn.Dropout(design.dropout)
    layers["output"] = nn.Linear(84, classes)
    return nn.Sequential(layers)


def deep(design: Design, channels: int, classes: int) -> nn.Sequential:
    """A dozen equal dense layers over 16×16 averages: where gradients vanish and initialisation decides."""
    layers: OrderedDict[str, nn.Module] = OrderedDict(shrink=nn.AvgPool2d(2), flatten=nn.Flatten())
    inputs = channels * 16 * 16
    for number in range(1, DEEP_LAYERS + 1):
        layers[f"dense{number}"] = nn.Linear(inputs, DEEP_WIDTH)
        if design.batch_norm:
            layers[f"norm{number}"] = nn.BatchNorm1d(DEEP_WIDTH)
        layers[f"{design.activation}{number}"] = activation_layer(design.activation)
        if design.dropout:
            layers[f"drop{number}"] = nn.Dropout(design.dropout)
        inputs = DEEP_WIDTH
    layers["output"] = nn.Linear(inputs, classes)
    return nn.Sequential(layers)


def _segmenter(name: str) -> Callable[[Design, int, int], nn.Module]:
    def make(design: Design, channels: int, classes: int) -> nn.Module:
        return segmenter(name, channels, classes, design.activation, batch_norm=design.batch_norm)

    return make


TRAINABLE |= {
    "lenet5": lenet5,
    "colour": lambda design, channels, classes: colour_net(batch_norm=design.batch_norm, classes=classes),
    "deep": deep,
    "corner_cnn": lambda design, channels, classes: corner_cnn(channels, classes, design.activation),
    "corner_mlp": lambda design, channels, classes: corner_mlp(channels, classes, design.activation),
    **{name: _segmenter(name) for name in SEGMENTERS},
    "locate": lambda design, channels, classes: Localiser(
        channels, classes, design.activation, batch_norm=design.batch_norm, dropout=design.dropout
    ),
}
