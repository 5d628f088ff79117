"""A layer's maps as a PNG file, decoded again and read pixel by pixel."""

import io

import numpy as np
import pytest
from PIL import Image

from explorer.figures.colours import DIVERGING, SEQUENTIAL
from explorer.figures.tiles import SMALLEST, tile_png
from explorer.probe.facts import LayerFacts
from explorer.probe.maps import LayerMaps

LINE = (128, 128, 128)


def layer(values: np.ndarray, *, signed: bool) -> LayerMaps:
    """A layer with these maps, float (C, H, W); tile_png reads values, ends and sign."""
    values = values.astype(np.float32)
    facts = LayerFacts("some", "Conv2d", values.shape, None, None, None, None, 0, 0)
    finite = np.where(np.isfinite(values), values, 0)
    lows, highs = finite.min(axis=(1, 2)), finite.max(axis=(1, 2))
    return LayerMaps(facts, tuple(range(len(values))), values, lows, highs, np.zeros(values.shape, np.uint8), signed)


def decoded(values: np.ndarray, *, signed: bool, dark: bool = False) -> np.ndarray:
    data = tile_png(layer(values, signed=signed), dark=dark)
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.mode) == ("PNG", "RGB")
        return np.asarray(image)


def rgb(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((1, 64, 64), (64, 64)),
        ((2, 64, 64), (64, 130)),  # side by side, a line of two between
        ((3, 64, 64), (130, 130)),
        ((6, 28, 28), (2 * 56 + 2, 3 * 56 + 4)),  # twice as large: 28 → 56
        ((1, 100, 80), (100, 80)),  # already large
        ((2, 8, 16), (32, 2 * 64 + 2)),  # the longer side counts
        ((10, 1, 1), (3 * 16 + 4, 4 * 16 + 6)),  # a dense layer's units
        ((128, 8, 8), (11 * 64 + 20, 12 * 64 + 22)),
    ],
)
def test_its_size(shape, size):
    assert decoded(np.ones(shape), signed=False).shape == (*size, 3)


@pytest.mark.parametrize("dark", [False, True])
def test_the_ends_and_the_middle_have_the_scale_s_own_colours(dark):
    theme = "dark" if dark else "light"
    values = np.zeros((1, 64, 64))
    values[0, 0, 0], values[0, 0, 1] = -4, 4
    sheet = decoded(values, signed=True, dark=dark)
    assert sheet[0, 0].tolist() == rgb(DIVERGING[theme][0])
    assert sheet[0, 1].tolist() == rgb(DIVERGING[theme][-1])
    np.testing.assert_allclose(sheet[5, 5], rgb(DIVERGING[theme][2]), atol=2)  # zero: between steps 127 and 128

    values = np.zeros((1, 64, 64))
    values[0, 0, 0], values[0, 0, 1] = 8, 2  # a quarter: the second of five anchors
    sheet = decoded(values, signed=False, dark=dark)
    assert sheet[0, 0].tolist() == rgb(SEQUENTIAL[theme][-1])
    np.testing.assert_allclose(sheet[0, 1], rgb(SEQUENTIAL[theme][1]), atol=2)
    assert sheet[5, 5].tolist() == rgb(SEQUENTIAL[theme][0])


def test_one_scale_for_the_layer():
    """The same value has the same colour in every map, and a negative end reaches as far as the positive one."""
    values = np.stack([np.full((64, 64), 1.0), np.full((64, 64), 4.0), np.full((64, 64), -2.0)])
    values[1, 0, 0] = 1
    sheet = decoded(values, signed=True)
    assert sheet[0, 66].tolist() == sheet[0, 0].tolist()
    assert sheet[1, 66].tolist() == rgb(DIVERGING["light"][-1])
    np.testing.assert_allclose(sheet[66, 0], rgb(DIVERGING["light"][1]), atol=2)  # −2 of ±4


def test_maps_lie_in_reading_order_and_lines_between_them():
    values = np.arange(4.0)[:, None, None] * np.ones((1, 32, 32))
    sheet = decoded(values, signed=False)
    assert sheet.shape == (130, 130, 3)
    corners = [sheet[0, 0], sheet[0, 66], sheet[66, 0], sheet[66, 66]]
    brightness = [corner.astype(int).sum() for corner in corners]
    assert brightness == sorted(brightness, reverse=True)
    assert len(set(brightness)) == 4
    assert (sheet[64:66] == LINE).all()
    assert (sheet[:, 64:66] == LINE).all()


def test_a_cell_becomes_a_square():
    values = np.random.default_rng(0).random((1, 4, 4))
    sheet = decoded(values, signed=False)
    scale = SMALLEST // 4
    assert (sheet == sheet[::scale, ::scale].repeat(scale, axis=0).repeat(scale, axis=1)).all()
    assert len(np.unique(sheet[::scale, ::scale].reshape(-1, 3), axis=0)) > 8


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("value", [-2.5, 0.0, 2.5])
def test_constant_maps(value, signed):
    sheet = decoded(np.full((3, 5, 5), value), signed=signed)
    side = 5 * (SMALLEST // 5)
    anchors = DIVERGING["light"] if signed else SEQUENTIAL["light"]
    place = {-2.5: 0, 0.0: 2 if signed else 0, 2.5: -1}[value]
    assert (sheet[:side, :side] == sheet[0, 0]).all()
    np.testing.assert_allclose(sheet[0, 0], rgb(anchors[place]), atol=2)


@pytest.mark.filterwarnings("error")
def test_what_is_not_a_number_does_not_break_it():
    values = np.zeros((1, 64, 64))
    values[0, 0] = 1
    values[0, 1, :3] = [np.nan, np.inf, -np.inf]
    sheet = decoded(values, signed=False)
    low, high = rgb(SEQUENTIAL["light"][0]), rgb(SEQUENTIAL["light"][-1])
    assert [sheet[1, column].tolist() for column in range(3)] == [low, high, low]
    assert sheet[0, 0].tolist() == high
    assert sheet[2, 2].tolist() == low
