"""The effective field: gradients by hand and by autograd, shares of numbers that one can check."""

import numpy as np
import pytest
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.images.samples import load_sample
from explorer.models.registry import MODELS
from explorer.probe.effective import effective_field, measure, output_of
from explorer.probe.fields import fields
from explorer.probe.graph import program


def test_of_one_convolution_it_is_the_kernel():
    network = nn.Sequential(nn.Conv2d(2, 1, 3, padding=1, bias=False)).eval()
    steps = program(network, (2, 5, 5))
    field = effective_field(steps, torch.randn(1, 2, 5, 5), "_0", 2, 1, (1, 0, 4, 3), channel=0)
    expected = np.zeros((5, 5))
    expected[1:4, 0:3] = network[0].weight[0].detach().abs().sum(0)
    assert np.allclose(field.values, expected)
    assert not field.values.flags.writeable


def test_mean_over_channels():
    network = nn.Sequential(nn.Conv2d(1, 2, 1, bias=False)).eval()
    network[0].weight.data = torch.tensor([3.0, -1.0]).reshape(2, 1, 1, 1)
    field = effective_field(program(network, (1, 2, 2)), torch.ones(1, 1, 2, 2), "_0", 0, 1, (0, 1, 1, 2))
    assert field.values.tolist() == [[0, 1], [0, 0]]


def test_shares_by_hand():
    even = np.ones((8, 8))
    assert measure(even, (0, 0, 8, 8)) == (0.25, pytest.approx(7 / 8))  # 64 of 64 only at the rim: 49 < 57.6 ≤ 64
    point = np.zeros((8, 8))
    point[3, 4] = 2
    assert measure(point, (0, 0, 8, 8)) == (1.0, 0.125)
    assert measure(np.zeros((8, 8)), (0, 0, 8, 8)) == (None, None)
    assert measure(even, (0, 0, 0, 0)) == (None, None)


def test_an_in_place_relu_does_not_overwrite_what_is_asked_for():
    network = nn.Sequential(nn.Conv2d(1, 1, 1), nn.ReLU(inplace=True)).eval()
    network[0].weight.data.fill_(-1)
    network[0].bias.data.zero_()
    steps, inputs = program(network, (1, 2, 2)), torch.ones(1, 1, 2, 2)
    assert output_of(steps, inputs, "_0").tolist() == [[[-1, -1], [-1, -1]]]
    field = effective_field(steps, inputs, "_1", 0, 0, (0, 0, 1, 1))
    assert (field.centre, field.side) == (None, None)  # off: no pixel counts


@pytest.mark.parametrize("name", ["lenet5", "colour"])
def test_nothing_lies_outside_the_theoretical_field(name):
    spec = MODELS[name]
    steps = program(spec.load(), spec.input_shape)
    inputs = spec.feeding.preprocess(load_sample("cat" if name == "colour" else "digit-3").pixels)
    for node, known in fields(steps.graph).items():
        if not known.units:
            continue
        at = known.units[0] // 2, known.units[1] // 2
        found = effective_field(steps, inputs, node, *at, known.box(*at))
        top, left, bottom, right = found.box
        assert found.values.sum() == pytest.approx(found.values[top:bottom, left:right].sum())


def test_against_autograd_and_the_network_stays_as_it_was():
    spec = MODELS["lenet5"]
    network = spec.load()
    inputs = torch.randn(1, *spec.input_shape)
    field = effective_field(program(network, spec.input_shape), inputs, "output", 0, 0, (0, 0, 32, 32), channel=3)
    own = inputs.clone().requires_grad_()
    network(own)[0, 3].backward()
    assert np.allclose(field.values, own.grad[0].abs().sum(0).numpy(), rtol=1e-5)
    assert all(parameter.grad is None and not parameter.requires_grad for parameter in network.parameters())


@pytest.mark.parametrize(("node", "row", "channel"), [("nothing", 0, 0), ("c1", 28, 0), ("c1", 0, 6)])
def test_what_is_not_there(node, row, channel):
    steps = program(MODELS["lenet5"].build(), (1, 32, 32))
    with pytest.raises(ExplorerError, match="There is no"):
        effective_field(steps, torch.zeros(1, 1, 32, 32), node, row, 0, (0, 0, 5, 5), channel)


def test_an_input_that_does_not_fit():
    with pytest.raises(ExplorerError, match=r"\(1, 1, 8, 8\)"):
        output_of(program(MODELS["lenet5"].build(), (1, 32, 32)), torch.zeros(1, 1, 8, 8), "output")
