"""What a kernel does to a whole picture, in a few numbers: what its sum means, how its result is shown, its two passes.

Knows curriculum rows C2 and C15; not where the picture comes from (see `presets` for the sliding itself).
"""

from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.layers.algebra import Separation, separate
from explorer.layers.checks import frozen, number_array, size_text
from explorer.layers.padding import axis_sources, same_amounts
from explorer.layers.presets import apply_in_two_passes, apply_to_picture

WHITE = 255
LARGEST_KERNEL = 9  # rows or columns that a page shows cell by cell beside a picture
VIEWS = ("clip", "absolute", "stretched")


@dataclass(frozen=True, eq=False)
class Applied:
    """One kernel over one picture. values: float32, the picture's shape, unclipped; low, high: their range.

    row_sources (H + kh − 1,), column_sources (W + kw − 1,): the picture's row or column that each row or column of the
    padded picture is, −1 where padding made up a zero. The window of output (y, x) begins at (y, x) of the padded picture.
    """

    kernel: np.ndarray
    values: np.ndarray
    low: float
    high: float
    row_sources: np.ndarray
    column_sources: np.ndarray

    @property
    def reach(self) -> float:
        """The largest size of any value, at least 1: white of the stretched view, and black is minus that."""
        return max(abs(self.low), abs(self.high), 1.0)


@dataclass(frozen=True, eq=False)
class TwoPasses:
    """A kernel as a column and then a row, on one picture (C15).

    rank: of the kernel; separation is None unless it is 1. one_pass, two_passes: multiplications per number of the
    output, k² and 2k. largest_difference: between both results on this picture.
    """

    rank: int
    separation: Separation | None
    one_pass: int
    two_passes: int
    largest_difference: float


def checked_kernel(kernel: object) -> np.ndarray:
    """The kernel as (kh, kw) float64. Raises ExplorerError unless it is a grid of 1 to 9 rows and columns."""
    kernel = number_array(kernel, "Kernel")
    if kernel.ndim != 2 or max(kernel.shape) > LARGEST_KERNEL:
        raise ExplorerError(f"A kernel of {size_text(kernel.shape)} is too large: choose 1 to {LARGEST_KERNEL} a side.")
    return kernel


def apply(pixels: np.ndarray, kernel: object, padding_mode: str = "zeros") -> Applied:
    """Run a kernel of up to 9×9 over a uint8 picture (H, W) or (H, W, 3), keeping where every number came from."""
    kernel = checked_kernel(kernel)
    values = apply_to_picture(pixels, kernel, padding_mode)
    rows, columns = (
        axis_sources(n, *same_amounts(k), padding_mode) for n, k in zip(values.shape[:2], kernel.shape, strict=True)
    )
    return Applied(kernel, frozen(values), float(values.min()), float(values.max()), rows, columns)


def sum_of_cells(kernel: object) -> float:
    """The sum of the kernel's cells: what a flat area is multiplied by (C2). Sums within rounding of a whole number are it.

    >>> sum_of_cells([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])
    0.0
    """
    total = float(number_array(kernel, "Kernel").sum())
    return float(round(total)) if abs(total - round(total)) < 1e-5 else total


def as_shown(values: np.ndarray, view: str, reach: float = WHITE) -> np.ndarray:
    """Unclipped values as grey levels, uint8 of the same shape.

    clip: below 0 is black, above 255 white. absolute: the size without the sign, clipped. stretched: −reach black,
    0 middle grey, +reach white.

    >>> as_shown(np.array([-100.0, 100.0, 300.0]), "clip").tolist()
    [0, 100, 255]
    """
    values = np.asarray(values, np.float32)
    if view == "absolute":
        values = np.abs(values)
    elif view == "stretched":
        values = (values / np.float32(reach) + 1) * np.float32(WHITE / 2)
    elif view != "clip":
        raise ExplorerError(f"The view {view!r} is unknown: choose one of {', '.join(VIEWS)}.")
    return np.rint(values.clip(0, WHITE)).astype(np.uint8)


def in_two_passes(pixels: np.ndarray, applied: Applied, padding_mode: str = "zeros") -> TwoPasses:
    """Try the same kernel as a column, then a row; where it is no such product, only its rank is told."""
    kernel = applied.kernel
    parts = separate(kernel)
    rank = int(np.linalg.matrix_rank(kernel))
    if parts is None:
        return TwoPasses(rank, None, kernel.size, sum(kernel.shape), float("nan"))
    twice = apply_in_two_passes(pixels, parts.column, parts.row, padding_mode)
    return TwoPasses(rank, parts, kernel.size, parts.weights, float(np.abs(twice - applied.values).max()))
