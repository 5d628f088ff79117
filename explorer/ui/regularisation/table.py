"""A kind of setting of this page: a table of numbers to type into. Knows one widget; not what the numbers are."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.layers.grids import resized
from explorer.settings.fields import Numbers, Whole
from explorer.settings.written import Matrix, as_matrix
from explorer.ui.widgets import Columns, ask
from explorer.words import counted

ROW = 35  # pixels of a table's row


def unit_names(count: int) -> list[str]:
    """unit 0, unit 1, …"""
    return [f"unit {i}" for i in range(count)]


@dataclass(frozen=True)
class Table(Numbers):
    """A Matrix whose cells are typed, with boxes for its sizes beneath.

    counts: (rows, columns) of what is shown, each asked; None cannot be changed. titles: number of columns → their heads.
    upright: one row of numbers is shown as a column. fill: what new cells are.
    """

    counts: tuple[Whole | None, Whole | None] = (None, None)
    titles: Callable[[int], list[str]] = unit_names
    upright: bool = False
    fill: float = 0.0
    wide: float = 2.0

    @property
    def boxes(self) -> int:
        return 1

    def read(self, text: str) -> Matrix:
        value = super().read(text)
        self.check(value)
        return value

    def check(self, value: Matrix) -> None:
        super().check(value)
        if self.upright and len(value) != 1:
            raise ExplorerError(f"These are {counted(len(value), 'row')} of numbers: give a single one.")
        for count, size in zip(self.counts, np.shape(self._turned(value)), strict=True):
            if count:
                count.check(size)

    def ask(self, columns: Columns, value: Matrix, key: str) -> Matrix:
        columns[0].markdown(self.label)
        there = columns[0].container()  # the table, drawn with the size that is asked beneath it
        shown, problem = self._turned(value), None
        counts = [(axis, count) for axis, count in enumerate(self.counts) if count]
        sizes = list(np.shape(shown))
        for column, (axis, count) in zip(columns[0].columns(len(counts)), counts, strict=True):
            sizes[axis] = ask(count, [column], sizes[axis], f"{key} {count.label}")
        try:
            for axis, count in counts:
                count.check(sizes[axis])
        except ExplorerError as error:
            sizes, problem = list(np.shape(shown)), error
        base = f"{key} {sizes[0]}×{sizes[1]}"
        if tuple(sizes) != np.shape(shown):
            shown = as_matrix(resized(shown, tuple(sizes), fill=self.fill))
            st.session_state[f"{base} base"] = shown
        typed = self._type(there, st.session_state.setdefault(f"{base} base", shown), base)
        if problem:
            raise problem
        return self._turned(typed)

    def _type(self, there: st.delta_generator.DeltaGenerator, base: Matrix, key: str) -> Matrix:
        """The table. Returns its numbers; a cell that was emptied keeps its number. base: the editor counts changes from it."""
        titles = self.titles(len(base[0]))
        edited = there.data_editor(
            {title: [row[i] for row in base] for i, title in enumerate(titles)},
            column_config={title: st.column_config.NumberColumn(title, format="%g") for title in titles},
            key=key,
            num_rows="fixed",
            hide_index=False,
            width="stretch",
            height=ROW * (len(base) + 1) + 3,
        )
        return tuple(
            tuple(float(kept if _empty(cell) else cell) for kept, cell in zip(row, cells, strict=True))
            for row, cells in zip(base, zip(*(edited[title] for title in titles), strict=True), strict=True)
        )

    def _turned(self, value: Matrix) -> Matrix:
        return tuple(zip(*value, strict=True)) if self.upright else value

    def drawn(self, st):
        """Any table that can be asked: a strategy for tests."""
        sizes = [st.integers(count.low, count.high) if count else st.just(1) for count in self.counts]
        shape = sizes[::-1] if self.upright else sizes
        return st.tuples(*shape).flatmap(
            lambda n: st.tuples(*[st.tuples(*[st.integers(-100, 100).map(float)] * n[1])] * n[0])
        )


def _empty(cell: float | None) -> bool:
    return cell is None or cell != cell  # NaN is the one number that differs from itself
