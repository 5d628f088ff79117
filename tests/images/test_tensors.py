"""Curriculum A1 to A3: planes, normalisations and histograms, with numbers one can check by hand."""

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.images.tensors import histogram, normalise_centred, normalise_standard, planes

GREY = np.array([[0, 51], [204, 255]], dtype=np.uint8)
COLOUR = np.array([[[255, 0, 51], [0, 102, 255]]], dtype=np.uint8)


def test_A1_grey_is_one_matrix():
    result = planes(GREY)
    assert result.names == ("grey",)
    assert result.arrays[0].tolist() == [[0, 51], [204, 255]]


def test_A2_colour_is_three_planes():
    result = planes(COLOUR)
    assert result.names == ("R", "G", "B")
    assert [plane.tolist() for plane in result.arrays] == [[[255, 0]], [[0, 102]], [[51, 255]]]
    assert np.array_equal(np.stack(result.arrays, axis=-1), COLOUR)


def test_A3_centred_range():
    every_value = np.arange(256, dtype=np.uint8).reshape(16, 16)
    result = normalise_centred(every_value)
    assert result.dtype == np.float32
    assert (result.min(), result.max()) == (-0.5, 0.5)
    assert result[3, 3] == pytest.approx(-0.3)  # 51 / 255 − 0.5
    assert np.allclose(result.ravel(), [value / 255 - 0.5 for value in range(256)], atol=1e-7)


def test_A3_standard_by_hand():
    # ImageNet's numbers: (1 − 0.485) / 0.229 = 2.2489, (0 − 0.456) / 0.224 = −2.0357, (0.2 − 0.406) / 0.225 = −0.9156
    result = normalise_standard(COLOUR, mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))
    assert result.dtype == np.float32
    assert result.shape == COLOUR.shape
    assert result[0, 0].tolist() == pytest.approx([2.2489, -2.0357, -0.9156], abs=1e-4)


def test_A3_standard_of_grey():
    result = normalise_standard(GREY, mean=[0.2], std=[0.4])
    assert result.dtype == np.float32
    assert result == pytest.approx(np.array([[-0.5, 0], [1.5, 2]]), abs=1e-6)


@pytest.mark.parametrize(
    ("pixels", "mean", "std", "sentence"),
    [
        (GREY, [0.5] * 3, [0.5] * 3, "3 means .* picture of 1 plane:"),
        (COLOUR, [0.5], [0.5], "1 mean .* picture of 3 planes:"),
        (GREY, [0.5], [0.0], "standard deviation of 0.0"),
        (GREY, [0.5], [float("nan")], "standard deviation of nan"),
        (GREY.astype(float), [0.5], [0.5], "not a picture"),
    ],
)
def test_A3_what_does_not_fit_is_refused(pixels, mean, std, sentence):
    with pytest.raises(ExplorerError, match=sentence):
        normalise_standard(pixels, mean, std)


def test_A3_histogram_by_hand():
    result = histogram(np.array([[0, 0.4, 1], [1, 2, 4]], dtype=np.float32), bins=4)
    assert result.edges.tolist() == [0, 1, 2, 3, 4]
    assert result.counts.tolist() == [2, 2, 1, 1]  # the last bin includes its right edge
    assert (result.minimum, result.maximum) == (0, 4)
    assert result.mean == pytest.approx(1.4)
    assert result.std == pytest.approx(np.sqrt((1.4**2 + 1 + 0.4**2 * 2 + 0.6**2 + 2.6**2) / 6))


def test_A3_centring_moves_the_histogram_and_keeps_its_shape():
    before, after = histogram(GREY / np.float32(255), bins=8), histogram(normalise_centred(GREY), bins=8)
    assert before.counts.tolist() == after.counts.tolist()
    assert after.mean == pytest.approx(before.mean - 0.5, abs=1e-6)
    assert after.std == pytest.approx(before.std)


def test_A3_histogram_of_one_value():
    result = histogram(np.full((3, 3), 7, dtype=np.float32), bins=2)
    assert result.counts.sum() == 9
    assert (result.edges[0], result.edges[-1]) == (6.5, 7.5)
    assert result.std == 0


@pytest.mark.parametrize(
    ("values", "bins", "sentence"),
    [
        (np.zeros(0), 4, "no values"),
        (np.array([1, np.nan, np.inf]), 4, "2 of 3 values"),
        (np.ones(3), 0, "0 bins"),
        (np.ones(3), 5000, "5,000 bins"),
    ],
)
def test_A3_histogram_refuses(values, bins, sentence):
    with pytest.raises(ExplorerError, match=sentence):
        histogram(values, bins)
