"""Versions of one picture in a grid, every pixel a square. Knows arrays; not how they were made."""

import math

import numpy as np

from explorer.figures.tiles import laid_out

GAP = 6  # pixels between pictures


def versions_sheet(versions: np.ndarray, *, side: int = 96, columns: int = 6) -> np.ndarray:
    """uint8 (n, H, W) or (n, H, W, 3) → one picture in reading order, uint8 (rows, columns, 4), transparent between them.

    side: at least so many pixels has each picture's longer side, enlarged in whole steps. columns: at most.
    """
    colours = versions if versions.ndim == 4 else np.repeat(versions[..., None], 3, axis=3)
    scale = math.ceil(side / max(colours.shape[1:3]))
    opaque = np.concatenate([colours, np.full((*colours.shape[:3], 1), 255, np.uint8)], axis=3)
    return laid_out(opaque.repeat(scale, axis=1).repeat(scale, axis=2), min(columns, len(opaque)), GAP, fill=0)
