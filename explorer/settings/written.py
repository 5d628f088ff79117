"""Grids of numbers as short text, such as an address takes, and checked on the way back. Knows text; not what is set.

A matrix is written row by row with _ between cells and ~ between rows (1_0~0_1): signs that an address keeps as they are.
A volume puts ~~ between its planes, a stack of kernels ~~~ between its volumes. Many whole numbers are packed instead:
z (0 to 255) or i (−128 to 127), the shape, and base64url of their deflated bytes.
"""

import base64
import binascii
import math
import zlib

import numpy as np

from explorer.errors import ExplorerError

MOST_CELLS = 64 * 64
MOST_TEXT = 6000  # characters of one value; browsers and servers take some 8,000 of a whole address
MOST_PLAIN = 64  # whole numbers that are still written out, so that they can be read
PACKED = {"z": np.uint8, "i": np.int8}
SEPARATORS = ("_", "~", "~~", "~~~")  # between cells, rows, planes, kernels

Matrix = tuple[tuple[float, ...], ...]
Volume = tuple[Matrix, ...]
Kernels = tuple[Volume, ...]


def matrix(text: str) -> Matrix:
    """The curriculum's own way to write one: "1 0; 0 1" → ((1.0, 0.0), (0.0, 1.0))."""
    return tuple(tuple(float(cell) for cell in row.split()) for row in text.split(";"))


def as_matrix(values: np.ndarray) -> Matrix:
    """An array (rows, cols) as plain numbers, which can be compared and kept in a frozen record."""
    return as_plain(values)


def as_plain(values: np.ndarray) -> tuple:
    """An array of any shape as nested tuples of plain numbers: a Matrix, a Volume, Kernels."""
    if np.ndim(values) == 1:
        return tuple(float(value) for value in values)
    return tuple(as_plain(part) for part in values)


def write_numbers(values: np.ndarray) -> str:
    """An array of 1 to 4 axes as text, six significant digits.

    >>> write_numbers(np.array([[1, 0], [-0.5, 1]])), write_numbers(np.ones((2, 2, 1)))
    ('1_0~-0.5_1', '1~1~~1~1')
    """
    packed = _pack(values) if values.size > MOST_PLAIN else ""
    return packed or _join(values)


def read_numbers(text: str, axes: int) -> np.ndarray:
    """The array that `write_numbers` wrote, float64 with `axes` axes. Raises ExplorerError for any other text."""
    try:
        values = _unpack(text) if text[:1] in PACKED else _split(text, axes)
    except (ValueError, binascii.Error, zlib.error) as error:
        raise ExplorerError("The numbers in the address could not be read") from error
    if values.ndim != axes or not 0 < values.size <= MOST_CELLS or not np.isfinite(values).all():
        raise ExplorerError("The numbers in the address are not of a shape and size that can be shown")
    return values


def _join(values: np.ndarray) -> str:
    if values.ndim == 0:
        return f"{values:.6g}"
    return SEPARATORS[values.ndim - 1].join(_join(part) for part in values)


def _split(text: str, axes: int) -> np.ndarray:
    if len(text) > MOST_TEXT:
        raise ValueError("too long")

    def parts(text: str, axes: int) -> list | float:
        return [parts(part, axes - 1) for part in text.split(SEPARATORS[axes - 1])] if axes else float(text)

    return np.array(parts(text, axes))


def _pack(values: np.ndarray) -> str:
    """The packed text, or "" where the numbers are not whole or too large for one byte each."""
    for sign, kind in PACKED.items():
        bounds = np.iinfo(kind)
        if np.array_equal(values, np.rint(values)) and values.min() >= bounds.min and values.max() <= bounds.max:
            packed = base64.urlsafe_b64encode(zlib.compress(values.astype(kind).tobytes(), 9)).decode().rstrip("=")
            return sign + ".".join([*map(str, values.shape), packed])
    return ""


def _unpack(text: str) -> np.ndarray:
    if len(text) > MOST_TEXT:
        raise ValueError("too long")
    *sizes, packed = text[1:].split(".")
    shape = [int(size) for size in sizes]
    count = math.prod(shape)
    if not 1 <= len(shape) <= len(SEPARATORS) or min(shape) < 1 or count > MOST_CELLS:
        raise ValueError("too large")
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), count + 1)  # no bombs
    return np.frombuffer(data, PACKED[text[0]]).reshape(shape).astype(np.float64)
