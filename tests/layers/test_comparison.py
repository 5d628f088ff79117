"""Two layers counted side by side, against the curriculum's numbers and torch's own modules."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.layers.comparison import compare_layers, neuron_weights
from explorer.words import about
from tests.layers.oracles import quick


def test_B1_weights_of_one_neuron():
    assert neuron_weights(300, 300, 3) == 270_000


def test_B3_a_picture_to_a_picture():
    cost = compare_layers(300, 300, 1, 5, 1, padding=2)
    assert cost.output_shape == (300, 300, 1)
    assert cost.convolution.parameters == 26
    assert cost.dense.parameters == 8_100_090_000
    assert about(cost.dense.parameters) == "8.1×10⁹"


def test_B4_a_volume_to_a_volume():
    cost = compare_layers(32, 32, 3, 5, 64)
    assert cost.output_shape == (28, 28, 64)
    assert (cost.inputs, cost.outputs) == (3072, 50_176)
    assert (cost.convolution.weights, cost.convolution.parameters) == (4800, 4864)
    assert cost.dense.weights == 154_140_672
    assert about(cost.times_fewer) == "32,000"


@quick
@given(*[st.integers(3, 6)] * 2, *[st.integers(1, 3)] * 5)
def test_counts_are_those_of_torch(rows, cols, channels, kernel, maps, stride, padding):
    cost = compare_layers(rows, cols, channels, kernel, maps, stride, padding)
    layer = torch.nn.Conv2d(channels, maps, kernel, stride, padding)
    made = layer(torch.zeros(1, channels, rows, cols))[0]
    assert cost.output_shape == (*made.shape[1:], maps)
    assert cost.convolution.parameters == sum(p.numel() for p in layer.parameters())
    assert cost.convolution.weights == layer.weight.numel()
    assert cost.convolution.multiply_adds == layer.weight.numel() * made[0].numel()
    dense = torch.nn.Linear(rows * cols * channels, made.numel())
    assert cost.dense.parameters == sum(p.numel() for p in dense.parameters())
    assert cost.dense.weights == cost.dense.multiply_adds == dense.weight.numel()
    assert cost.dense.bytes == sum(p.numel() * p.element_size() for p in dense.parameters())


@pytest.mark.parametrize(
    "sizes", [(0, 3, 1, 1, 1), (3, 3, 0, 1, 1), (3, 3, 1, 4, 1), (3, 3, 1, 1, 10**13), (10**9, 10**9, 1, 1, 1)]
)
def test_impossible_sizes(sizes):
    with pytest.raises(ExplorerError):
        compare_layers(*sizes)
