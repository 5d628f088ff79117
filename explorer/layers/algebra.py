"""The algebra of kernels: flipping, commuting, and falling apart into a column and a row.

Knows curriculum rows C6 and C15; not what a kernel does to a picture (see `presets`).
"""

from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.layers.checks import MAX_TAPS, frozen, number_array, real_number, size_text, whole_number
from explorer.layers.convolution import convolve
from explorer.words import written


@dataclass(frozen=True, eq=False)
class Commutation:
    """Full products of two grids both ways (C6), each (Ha+Hb−1, Wa+Wb−1). `equal` is whether a·b = b·a."""

    ab: np.ndarray
    ba: np.ndarray
    equal: bool


@dataclass(frozen=True, eq=False)
class Separation:
    """A separable kernel (C15): column (k, 1) times row (1, k) gives it back. Weights: 2k against k²."""

    column: np.ndarray
    row: np.ndarray

    @property
    def weights(self) -> int:
        """The number of weights the two 1-D kernels have together."""
        return self.column.size + self.row.size


def flip(kernel: object) -> np.ndarray:
    """Return the kernel turned by 180°, over its last two axes.

    >>> flip([[1, 2], [3, 4]]).tolist()
    [[4.0, 3.0], [2.0, 1.0]]
    """
    return number_array(kernel, "Kernel")[..., ::-1, ::-1]


def full_product(a: object, b: object, flipped: bool = True) -> np.ndarray:
    """Slide b over a wherever they touch: (Ha, Wa), (Hb, Wb) → (Ha+Hb−1, Wa+Wb−1).

    flipped: True is convolution, a∗b; False is cross-correlation, a⋆b.

    >>> full_product([[1, 2]], [[1, 1]]).tolist()
    [[1.0, 3.0, 2.0]]
    """
    a, b = _grid(a, "First grid"), _grid(b, "Second grid")
    return convolve(a, b, padding=(b.shape[0] - 1, b.shape[1] - 1), flip=flipped).output[0]


def commute(a: object, b: object, flipped: bool = True) -> Commutation:
    """Compare a·b with b·a: equal for convolution, in general not for cross-correlation (C6)."""
    ab, ba = full_product(a, b, flipped), full_product(b, a, flipped)
    return Commutation(ab, ba, bool(np.allclose(ab, ba)))


def separate(kernel: object, tolerance: float = 1e-9) -> Separation | None:
    """Split a kernel (kh, kw) into column × row if it has rank 1, else return None (C15).

    The first singular pair carries the whole kernel exactly when all other singular values vanish; `tolerance` is
    relative to the largest. Both factors carry √σ and the column's largest entry is positive.

    >>> separate([[1, 2], [2, 4]]).weights
    4
    """
    kernel = _grid(kernel, "Kernel")
    left, sizes, right = np.linalg.svd(kernel)
    if sizes[0] == 0 or np.any(sizes[1:] > real_number(tolerance, "Tolerance") * sizes[0]):
        return None
    column, row = left[:, :1] * np.sqrt(sizes[0]), right[:1] * np.sqrt(sizes[0])
    sign = np.sign(column.flat[np.abs(column).argmax()])
    return Separation(frozen(sign * column), frozen(sign * row))


def gaussian_row(size: int, sigma: float = 1.0) -> np.ndarray:
    """Return (size,): e^(−x²/2σ²) around the middle, summing to 1. σ > 0, in cells."""
    size = whole_number(size, "Kernel size", 1, 255)
    sigma = real_number(sigma, "Sigma")
    if sigma < 1e-3:
        raise ExplorerError(f"Sigma is {written(sigma, 6)}: choose a width of at least 0.001 cells.")
    x = np.arange(size) - (size - 1) / 2
    # Measured from the nearest cell, so that a tiny sigma leaves that cell instead of 0/0.
    weights = np.exp((np.min(x**2) - x**2) / (2 * sigma**2))
    return frozen(weights / weights.sum())


def gaussian(size: int, sigma: float = 1.0) -> np.ndarray:
    """Return the (size, size) Gaussian kernel, summing to 1: `gaussian_row` down times `gaussian_row` across."""
    row = gaussian_row(size, sigma)
    return frozen(np.outer(row, row))


def _grid(value: object, name: str) -> np.ndarray:
    array = number_array(value, name)
    if array.ndim != 2:
        raise ExplorerError(f"{name} has shape {array.shape}: give rows × columns.")
    if array.size > MAX_TAPS:
        raise ExplorerError(
            f"{name} is {size_text(array.shape)}, the limit is {MAX_TAPS:,} cells: choose a smaller one."
        )
    return array
