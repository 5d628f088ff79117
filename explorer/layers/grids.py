"""Grids that change their size while someone works on them. Knows rows and columns; not what the numbers mean."""

import numpy as np

from explorer.errors import ExplorerError
from explorer.layers.checks import frozen, number_array

MOST = 64  # rows or columns that can still be edited cell by cell


def resized(values: object, shape: tuple[int, int], name: str = "A grid", fill: float = 0) -> np.ndarray:
    """The grid with `shape` rows and columns: what fits is kept, new cells are `fill`.

    Raises ExplorerError for a size outside 1 to 64, before anything is allocated.

    >>> resized([[1, 2], [3, 4]], (1, 3)).tolist()
    [[1.0, 2.0, 0.0]]
    """
    rows, cols = shape
    if not (1 <= rows <= MOST and 1 <= cols <= MOST):
        raise ExplorerError(f"{name} of {rows}×{cols} cannot be shown: choose 1 to {MOST} rows and columns.")
    old = number_array(values, name)
    new = np.full((int(rows), int(cols)), float(fill))
    kept = old[: int(rows), : int(cols)]
    new[: kept.shape[0], : kept.shape[1]] = kept
    return frozen(new)
