"""The numbers in each figure are the array's, and its colour scale has zero where it belongs."""

import numpy as np
import plotly.graph_objects as go
import pytest

from explorer.figures.colours import DIVERGING, SEQUENTIAL, plotly_scale
from explorer.figures.maps import MOST_NUMBERS, kernel_figure, map_figure, picture_figure


def a_map(height: int = 4, width: int = 6) -> np.ndarray:
    return np.random.default_rng(2).normal(size=(height, width)).astype(np.float32)


def trace(figure: go.Figure) -> go.Heatmap:
    (only,) = figure.data
    return only


def scale_of(figure: go.Figure) -> list[list[float | str]]:
    return [list(step) for step in trace(figure).colorscale]


@pytest.mark.parametrize("dark", [False, True])
def test_a_map_shows_its_numbers(dark):
    values = a_map()
    figure = map_figure(values, signed=True, dark=dark, name="channel 3")
    np.testing.assert_array_equal(trace(figure).z, values)
    assert trace(figure).hovertemplate.startswith("channel 3, row %{y}, column %{x}")
    assert scale_of(figure) == plotly_scale(DIVERGING["dark" if dark else "light"])
    assert figure.layout.yaxis.autorange == "reversed"  # row 0 is at the top
    assert figure.layout.yaxis.scaleanchor == "x"  # cells are squares


def test_a_signed_scale_is_symmetric_about_zero():
    values = np.array([[-0.5, 2.0], [1.0, 0.0]], np.float32)
    heatmap = trace(map_figure(values, signed=True, dark=False, name=""))
    assert (heatmap.zmin, heatmap.zmax) == (-2, 2)
    assert heatmap.colorscale[2][1] == DIVERGING["light"][2]  # the middle, where zero is


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ([[0, 3.0]], 0, 3),
        ([[1, 3.0]], 0, 3),  # starts at zero, not at the least value
        ([[-1, 3.0]], -1, 3),  # should a value be below zero, it is not cut off
        ([[0, 0.0]], 0, 1),
        ([[-2, -1.0]], -2, 2),
    ],
)
def test_an_unsigned_scale_starts_at_zero(values, low, high):
    figure = map_figure(np.array(values, np.float32), signed=False, dark=True, name="")
    assert (trace(figure).zmin, trace(figure).zmax) == (low, high)
    assert scale_of(figure) == plotly_scale(SEQUENTIAL["dark"])


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("value", [-3.0, 0.0, 3.0])
def test_a_constant_map_has_a_scale(value, signed):
    heatmap = trace(map_figure(np.full((3, 3), value, np.float32), signed=signed, dark=False, name=""))
    assert np.isfinite([heatmap.zmin, heatmap.zmax]).all()
    assert heatmap.zmin < heatmap.zmax
    assert heatmap.zmin <= value <= heatmap.zmax


def test_nan_is_left_out_of_the_scale():
    values = np.array([[np.nan, -1.0], [0.5, np.nan]], np.float32)
    heatmap = trace(map_figure(values, signed=True, dark=False, name=""))
    assert (heatmap.zmin, heatmap.zmax) == (-1, 1)
    np.testing.assert_array_equal(heatmap.z, values)
    assert heatmap.hoverongaps is False


@pytest.mark.parametrize("values", [np.full((2, 2), np.nan), np.array([[np.inf, 1.0]]), np.array([[-np.inf, np.nan]])])
def test_numbers_that_are_none_do_not_break_the_scale(values):
    heatmap = trace(map_figure(values.astype(np.float32), signed=True, dark=False, name=""))
    assert np.isfinite([heatmap.zmin, heatmap.zmax]).all()
    assert heatmap.zmin < 0 < heatmap.zmax


def test_a_kernel_of_one_plane_has_its_numbers_written():
    weights = np.array([[[-0.5, 0.25], [-0.001, 1.0]]], np.float32)
    heatmap = trace(kernel_figure(weights, dark=False))
    np.testing.assert_array_equal(heatmap.z, weights[0])
    assert [list(row) for row in heatmap.text] == [["−0.50", "0.25"], ["0.00", "1.00"]]
    assert (heatmap.zmin, heatmap.zmax) == (-1, 1)
    assert heatmap.customdata[1][0] == "input channel 0, row 1, column 0"


def test_planes_lie_in_reading_order_with_a_free_cell_between():
    """Three planes of 2×2 in two columns: 5×5 cells, the fourth place free."""
    weights = np.arange(1, 13, dtype=np.float32).reshape(3, 2, 2)
    heatmap = trace(kernel_figure(weights, dark=True))
    gap = np.nan
    wanted = [[1, 2, gap, 5, 6], [3, 4, gap, 7, 8], [gap] * 5, [9, 10, gap, gap, gap], [11, 12, gap, gap, gap]]
    np.testing.assert_array_equal(heatmap.z, wanted)
    assert heatmap.customdata[4][1] == "input channel 2, row 1, column 1"
    assert heatmap.text[0][2] == heatmap.text[4][4] == ""
    assert heatmap.text[4][1] == "12.00"


@pytest.mark.parametrize("shape", [(128, 3, 3), (7, 1, 1), (120, 1, 1), (16, 5, 5), (5, 1, 3)])
def test_every_weight_of_many_planes_is_in_the_figure_once(shape):
    weights = np.random.default_rng(3).permutation(int(np.prod(shape))).astype(np.float32).reshape(shape)
    heatmap = trace(kernel_figure(weights, dark=False))
    tiles = np.asarray(heatmap.z)
    assert sorted(tiles[~np.isnan(tiles)].tolist()) == sorted(weights.ravel().tolist())
    for row, column in np.argwhere(~np.isnan(tiles)):
        words = heatmap.customdata[row][column].replace(",", "").split()
        plane, y, x = int(words[2]), int(words[4]), int(words[6])
        assert weights[plane, y, x] == tiles[row, column]
    assert (heatmap.text is None) == (weights.size > MOST_NUMBERS)


def test_a_grey_picture_is_repeated_in_three_planes():
    pixels = np.arange(12, dtype=np.uint8).reshape(3, 4)
    shown = np.asarray(trace(picture_figure(pixels, dark=False)).z)
    assert shown.shape == (3, 4, 3)
    for plane in range(3):
        np.testing.assert_array_equal(shown[:, :, plane], pixels)


def test_a_colour_picture_is_shown_as_it_is():
    pixels = np.random.default_rng(0).integers(0, 256, (3, 4, 3), dtype=np.uint8)
    np.testing.assert_array_equal(trace(picture_figure(pixels, dark=True)).z, pixels)
