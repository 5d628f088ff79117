"""Flips, commutativity and separability."""

import numpy as np
import pytest
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.layers.algebra import commute, flip, full_product, gaussian, gaussian_row, separate
from explorer.layers.convolution import convolve
from explorer.layers.presets import find_preset
from tests.layers.oracles import images, quick, tensor


def polynomial_product(a, b):
    """Full convolution is the product of polynomials in two variables."""
    result = np.zeros((a.shape[0] + b.shape[0] - 1, a.shape[1] + b.shape[1] - 1))
    for (i, j), x in np.ndenumerate(a):
        for (k, m), y in np.ndenumerate(b):
            result[i + k, j + m] += x * y
    return result


def test_C6_convolution_commutes_and_cross_correlation_does_not():
    a, b = [[1, 2, 3]], [[1, 10]]
    assert full_product(a, b).tolist() == [[1, 12, 23, 30]]
    assert commute(a, b).equal
    across = commute(a, b, flipped=False)
    assert across.ab.tolist() == [[10, 21, 32, 3]]
    assert across.ba.tolist() == [[3, 32, 21, 10]]  # the same numbers backwards
    assert not across.equal


@quick
@given(images(channels=1, high=5), images(channels=1, high=5))
def test_C6_for_any_two_grids(a, b):
    a, b = a[0], b[0]
    both = commute(a, b)
    assert both.equal
    np.testing.assert_allclose(both.ab, polynomial_product(a, b), atol=1e-12)
    across = commute(a, b, flipped=False)
    np.testing.assert_allclose(across.ab, flip(across.ba), atol=1e-12)
    expected = F.conv2d(tensor([[a]]), tensor([[b]]), padding=(b.shape[0] - 1, b.shape[1] - 1))
    np.testing.assert_allclose(across.ab, expected[0, 0], atol=1e-12)


def test_C6_flip():
    assert flip([[1, 2], [3, 4]]).tolist() == [[4, 3], [2, 1]]
    image = np.random.default_rng(0).standard_normal((5, 5))
    kernel = [[1, 2], [3, 4]]
    np.testing.assert_allclose(convolve(image, kernel, flip=True).output, convolve(image, flip(kernel)).output)


def test_C15_gaussian_separates():
    parts = separate(gaussian(5, 1.0))
    assert (parts.weights, gaussian(5).size) == (2 * 5, 5**2)
    np.testing.assert_allclose(parts.column @ parts.row, gaussian(5), atol=1e-12)
    image = np.random.default_rng(0).standard_normal((9, 9))
    across_then_down = convolve(convolve(image, parts.row).output, parts.column).output
    np.testing.assert_allclose(across_then_down, F.conv2d(tensor([[image]]), tensor([[gaussian(5)]]))[0], atol=1e-12)


@pytest.mark.parametrize(
    ("key", "separable"),
    [("blur", True), ("gaussian", True), ("sobel_x", True), ("vertical", True), ("edges", False), ("sharpen", False)],
)
def test_C15_which_presets_separate(key, separable):
    kernel = find_preset(key).kernel
    assert (separate(kernel) is not None) is separable
    assert bool(np.linalg.matrix_rank(kernel) == 1) is separable


@quick
@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_C15_rank_one_and_nothing_else(rows, cols, seed):
    rng = np.random.default_rng(seed)
    column, row = rng.standard_normal((rows, 1)), rng.standard_normal((1, cols))
    parts = separate(column @ row)
    np.testing.assert_allclose(parts.column @ parts.row, column @ row, atol=1e-12)
    assert parts.column[np.abs(parts.column).argmax(), 0] > 0
    if min(rows, cols) > 1:
        other = column @ row
        other[0, 0] += 1  # changes one 2×2 minor, so the rank becomes 2
        assert separate(other) is None


def test_gaussian_by_hand():
    row = gaussian_row(3, 1.0)
    assert row[0] / row[1] == pytest.approx(np.exp(-0.5))
    assert row.sum() == pytest.approx(1)
    assert gaussian(4).sum() == pytest.approx(1)
    assert gaussian_row(5, 0.001).tolist() == [0, 0, 1, 0, 0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: separate(np.ones((2, 3, 3))), "rows × columns"),
        (lambda: separate(np.ones((300, 300))), "choose a smaller one"),
        (lambda: gaussian(3, 0), "Sigma is 0"),
        (lambda: gaussian(3, -1), "Sigma is −1"),
        (lambda: gaussian(0), "Kernel size is 0"),
        (lambda: gaussian(10**9), "Kernel size is 1,000,000,000"),
    ],
)
def test_impossible_settings(call, words):
    with pytest.raises(ExplorerError, match=words):
        call()


def test_zero_has_no_separation():
    assert separate(np.zeros((3, 3))) is None
