"""Scenes of unpooling: what the browser is sent fills up to the layer's output, and what gives it away is covered."""

import numpy as np
import pytest

from explorer.figures.unpooling_boards import fixed_board, overlap_board, switches_board
from explorer.layers.pooling import pool
from explorer.layers.transposed import transpose_convolve
from explorer.layers.unpooling import FIXED, fixed_stamping, unpool_with_switches

RANDOM = np.random.default_rng(4)


def stepped_through(board):
    """The slow way to what the grid that fills up holds in the end: every product of every step, added."""
    place, total = board.grids[board.roles["place"]].values, np.zeros(board.grids[board.roles["sum"]].values.shape)
    switches = board.results.get("switches")
    (kh, kw), (down, across), (dy, dx) = board.window.kernel, board.window.stride, board.window.dilation
    each = len(total) // board.groups
    for step, (channel, row, col) in enumerate(np.ndindex(place.shape)):
        planes = (
            [channel]
            if board.per_channel
            else [channel // (len(place) // board.groups) * each + i for i in range(each)]
        )
        for number, plane in enumerate(planes):
            for y, x in np.ndindex(kh, kw):
                cell = plane, row * down + y * dy, col * across + x * dx
                if switches is not None:
                    weight = switches.ravel()[step] == np.ravel_multi_index(cell, total.shape)
                else:
                    weight = board.grids["kernel"].values[channel * each + number, y, x]
                total[cell] += place[channel, row, col] * weight
    return total


def filled(board):
    """What geometry.js shows after the last step: the cells under each step's window, as they were sent."""
    place, field = board.grids[board.roles["place"]].values, np.zeros(board.grids[board.roles["sum"]].values.shape)
    (down, across), (dy, dx) = board.window.stride, board.window.dilation
    each = len(field) // board.groups
    for step, (channel, row, col) in enumerate(np.ndindex(place.shape)):
        first = channel if board.per_channel else channel // (len(place) // board.groups) * each
        for number, y, x in np.ndindex(board.results["after"].shape[1:]):
            field[first + number, row * down + y * dy, col * across + x * dx] = board.results["after"][
                step, number, y, x
            ]
    return field


@pytest.mark.parametrize(
    "board",
    [
        *(fixed_board(fixed_stamping(RANDOM.normal(size=(4 if kind == "subpixel" else 1, 2, 3)), kind)) for kind in FIXED),
        overlap_board(transpose_convolve(RANDOM.normal(size=(3, 4)), RANDOM.normal(size=(3, 2)), None, 2, 1)),
        switches_board(unpool_with_switches(pool(RANDOM.normal(size=(2, 5, 6)), "max", 2), RANDOM.normal(size=(2, 2, 3)))),
    ],
)  # fmt: skip
def test_what_is_sent_fills_up_to_the_sum_of_all_products(board):
    np.testing.assert_allclose(filled(board), stepped_through(board), atol=1e-12)


@pytest.mark.parametrize("kind", FIXED)
@pytest.mark.parametrize("factor", [2, 3])
def test_stepping_a_fixed_unpooling_gives_its_output(kind, factor):
    image = RANDOM.normal(size=(factor**2 if kind == "subpixel" else 1, 2, 3))
    fixed = fixed_stamping(image, kind, factor)
    board = fixed_board(fixed)
    border = board.grids["output"].border
    inner = slice(None) if border is None else ~border[None]
    total = stepped_through(board)[inner]
    np.testing.assert_allclose(total.reshape(fixed.stamping.output.shape), fixed.stamping.output, atol=1e-12)
    top, left = board.grids["input"].pad
    assert board.grids["input"].values[0, top, left] == image[0, 0, 0]
    assert not board.grids["kernel"].editable


def test_stepping_max_unpooling_gives_its_output_and_the_maxima_are_covered():
    unpooling = unpool_with_switches(pool(RANDOM.normal(size=(2, 5, 6)), "max", 2), RANDOM.normal(size=(2, 2, 3)))
    board = switches_board(unpooling)
    np.testing.assert_array_equal(stepped_through(board), unpooling.output)
    assert {name for name, like in board.alike.items() if like == "place"} == {"pooled", "positions"}
    assert board.grids["input"].editable
    assert board.grids["values"].editable


@pytest.mark.parametrize(("padding", "extra"), [(0, 0), (1, 1), (1, 0)])
def test_the_overlaps_stand_on_the_whole_field_covered_until_the_end(padding, extra):
    stamping = transpose_convolve([[1, 2], [3, 4]], np.ones((3, 3)), None, 2, padding, extra)
    board = overlap_board(stamping)
    overlaps, output = board.grids["overlaps"], board.grids["output"]
    assert overlaps.late
    assert overlaps.values.shape == output.values.shape
    inner = slice(None) if output.border is None else ~output.border
    np.testing.assert_array_equal(overlaps.values[0][inner].reshape(stamping.overlaps.shape), stamping.overlaps)
    ones = overlap_board(transpose_convolve(np.ones((2, 2)), np.ones((3, 3)), None, 2, padding, extra))
    np.testing.assert_array_equal(stepped_through(ones)[0], overlaps.values[0])


def test_the_last_step_says_the_output():
    board = overlap_board(transpose_convolve([[1, 2], [3, 4]], np.ones((3, 3)), None, 2, 1, 1))
    assert board.finish == "Output: 1 3 2 2; 4 10 6 6; 3 7 4 4; 3 7 4 4."
    assert overlap_board(transpose_convolve(np.ones((9, 9)), [[1]])).finish == "Output: 9×9 cells."
