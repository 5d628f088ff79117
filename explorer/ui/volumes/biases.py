"""A bias for each map, or none: a kind of setting. Knows its text, its boxes and what it may be."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from explorer.errors import ExplorerError
from explorer.settings.written import MOST_CELLS, as_plain, read_numbers, write_numbers
from explorer.ui.widgets import Columns
from explorer.words import counted

IN_A_LINE = 5


@dataclass(frozen=True)
class Biases:
    """A tuple of numbers; None: the layer has none. maps: how many are asked for when it gets some."""

    maps: int = 1
    label: str = field(default="Biases", init=False)
    boxes: int = field(default=1, init=False)
    wide: float = field(default=4.0, init=False)

    def write(self, value: tuple[float, ...] | None) -> str:
        return "none" if value is None else write_numbers(np.array(value))

    def read(self, text: str) -> tuple[float, ...] | None:
        return None if text == "none" else as_plain(read_numbers(text, 1))

    def check(self, value: tuple[float, ...] | None) -> None:
        if value is not None and not (0 < len(value) <= MOST_CELLS and np.isfinite(value).all()):
            raise ExplorerError(f"{counted(len(value), 'bias')} cannot be: give a number for each map.")

    def within(self, settings: Any) -> "Biases":
        return replace(self, maps=len(settings.kernel))

    def ask(self, columns: Columns, value: tuple[float, ...] | None, key: str) -> tuple[float, ...] | None:
        cells = columns[0].columns(IN_A_LINE, vertical_alignment="bottom")
        if not cells[0].toggle(self.label, value is not None, key=key):
            return None
        return tuple(
            cells[1 + i % (IN_A_LINE - 1)].number_input(f"Bias of map {i}", value=one, step=1.0, key=f"{key} {i}")
            for i, one in enumerate(value or (0.0,) * self.maps)
        )

    def drawn(self, st: Any) -> Any:
        """Any value, drawn by Hypothesis."""
        return st.none() | st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=5).map(tuple)
