"""Masks have the colours of their classes; boxes lie where they say."""

import numpy as np
import pytest

from explorer.figures.colours import CLASS_COLOURS
from explorer.figures.scenes import SAID, TRUTH, boxes_figure, masks_figure

PICTURE = np.arange(1024, dtype=np.uint8).reshape(32, 32)
CLASSES = ("background", "circle", "square")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_mask_s_pixel_has_its_class_s_colour_and_name(theme):
    mask = np.zeros((32, 32), np.uint8)
    mask[3, 5] = 2
    figure = masks_figure(PICTURE, {"truth": mask, "net": 1 - mask.clip(0, 1)}, CLASSES, dark=theme == "dark")
    maps = [trace for trace in figure.data if trace.type == "heatmap"]
    np.testing.assert_array_equal(maps[0].z, PICTURE)
    np.testing.assert_array_equal(maps[1].z, mask)
    assert maps[1].text[3][5] == "square"
    assert maps[1].text[0][0] == "background"
    scale, low, high = maps[1].colorscale, maps[1].zmin, maps[1].zmax
    for number in range(3):
        at = (number - low) / (high - low)
        below = [colour for place, colour in scale if place <= at][-1]
        above = next(colour for place, colour in scale if place >= at)
        assert below == above == CLASS_COLOURS[theme][number]
    assert [note.text for note in figure.layout.annotations] == ["picture", "truth", "net"]
    assert [trace.name for trace in figure.data if trace.type == "scatter"] == list(CLASSES)


def test_a_box_covers_its_pixels():
    figure = boxes_figure(PICTURE, {"a": (0.5, 0.25, 0.5, 0.25)}, (0.5, 0.5, 1, 1), dark=False)
    said = next(shape for shape in figure.layout.shapes if shape.line.color == SAID)
    # columns 8 to 23, rows 4 to 11, each from its pixel's outer edge
    assert (said.x0, said.x1, said.y0, said.y1) == (7.5, 23.5, 3.5, 11.5)
    assert said.line.dash == "solid"
    truth = next(shape for shape in figure.layout.shapes if shape.line.color == TRUTH)
    assert (truth.x0, truth.x1, truth.line.dash) == (-0.5, 31.5, "dash")


def test_without_the_truth_there_is_one_box():
    figure = boxes_figure(PICTURE, {"a": (0.5, 0.5, 0.5, 0.5), "b": (0.5, 0.5, 0.1, 0.1)}, None, dark=True)
    assert len(figure.layout.shapes) == 2 * 2  # each with its halo
