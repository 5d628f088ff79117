"""How large a volume is after pooling, with the formula's numbers substituted (E2). Knows sizes; never an image."""

import math
from dataclasses import dataclass

from explorer.layers.checks import MAX_COUNT, size_text, whole_number
from explorer.layers.pooling import pool_window, pooled_size


@dataclass(frozen=True)
class PooledVolume:
    """before, after: (rows, columns, channels). formulas: of rows and of columns, in words, each once."""

    before: tuple[int, int, int]
    after: tuple[int, int, int]
    formulas: tuple[str, ...]

    @property
    def numbers(self) -> tuple[int, int]:
        """How many numbers the volume holds, before and after."""
        return math.prod(self.before), math.prod(self.after)

    def __str__(self) -> str:
        return f"{size_text(self.before)} → {size_text(self.after)}"


def pooled_volume(
    rows: int,
    cols: int,
    channels: int,
    kernel: int = 2,
    stride: int | None = None,
    padding: int = 0,
    ceil_mode: bool = False,
) -> PooledVolume:
    """Pooling of a volume: each channel shrinks by itself, so that their number stays.

    All of one number for both axes, as `pool` takes them. Raises ExplorerError for what does not fit.

    >>> str(pooled_volume(200, 200, 64))
    '200×200×64 → 100×100×64'
    """
    rows, cols = whole_number(rows, "Rows", 1, MAX_COUNT), whole_number(cols, "Columns", 1, MAX_COUNT)
    channels = whole_number(channels, "Channels", 1, MAX_COUNT)
    window = pool_window(kernel, stride, padding)
    after = pooled_size(window, rows, cols, ceil_mode)
    (k, _), (s, _), ((p, _), _) = window.kernel, window.stride, window.padding
    left, right = "⌈⌉" if ceil_mode else "⌊⌋"
    formulas = []
    for axis, n, size in (("rows", rows, after[0]), ("columns", cols, after[1])):
        plain = -(-(n + 2 * p - k) // s) + 1
        dropped = f" − 1, for the last window would lie in the padding, = {size}" if ceil_mode and plain != size else ""
        formulas.append(f"{axis} {left}({n}+2·{p}−{k})/{s}{right}+1{dropped or f' = {size}'}")
    return PooledVolume((rows, cols, channels), (*after, channels), tuple(formulas))
