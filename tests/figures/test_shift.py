"""The figures of shifts show the responses' own numbers."""

import numpy as np
import pytest

from explorer.figures.shift import changes_figure, maps_figure
from explorer.layers.equivariance import compare_under_shift, shift

IMAGE = np.zeros((6, 8))
IMAGE[1:5, 2:4] = 5
SHIFTS = range(4)
RESPONSES = compare_under_shift(IMAGE, [[1, -1]], SHIFTS)
INPUTS = [shift(IMAGE, right=amount) for amount in SHIFTS]


@pytest.mark.parametrize("dark", [False, True])
def test_E3_maps_show_the_unshifted_above_the_shifted(dark):
    figure = maps_figure(INPUTS, RESPONSES, 3, dark=dark)
    assert len(figure.data) == 10
    tables = [INPUTS, *(response.outputs for response in RESPONSES)]
    for number, maps in enumerate(tables):
        above, below = figure.data[2 * number], figure.data[2 * number + 1]
        np.testing.assert_array_equal(above.z, maps[0][0])
        np.testing.assert_array_equal(below.z, maps[3][0])
        assert (above.zmin, above.zmax) == (below.zmin, below.zmax)
    assert [title.text for title in figure.layout.annotations][3] == "max<br>pooling<br>3×4"


def test_E3_a_scale_with_negative_numbers_has_zero_in_the_middle():
    figure = maps_figure(INPUTS, RESPONSES, 0, dark=False)
    assert [figure.data[i].zmin for i in (0, 2)] == [0, -5]


def test_an_empty_input_has_a_scale_too():
    nothing = np.zeros((4, 4))
    figure = maps_figure([nothing[None]], compare_under_shift(nothing, [[1]], [0]), 0, dark=False)
    assert figure.data[0].zmax == 1


@pytest.mark.parametrize("dark", [False, True])
def test_E3_lines_show_every_change_and_mark_the_shift(dark):
    figure = changes_figure(RESPONSES, 2, dark=dark)
    assert [line.name for line in figure.data] == [response.layer for response in RESPONSES]
    for line, response in zip(figure.data, RESPONSES, strict=True):
        assert tuple(line.y) == response.changes
        assert tuple(line.x) == (0, 1, 2, 3)
    assert figure.layout.shapes[0].x0 == 2
    assert len({line.line.dash for line in figure.data}) == 4
