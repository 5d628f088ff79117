"""The gate: what passes, what is refused, and that it says so in one or two sentences."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.layers.checks import (
    image_array,
    kernel_array,
    number_array,
    number_pair,
    real_number,
    shown,
    whole_number,
)
from tests.layers.oracles import quick


def test_what_counts_as_a_number():
    assert whole_number(3.0, "Stride") == whole_number(np.int8(3), "Stride") == 3
    assert (
        number_pair(2, "Stride") == number_pair([2, 2], "Stride") == number_pair(np.array([2, 2]), "Stride") == (2, 2)
    )
    assert real_number(np.float32(0.5), "Bias") == 0.5


@pytest.mark.parametrize("array", [[[1, 2]], ((1, 2),), np.array([[1, 2]], dtype=np.uint8), torch.tensor([[1.0, 2.0]])])
def test_anything_array_like_becomes_float64(array):
    image = image_array(array)
    assert image.dtype == np.float64
    assert image.tolist() == [[[1, 2]]]
    assert kernel_array(array).shape == (1, 1, 1, 2)


@pytest.mark.parametrize(
    "value", [True, "3", 2.5, None, float("nan"), float("inf"), 1j, [1], -1, 10**9, 10**6000, -(10**6000)], ids=shown
)
def test_whole_number_refuses(value):
    with pytest.raises(ExplorerError, match=r"^Stride is .{1,50}: choose a whole number from 0 to 4,096\.$"):
        whole_number(value, "Stride")


@pytest.mark.parametrize(
    "value", [True, "3", None, float("nan"), float("-inf"), 1e101, 10**6000, [1.0], "9" * 5000], ids=shown
)
def test_real_number_refuses(value):
    with pytest.raises(ExplorerError, match=r"^Bias is .{1,50}: give one finite number\.$"):
        real_number(value, "Bias")


@pytest.mark.parametrize(
    "value",
    [
        None,
        "grid",
        [["a"]],
        [[1, 2], [3]],
        [],
        [[]],
        [[None]],
        [[1j]],
        [[np.nan]],
        [[-np.inf]],
        [[1e101]],
        {1: 2},
        object(),
    ],
)
def test_number_array_refuses(value):
    with pytest.raises(ExplorerError, match=r"^Input .*\.$"):
        number_array(value, "Input")


@quick
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=12))
def test_any_junk_is_an_array_of_finite_numbers_or_an_explorer_error(junk):
    try:
        array = number_array(junk, "Input")
    except ExplorerError:
        return
    assert array.dtype == np.float64
    assert np.isfinite(array).all()
    assert not array.flags.writeable
