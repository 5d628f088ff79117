"""One frame of the film of a run: its kernels as tiles. Knows arrays and colours; not runs, not encoders."""

import math

import numpy as np

from explorer.figures.colours import DIVERGING
from explorer.figures.tiles import colour_table, laid_out

MOST_KERNELS = 256  # a sheet of more would be dots
GAP = 2  # pixels between tiles


def kernel_sheet(
    weights: np.ndarray, *, low: float, high: float, dark: bool, scale: int | None = None, columns: int | None = None
) -> np.ndarray:
    """A layer's kernels, float32 (out, in, kh, kw), as tiles: uint8 (H, W, 3).

    One input channel: the kernels in reading order. Several: a row for each output channel, a column for each input
    channel. Only the first 256 are drawn. low, high: the values at the ends of the diverging scale, which is widened so
    that zero is neutral: the same for all frames, or the film would flicker. scale: pixels of a weight's side, at least
    1; columns: of a sheet in reading order. Left out, both are chosen from the shape alone, so that all frames agree.
    """
    outputs, inputs, height, width = weights.shape
    if inputs > 1 and inputs <= MOST_KERNELS:
        columns, shown = inputs, inputs * min(outputs, max(1, MOST_KERNELS // inputs))
    else:
        shown = min(outputs * inputs, MOST_KERNELS)
        columns = columns or math.ceil(math.sqrt(shown))
    tiles = weights.reshape(-1, height, width)[:shown]
    reach = max(abs(low), abs(high)) or 1.0
    table = colour_table(DIVERGING["dark" if dark else "light"])
    values = np.nan_to_num(tiles.astype(np.float32), nan=0.0, posinf=reach, neginf=-reach)
    colours = table[np.clip(np.rint((values + reach) * (255 / (2 * reach))), 0, 255).astype(np.uint8)]
    side = max(1, scale) if scale else max(2, 40 // max(height, width))
    return laid_out(colours.repeat(side, axis=1).repeat(side, axis=2), columns, GAP)
