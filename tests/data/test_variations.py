"""Versions of one picture: as many as asked for, the same for a seed, and nothing where nothing is varied."""

import numpy as np
import pytest

from explorer.data.variations import variations
from explorer.errors import ExplorerError

RANDOM = np.random.default_rng(0)
COLOUR = RANDOM.integers(0, 256, (32, 32, 3), dtype=np.uint8)
GREY = RANDOM.integers(0, 256, (32, 32), dtype=np.uint8)


@pytest.mark.parametrize("picture", [COLOUR, GREY], ids=["colour", "grey"])
def test_shapes_and_seeds(picture):
    first = variations(picture, "flip+shift+rotate+scale+colour", 7, seed=3)
    assert first.shape == (7, *picture.shape)
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(first, variations(picture, "flip+shift+rotate+scale+colour", 7, seed=3))
    assert not np.array_equal(first, variations(picture, "flip+shift+rotate+scale+colour", 7, seed=4))
    assert len({version.tobytes() for version in first}) == 7


def test_none_leaves_and_flip_makes_exactly_two():
    np.testing.assert_array_equal(variations(COLOUR, "none", 3, 0), [COLOUR] * 3)
    flips = {version.tobytes() for version in variations(GREY, "flip", 40, 0)}
    assert flips == {GREY.tobytes(), GREY[:, ::-1].tobytes()}


def test_flip_and_shift_make_at_most_162():
    found = {version.tobytes() for seed in range(10) for version in variations(GREY, "flip+shift", 200, seed)}
    assert 150 < len(found) <= 162


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: variations(COLOUR, "melt", 3, 0), "“melt”"),
        (lambda: variations(COLOUR, "flip", 0, 0), "Number of versions is 0"),
        (lambda: variations(COLOUR, "flip", 201, 0), "Number of versions is 201"),
        (lambda: variations(COLOUR, "flip", 2, -1), "Seed is −1"),
        (lambda: variations(COLOUR[None], "flip", 2, 0), "not a picture"),
    ],
)
def test_impossible_settings(call, words):
    with pytest.raises(ExplorerError, match=words):
        call()
