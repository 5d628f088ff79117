"""Any picture of a digit becomes 28×28 the way MNIST's digits were prepared, with every step kept to be shown.

Knows ink, its box and its centre of mass. Does not know networks, or which digit it is.

Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits": size-normalised to fit in a 20×20
box while preserving the aspect ratio, with grey levels from anti-aliasing; then centred in a 28×28 field by
the centre of mass of the pixels.
"""

import math
from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.images.picture import to_grey

FIELD = 28  # side of the result
BOX = 20  # longer side of the ink within it
# Row and column, counted from 0, where the centre of mass goes. Measured over MNIST's 60,000 training digits it lies
# between 13.48 and 14.50 (mean 14.00): the pixel right below the field's middle, which is 13.5.
CENTRE = 14
INK_THRESHOLD = 0.2  # of the strongest ink: what is fainter does not widen the box
FAINTEST_INK = 16  # grey levels above the background; anything below is noise of paper or camera
PAPER = 127  # a border brighter than this is paper: the digit is dark on light


@dataclass(frozen=True, eq=False)
class CentredDigit:
    """The steps from a picture to MNIST's format. All arrays are uint8, white ink on black."""

    inverted: bool  # whether the picture was dark on light
    ink: np.ndarray  # (H, W), background 0, strongest ink 255
    box: tuple[int, int, int, int]  # top, left, bottom, right of the ink; bottom and right are exclusive
    scaled: np.ndarray  # (h, w), the box's content with max(h, w) == 20, strongest ink 255
    offset: tuple[int, int]  # row and column of `scaled` within `image`
    image: np.ndarray  # (28, 28)


def centre_digit(pixels: np.ndarray) -> CentredDigit:
    """Size-normalise and centre a digit as MNIST did.

    pixels: uint8 (H, W) or (H, W, 3), light on dark or dark on light (judged by the border's median).
    Raises ExplorerError where nothing stands out from the background.
    """
    ink, inverted = _find_ink(to_grey(pixels))
    top, left, bottom, right = box = _find_box(ink)
    scaled = _stretch(_resize(ink[top:bottom, left:right]))
    offset = _place(scaled)
    image = np.zeros((FIELD, FIELD), dtype=np.uint8)
    rows = slice(offset[0], offset[0] + scaled.shape[0])
    columns = slice(offset[1], offset[1] + scaled.shape[1])
    image[rows, columns] = scaled
    return CentredDigit(inverted, ink, box, scaled, offset, image)


def centre_of_mass(image: np.ndarray) -> tuple[float, float]:
    """Return the mean row and column, counted from 0, weighted by the values; not all of them may be 0.

    >>> centre_of_mass(np.array([[0, 0, 0], [0, 2, 2]]))
    (1.0, 1.5)
    """
    weights = image.astype(np.float64)
    rows, columns = np.indices(image.shape)
    total = weights.sum()
    return float((weights * rows).sum() / total), float((weights * columns).sum() / total)


def _find_ink(grey: np.ndarray) -> tuple[np.ndarray, bool]:
    """Return the ink as white on black, and whether that took an inversion.

    The background is the border's median; it becomes 0, so that grey paper does not count as ink.
    """
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    inverted = bool(np.median(border) > PAPER)
    light = grey.astype(np.float32)
    if inverted:
        light, border = 255 - light, 255 - border
    ink = np.clip(light - np.median(border), 0, None)
    if ink.max() < FAINTEST_INK:
        raise ExplorerError(
            f"There is nothing drawn: no pixel stands out from the background by {FAINTEST_INK} grey levels or more. "
            "Draw a digit with a thick stroke, or choose a picture with more contrast."
        )
    return _stretch(ink), inverted


def _stretch(ink: np.ndarray) -> np.ndarray:
    """Return the ink with its strongest value at 255 and 0 where it was, uint8."""
    return np.rint(ink.astype(np.float32) * (255 / float(ink.max()))).astype(np.uint8)


def _find_box(ink: np.ndarray) -> tuple[int, int, int, int]:
    """Return top, left, bottom, right (both exclusive) of all ink above the threshold."""
    strong = ink > INK_THRESHOLD * 255
    rows, columns = np.flatnonzero(strong.any(axis=1)), np.flatnonzero(strong.any(axis=0))
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def _resize(content: np.ndarray) -> np.ndarray:
    """Return the box's content with its longer side at 20 and its proportions kept, at least 1 pixel wide."""
    import cv2  # 0.2 s to import; only resizing needs it

    height, width = content.shape
    factor = BOX / max(height, width)
    size = max(1, round(width * factor)), max(1, round(height * factor))  # cv2 wants width first
    # Averaging areas is the anti-aliasing; uint8 results of the cubic are clipped to 0..255 by cv2.
    interpolation = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(np.ascontiguousarray(content), size, interpolation=interpolation)


def _place(scaled: np.ndarray) -> tuple[int, int]:
    """Return where `scaled` goes so that its centre of mass falls on CENTRE, as far as it stays in the field."""
    offset = []
    for centre, length in zip(centre_of_mass(scaled), scaled.shape, strict=True):
        wanted = math.ceil(CENTRE - centre - 0.5)  # nearest; an exact half goes up and left, which is symmetric
        offset.append(min(max(wanted, 0), FIELD - length))
    return offset[0], offset[1]
