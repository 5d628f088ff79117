"""A drawing as a scene like those that are learned from. Knows strokes' pixels and grey levels; not networks, not screens."""

import numpy as np

from explorer.data.labelled import SIDE
from explorer.data.scenes import CONTRASTS, NOISE
from explorer.errors import ExplorerError

GROUND = 70.0  # grey level
SEED = 5


def drawn_scene(pixels: np.ndarray) -> np.ndarray:
    """Ink on an empty pad, uint8 (S, S) → uint8 (32, 32): a lighter shape on a darker ground, with the data set's noise.

    What a line encloses belongs to the shape: the shapes that are learned from are filled. Raises ExplorerError for no ink.
    """
    import cv2  # 0.2 s to import

    ink = np.pad(pixels > 127, 1)
    if not ink.any():
        raise ExplorerError("There is nothing on the pad yet: draw a circle, a square, a triangle, a cross or a star.")
    outside = ink.astype(np.uint8)
    cv2.floodFill(outside, None, (0, 0), 2)  # from the border on, as far as the ink lets it
    cover = (outside != 2)[1:-1, 1:-1].astype(np.float32)
    cover = cv2.resize(cover, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    contrast = float(np.mean(CONTRASTS[1]))
    noise = NOISE * np.random.default_rng(SEED).standard_normal((SIDE, SIDE))
    return np.clip(GROUND + contrast * cover + noise, 0, 255).round().astype(np.uint8)
