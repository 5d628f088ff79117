"""Maps laid out on one sheet, cell by cell."""

import numpy as np

from explorer.figures.sheet import sheet


def test_three_maps_stand_in_reading_order_with_free_cells_between():
    maps = np.arange(12, dtype=np.float32).reshape(3, 2, 2)
    values, tips = sheet(maps, ["a", "b", "c"], gap=1)
    free = np.nan
    np.testing.assert_array_equal(
        values,
        [[0, 1, free, 4, 5], [2, 3, free, 6, 7], [free] * 5, [8, 9, free, free, free], [10, 11, free, free, free]],
    )
    assert tips[1][4] == "b, row 1, column 1"
    assert tips[3][0] == "c, row 0, column 0"
    assert tips[2] == [""] * 5


def test_words_of_thinned_maps_count_in_the_whole_map():
    _, tips = sheet(np.zeros((1, 2, 2), np.float32), ["a"], gap=0, every=3)
    assert tips[1] == ["a, row 3, column 0", "a, row 3, column 3"]


def test_single_numbers_stand_close():
    values, tips = sheet(np.arange(4, dtype=np.float32).reshape(4, 1, 1), list("abcd"), gap=0)
    np.testing.assert_array_equal(values, [[0, 1], [2, 3]])
    assert tips[1][1] == "d, row 0, column 0"
