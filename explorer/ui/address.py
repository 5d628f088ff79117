"""What the pages that are not staged yet still need of an address. Knows text; not exhibits."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.settings.written import (  # noqa: F401
    MOST_CELLS,
    MOST_TEXT,
    Kernels,
    Matrix,
    Volume,
    as_matrix,
    as_plain,
    matrix,
    read_numbers,
    write_numbers,
)


@dataclass(frozen=True)
class Codec:
    """How one setting stands in the address. read raises ExplorerError for text that `write` would not have written."""

    read: Callable[[str], object]
    write: Callable[[object], str] = str


def numbers_codec(axes: int) -> Codec:
    """Nested tuples of numbers: 1 axis a row of them, 2 a Matrix, 3 a Volume, 4 Kernels."""
    return Codec(lambda text: as_plain(read_numbers(text, axes)), lambda values: write_numbers(np.array(values)))


matrix_codec = numbers_codec(2)
volume_codec = numbers_codec(3)
kernels_codec = numbers_codec(4)


def whole_codec(low: int, high: int) -> Codec:
    """A whole number between two bounds."""

    def read(text: str) -> int:
        if not (re.fullmatch(r"-?[0-9]{1,15}", text) and low <= int(text) <= high):
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


truth_codec = Codec(lambda text: choice_codec("True", "False").read(text) == "True")
