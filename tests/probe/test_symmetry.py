"""The tiny network: zeros keep its units identical, other first weights do not; its steps against autograd by PyTorch's SGD."""

import numpy as np
import pytest
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.models.initialise import initialise
from explorer.probe.symmetry import SAMPLES, UNITS, train_tiny


@pytest.mark.parametrize("steps", [1, 7, 200])
def test_H3_zeros_stay_symmetric_while_they_learn(steps):
    run = train_tiny("zeros", "sigmoid", steps, 0.5)
    assert run.distinct == 1
    np.testing.assert_allclose(run.weights, run.weights[:, :1].repeat(UNITS, 1), atol=1e-12)
    assert run.moved
    assert run.losses[-1] < run.losses[0]
    assert run.losses.shape == (steps + 1,)


@pytest.mark.parametrize("activation", ["relu", "tanh", "leaky"])
def test_H3_where_f_of_0_is_0_zeros_never_move(activation):
    run = train_tiny("zeros", activation, 50, 0.5)
    assert not run.weights.any()
    assert not run.moved
    assert run.losses[-1] < run.losses[0]  # the output's bias alone learns


@pytest.mark.parametrize("scheme", ["small", "xavier", "he"])
def test_H3_other_first_weights_make_different_units(scheme):
    run = train_tiny(scheme, "sigmoid", 100, 0.5)
    assert run.distinct == UNITS
    assert run.losses[-1] < run.losses[0]


def test_no_update_moves_nothing():
    assert not train_tiny("he", "tanh", 0, 0.5).moved


def test_the_updates_are_those_of_sgd():
    source = torch.Generator().manual_seed(4)
    x = torch.randn(SAMPLES, 2, generator=source, dtype=torch.float64)
    target = x[:, :1] * x[:, 1:] + x[:, :1]
    network = initialise(nn.Sequential(nn.Linear(2, UNITS), nn.Tanh(), nn.Linear(UNITS, 1)).double(), "he", source)
    optimiser = torch.optim.SGD(network.parameters(), lr=0.3)
    for _ in range(5):
        optimiser.zero_grad()
        (0.5 * nn.functional.mse_loss(network(x), target)).backward()
        optimiser.step()
    run = train_tiny("he", "tanh", 5, 0.3, seed=4)
    expected = [*network[0].weight.T.tolist(), network[0].bias.tolist(), network[2].weight[0].tolist()]
    np.testing.assert_allclose(run.weights, expected, rtol=1e-9)
    assert run.losses[-1] == pytest.approx(0.5 * nn.functional.mse_loss(network(x), target).item())


@pytest.mark.parametrize(
    ("scheme", "activation", "steps", "rate"),
    [
        ("best", "tanh", 1, 0.1), ("he", "swish", 1, 0.1), ("he", "tanh", 201, 0.1), ("he", "tanh", -1, 0.1),
        ("he", "tanh", 1, 11.0), ("he", "tanh", 1, float("nan")), ("he", "relu", 200, 10.0),
    ],
)  # fmt: skip
def test_what_is_impossible_gets_a_sentence(scheme, activation, steps, rate):
    with pytest.raises(ExplorerError, match=r"choose|give"):
        train_tiny(scheme, activation, steps, rate)
