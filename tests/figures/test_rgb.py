"""Planes become pixels: the order of the colours, the largest value, nothing below zero."""

import numpy as np

from explorer.figures.rgb import rgb_figure


def pixels(planes):
    return np.array(rgb_figure(np.array(planes, float), dark=False).data[0].z)


def test_one_cell_a_colour():
    planes = np.stack([np.eye(1, 4, i) for i in range(3)])  # red, green, blue, black
    assert pixels(planes).tolist() == [[[255, 0, 0], [0, 255, 0], [0, 0, 255], [0, 0, 0]]]


def test_larger_numbers_are_scaled_and_negative_ones_dark():
    assert pixels([[[4, -4]], [[2, 0]], [[0, 1]]]).tolist() == [[[255, 128, 0], [0, 0, 64]]]
    assert pixels([[[0.5]], [[0]], [[1]]]).tolist() == [[[128, 0, 255]]]


def test_cells_are_square():
    figure = rgb_figure(np.zeros((3, 7, 12)), dark=True, cell=10)
    assert (figure.layout.width, figure.layout.height) == (120, 70)
