"""What a network costs for one picture: multiply-adds, weights, memory. Knows shapes; neither weights' values nor time."""

import math
from dataclasses import dataclass

from torch import nn

from explorer.models.trainable import Design, build
from explorer.probe.facts import describe
from explorer.training.recipes import find_recipe

BYTES = 4  # of a float32


@dataclass(frozen=True)
class Cost:
    """One forward pass of one picture. network: a key of Design.network.

    macs: multiplications by a weight. parameters: weights and biases. activation_bytes: of the input and every layer's
    output as float32, all of which are kept for the way back while it learns; an inference keeps only what is still needed.
    """

    network: str
    macs: int
    parameters: int
    activation_bytes: int


def cost_of(network: nn.Module, name: str, input_shape: tuple[int, int, int]) -> Cost:
    """Measure `network`, which is called `name`, on one picture (C, H, W)."""
    facts = describe(network, input_shape)
    values = math.prod(input_shape) + sum(math.prod(layer.output) for layer in facts.layers)
    return Cost(name, facts.macs, facts.parameters, BYTES * values)


def cost_of_design(design: Design, channels: int, classes: int) -> Cost:
    """The same of a network that is yet to be built, for 32×32 pictures."""
    return cost_of(build(design, channels, classes), design.network, (channels, 32, 32))


def cost_of_recipe(name: str, channels: int = 1, classes: int = 6) -> Cost:
    """The same of a network as its recipe makes it; the defaults are those of the data set "scenes"."""
    return cost_of_design(find_recipe(name).design, channels, classes)
