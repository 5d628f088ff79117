"""'Same' padding with a stride: the curriculum's numbers, and TensorFlow's published rule through torch."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.layers.same_padding import needed_amounts, needed_formula, two_meanings
from tests.layers.oracles import images, pairs, quick, tensor


def published(n, k, s):
    """TensorFlow's documentation, word for word, for one axis without dilation: (before, after)."""
    total = max(k - s, 0) if n % s == 0 else max(k - n % s, 0)
    return total // 2, total - total // 2


def test_C19_eight_cells_are_two_things():
    both = two_meanings([range(1, 9)], [[1, 1, 1]], stride=2)
    assert both.alike.output[0, 0].tolist() == [3, 9, 15, 21]
    assert both.as_needed.output[0, 0].tolist() == [6, 12, 18, 15]
    assert (both.shift, both.same_size, both.agree) == ((0, 1), True, False)
    assert both.alike.at(0).cols.tolist() == [-1, 0, 1]
    assert both.as_needed.at(0).cols.tolist() == [0, 1, 2]  # the shifted picture
    assert needed_formula(8, 3, 2) == "max((⌈8/2⌉−1)·2 + 3 − 8, 0) = 1: 0 before, 1 after"


def test_C19_seven_cells_are_one():
    both = two_meanings([range(1, 8)], [[1, 1, 1]], stride=2)
    assert both.alike.output[0, 0].tolist() == both.as_needed.output[0, 0].tolist() == [3, 9, 15, 13]
    assert (both.shift, both.agree) == ((0, 0), True)


def test_C19_by_torch():
    signal, kernel = torch.arange(1.0, 9)[None, None], torch.ones(1, 1, 3)
    assert F.conv1d(signal, kernel, stride=2, padding=1).flatten().tolist() == [3, 9, 15, 21]
    assert F.conv1d(F.pad(signal, published(8, 3, 2)), kernel, stride=2).flatten().tolist() == [6, 12, 18, 15]


@quick
@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 6), st.integers(1, 3))
def test_needed_amounts_are_the_published_ones(n, k, s, d):
    before, after = needed_amounts(n, k, s, d)
    assert (before, after) == published(n, d * (k - 1) + 1, s)
    assert after - before in (0, 1)
    assert (n + before + after - d * (k - 1) - 1) // s + 1 == -(-n // s)


@quick
@given(images(channels=2), pairs(1, 4), pairs(1, 3), st.integers(0, 2**32 - 1))
def test_any_layer_equals_torch_under_both(image, sizes, stride, seed):
    kernel = np.random.default_rng(seed).standard_normal((2, len(image), *sizes))
    padding = tuple((k - 1) // 2 for k in sizes)
    if any(n + 2 * p < k for n, p, k in zip(image.shape[1:], padding, sizes, strict=True)):
        return
    both = two_meanings(image, kernel, stride)
    rows, cols = (published(n, k, s) for n, k, s in zip(image.shape[1:], sizes, stride, strict=True))
    x, w = tensor(image)[None], tensor(kernel)
    np.testing.assert_allclose(both.alike.output, F.conv2d(x, w, stride=stride, padding=padding)[0], atol=1e-12)
    needed = F.conv2d(F.pad(x, (*cols, *rows)), w, stride=stride)[0]
    np.testing.assert_allclose(both.as_needed.output, needed, atol=1e-12)
    assert both.shift == (padding[0] - rows[0], padding[1] - cols[0])
    if both.same_size and both.shift == (0, 0):
        assert both.agree


def test_at_stride_1_an_odd_kernel_is_padded_alike():
    assert needed_amounts(28, 5) == (2, 2)
    assert two_meanings(np.eye(6), np.ones((3, 3))).agree
    assert needed_amounts(28, 4) == (1, 2)  # the odd cell at the end, in torch's padding="same" too


def test_another_padding_is_a_choice():
    both = two_meanings([range(1, 9)], [[1, 1]], stride=2, padding=(0, 1))
    assert both.alike.output.shape == (1, 1, 5)
    assert not both.same_size
    assert not both.agree


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: needed_amounts(0, 3), "Input size is 0"),
        (lambda: needed_amounts(8, 0), "Kernel size is 0"),
        (lambda: needed_amounts(8, 3, 0), "Stride is 0"),
        (lambda: two_meanings([[1, 2]], [[1, 1, 1]], stride=0), "Stride is 0"),
        (lambda: two_meanings([[1, 2]], [[1, 1, 1, 1, 1, 1]], padding=0), "does not fit"),
    ],
)
def test_impossible_settings(call, words):
    with pytest.raises(ExplorerError, match=words):
        call()
