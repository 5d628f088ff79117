"""A picture as this app holds it, and the three reshapings every page needs.

Knows uint8 arrays of shape (H, W) or (H, W, 3). Does not know files, networks or screens.
"""

import hashlib
from dataclasses import dataclass, field

import numpy as np

from explorer.errors import ExplorerError
from explorer.words import counted

# ITU-R BT.601 luma: how much each of R, G, B adds to perceived brightness. The three sum to 1.
LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
MAX_FIT_SIDE = 4096


@dataclass(frozen=True)
class Picture:
    """One picture; make it with `picture()`, which checks what it is given.

    Two pictures are equal when name, note and digest are: the pixels themselves are not compared.
    """

    name: str
    pixels: np.ndarray = field(repr=False, compare=False)  # uint8, (H, W) or (H, W, 3), read-only
    digest: str  # SHA-256 of shape and pixels, in hex: the key to cache by
    note: str = ""  # what was done to it on the way in, in words; "" when nothing was


def picture(name: str, pixels: np.ndarray, note: str = "") -> Picture:
    """Return `pixels` as a Picture, with a read-only copy of its own.

    pixels: uint8, (H, W) grey or (H, W, 3) RGB, at least one pixel.
    Raises ExplorerError for any other type or shape.
    """
    check_pixels(pixels)
    own = np.array(pixels, order="C")
    own.setflags(write=False)
    return Picture(name=name, pixels=own, digest=_digest(own), note=note)


def check_pixels(pixels: np.ndarray) -> None:
    """Raise ExplorerError unless `pixels` is uint8 (H, W) or (H, W, 3) with at least one pixel."""
    grey = pixels.ndim == 2
    colour = pixels.ndim == 3 and pixels.shape[2] == 3
    if pixels.dtype != np.uint8 or not (grey or colour) or pixels.size == 0:
        shape = "×".join(str(length) for length in pixels.shape) or "a single number"
        raise ExplorerError(
            f"An array of type {pixels.dtype} and shape {shape} is not a picture: "
            "give whole numbers 0–255 (uint8) of shape H×W or H×W×3."
        )


def to_grey(pixels: np.ndarray) -> np.ndarray:
    """Return the brightness of each pixel, uint8 (H, W): 0.299 R + 0.587 G + 0.114 B, rounded (ITU-R BT.601).

    A grey picture comes back as it is. Raises ExplorerError for anything that is not a picture.

    >>> to_grey(np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], dtype=np.uint8))
    array([[ 76, 150,  29]], dtype=uint8)
    """
    check_pixels(pixels)
    if pixels.ndim == 2:
        return pixels
    return np.rint(pixels.astype(np.float32) @ LUMA).astype(np.uint8)


def to_rgb(pixels: np.ndarray) -> np.ndarray:
    """Return the picture with three planes, uint8 (H, W, 3): a grey one is repeated in R, G and B.

    A colour picture comes back as it is. Raises ExplorerError for anything that is not a picture.
    """
    check_pixels(pixels)
    if pixels.ndim == 3:
        return pixels
    return np.repeat(pixels[:, :, np.newaxis], 3, axis=2)


def fit_square(pixels: np.ndarray, side: int) -> np.ndarray:
    """Cut the largest centred square out of the picture and bring it to side × side, uint8.

    Shrinking averages the area under each new pixel, so that fine stripes turn grey instead of into false
    patterns; growing is cubic. pixels: uint8 (H, W) or (H, W, 3). side: 1 to 4096.
    Raises ExplorerError for a side outside that range.
    """
    import cv2  # 0.2 s to import; only resizing needs it

    check_pixels(pixels)
    if not 1 <= side <= MAX_FIT_SIDE:
        raise ExplorerError(f"A side of {counted(side, 'pixel')} is not possible: choose 1 to {MAX_FIT_SIDE}.")
    height, width = pixels.shape[:2]
    shorter = min(height, width)
    top, left = (height - shorter) // 2, (width - shorter) // 2
    square = np.ascontiguousarray(pixels[top : top + shorter, left : left + shorter])
    interpolation = cv2.INTER_AREA if side < shorter else cv2.INTER_CUBIC
    return cv2.resize(square, (side, side), interpolation=interpolation)


def _digest(pixels: np.ndarray) -> str:
    """Return the SHA-256 of shape and bytes: the shape is in it so that 2×8 and 4×4 pixels differ."""
    hasher = hashlib.sha256(repr(pixels.shape).encode())
    hasher.update(pixels.data)
    return hasher.hexdigest()
