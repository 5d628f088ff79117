"""Symbolic sums: what they say, and that they are worth what they say."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.layers.terms import symbolic_sum
from tests.layers.oracles import quick


@pytest.mark.parametrize(
    ("window", "has_bias", "terms"),
    [
        ([[[0, 0]]], False, "0"),
        ([[[0, 0]]], True, "b"),
        ([[[-1, 2.5]]], False, "−w1 + 2.5·w2"),
        ([[[1, -0.125]]], True, "w1 − 0.125·w2 + b"),
        ([[[0, 1]], [[1, -1]]], True, "w1,2 + w2,1 − w2,2 + b"),
    ],
)
def test_C8_terms_by_hand(window, has_bias, terms):
    assert symbolic_sum(np.array(window, dtype=float), has_bias) == terms


@quick
@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3), st.booleans(), st.booleans(), st.integers(0, 999))
def test_C8_terms_evaluate_to_the_sum(channels, kh, kw, has_bias, flip, seed):
    rng = np.random.default_rng(seed)
    values = rng.integers(-3, 4, (channels, kh, kw)).astype(float)
    kernel = rng.standard_normal((channels, kh, kw))
    text = symbolic_sum(values, has_bias, flip)

    total = 0.0
    for sign, factor, symbol in re.findall(r"([−+]?) ?(?:([\d.]+)·)?(w[\d,]+|b)", text):
        if symbol == "b":
            weight = 10.0
        else:
            channel, number = symbol[1:].split(",") if channels > 1 else ("1", symbol[1:])
            weight = kernel[int(channel) - 1].ravel()[int(number) - 1]
        total += (-1 if sign == "−" else 1) * float(factor or 1) * weight
    laid = kernel[:, ::-1, ::-1] if flip else kernel
    assert total == pytest.approx((values * laid).sum() + 10 * has_bias)
