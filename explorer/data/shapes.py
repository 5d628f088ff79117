"""Five shapes as polygons, drawn smoothly. Knows geometry and OpenCV's polygons; not data sets, not noise."""

from collections.abc import Sequence

import numpy as np

FRACTION = 4  # bits after the point that OpenCV is given: a sixteenth of a pixel


def _star(points: int, inner: float) -> np.ndarray:
    """Corners on two circles in turn, radius 1 and `inner`, the first one upwards: (2 points, 2) as x, y."""
    angles = np.pi * np.arange(2 * points) / points - np.pi / 2
    radii = np.where(np.arange(2 * points) % 2 == 0, 1.0, inner)
    return np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)


def _regular(corners: int, first: float) -> np.ndarray:
    angles = first + 2 * np.pi * np.arange(corners) / corners
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _cross(arm: float) -> np.ndarray:
    """A plus sign whose arms are 2·arm wide, their ends' corners on the circle of radius 1."""
    end = np.sqrt(1 - arm**2)
    quarter = np.array([[arm, -end], [arm, -arm], [end, -arm]])
    turns = [np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]]).round() for a in np.pi / 2 * np.arange(4)]
    return np.concatenate([quarter @ turn for turn in turns])


# Corners within radius 1 of the middle, (corners, 2) as x, y; y points down.
SHAPES: dict[str, np.ndarray] = {
    "circle": _regular(32, 0.0),
    "square": _regular(4, np.pi / 4),
    "triangle": _regular(3, -np.pi / 2),
    "cross": _cross(0.3),
    "star": _star(5, 0.4),
}


def draw(
    labels: np.ndarray,
    centres: np.ndarray,
    radii: np.ndarray,
    *,
    turns: np.ndarray,
    thickness: Sequence[int] | np.ndarray,
    side: int,
) -> np.ndarray:
    """One shape on each picture: how much of every pixel it covers, float32 (N, side, side) in [0, 1], smooth at the edge.

    labels: (N,) places in SHAPES. centres: (N, 2) as row, column; a pixel's middle is a whole number. radii: (N,) pixels.
    turns: (N,) radians. thickness: (N,) of the outline in pixels; 0 fills the shape.
    """
    import cv2  # 0.2 s to import; only drawing needs it

    outlines = list(SHAPES.values())
    pictures = np.zeros((len(labels), side, side), np.uint8)
    for picture, label, (row, column), radius, turn, line in zip(
        pictures, labels, centres, radii, turns, thickness, strict=True
    ):
        sine, cosine = np.sin(turn), np.cos(turn)
        corners = radius * outlines[label] @ np.array([[cosine, sine], [-sine, cosine]]) + (column, row)
        fixed = [np.rint(corners * 2**FRACTION).astype(np.int32)]
        if line:
            cv2.polylines(picture, fixed, True, 255, int(line), cv2.LINE_AA, FRACTION)
        else:
            cv2.fillPoly(picture, fixed, 255, cv2.LINE_AA, FRACTION)
    return pictures.astype(np.float32) / 255
