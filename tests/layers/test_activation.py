"""Activations and their slopes against hand-checked numbers and autograd."""

import numpy as np
import pytest
import torch

from explorer.errors import ExplorerError
from explorer.layers.activation import ACTIVATIONS, find_activation
from tests.layers.oracles import tensor


def test_values_by_hand():
    zero = np.zeros(1)
    assert {key: (a.value(zero).item(), a.slope(zero).item()) for key, a in ACTIVATIONS.items()} == {
        "identity": (0, 1),
        "sigmoid": (0.5, 0.25),
        "relu": (0, 0),
        "tanh": (0, 1),
    }


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_value_and_slope_equal_torch(key):
    x = np.array([-800.0, -3.0, -0.5, 0.0, 0.5, 3.0, 800.0])
    leaf = tensor(x, grad=True)
    expected = leaf * 1 if key == "identity" else getattr(torch, key)(leaf)
    expected.sum().backward()
    np.testing.assert_allclose(ACTIVATIONS[key].value(x), expected.detach(), atol=1e-15)
    np.testing.assert_allclose(ACTIVATIONS[key].slope(x), leaf.grad, atol=1e-15)


def test_none_is_identity_and_unknown_is_refused():
    assert find_activation(None).key == "identity"
    for unknown in ("swish", 3, ["relu"]):
        with pytest.raises(ExplorerError, match="choose one of identity, sigmoid, relu, tanh"):
            find_activation(unknown)
