"""The theory of spread, layer by layer, against closed forms."""

import math

import numpy as np
import pytest

from explorer.layers.activation import ACTIVATIONS, leaky_relu
from explorer.layers.propagation import predict


@pytest.mark.parametrize("factor", [0.09, 1.0, 2.0])
def test_H3_without_activation_every_layer_multiplies_by_n_var_w(factor):
    found = predict(ACTIVATIONS["identity"], factor, 6, deviation=3.0)
    np.testing.assert_allclose(found.activations**2, 9 * factor ** np.arange(7), rtol=1e-9)
    np.testing.assert_allclose(found.sums, found.activations[1:], rtol=1e-9)
    np.testing.assert_allclose(found.gradients**2, factor ** np.arange(6, -1, -1.0), rtol=1e-9)


def test_H3_he_keeps_relus_spread_and_xavier_halves_the_variance():
    he, xavier = (predict(ACTIVATIONS["relu"], factor, 10) for factor in (2.0, 1.0))
    np.testing.assert_allclose(he.sums**2, 2, rtol=1e-4)
    np.testing.assert_allclose(he.gradients, 1, rtol=1e-4)
    np.testing.assert_allclose(xavier.sums**2, 0.5 ** np.arange(10), rtol=1e-4)
    np.testing.assert_allclose(xavier.gradients**2, 0.5 ** np.arange(10, -1, -1), rtol=1e-4)
    # of a rectified N(0, 2): E[x²] = 1, E[x] = 1/√π
    assert he.activations[1] == pytest.approx(math.sqrt(1 - 1 / math.pi), rel=1e-4)


def test_H3_he_for_a_leak():
    a = 0.5  # E[f²] = (1 + a²)/2 of the variance
    found = predict(leaky_relu(a), 2 / (1 + a**2), 5)
    np.testing.assert_allclose(found.gradients, 1, rtol=1e-4)


def test_H2_a_sigmoid_lets_at_most_a_quarter_through():
    found = predict(ACTIVATIONS["sigmoid"], 1.0, 20)
    assert (found.gradients[:-1] / found.gradients[1:]).max() < 0.25
    assert found.gradients[0] < 0.25**20


def test_batch_normalisation_makes_relu_gradients_grow_by_pi_over_pi_minus_1():
    """Yang et al. 2019, "A mean field theory of batch normalization": π/(π−1) of the variance a layer."""
    found = predict(ACTIVATIONS["relu"], 2.0, 10, batch_norm=True)
    ratios = (found.gradients[1:-2] / found.gradients[2:-1]) ** 2
    np.testing.assert_allclose(ratios, math.pi / (math.pi - 1), rtol=1e-3)


def test_batch_normalisation_forgets_the_bias_and_the_scale():
    plain, odd = (
        predict(ACTIVATIONS["tanh"], factor, 4, batch_norm=True, bias=bias) for factor, bias in ((1.0, 0.0), (9.0, 5.0))
    )
    np.testing.assert_allclose(plain.activations, odd.activations, rtol=1e-4)


def test_zeros_send_nothing_either_way():
    for batch_norm in (False, True):
        found = predict(ACTIVATIONS["tanh"], 0.0, 3, batch_norm=batch_norm)
        assert found.activations.tolist() == [1, 0, 0, 0]
        assert found.gradients.tolist() == [0, 0, 0, 1]


def test_a_bias_shifts_what_the_activation_sees():
    found = predict(ACTIVATIONS["relu"], 1.0, 1, bias=-20.0)
    assert found.activations[1] == pytest.approx(0, abs=1e-12)
    assert found.gradients[0] == pytest.approx(0, abs=1e-12)
