"""Kinds of settings. Each tells one setting's label, its text in an address, what it may be and its widget; not what for.

A kind stands in the annotation of a settings record's field: `stride: Annotated[int, Whole("Stride", 1, 64)] = 1`. All
kinds answer to the same four calls: `write(value)` → text, `read(text)` → value and `check(value)` raise ExplorerError
for what cannot be, and `ask(columns, value, key)` draws `boxes` widgets into as many columns and returns what they say.
A kind without a label is not asked: something on the page itself sets it (a click, a button, the picture that is chosen).
"""

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from streamlit.delta_generator import DeltaGenerator

from explorer.errors import ExplorerError
from explorer.layers.grids import resized_volume
from explorer.ui.address import MOST_CELLS, as_plain, read_numbers, write_numbers

LARGEST = 1e9  # of a number that may be typed
Columns = Sequence[DeltaGenerator]


class Kind(Protocol):
    """What every kind answers to. wide: how many times an ordinary column its widget takes."""

    label: str
    boxes: int
    wide: float

    def write(self, value: Any) -> str: ...
    def read(self, text: str) -> Any: ...
    def check(self, value: Any) -> None: ...
    def ask(self, columns: Columns, value: Any, key: str) -> Any: ...


@dataclass(frozen=True)
class Whole:
    """A whole number from `low` to `high`. slider: asked by one; else by a box without bounds, answered in a sentence."""

    label: str
    low: int
    high: int
    help: str = ""
    slider: bool = False
    boxes: int = 1

    @property
    def wide(self) -> float:
        return 3.0 if self.slider else 1.0

    def write(self, value: int) -> str:
        return str(value)

    def read(self, text: str) -> int:
        if not (re.fullmatch(r"-?[0-9]{1,15}", text) and self.low <= int(text) <= self.high):
            raise ExplorerError(f"“{text[:20]}” is no whole number from {self.low} to {self.high}")
        return int(text)

    def check(self, value: int) -> None:
        if not self.low <= value <= self.high:
            raise ExplorerError(_beyond(self.label, value, f"a whole number from {self.low:,} to {self.high:,}"))

    def ask(self, columns: Columns, value: int, key: str) -> int:
        if self.slider:
            return columns[0].slider(self.label, self.low, self.high, value, key=key, help=self.help or None)
        return columns[0].number_input(self.label, value=value, step=1, key=key, help=self.help or None)


@dataclass(frozen=True)
class Real:
    """A finite number from `low` to `high`. step: of the box's arrows, or of the slider; optional: the box may be empty."""

    label: str
    low: float = -LARGEST
    high: float = LARGEST
    help: str = ""
    step: float | None = None
    slider: bool = False
    optional: bool = False
    boxes: int = 1

    @property
    def wide(self) -> float:
        return 3.0 if self.slider else 1.0

    def write(self, value: float | None) -> str:
        return "None" if value is None else f"{value:.6g}"

    def read(self, text: str) -> float | None:
        if self.optional and text == "None":
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not self.low <= value <= self.high:  # neither is NaN
            raise ExplorerError(f"“{text[:20]}” is no number" + ("" if self._any() else f" {self._span()}"))
        return value

    def check(self, value: float | None) -> None:
        if not (value is None and self.optional) and not self.low <= value <= self.high:
            raise ExplorerError(_beyond(self.label, value, f"a number {self._span()}"))

    def ask(self, columns: Columns, value: float | None, key: str) -> float | None:
        if self.slider:
            return columns[0].slider(
                self.label, self.low, self.high, float(value), self.step, key=key, help=self.help or None
            )
        return columns[0].number_input(
            self.label,
            value=None if value is None else float(value),
            step=self.step,
            format="%g",  # as typed, not cut to two decimals
            placeholder="none" if self.optional else None,
            key=key,
            help=self.help or None,
        )

    def _any(self) -> bool:
        return (self.low, self.high) == (-LARGEST, LARGEST)

    def _span(self) -> str:
        return f"from {self.low:g} to {self.high:g}".replace("-", "−")


@dataclass(frozen=True)
class Choice:
    """One of `options`, a collection that may still grow. title: of an option on the screen; few: all of them side by side;
    slider: numbers in their order.
    """

    label: str
    options: Collection
    title: Callable[[Any], str] = str
    help: str = ""
    few: bool = False
    slider: bool = False
    wide: float = 1.0
    boxes: int = 1

    def write(self, value: object) -> str:
        return f"{value:g}" if isinstance(value, float) else str(value)

    def read(self, text: str) -> object:
        for option in self.options:
            if self.write(option) == text:
                return option
        known = ", ".join(map(self.write, self.options))
        raise ExplorerError(f"“{text[:20]}” is none of {known if len(known) < 200 else f'{len(self.options)} known'}")

    def check(self, value: object) -> None:
        if value not in self.options:
            self.read(str(value))

    def ask(self, columns: Columns, value: object, key: str) -> object:
        options = list(self.options)
        if self.slider:
            return columns[0].select_slider(
                self.label, options, value, format_func=self.title, key=key, help=self.help or None
            )
        if self.few:
            return columns[0].segmented_control(
                self.label,
                options,
                default=value,
                format_func=self.title,
                key=key,
                required=True,
                help=self.help or None,
            )
        return columns[0].selectbox(
            self.label, options, options.index(value), self.title, key=key, help=self.help or None
        )


@dataclass(frozen=True)
class Several:
    """Some of `options`, each once, `least` to `most` of them, in the order in which they were chosen."""

    label: str
    options: Collection
    most: int
    least: int = 0
    title: Callable[[Any], str] = str
    help: str = ""
    wide: float = 5.0
    boxes: int = 1

    def write(self, value: tuple) -> str:
        return ".".join(map(str, value))

    def read(self, text: str) -> tuple:
        found = tuple(Choice("", self.options).read(part) for part in text.split(".") if part)
        self.check(found)
        return found

    def check(self, value: tuple) -> None:
        if len(set(value)) != len(value) or not self.least <= len(value) <= self.most:
            raise ExplorerError(f"{self.label or 'Here'}: choose {self.least} to {self.most}, each once.")

    def ask(self, columns: Columns, value: tuple, key: str) -> tuple:
        chosen = columns[0].pills(
            self.label,
            list(self.options),
            default=list(value),
            format_func=self.title,
            selection_mode="multi",
            key=key,
            help=self.help or None,
        )
        return tuple(chosen)


@dataclass(frozen=True)
class Switch:
    """True or False."""

    label: str
    help: str = ""
    wide: float = 1.0
    boxes: int = 1

    def write(self, value: bool) -> str:
        return str(value)

    def read(self, text: str) -> bool:
        if text not in ("True", "False"):
            raise ExplorerError(f"“{text[:20]}” is neither True nor False")
        return text == "True"

    def check(self, value: bool) -> None:
        """Both are possible."""

    def ask(self, columns: Columns, value: bool, key: str) -> bool:
        return columns[0].toggle(self.label, value, key=key, help=self.help or None)


@dataclass(frozen=True)
class Numbers:
    """A grid of numbers as nested tuples: `axes` 1 a row, 2 a Matrix, 3 a Volume, 4 Kernels.

    Its cells are edited where they are drawn; asked are its sizes. sizes: a box's label for each size that can be changed,
    by its axis (0 is the outermost); with `axes` 2 and no sizes given they are rows and columns.
    """

    label: str
    axes: int = 2
    sizes: Mapping[int, str] | None = None
    wide: float = 1.0

    @property
    def boxes(self) -> int:
        return len(self._sizes())

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

    def ask(self, columns: Columns, value: tuple, key: str) -> tuple:
        shape = list(np.shape(value))
        for column, (axis, label) in zip(columns, self._sizes().items(), strict=True):
            shape[axis] = column.number_input(label, value=shape[axis], step=1, key=f"{key} {axis}")
        if tuple(shape) == np.shape(value):
            return value
        volume = np.array(value, np.float64).reshape((1,) * (3 - self.axes) + np.shape(value))
        new = resized_volume(volume, (1,) * (3 - self.axes) + tuple(shape), self.label)
        return as_plain(new.reshape(shape))

    def _sizes(self) -> Mapping[int, str]:
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
    label: str = field(default="", init=False)
    boxes: int = field(default=0, init=False)
    wide: float = field(default=0.0, init=False)

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

    def ask(self, columns: Columns, value: object, key: str) -> object:
        return value


def _beyond(label: str, value: object, wanted: str) -> str:
    shown = f"{value:,.6g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
    return f"{label or 'This'} is {shown}: choose {wanted}.".replace("-", "−")
