"""What the browser's drawing pad sends, checked before anything believes it.

Knows the pad's message and its limits. Does not know what is drawn, networks or screens.
A message comes from a browser, so from anyone: every number in it is looked at.
"""

import base64
import binascii
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.words import counted

MIN_SIDE, MAX_SIDE = 16, 256  # pixels of the pad's picture
MAX_STROKES = 500
MAX_POINTS = 20_000  # of all strokes together
MAX_SIZE = 0.5  # a stroke's width, as a fraction of the pad's side
MIN_PLACE, MAX_PLACE = -1.0, 2.0  # a stroke may leave the pad (0..1) while the pen stays down
MAX_NONCE = 2**53 - 1  # the largest whole number that JavaScript holds exactly


@dataclass(frozen=True, eq=False)
class Drawing:
    """A drawing, checked. `strokes` can be sent back to the pad as they are, to draw it again."""

    pixels: np.ndarray  # uint8 (side, side), 0 = bare, 255 = full ink, read-only
    strokes: tuple[dict, ...]  # each {"size": float, "erase": bool, "points": [x0, y0, x1, y1, ...]}
    nonce: int


def read_drawing(message: object) -> Drawing | None:
    """Return the drawing in the pad's message, or None where there is no message or no ink.

    message: {"image": base64 of side × side uint8 row by row, "side": int, "strokes": [{"size", "erase",
    "points"}], "nonce": int}. Places and sizes are fractions of the pad's side. Other keys are ignored.
    Raises ExplorerError for anything else.
    """
    if message is None:
        return None
    if not isinstance(message, Mapping):
        raise _unreadable(f"a {type(message).__name__} came instead of its parts")
    missing = [key for key in ("image", "side", "strokes", "nonce") if key not in message]
    if missing:
        raise _unreadable(f"its {' and '.join(missing)} did not come")
    pixels = _read_image(message["image"], _whole(message["side"], "side", MIN_SIDE, MAX_SIDE))
    strokes = _read_strokes(message["strokes"])
    nonce = _whole(message["nonce"], "nonce", 0, MAX_NONCE)
    return Drawing(pixels, strokes, nonce) if pixels.any() else None


def _read_image(text: object, side: int) -> np.ndarray:
    """Return the picture, uint8 (side, side), read-only. Its length is checked before it is decoded."""
    if not isinstance(text, str):
        raise _unreadable(f"its image is a {type(text).__name__}, not text")
    expected = 4 * math.ceil(side * side / 3)  # base64: four characters for every three bytes begun
    if len(text) != expected:
        raise _unreadable(
            f"its image has {counted(len(text), 'character')} where {side}×{side} pixels make {expected:,}"
        )
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _unreadable("its image is not base64") from None
    if len(data) != side * side:  # same count of characters, other padding
        raise _unreadable(f"its image has {counted(len(data), 'byte')} where {side}×{side} pixels make {side * side:,}")
    return np.frombuffer(data, dtype=np.uint8).reshape(side, side)  # read-only, as bytes are


def _read_strokes(strokes: object) -> tuple[dict, ...]:
    """Return the strokes rebuilt from checked values, so that nothing else in them travels on."""
    if not isinstance(strokes, list | tuple):
        raise _unreadable(f"its strokes are a {type(strokes).__name__}, not a list")
    if len(strokes) > MAX_STROKES:
        raise _unreadable(f"it has {counted(len(strokes), 'stroke')}, more than {MAX_STROKES}")
    checked = []
    points_left = MAX_POINTS
    for number, stroke in enumerate(strokes, start=1):
        checked.append(_read_stroke(stroke, f"stroke {number}", points_left))
        points_left -= len(checked[-1]["points"]) // 2
    return tuple(checked)


def _read_stroke(stroke: object, which: str, points_left: int) -> dict:
    """Return one stroke as a new dict of float, bool and list of float."""
    if not isinstance(stroke, Mapping) or not {"size", "erase", "points"} <= stroke.keys():
        raise _unreadable(f"{which} lacks its size, erase or points")
    size, erase, points = stroke["size"], stroke["erase"], stroke["points"]
    if not _is_number(size) or not 0 < size <= MAX_SIZE:
        raise _unreadable(f"{which} has no size above 0 and up to {MAX_SIZE}")
    if not isinstance(erase, bool):
        raise _unreadable(f"{which} does not say whether it erases")
    if not isinstance(points, list | tuple) or not points or len(points) % 2:
        raise _unreadable(f"{which} has no list of x, y pairs")
    if len(points) > 2 * points_left:
        raise _unreadable(f"it has more than {MAX_POINTS:,} points")
    # NaN and infinities fail the comparison too.
    if not all(_is_number(place) and MIN_PLACE <= place <= MAX_PLACE for place in points):
        raise _unreadable(f"{which} has a point that is not a number from {MIN_PLACE:g} to {MAX_PLACE:g}")
    return {"size": float(size), "erase": erase, "points": [float(place) for place in points]}


def _whole(value: object, what: str, low: int, high: int) -> int:
    """Return a whole number within low..high; True and 3.0 are not whole numbers here."""
    if type(value) is not int or not low <= value <= high:
        raise _unreadable(f"its {what} is not a whole number from {low} to {high}")
    return value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _unreadable(why: str) -> ExplorerError:
    """Return the one kind of error of this file. `why` never repeats text that the browser sent."""
    return ExplorerError(f"The drawing could not be read: {why}. Clear the pad and draw again.")
