"""A user's own picture as it is kept: small, grey where it is grey, written whole. Knows pixels and PNG; not classes."""

import hashlib
from pathlib import Path

import numpy as np
from PIL import Image

from explorer.errors import ExplorerError
from explorer.images.picture import check_pixels

MAX_SIDE = 256
MIN_SIDE = 4
MOST_TIMES_AS_LONG = 8  # as wide: shrunk, more would be a line


def kept_form(pixels: np.ndarray) -> np.ndarray:
    """uint8 (H, W) or (H, W, 3) → the same at most 256 pixels a side, (h, w) where all its colours are grey.

    Of a picture more than eight times as long as wide the middle is kept. Raises ExplorerError for what is no picture
    or has a side of less than 4 pixels.
    """
    pixels = np.asarray(pixels)
    check_pixels(pixels)
    height, width = pixels.shape[:2]
    shorter = min(height, width)
    if shorter < MIN_SIDE:
        raise ExplorerError(f"A picture of {width}×{height} pixels is too small: give at least {MIN_SIDE}×{MIN_SIDE}.")
    longest = MOST_TIMES_AS_LONG * shorter
    top, left = max(0, (height - longest) // 2), max(0, (width - longest) // 2)
    pixels = pixels[top : top + longest, left : left + longest]
    if pixels.ndim == 3 and (pixels[..., :1] == pixels[..., 1:]).all():
        pixels = pixels[..., 0]
    image = Image.fromarray(np.ascontiguousarray(pixels))
    if max(image.size) > MAX_SIDE:
        image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.BOX, reducing_gap=None)
    return np.asarray(image)


def digest(pixels: np.ndarray) -> str:
    """Sixteen hexadecimal digits that two different pictures do not share."""
    hasher = hashlib.sha256(repr(pixels.shape).encode())
    hasher.update(np.ascontiguousarray(pixels).data)
    return hasher.hexdigest()[:16]


def write_picture(path: Path, pixels: np.ndarray) -> None:
    """Write a PNG whole or not at all. Raises OSError."""
    part = path.with_name(f".{path.name}.part")
    try:
        Image.fromarray(pixels).save(part, "PNG", compress_level=1)  # three times as fast, a fifth larger
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
