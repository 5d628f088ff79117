"""Kinds of settings: each tells one setting's label, its text, what it may be and its help. Knows no screen and no meaning.

A kind stands in the annotation of a record's field: `stride: Annotated[int, Whole("Stride", 1, 64)] = 1`. From it come the
widget, the part of an address, the option of the command line, the check and the help. All kinds answer to `write(value)` →
text, `read(text)` → value and `check(value)`; the last two raise ExplorerError for what cannot be. A kind without a label is
not asked on a screen: something there sets it (a click, a button, the picture that is chosen).
"""

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from explorer.errors import ExplorerError
from explorer.settings.written import MOST_CELLS, as_plain, read_numbers, write_numbers
from explorer.words import written

LARGEST = 1e9  # of a number that is typed, unless its kind says otherwise


class Kind(Protocol):
    """What every kind answers to."""

    label: str
    help: str

    def write(self, value: Any) -> str: ...
    def read(self, text: str) -> Any: ...
    def check(self, value: Any) -> None: ...


@dataclass(frozen=True)
class Whole:
    """A whole number from `low` to `high`. slider: asked by one.

    optional: may be None, which stands for what is usual where it is shown; the box is empty then, and says `placeholder`.
    """

    label: str
    low: int
    high: int
    help: str = ""
    slider: bool = False
    optional: bool = False
    placeholder: str = "none"
    step: int = 1

    def write(self, value: int | None) -> str:
        return str(value)

    def read(self, text: str) -> int | None:
        if self.optional and text.lower() == "none":
            return None
        if not (re.fullmatch(r"-?[0-9]{1,19}", text) and self.low <= int(text) <= self.high):
            raise ExplorerError(f"“{text[:20]}” is no whole number from {self.low} to {self.high}")
        return int(text)

    def check(self, value: int | None) -> None:
        if not (value is None and self.optional) and not self.low <= value <= self.high:
            raise ExplorerError(
                _beyond(self, value, f"a whole number from {written(self.low, 20)} to {written(self.high, 20)}")
            )


@dataclass(frozen=True)
class Real:
    """A finite number from `low` to `high`. above: `low` itself is too little. optional: may be None.

    slider: asked by one. step: of the box's arrows, or of the slider. percent: a share, asked in per cent.
    """

    label: str
    low: float = -LARGEST
    high: float = LARGEST
    help: str = ""
    step: float | None = None
    slider: bool = False
    optional: bool = False
    above: bool = False
    percent: bool = False

    def write(self, value: float | None) -> str:
        return "None" if value is None else f"{value:.6g}"

    def read(self, text: str) -> float | None:
        if self.optional and text.lower() == "none":
            return None
        try:
            value = float(text)
            self.check(value)
        except (ValueError, ExplorerError) as error:
            span = "" if (self.low, self.high) == (-LARGEST, LARGEST) else f" {self._span()}"
            raise ExplorerError(f"“{text[:20]}” is no number{span}") from error
        return value

    def check(self, value: float | None) -> None:
        if value is None and self.optional:
            return
        possible = self.low <= value <= self.high and value > (self.low if self.above else -math.inf)
        if not possible or not math.isfinite(value):  # NaN is neither
            raise ExplorerError(_beyond(self, value, f"a number {self._span()}"))

    def _span(self) -> str:
        low, high = (written(bound, 12) for bound in (self.low, self.high))
        if self.high == math.inf:
            return f"above {low}" if self.above else f"of {low} or more"
        return f"above {low}, at most {high}" if self.above else f"from {low} to {high}"


@dataclass(frozen=True)
class OneOf:
    """One of `options`, a collection that may still grow. title: of an option on the screen.

    few: all of them side by side; slider: in their order on one. offered: those that can be had here and now, where that is
    not all of them.
    """

    label: str
    options: Collection
    title: Callable[[Any], str] = str
    help: str = ""
    few: bool = False
    slider: bool = False
    offered: Callable[[], Collection] | None = None
    wide: float = 1.0

    def write(self, value: object) -> str:
        return f"{value:g}" if isinstance(value, float) else str(value)

    def read(self, text: str) -> object:
        for option in self.options:
            if self.write(option) == text:
                return option
        known = ", ".join(map(self.write, self.options))
        raise ExplorerError(
            f"“{text[:40]}” is none of {known if len(known) < 200 else f'the {len(self.options)} known'}"
        )

    def check(self, value: object) -> None:
        if not (isinstance(value, str | int | float | bool) and value in self.options):
            known = ", ".join(map(str, self.options))
            raise ExplorerError(_beyond(self, str(value)[:40], f"one of {known}"))


@dataclass(frozen=True)
class SomeOf:
    """Some of `options`, each once, `least` to `most` of them, in the order in which they were chosen.

    joined: the value is no tuple but one text, with this sign between the options and `none` for no option at all.
    """

    label: str
    options: Collection
    most: int
    least: int = 0
    title: Callable[[Any], str] = str
    help: str = ""
    joined: str = ""
    none: str = ""
    wide: float = 5.0

    def write(self, value: tuple | str) -> str:
        return value if self.joined else ".".join(map(str, value))

    def read(self, text: str) -> tuple | str:
        one = OneOf("", self.options)
        found = tuple(one.read(part) for part in text.split(self.joined or ".") if part and part != self.none)
        value = self.join(found)
        self.check(value)
        return value

    def check(self, value: tuple | str) -> None:
        chosen = self.split(value)
        if len(set(chosen)) != len(chosen) or not self.least <= len(chosen) <= self.most:
            raise ExplorerError(_beyond(self, str(value)[:80], f"{self.least} to {self.most}, each once"))
        for part in chosen:
            if part not in self.options:
                raise ExplorerError(_beyond(self, str(part)[:40], f"of {', '.join(map(str, self.options))}"))

    def split(self, value: tuple | str) -> tuple:
        """The options that a value names."""
        if not self.joined:
            return value
        return tuple(part for part in (part.strip() for part in value.split(self.joined)) if part != self.none)

    def join(self, chosen: tuple) -> tuple | str:
        """The value that names these options."""
        return (self.joined.join(chosen) or self.none) if self.joined else tuple(chosen)


@dataclass(frozen=True)
class Switch:
    """True or False."""

    label: str
    help: str = ""
    wide: float = 1.0

    def write(self, value: bool) -> str:
        return str(value)

    def read(self, text: str) -> bool:
        if text not in ("True", "False"):
            raise ExplorerError(f"“{text[:20]}” is neither True nor False")
        return text == "True"

    def check(self, value: bool) -> None:
        """Both are possible."""


@dataclass(frozen=True)
class Numbers:
    """A grid of numbers as nested tuples: `axes` 1 a row, 2 a Matrix, 3 a Volume, 4 Kernels.

    Its cells are edited where they are drawn; asked are its sizes. sizes: a box's label for each size that can be changed,
    by its axis (0 is the outermost); with none given they are rows and columns. fill: of new cells.
    """

    label: str
    axes: int = 2
    sizes: Mapping[int, str] | None = None
    fill: float = 0.0
    help: str = ""

    def write(self, value: tuple) -> str:
        return write_numbers(np.array(value))

    def read(self, text: str) -> tuple:
        return as_plain(read_numbers(text, self.axes))

    def check(self, value: tuple) -> None:
        grid = np.array(value)
        if grid.ndim != self.axes or not 0 < grid.size <= MOST_CELLS or not np.isfinite(grid).all():
            raise ExplorerError(
                f"{self.label or 'The grid'} has the shape {grid.shape}: give up to {MOST_CELLS} numbers."
            )

    def asked(self) -> Mapping[int, str]:
        """The sizes that are asked: axis → its label."""
        if self.sizes is not None:
            return self.sizes
        return {self.axes - 2: f"{self.label} rows", self.axes - 1: f"{self.label} columns"} if self.label else {}


@dataclass(frozen=True)
class Word:
    """A name that only looking tells whether there is such a thing (a layer, a run): here its characters are checked.

    It is not asked: the page offers what there is. many: a tuple of up to so many names, each once; 0 is a single one.
    """

    what: str
    pattern: str = r"[\w.-]{1,200}"
    many: int = 0
    help: str = ""
    label: str = field(default="", init=False)

    def write(self, value: str | tuple[str, ...]) -> str:
        return "~".join(value) if self.many else value

    def read(self, text: str) -> str | tuple[str, ...]:
        value = tuple(part for part in text.split("~") if part) if self.many else text
        self.check(value)
        return value

    def check(self, value: str | tuple[str, ...]) -> None:
        names = value if self.many else (value,)
        if self.many and (len(names) > self.many or len(set(names)) < len(names)):
            raise ExplorerError(f"give up to {self.many} {self.what}s, each once")
        for name in names:
            if name and not re.fullmatch(self.pattern, name):
                raise ExplorerError(f"“{name[:20]}” is no {self.what}")


def _beyond(kind: Kind, value: object, wanted: str) -> str:
    said = str(value) if isinstance(value, str) else "none" if value is None else written(value, 12)
    return f"{kind.label or 'This'} is {said}: choose {wanted}."
