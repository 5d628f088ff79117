"""Heat maps and their check as figures: scales, legends, numbers."""

import numpy as np
import pytest

from explorer.figures.attribution import check_figure, heat_figure
from explorer.probe.attribution import HeatMap

MAPS = {
    "Saliency": HeatMap(np.array([[0.0, 3.0], [1.0, 2.0]], np.float32), False),
    "Occlusion": HeatMap(np.array([[-4.0, 1.0], [0.0, 2.0]], np.float32), True),
}


@pytest.mark.parametrize("dark", [False, True])
def test_each_map_has_its_own_scale_with_zero_neutral_where_signed(dark):
    figure = heat_figure(MAPS, dark=dark, picture=np.zeros((2, 2), np.uint8), columns=3)
    image, first, second = figure.data
    assert image.type == "image"
    assert (first.zmin, first.zmax) == (0, 3)
    assert (second.zmin, second.zmax) == (-4, 4)
    assert list(second.colorbar.ticktext) == ["−4", "0", "4"]
    np.testing.assert_array_equal(second.z, MAPS["Occlusion"].values)
    assert [note.text for note in figure.layout.annotations] == ["picture", "Saliency", "Occlusion"]


def test_an_empty_map_has_a_scale_too():
    figure = heat_figure({"Grad-CAM": HeatMap(np.zeros((2, 2)), False)}, dark=False, columns=1)
    assert figure.data[0].zmax == 1


@pytest.mark.parametrize("dark", [False, True])
def test_the_check_draws_every_method_apart(dark):
    curves = {name: np.array([1, np.nan, 0.2]) for name in "abcde"}
    figure = check_figure(curves, ["nothing", "f6", "c1"], 1, 0.5, dark=dark)
    assert len({(line.line.color, line.line.dash) for line in figure.data}) == 5
    assert len({line.line.color for line in figure.data}) == 5
    assert list(figure.layout.xaxis.ticktext) == ["nothing", "f6", "c1"]
    np.testing.assert_array_equal(figure.data[0].y, curves["a"])


def test_a_map_that_is_still_being_made_keeps_its_place():
    maps = {"Saliency": None, "Grad-CAM": HeatMap(np.ones((2, 2)), False)}
    figure = heat_figure(maps, dark=False, columns=2)
    assert [note.text for note in figure.layout.annotations] == ["Saliency …", "Grad-CAM"]
    assert [trace.xaxis for trace in figure.data] == ["x2"]
