"""The spread of first weights: the curriculum's formulas by hand, and the variance of a sum by drawing."""

import math

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.layers.initialisation import SCHEMES, variance_after, variance_factor, weight_deviation


def test_H3_deviations_by_hand():
    assert weight_deviation("zeros", 8, 8) == 0
    assert weight_deviation("small", 8, 8) == 0.03
    assert weight_deviation("xavier", 30, 20) == pytest.approx(0.2)  # √(2/50)
    assert weight_deviation("he", 50, 7) == pytest.approx(0.2)  # √(2/50)


def test_H3_factors_by_hand():
    factors = {key: variance_factor(key, 100, 100) for key in SCHEMES}
    assert factors == pytest.approx({"zeros": 0, "small": 0.09, "xavier": 1, "he": 2})


@pytest.mark.parametrize("scheme", SCHEMES)
def test_H3_the_variance_of_a_sum_is_var_x_times_n_var_w(scheme):
    random, n = np.random.default_rng(0), 50
    deviation = weight_deviation(scheme, n, 10)
    x, w = random.normal(0, 1.5, (40_000, n)), random.normal(0, deviation, (40_000, n))
    assert np.var((x * w).sum(1)) == pytest.approx(variance_after(1.5**2, n, deviation**2), rel=0.03)


@pytest.mark.parametrize(("key", "n_in", "n_out"), [("best", 3, 3), (None, 3, 3), ("he", 0, 3), ("he", 3, 2.5)])
def test_what_cannot_be_is_answered(key, n_in, n_out):
    with pytest.raises(ExplorerError, match="choose"):
        weight_deviation(key, n_in, n_out)


def test_xavier_lies_between_what_the_way_forward_and_the_way_back_want():
    n_in, n_out = 30, 120
    assert 1 / math.sqrt(n_out) < weight_deviation("xavier", n_in, n_out) < 1 / math.sqrt(n_in)
