"""A unit's numbers in words: they are written so that they can be added up."""

import doctest

import torch
from torch import nn

from explorer.probe.graph import program
from explorer.probe.node_values import record_nodes
from explorer.probe.provenance import provenance
from explorer.probe.terms import Unit
from explorer.ui.provenance import words as provenance_words
from explorer.ui.provenance.words import exact, step_lines


def test_examples():
    assert doctest.testmod(provenance_words).failed == 0


def test_numbers_have_enough_digits():
    assert exact(0.0) == "0.000000"
    assert exact(-12.3456789) == "−12.345679"
    assert exact(3.2e-7) == "3.2·10⁻⁷"
    assert exact(120338160.0) == "120338160"
    assert exact(-1234.5678912) == "−1234.56789"


def told(bias: bool, inputs: list[float]) -> str:
    """What is told of the one number that a convolution of ones makes of three inputs."""
    network = nn.Sequential(nn.Conv2d(1, 1, (1, len(inputs)), bias=bias)).eval()
    with torch.no_grad():
        network[0].weight.copy_(torch.tensor([1.0, -2, 1])[: len(inputs)].reshape(network[0].weight.shape))
        if bias:
            network[0].bias.fill_(-0.5)
    run = record_nodes(program(network, (1, 1, len(inputs))), torch.tensor([[[inputs]]]))
    return step_lines(run.graph, (provenance(run, Unit(list(run.graph)[-1].name, (0, 0, 0))),))[0]


def test_a_convolution_without_bias_has_none_in_its_sum():
    assert told(False, [1.0, 2, 3]).endswith("1.000000 − 4.000000 + 3.000000 = **0.000000**")
    assert "+ bias **−0.500000** = **−0.500000**" in told(True, [1.0, 2, 3])
    assert told(False, [-3.0]).endswith("−3.000000 × 1.000000 = **−3.000000**")


def test_a_negative_factor_stands_in_brackets():
    network = nn.Sequential(nn.Conv2d(1, 1, 1, bias=False)).eval()
    with torch.no_grad():
        network[0].weight.fill_(-2)
    run = record_nodes(program(network, (1, 1, 1)), torch.tensor([[[[3.0]]]]))
    (line,) = step_lines(run.graph, (provenance(run, Unit(list(run.graph)[-1].name, (0, 0, 0))),))
    assert line.endswith("3.000000 × (−2.000000) = **−6.000000**")
