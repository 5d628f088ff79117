"""A grid of pictures: each pixel at its place, nothing between the pictures."""

import numpy as np

from explorer.figures.versions import GAP, versions_sheet


def test_pictures_in_reading_order_and_transparent_gaps():
    versions = np.zeros((5, 4, 4, 3), np.uint8)
    versions[3, 1, 2] = (9, 8, 7)
    sheet = versions_sheet(versions, side=8, columns=2)
    assert sheet.shape == (3 * 8 + 2 * GAP, 2 * 8 + GAP, 4)
    row, column = 8 + GAP + 2, 8 + GAP + 4  # picture 3 stands in row 1, column 1; two pixels a side
    assert sheet[row : row + 2, column : column + 2].tolist() == [[[9, 8, 7, 255]] * 2] * 2
    assert (sheet[8 : 8 + GAP, :, 3] == 0).all()
    assert (sheet[-8:, -8:, 3] == 0).all()  # there is no sixth
    assert (sheet[..., 3] == 255).sum() == 5 * 64


def test_grey_pictures_and_a_single_one():
    sheet = versions_sheet(np.full((1, 32, 32), 77, np.uint8))
    assert sheet.shape == (96, 96, 4)
    assert (sheet == [77, 77, 77, 255]).all()
