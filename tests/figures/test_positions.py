"""The figures of B2 show the records' own numbers, on one scale, with the trained corner outlined."""

import numpy as np
import pytest

from explorer.figures.positions import accuracy_figure, answers_figure, moved_figure
from explorer.training.input_weights import MovedWeights
from explorer.training.positions import PositionMap

GRID = np.arange(9, dtype=np.float32).reshape(3, 3) / 8
MAPS = {"CNN": PositionMap(GRID, (0, 2, 4), 30), "MLP": PositionMap(1 - GRID, (0, 2, 4), 30)}


def outlines(figure, width):
    return [(s.x0, s.x1, s.y0, s.y1) for s in figure.layout.shapes if s.line.width == width]


@pytest.mark.parametrize("dark", [False, True])
def test_both_maps_share_one_scale_from_0_to_1(dark):
    figure = accuracy_figure(MAPS, (4, 2), dark=dark)
    maps = [trace for trace in figure.data if trace.type == "heatmap"]
    for trace, known in zip(maps, MAPS.values(), strict=True):
        np.testing.assert_array_equal(trace.z, known.accuracy)
        assert list(trace.x) == list(trace.y) == [0, 2, 4]
        assert trace.coloraxis == "coloraxis"
    assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (0, 1)
    assert [note.text for note in figure.layout.annotations] == ["CNN", "MLP"]


def test_the_trained_corner_is_outlined_and_the_chosen_place_marked():
    figure = accuracy_figure(MAPS, (4, 2), dark=False)
    assert outlines(figure, 4) == [(1, 3, 1, 3)] * 2  # starts 1 to 3: the cell of 2
    crosses = [trace for trace in figure.data if trace.type == "scatter" and trace.customdata is None]
    assert [(trace.x, trace.y) for trace in crosses] == [((2,), (4,))] * 2


@pytest.mark.parametrize(("starts", "box"), [((0, 1, 2, 3, 4), (0.5, 3.5)), ((0, 8, 16), (0.5, 3.5))])
def test_the_outline_is_that_of_the_places_trained(starts, box):
    known = PositionMap(np.zeros((len(starts), len(starts)), np.float32), starts, 30)
    assert outlines(accuracy_figure({"CNN": known}, (0, 0), dark=False), 4) == [(*box, *box)]


def test_a_click_says_row_and_column():
    figure = accuracy_figure(MAPS, (4, 2), dark=False)
    squares = [trace for trace in figure.data if trace.customdata is not None]
    assert len(squares) == 2
    for x, y, (row, column) in zip(squares[0].x, squares[0].y, squares[0].customdata, strict=True):
        assert (row, column) == (y, x)
    assert squares[0].text[5] == "62% of 30"  # row 2, column 4: 5 / 8
    assert squares[0].marker.opacity == 0


MOVED = MovedWeights(
    np.zeros((32, 32), np.uint8), np.linspace(-3, 1, 3 * 1024).reshape(3, 32, 32), (5, 0, 2), 1, (2, 4, 12), 0.9
)


@pytest.mark.parametrize("dark", [False, True])
def test_gradients_have_zero_in_the_middle_and_name_their_units(dark):
    figure = moved_figure(MOVED, 2, dark=dark)
    picture, *units = figure.data
    np.testing.assert_array_equal(picture.z, MOVED.picture)
    assert len(units) == 2
    for trace, values in zip(units, MOVED.gradient, strict=False):
        np.testing.assert_array_equal(trace.z, values)
    assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (-3, 3)
    assert [note.text for note in figure.layout.annotations] == ["picture", "unit 5", "unit 0"]
    assert outlines(figure, 2) == [(3.5, 15.5, 1.5, 13.5)] * 3


def test_no_gradient_has_a_scale_too():
    still = MovedWeights(MOVED.picture, MOVED.gradient * 0, MOVED.units, 3, MOVED.box, 0)
    assert moved_figure(still, 2, dark=False).layout.coloraxis.cmax == 1


def test_answers_are_bars_of_both():
    figure = answers_figure({"CNN": [0.25, 0.75], "MLP": [1, 0]}, ["cat", "dog"], dark=False)
    assert [(bar.name, tuple(bar.x), tuple(bar.y)) for bar in figure.data] == [
        ("CNN", (0.25, 0.75), ("cat", "dog")),
        ("MLP", (1, 0), ("cat", "dog")),
    ]
    assert figure.data[0].text == ("25%", "75%")


def test_classes_are_names_whatever_they_look_like():
    figure = answers_figure({"CNN": [0.25, 0.75]}, ["<b>1</b>", "10"], dark=False)
    assert tuple(figure.data[0].y) == ("&lt;b&gt;1&lt;/b&gt;", "10")
    assert figure.layout.yaxis.type == "category"  # else 1 and 10 would stand nine apart
