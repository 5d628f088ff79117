"""Padding and the provenance of its cells."""

import numpy as np
import pytest
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.layers.convolution import convolve
from explorer.layers.padding import MODES, pad, padding_amounts
from tests.layers.oracles import images, pairs, quick, tensor, torch_pad


@pytest.mark.parametrize(
    ("mode", "row", "source"),
    [
        ("zeros", [0, 0, 1, 2, 3, 0, 0], [-1, -1, 0, 1, 2, -1, -1]),
        ("reflect", [3, 2, 1, 2, 3, 2, 1], [2, 1, 0, 1, 2, 1, 0]),
        ("replicate", [1, 1, 1, 2, 3, 3, 3], [0, 0, 0, 1, 2, 2, 2]),
        ("circular", [2, 3, 1, 2, 3, 1, 2], [1, 2, 0, 1, 2, 0, 1]),
    ],
)
def test_modes_by_hand(mode, row, source):
    padded = pad([[1, 2, 3]], (0, 2), mode)
    assert padded.values.tolist() == [[row]]
    assert padded.source.tolist() == [source]
    assert padded.border.tolist() == [[True, True, False, False, False, True, True]]


def test_four_different_sides():
    padded = pad([[1, 2], [3, 4]], ((1, 0), (0, 2)), "replicate")
    assert padded.values.tolist() == [[[1, 2, 2, 2], [1, 2, 2, 2], [3, 4, 4, 4]]]
    assert padded.source.tolist() == [[0, 1, 1, 1], [0, 1, 1, 1], [2, 3, 3, 3]]
    assert padded.border.tolist() == [[True] * 4, [False, False, True, True], [False, False, True, True]]


@quick
@given(images(low=3), pairs(0, 2), st.sampled_from(MODES))
def test_values_equal_torch_and_come_from_where_they_say(image, padding, mode):
    padded = pad(image, padding, mode)
    np.testing.assert_array_equal(padded.values, torch_pad(tensor(image)[None], padding, mode)[0])
    flat = image.reshape(len(image), -1)
    known = padded.source >= 0
    np.testing.assert_array_equal(padded.values[:, known], flat[:, padded.source[known]])
    assert not padded.values[:, ~known].any()
    assert known.all() or mode == "zeros"
    assert (~padded.border).sum() == flat.shape[1]


def test_C7_valid_and_same():
    image = np.random.default_rng(0).standard_normal((8, 8))
    kernel = np.ones((3, 3))
    assert convolve(image, kernel, padding="valid").output.shape == (1, 6, 6)
    assert convolve(image, kernel, padding="same").output.shape == (1, 8, 8)
    np.testing.assert_array_equal(
        convolve(image, kernel, padding="same").output[:, 1:-1, 1:-1], convolve(image, kernel, padding="valid").output
    )


@pytest.mark.filterwarnings("ignore:Using padding='same'")  # torch minds the copy it makes
@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_C7_same_equals_torch_for_even_kernels_too(kernel, dilation):
    rng = np.random.default_rng(kernel)
    image, weights = rng.standard_normal((1, 6, 9)), rng.standard_normal((1, 1, kernel, kernel))
    walk = convolve(image, weights, padding="same", dilation=dilation)
    expected = F.conv2d(tensor(image)[None], tensor(weights), padding="same", dilation=dilation)
    np.testing.assert_allclose(walk.output, expected[0], atol=1e-12)


def test_amounts_in_every_spelling():
    assert padding_amounts(1) == padding_amounts((1, 1)) == padding_amounts(((1, 1), (1, 1))) == ((1, 1), (1, 1))
    assert padding_amounts(((0, 1), (2, 3))) == ((0, 1), (2, 3))
    assert padding_amounts("same", kernel=(2, 3)) == ((0, 1), (1, 1))


@pytest.mark.parametrize(
    ("padding", "mode", "words"),
    [
        (3, "reflect", "choose padding ≤ 2"),
        (4, "circular", "choose padding ≤ 3"),
        (-1, "zeros", "whole number from 0"),
        ("1", "zeros", "choose 'valid', 'same'"),
        ((1, 2, 3), "zeros", "3 numbers"),
        (None, "zeros", "whole number"),
        (True, "zeros", "whole number"),
    ],
)
def test_impossible_padding(padding, mode, words):
    with pytest.raises(ExplorerError, match=words):
        pad(np.ones((3, 3)), padding, mode)
