"""Column × row = kernel shows its true numbers."""

import numpy as np
import pytest

from explorer.figures.separable import product_figure
from explorer.layers.algebra import gaussian, separate


@pytest.mark.parametrize("dark", [False, True])
def test_C15_the_three_grids_hold_the_factors_and_their_product(dark):
    kernel = gaussian(5, 1.0)
    parts = separate(kernel)
    column, row, product = product_figure(parts.column, parts.row, kernel, dark=dark).data
    assert np.allclose(np.asarray(column.z) @ np.asarray(row.z), product.z)
    assert np.array_equal(product.z, kernel)
    assert all(grid.zmin == -grid.zmax for grid in (column, row, product))  # zero is neutral
