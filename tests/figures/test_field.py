"""The field on the picture: frames where the boxes are, the heat's numbers."""

import numpy as np
import pytest

from explorer.figures.field import field_figure, heat_on_picture

PICTURE = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)


def frames(figure):
    return [(shape.y0, shape.x0, shape.y1, shape.x1, shape.line.dash) for shape in figure.layout.shapes]


@pytest.mark.parametrize("dark", [False, True])
def test_a_clipped_field_is_framed_and_the_rest_dotted(dark):
    figure = field_figure(PICTURE, (0, 0, 2, 3), (-1, -2, 2, 3), dark=dark, name="unit")
    assert frames(figure)[1:] == [(-1.5, -2.5, 1.5, 2.5, "dot"), (-0.5, -0.5, 1.5, 2.5, "solid")]
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]  # row 0 is at the top
    assert figure.layout.xaxis.range[0] <= -2.5


def test_what_is_far_outside_leaves_the_picture_its_room():
    figure = field_figure(PICTURE, (0, 0, 4, 4), (-500, -500, 500, 500), dark=False, name="unit")
    assert figure.layout.xaxis.range[1] - figure.layout.xaxis.range[0] < 4 * 3.5


def test_without_a_box_there_is_the_picture():
    assert len(frames(field_figure(PICTURE[:, :, 0], None, None, dark=False, name="unit"))) == 1


def test_heat_is_a_share_of_the_largest():
    values = np.zeros((4, 4))
    values[1, 2] = 4
    values[0, 0] = 1
    figure = heat_on_picture(PICTURE, values, (0, 0, 2, 3), dark=False, name="unit")
    heat = figure.data[1]
    assert (heat.z[1][2], heat.z[0][0], heat.zmax) == (1, 0.25, 1)
    assert frames(figure)[1][:4] == (-0.5, -0.5, 1.5, 2.5)


def test_no_gradient_at_all():
    figure = heat_on_picture(PICTURE, np.zeros((4, 4)), None, dark=True, name="unit")
    assert np.max(figure.data[1].z) == 0
