"""Picture, grey, RGB and squares, against numbers one can check by hand."""

import dataclasses
import hashlib

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.images.picture import fit_square, picture, to_grey, to_rgb
from explorer.words import counted

GREY = np.array([[0, 10], [20, 255]], dtype=np.uint8)


def test_digest_is_sha256_of_shape_and_bytes():
    expected = hashlib.sha256(b"(2, 2)" + bytes([0, 10, 20, 255])).hexdigest()
    assert picture("a", GREY).digest == expected


def test_same_bytes_in_another_shape_have_another_digest():
    assert picture("a", GREY).digest != picture("a", GREY.reshape(1, 4)).digest


def test_digest_ignores_memory_order():
    assert picture("a", GREY).digest == picture("a", np.asfortranarray(GREY)).digest


def test_pixels_are_an_own_read_only_copy():
    source = GREY.copy()
    made = picture("a", source)
    source[0, 0] = 99
    assert made.pixels[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        made.pixels[0, 0] = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.name = "b"


def test_equality_follows_the_pixels():
    assert picture("a", GREY) == picture("a", GREY.copy())
    assert picture("a", GREY) != picture("a", GREY + np.uint8(1))


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((2, 2)),
        np.zeros((2, 2, 4), np.uint8),
        np.zeros((2, 2, 1), np.uint8),
        np.zeros(4, np.uint8),
        np.zeros((0, 3), np.uint8),
        np.uint8(3) + np.zeros((), np.uint8),
    ],
)
def test_what_is_not_a_picture_is_refused(wrong):
    with pytest.raises(ExplorerError, match="not a picture"):
        picture("a", np.asarray(wrong))


def test_to_grey_uses_luma_and_does_not_wrap():
    # 0.299·200 + 0.587·100 + 0.114·50 = 124.2; white stays white although 255·3 is far beyond uint8.
    colours = np.array([[[200, 100, 50], [255, 255, 255], [0, 0, 0]]], dtype=np.uint8)
    grey = to_grey(colours)
    assert grey.tolist() == [[124, 255, 0]]
    assert grey.dtype == np.uint8


def test_every_grey_survives_the_round_trip_through_rgb():
    greys = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert to_rgb(greys).shape == (16, 16, 3)
    assert np.array_equal(to_grey(to_rgb(greys)), greys)


def test_fit_square_keeps_the_centre():
    wide = np.zeros((2, 6), dtype=np.uint8)
    wide[:, 2:4] = 200
    assert fit_square(wide, 2).tolist() == [[200, 200], [200, 200]]


def test_fit_square_averages_when_shrinking():
    blocks = np.array([[0, 100], [100, 200]], dtype=np.uint8)
    assert fit_square(blocks, 1).tolist() == [[100]]


@pytest.mark.parametrize("shape", [(5, 9), (9, 5, 3), (7, 7)])
@pytest.mark.parametrize("side", [1, 3, 7, 20])
def test_fit_square_shape(shape, side):
    result = fit_square(np.full(shape, 77, dtype=np.uint8), side)
    assert result.shape == (side, side, *shape[2:])
    assert (result == 77).all()


def test_fit_square_grows_without_wrapping():
    edge = np.zeros((8, 8), dtype=np.uint8)
    edge[:, 4:] = 255
    grown = fit_square(edge, 64)
    # Cubic overshoot beyond 255 must not wrap to black, nor below 0 to white.
    assert (grown[:, :24] < 30).all()
    assert (grown[:, 40:] > 225).all()


@pytest.mark.parametrize("side", [0, -1, 5000])
def test_fit_square_refuses_other_sides(side):
    with pytest.raises(ExplorerError, match=f"side of {counted(side, 'pixel')}"):
        fit_square(GREY, side)
