"""Digits as a hand with a mouse draws them: polylines on the pad's 112×112 field, white on black."""

import cv2
import numpy as np

SIDE = 112  # of the pad's field


def arc(x, y, width, height, start, stop, points=24):
    """Points of an ellipse around (x, y); angles in degrees, 0 is right, 90 is down."""
    angles = np.deg2rad(np.linspace(start, stop, points))
    return list(zip(x + width * np.cos(angles), y + height * np.sin(angles), strict=True))


# Each digit in a field of width and height 1, several ways of writing it; a way is a list of strokes.
WAYS = {
    "0": [[arc(0.5, 0.5, 0.3, 0.45, -90, 270)], [arc(0.5, 0.5, 0.4, 0.45, -120, 245)]],
    "1": [[[(0.5, 0.05), (0.5, 0.95)]], [[(0.35, 0.25), (0.55, 0.05), (0.55, 0.95)]], [[(0.6, 0.05), (0.42, 0.95)]]],
    "2": [
        [[*arc(0.5, 0.3, 0.3, 0.25, -170, 40), (0.2, 0.95), (0.85, 0.95)]],
        [[(0.2, 0.2), (0.45, 0.05), (0.75, 0.18), (0.75, 0.4), (0.2, 0.92), (0.8, 0.92)]],
    ],
    "3": [
        [[*arc(0.45, 0.28, 0.28, 0.23, -150, 80), *arc(0.45, 0.72, 0.32, 0.23, -80, 150)]],
        [[(0.2, 0.1), (0.75, 0.1), (0.45, 0.42), *arc(0.45, 0.68, 0.3, 0.26, -80, 150)]],
    ],
    "4": [
        [[(0.6, 0.05), (0.15, 0.62), (0.85, 0.62)], [(0.62, 0.4), (0.62, 0.95)]],
        [[(0.25, 0.05), (0.22, 0.5), (0.78, 0.5)], [(0.75, 0.05), (0.72, 0.95)]],
    ],
    "5": [
        [[(0.8, 0.05), (0.3, 0.05), (0.25, 0.45), *arc(0.47, 0.67, 0.3, 0.27, -110, 140)]],
        [[(0.28, 0.08), (0.26, 0.45), *arc(0.45, 0.68, 0.3, 0.26, -100, 140)], [(0.28, 0.08), (0.75, 0.06)]],
    ],
    "6": [
        [[(0.65, 0.05), (0.35, 0.35), (0.22, 0.65), *arc(0.48, 0.7, 0.26, 0.24, 180, 540)]],
        [[*arc(0.75, 0.6, 0.5, 0.55, -115, -180), *arc(0.5, 0.7, 0.25, 0.24, 180, 540)]],
    ],
    "7": [
        [[(0.2, 0.08), (0.8, 0.08), (0.4, 0.95)]],
        [[(0.2, 0.1), (0.78, 0.08), (0.55, 0.5), (0.45, 0.95)]],
    ],
    "8": [
        [[*arc(0.5, 0.28, 0.24, 0.22, 90, -270), *arc(0.5, 0.72, 0.29, 0.23, -90, 270)]],
        [arc(0.5, 0.27, 0.25, 0.22, 0, 360), arc(0.5, 0.72, 0.28, 0.23, 0, 360)],
    ],
    "9": [
        [[*arc(0.48, 0.3, 0.26, 0.25, 0, -360), (0.72, 0.6), (0.62, 0.95)]],
        [[*arc(0.5, 0.3, 0.25, 0.24, -10, -370), (0.75, 0.95)]],
    ],
}


def draw(strokes, *, width, scale, centre) -> np.ndarray:
    """uint8 (112, 112): strokes of `width` pixels, the digit `scale` of the field high, around `centre` (x, y)."""
    field = np.zeros((SIDE, SIDE), np.uint8)
    size = np.array([0.75 * scale * SIDE, scale * SIDE])  # digits are narrower than high
    for stroke in strokes:
        points = (np.array(stroke) - 0.5) * size + np.array(centre) * SIDE
        cv2.polylines(field, [np.rint(points * 16).astype(np.int32)], False, 255, width, cv2.LINE_AA, shift=4)
    return field


def drawings():
    """(digit, uint8 (112, 112)) for every way of writing it, in three widths, three sizes and three places."""
    for digit, ways in WAYS.items():
        for strokes in ways:
            for width in (6, 10, 14):
                for scale, centre in ((0.4, (0.3, 0.35)), (0.6, (0.6, 0.6)), (0.82, (0.5, 0.5))):
                    yield digit, draw(strokes, width=width, scale=scale, centre=centre)
