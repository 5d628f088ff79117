"""Activations and their slopes against hand-checked numbers and autograd."""

import numpy as np
import pytest
import torch

from explorer.errors import ExplorerError
from explorer.layers.activation import (
    ACTIVATIONS,
    find_activation,
    leaky_relu,
    normal_mean,
    saturated_share,
    with_slope,
)
from tests.layers.oracles import tensor


def test_values_by_hand():
    zero = np.zeros(1)
    assert {key: (a.value(zero).item(), a.slope(zero).item()) for key, a in ACTIVATIONS.items()} == {
        "identity": (0, 1),
        "sigmoid": (0.5, 0.25),
        "relu": (0, 0),
        "tanh": (0, 1),
        "leaky": (0, 0.01),
    }


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_value_and_slope_equal_torch(key):
    x = np.array([-800.0, -3.0, -0.5, 0.0, 0.5, 3.0, 800.0])
    leaf = tensor(x, grad=True)
    torchs = {"identity": lambda x: x * 1, "leaky": torch.nn.functional.leaky_relu}
    expected = torchs.get(key, getattr(torch, key, None))(leaf)
    expected.sum().backward()
    np.testing.assert_allclose(ACTIVATIONS[key].value(x), expected.detach(), atol=1e-15)
    np.testing.assert_allclose(ACTIVATIONS[key].slope(x), leaf.grad, atol=1e-15)


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_H1_the_largest_slope_and_the_bounds_are_those_of_the_function(key):
    activation, x = ACTIVATIONS[key], np.linspace(-30, 30, 60_001)
    assert np.abs(activation.slope(x)).max() == pytest.approx(activation.largest_slope, abs=1e-9)
    low, high = activation.bounds
    assert (activation.value(x) >= low).all()
    assert (activation.value(x) <= high).all()
    assert activation.saturates == (activation.slope(x[[0, -1]]).max() < 1e-9)


def test_H1_the_sigmoids_slope_is_at_most_a_quarter():
    slopes = ACTIVATIONS["sigmoid"].slope(np.linspace(-50, 50, 100_001))
    assert slopes.max() == 0.25
    assert ACTIVATIONS["sigmoid"].slope(np.array(5.0)) == pytest.approx(0.006648, abs=1e-6)


def test_H1_zero_centred_or_not():
    assert {key: activation.zero_centred for key, activation in ACTIVATIONS.items()} == {
        "identity": True,
        "sigmoid": False,
        "relu": False,
        "tanh": True,
        "leaky": False,
    }


@pytest.mark.parametrize("a", [0.0, 0.2, -1.0, 10.0])
def test_H1_leaky_relu_with_any_slope_equals_torch(a):
    x = np.array([-3.0, -0.5, 0.0, 2.0])
    leaf = tensor(x, grad=True)
    expected = torch.nn.functional.leaky_relu(leaf, a)
    expected.sum().backward()
    np.testing.assert_allclose(leaky_relu(a).value(x), expected.detach())
    np.testing.assert_allclose(leaky_relu(a).slope(x), leaf.grad)
    assert leaky_relu(a).largest_slope == max(1, abs(a))
    assert with_slope("leaky", a).value(x).tolist() == leaky_relu(a).value(x).tolist()
    assert with_slope("tanh", a) is ACTIVATIONS["tanh"]


@pytest.mark.parametrize("a", [1, 1.0, 11, -10.5, np.nan, "steep", None])
def test_H1_a_leak_of_1_is_linear_and_refused(a):
    with pytest.raises(ExplorerError, match=r"^Leaky slope a .*: (choose|give)"):
        leaky_relu(a)


def test_normal_means_by_hand():
    assert normal_mean(ACTIVATIONS["relu"].value) == pytest.approx(1 / np.sqrt(2 * np.pi), abs=1e-5)
    assert normal_mean(ACTIVATIONS["relu"].slope, 7.0) == pytest.approx(0.5)
    assert normal_mean(ACTIVATIONS["sigmoid"].value, 3.0) == pytest.approx(0.5)
    assert normal_mean(np.square, 3.0, -2.0) == pytest.approx(13)
    assert normal_mean(np.square, 0.0, -2.0) == pytest.approx(4)


def test_saturated_values_are_counted():
    tanh, sums = ACTIVATIONS["tanh"], np.array([0.0, 2.17, 2.19, -9.0])  # tanh′(2.1783) = 1/20
    assert saturated_share(tanh, sums) == 0.5
    assert saturated_share(ACTIVATIONS["relu"], sums) is None


def test_none_is_identity_and_unknown_is_refused():
    assert find_activation(None).key == "identity"
    for unknown in ("swish", 3, ["relu"]):
        with pytest.raises(ExplorerError, match="choose one of identity, sigmoid, relu, tanh, leaky"):
            find_activation(unknown)
