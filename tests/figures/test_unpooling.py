"""Pictures brought back and overlaps as figures: what stands where, one scale for all differences, what is outlined."""

import numpy as np
import pytest

from explorer.figures.unpooling import REACH, overlaps_figure, pictures_figure, restored_figure
from explorer.layers.restoring import round_trip
from explorer.layers.unpooling import overlap_table

RANDOM = np.random.default_rng(1)
PICTURES = [RANDOM.integers(0, 256, (16, 24), np.uint8), RANDOM.integers(0, 256, (16, 8, 3), np.uint8)]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("pixels", PICTURES, ids=["grey", "colour"])
def test_every_way_has_its_picture_and_its_difference(pixels, dark):
    ways = list(round_trip(pixels, 4).ways.values())
    figure = restored_figure(pixels, ways, [f"{way.psnr:.1f} dB" for way in ways], dark=dark)
    images = [trace for trace in figure.data if trace.type == "image"]
    maps = [trace for trace in figure.data if trace.type == "heatmap"]
    assert (len(images), len(maps)) == (1 + len(ways), len(ways))
    np.testing.assert_array_equal(images[0].z, pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, 2))
    for way, image, difference in zip(ways, images[1:], maps, strict=True):
        assert image.z.dtype == np.uint8  # equal weights overshoot white: cut, not wrapped round
        shown = way.pixels if way.pixels.ndim == 3 else np.repeat(way.pixels[..., None], 3, 2)
        np.testing.assert_array_equal(image.z, np.rint(shown.clip(0, 255)))
        np.testing.assert_allclose(difference.z, way.difference, atol=0.0501)
        assert (difference.zmin, difference.zmax) == (-REACH, REACH)
    assert [trace.showscale for trace in maps] == [False] * (len(ways) - 1) + [True]
    words = [note.text for note in figure.layout.annotations]
    assert words[0] == "Original"
    assert "Transposed<br>convolution,<br>equal weights<br>" in words[5]
    assert words[6] == "Sub-pixel<br>inf dB"


@pytest.mark.parametrize("dark", [False, True])
def test_the_table_of_overlaps_outlines_the_present_one(dark):
    table = overlap_table(range(1, 5), range(1, 4))
    figure = overlaps_figure(table, (3, 2), dark=dark)
    text = figure.data[0].text
    assert list(text[1]) == ["0–1", "1", "1–4", "4"]
    assert list(text[0]) == ["1", "4", "9", "16"]
    assert np.flatnonzero(np.asarray(figure.data[0].z)[1] == 0).tolist() == [1, 3]  # even: the page's colour
    (mark,) = figure.layout.shapes
    assert (mark.x0, mark.x1, mark.y0, mark.y1) == (1.5, 2.5, 0.5, 1.5)
    assert not overlaps_figure(table, (9, 2), dark=dark).layout.shapes


@pytest.mark.parametrize("pixels", PICTURES, ids=["grey", "colour"])
def test_pictures_stand_side_by_side_with_all_their_pixels(pixels):
    figure = pictures_figure({"one": pixels, "half": pixels[::2, ::2]}, dark=False)
    for image, true in zip(figure.data, (pixels, pixels[::2, ::2]), strict=True):
        np.testing.assert_array_equal(image.z, true if true.ndim == 3 else np.repeat(true[..., None], 3, 2))
    assert [note.text for note in figure.layout.annotations] == ["one", "half"]
    assert [axis.scaleanchor for axis in figure.select_yaxes()] == ["x", "x2"]  # square pixels


def test_what_was_pooled_stands_beneath_the_original():
    pixels = PICTURES[0]
    trip = round_trip(pixels, 4)
    small = np.rint(trip.pooled).astype(np.uint8)
    ways = list(trip.ways.values())
    figure = restored_figure(pixels, ways, [""] * len(ways), dark=False, small=small)
    (last,) = (trace for trace in figure.data if trace.type == "image" and trace.yaxis == f"y{len(ways) + 2}")
    np.testing.assert_array_equal(last.z, np.repeat(small[..., None], 3, 2))
