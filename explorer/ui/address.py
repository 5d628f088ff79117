"""An exhibit's state in the page's address: short, readable, and checked on the way back in. Knows text; not exhibits.

A matrix is written row by row with _ between cells and ~ between rows (1_0~0_1): signs that an address keeps as they are.
A picture of whole numbers 0 to 255 is packed instead: z, its shape, and base64url of its deflated bytes.
"""

import base64
import binascii
import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError

MOST_CELLS = 64 * 64
MOST_TEXT = 6000  # characters of one value; browsers and servers take some 8,000 of a whole address
PACKED = "z"

Matrix = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Codec:
    """How one setting stands in the address. read raises ExplorerError for text that `write` would not have written."""

    read: Callable[[str], object]
    write: Callable[[object], str] = str


def matrix(text: str) -> Matrix:
    """The curriculum's own way to write one: "1 0; 0 1" → ((1.0, 0.0), (0.0, 1.0))."""
    return tuple(tuple(float(cell) for cell in row.split()) for row in text.split(";"))


def as_matrix(values: np.ndarray) -> Matrix:
    """An array (rows, cols) as plain numbers, which can be compared and kept in a frozen record."""
    return tuple(tuple(float(value) for value in row) for row in values)


def write_matrix(values: np.ndarray) -> str:
    """A matrix (rows, cols) as text.

    >>> write_matrix(np.array([[1, 0], [-0.5, 1]]))
    '1_0~-0.5_1'
    """
    whole = np.array_equal(values, np.rint(values)) and values.min() >= 0 and values.max() <= 255
    if whole and values.size > 64:
        packed = zlib.compress(values.astype(np.uint8).tobytes(), 9)
        text = base64.urlsafe_b64encode(packed).decode().rstrip("=")
        return f"{PACKED}{values.shape[0]}.{values.shape[1]}.{text}"
    return "~".join("_".join(f"{value:.6g}" for value in row) for row in values)


def read_matrix(text: str) -> np.ndarray:
    """The matrix that `write_matrix` wrote, float64 (rows, cols). Raises ExplorerError for any other text."""
    try:
        values = _unpack(text) if text.startswith(PACKED) else _split(text)
    except (ValueError, binascii.Error, zlib.error) as error:
        raise ExplorerError("The numbers in the address could not be read") from error
    if values.ndim != 2 or not 0 < values.size <= MOST_CELLS or not np.isfinite(values).all():
        raise ExplorerError("The numbers in the address are no matrix of a size that can be shown")
    return values


def _split(text: str) -> np.ndarray:
    if len(text) > MOST_TEXT:
        raise ValueError("too long")
    return np.array([[float(cell) for cell in row.split("_")] for row in text.split("~")])


def _unpack(text: str) -> np.ndarray:
    rows, cols, packed = text[len(PACKED) :].split(".")
    count = int(rows) * int(cols)
    if len(text) > MOST_TEXT or not 0 < count <= MOST_CELLS:
        raise ValueError("too large")
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), count + 1)  # no bombs
    return np.frombuffer(data, np.uint8).reshape(int(rows), int(cols)).astype(np.float64)


matrix_codec = Codec(lambda text: as_matrix(read_matrix(text)), lambda values: write_matrix(np.array(values)))


def whole_codec(low: int, high: int) -> Codec:
    """A whole number between two bounds."""

    def read(text: str) -> int:
        if not (text.lstrip("-").isdigit() and len(text) < 10 and low <= int(text) <= high):
            raise ExplorerError(f"“{text[:20]}” is no whole number from {low} to {high}")
        return int(text)

    return Codec(read)


def _read_number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ExplorerError(f"“{text[:20]}” is no number")
    return value


number_codec = Codec(_read_number, lambda value: f"{value:.6g}")


def choice_codec(*choices: str) -> Codec:
    """One of the choices."""

    def read(text: str) -> str:
        if text not in choices:
            raise ExplorerError(f"“{text[:20]}” is none of {', '.join(choices)}")
        return text

    return Codec(read)
