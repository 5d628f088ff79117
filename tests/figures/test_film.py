"""One frame of a run's film: where each kernel stands and which colour a weight has."""

import numpy as np
import pytest

from explorer.figures.colours import DIVERGING
from explorer.figures.film import kernel_sheet


def rgb(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


@pytest.mark.parametrize("dark", [False, True])
def test_ends_and_middle_of_the_scale(dark):
    anchors = DIVERGING["dark" if dark else "light"]
    weights = np.array([-2.0, 0.0, 2.0, 5.0], np.float32).reshape(4, 1, 1, 1)
    sheet = kernel_sheet(weights, low=-2, high=1, dark=dark, scale=3)
    assert sheet.dtype == np.uint8
    assert sheet.shape == (8, 8, 3)  # 2 × 2 tiles of 3 pixels, a gap of 2
    assert sheet[0, 0].tolist() == rgb(anchors[0])
    np.testing.assert_allclose(sheet[0, 5].astype(int), rgb(anchors[2]), atol=1)  # 256 colours have no exact middle
    assert sheet[5, 0].tolist() == sheet[7, 7].tolist() == rgb(anchors[4])  # 2 is the end, 5 is cut there
    assert (sheet[3:5] == 128).all()


def test_one_input_in_reading_order_several_as_rows():
    weights = np.zeros((6, 1, 5, 5), np.float32)
    assert kernel_sheet(weights, low=-1, high=1, dark=False).shape == (2 * 42 - 2, 3 * 42 - 2, 3)
    assert kernel_sheet(weights, low=-1, high=1, dark=False, columns=6).shape == (40, 6 * 42 - 2, 3)
    weights = np.zeros((16, 6, 5, 5), np.float32)
    weights[3, 2] = 1
    sheet = kernel_sheet(weights, low=-1, high=1, dark=False, scale=2)
    assert sheet.shape == (16 * 12 - 2, 6 * 12 - 2, 3)
    strong = np.argwhere((sheet == rgb(DIVERGING["light"][4])).all(axis=2))
    assert strong.min(axis=0).tolist() == [3 * 12, 2 * 12]
    assert len(strong) == 10 * 10


def test_a_large_layer_stays_a_sheet_and_odd_numbers_have_colours():
    sheet = kernel_sheet(np.zeros((120, 16, 5, 5), np.float32), low=0, high=0, dark=True, scale=1)
    assert sheet.shape == (16 * 7 - 2, 16 * 7 - 2, 3)
    assert kernel_sheet(np.zeros((2, 300, 1, 1), np.float32), low=0, high=0, dark=True, scale=1).shape == (46, 46, 3)
    broken = kernel_sheet(np.full((1, 1, 1, 2), [np.nan, np.inf], np.float32), low=-1, high=1, dark=False, scale=1)
    assert broken[0, 1].tolist() == rgb(DIVERGING["light"][4])
