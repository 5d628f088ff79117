"""A stack against one layer that sees as much (C14), counted again from PyTorch's own layers."""

import pytest
from torch import nn

from explorer.errors import ExplorerError
from explorer.layers.receptive import Sliding, stack
from explorer.layers.stacks import against_one_layer, stack_cost

TWO = [Sliding("conv", 3), Sliding("conv", 3)]


def test_C14_two_of_3_against_one_of_5():
    two, one = against_one_layer(TWO, 28, 64)
    assert (two.field, one.field) == (5, 5)
    assert (two.weights, one.weights) == (18, 25)
    assert (two.multiply_adds, one.multiply_adds) == (18 * 64 * 64 * 28 * 28, 25 * 64 * 64 * 28 * 28)


@pytest.mark.parametrize("kernels", [(3,), (3, 3, 3), (5, 3), (1, 7)])
def test_C14_weights_and_field_of_any_stack(kernels):
    cost = stack_cost(kernels, 10, 4)
    layers = [nn.Conv2d(4, 4, k, bias=False) for k in kernels]
    assert cost.weights * 16 == sum(layer.weight.numel() for layer in layers)
    assert cost.field == stack([Sliding("conv", k) for k in kernels], 60).fields[-1].size


@pytest.mark.parametrize("other", [Sliding("pool", 2, 2), Sliding("conv", 3, 2), Sliding("conv", 3, dilation=2)])
def test_C14_what_cannot_be_compared_is_said(other):
    with pytest.raises(ExplorerError, match="stride 1 and dilation 1"):
        against_one_layer([*TWO, other], 28, 64)
