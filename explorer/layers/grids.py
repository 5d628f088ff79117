"""Grids that change their size while someone works on them. Knows rows and columns; not what the numbers mean."""

import math

import numpy as np

from explorer.errors import ExplorerError
from explorer.layers.checks import frozen, number_array
from explorer.words import counted

MOST = 64  # rows or columns that can still be edited cell by cell
MOST_CHANNELS = 16
MOST_NUMBERS = 4096  # in all channels together


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


def resized_volume(values: object, shape: tuple[int, ...], name: str = "A volume", fill: float = 0) -> np.ndarray:
    """The volume (channels, rows, cols) or stack of kernels (out, in, rows, cols) with another shape.

    What fits is kept; new cells are `fill`. Raises ExplorerError for more than 16 channels, 64 rows or columns or 4,096
    numbers, before anything is allocated.

    >>> resized_volume([[[1, 2]]], (2, 1, 1)).tolist()
    [[[1.0]], [[0.0]]]
    """
    channels, (rows, cols) = shape[:-2], shape[-2:]
    text = "×".join(f"{n:,}" for n in shape)
    if not all(1 <= n <= MOST_CHANNELS for n in channels):
        raise ExplorerError(f"{name} of {text} cannot be shown: choose 1 to {MOST_CHANNELS} channels.")
    if not (1 <= rows <= MOST and 1 <= cols <= MOST):
        raise ExplorerError(f"{name} of {text} cannot be shown: choose 1 to {MOST} rows and columns.")
    if math.prod(shape) > MOST_NUMBERS:
        raise ExplorerError(
            f"{name} of {text} cannot be shown: choose sizes of at most {MOST_NUMBERS:,} numbers in all."
        )
    old = number_array(values, name)
    if old.ndim != len(shape):
        raise ExplorerError(f"{name} has shape {old.shape}: give {counted(len(shape), 'size')}.")
    new = np.full(tuple(int(n) for n in shape), float(fill))
    kept = tuple(slice(0, min(before, after)) for before, after in zip(old.shape, new.shape, strict=True))
    new[kept] = old[kept]
    return frozen(new)


def small_numbers(shape: tuple[int, ...], seed: int, low: int = -2, high: int = 2) -> np.ndarray:
    """Random whole numbers from low to high, easy to add in one's head; the same for the same seed."""
    return frozen(np.random.default_rng(seed).integers(low, high + 1, shape).astype(np.float64))
