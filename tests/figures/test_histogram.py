"""The figure shows the histograms' own numbers, at the levels they stand for."""

import numpy as np
import pytest

from explorer.figures.histogram import PLANE_COLOURS, Axis, histogram_figure
from explorer.images.tensors import histogram


def of(*values):
    values = np.array(values, dtype=np.uint8)
    return histogram(values, int(np.ptp(values)) + 1)


def test_A3_a_bin_stands_at_its_level():
    figure = histogram_figure([Axis({"grey": of(10, 11, 11, 13)}, "x", (0, 255))], dark=False)
    (line,) = figure.data
    assert list(line.x) == [10, 11, 12, 13]
    assert list(line.y) == [1, 2, 0, 1]


@pytest.mark.parametrize("dark", [False, True])
def test_A3_each_plane_has_its_own_colour(dark):
    figure = histogram_figure([Axis(dict.fromkeys("RGB", of(0, 255)), "x", (-0.5, 0.5))], dark=dark)
    colours = PLANE_COLOURS["dark" if dark else "light"]
    assert [line.line.color for line in figure.data] == [colours[name] for name in "RGB"]
    assert len(figure.layout.shapes) == 1  # the line at zero
    assert figure.layout.paper_bgcolor == "rgba(0,0,0,0)"
    assert figure.layout.font.size >= 14


def test_a_single_level_is_still_to_be_seen():
    figure = histogram_figure([Axis({"grey": of(7, 7)}, "x", (0, 255))], dark=False)
    assert figure.data[0].mode == "markers"
    assert list(figure.data[0].y) == [2]


def test_A3_every_way_to_measure_has_an_axis_of_its_own():
    ways = [Axis({"grey": of(0, 255)}, "x", (0, 255)), Axis({"grey": of(0, 255)}, "x/255 − 0.5", (-0.5, 0.5))]
    figure = histogram_figure(ways, dark=False)
    assert [axis.title.text for axis in figure.select_xaxes()] == ["x", "x/255 − 0.5"]
    assert len(figure.layout.shapes) == 1  # zero lies within the second alone
