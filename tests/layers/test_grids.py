"""Grids and volumes that change their size: what fits is kept, what is too large is refused before it is made."""

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.layers.grids import resized, resized_volume, small_numbers


def test_a_grid_keeps_what_fits():
    assert resized([[1, 2], [3, 4]], (3, 1)).tolist() == [[1], [3], [0]]


def test_a_volume_keeps_what_fits():
    volume = np.arange(1, 9).reshape(2, 2, 2)
    assert resized_volume(volume, (3, 1, 3)).tolist() == [[[1, 2, 0]], [[5, 6, 0]], [[0, 0, 0]]]
    np.testing.assert_array_equal(resized_volume(volume, volume.shape), volume)
    assert resized_volume([[[2]]], (1, 1, 2), fill=1).tolist() == [[[2, 1]]]


def test_a_stack_of_kernels():
    kernels = np.arange(16.0).reshape(2, 2, 2, 2)
    smaller = resized_volume(kernels, (1, 3, 2, 2))
    np.testing.assert_array_equal(smaller[0, :2], kernels[0])
    assert not smaller[0, 2].any()


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((0, 2, 2), "1 to 16 channels"),
        ((17, 2, 2), "1 to 16 channels"),
        ((1, 65, 2), "1 to 64 rows"),
        ((1, 2, 10**9), "1 to 64 rows"),
        ((2, 64, 64), "4,096 numbers"),
        ((1, 2, 2, 2), "shape"),
    ],
)
def test_what_cannot_be_shown(shape, words):
    with pytest.raises(ExplorerError, match=words):
        resized_volume(np.ones((1, 2, 2)), shape)


def test_small_numbers_are_whole_bounded_and_repeatable():
    values = small_numbers((4, 10, 10), seed=1)
    assert set(values.ravel()) == {-2, -1, 0, 1, 2}
    np.testing.assert_array_equal(values, small_numbers((4, 10, 10), seed=1))
    assert not np.array_equal(values, small_numbers((4, 10, 10), seed=2))
