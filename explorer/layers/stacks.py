"""What a stack of layers costs against one layer that sees as much (C14). Knows sizes; never an image.

Every layer keeps the size ('same' padding, stride 1) and has as many channels in as out.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from explorer.errors import ExplorerError
from explorer.layers.receptive import Sliding
from explorer.layers.sizes import conv_multiply_adds, conv_parameters


@dataclass(frozen=True)
class StackCost:
    """field: inputs seen along one axis. weights: of 2-D kernels per pair of channels. multiply_adds: of one pass."""

    kernels: tuple[int, ...]
    field: int
    weights: int
    multiply_adds: int


def stack_cost(kernels: Iterable[int], size: int, channels: int) -> StackCost:
    """The cost of k×k layers, one after the other, on size×size cells with `channels` in and out.

    >>> stack_cost([3, 3], 28, 1).weights, stack_cost([5], 28, 1).weights
    (18, 25)
    """
    kernels = tuple(kernels)
    return StackCost(
        kernels,
        field=1 + sum(k - 1 for k in kernels),
        weights=sum(conv_parameters(k, k, 1, 1, bias=False) for k in kernels),
        multiply_adds=sum(conv_multiply_adds(k, k, channels, channels, size, size) for k in kernels),
    )


def against_one_layer(stages: Iterable[Sliding], size: int, channels: int) -> tuple[StackCost, StackCost]:
    """The stack's cost, and that of the one layer with the same receptive field.

    Raises ExplorerError where there is no such comparison: with pooling, strides or holes.
    """
    stages = tuple(stages)
    if any(stage.kind != "conv" or stage.stride != 1 or stage.dilation != 1 for stage in stages):
        raise ExplorerError(
            "Only convolutions of stride 1 and dilation 1 are compared with one layer: change the others."
        )
    stacked = stack_cost((stage.kernel for stage in stages), size, channels)
    return stacked, stack_cost([stacked.field], size, channels)
