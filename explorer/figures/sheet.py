"""Maps laid out on one sheet for a heat map, each cell with its words. Knows arrays; not colours, not what the maps are of."""

import math
from collections.abc import Sequence

import numpy as np


def sheet(maps: np.ndarray, names: Sequence[str], *, gap: int, every: int = 1) -> tuple[np.ndarray, list[list[str]]]:
    """Maps (n, h, w) in reading order, `gap` free cells (NaN) between them: float32 (H, W), and what each cell is in words.

    every: the maps hold every so many rows and columns of what they were cut from, in whose places the words count.
    """
    count, height, width = maps.shape
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    values = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap), np.nan, np.float32)
    tips = [[""] * values.shape[1] for _ in range(values.shape[0])]
    for index, plane in enumerate(maps):
        top, left = index // columns * (height + gap), index % columns * (width + gap)
        values[top : top + height, left : left + width] = plane
        for row in range(height):
            for column in range(width):
                tips[top + row][left + column] = f"{names[index]}, row {row * every}, column {column * every}"
    return values, tips
