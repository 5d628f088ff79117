"""Tables in colours: the numbers that are written, hovered and scaled are the ones handed in."""

import numpy as np
import pytest

from explorer.figures.stages import masks_figure, number_text, stages_figure

STAGES = {"x": np.array([[2.0, 100.0], [-4.0, 0.0]]), "y": np.array([[1.0, 0.0], [0.5, 0.0]])}


@pytest.mark.parametrize("dark", [False, True])
def test_every_column_has_a_scale_of_its_own(dark):
    figure = stages_figure(STAGES, ["a", "b"], dark=dark, chosen=1)
    assert [list(trace.z.ravel()) for trace in figure.data] == [[0.5, 1, -1, 0], [1, 0, 0.5, 0]]
    assert all((trace.zmin, trace.zmax) == (-1, 1) for trace in figure.data)
    np.testing.assert_array_equal(figure.data[0].customdata, STAGES["x"])
    assert [list(row) for row in figure.data[0].text] == [["2", "100"], ["−4", "0"]]
    assert [title.text for title in figure.layout.annotations] == ["x", "y"]
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(0.52, 1.48)] * 2


def test_one_scale_for_all_and_named_rows():
    figure = stages_figure(STAGES, ["a", "b"], dark=False, rows=["first", "second"], apart=False)
    np.testing.assert_allclose(figure.data[1].z, STAGES["y"] / 100)
    assert list(figure.data[0].y) == ["first", "second"]
    assert not figure.layout.shapes


def test_a_dropped_unit_is_blank_and_a_kept_zero_is_not():
    figure = masks_figure(np.array([[0.0, 0.0], [3.0, -1.0]]), np.array([[True, False], [True, True]]), "ab", dark=True)
    (trace,) = figure.data
    np.testing.assert_array_equal(trace.z, [[0, np.nan], [3, -1]])
    assert [list(row) for row in trace.text] == [["0", ""], ["3", "−1"]]
    assert (trace.zmin, trace.zmax) == (-3, 3)


def test_numbers_are_short():
    assert [number_text(value) for value in (-0.70711, 140.0, 0.00512, -0.000725, 0.0, -1.0)] == [
        "−0.707",
        "140",
        "0.005",
        "−0.0007",
        "0",
        "−1",
    ]
