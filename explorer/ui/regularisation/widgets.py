"""What the Regularisation page asks with: number boxes and tables that can be typed into. Knows widgets; not what for."""

import streamlit as st

from explorer.ui.address import Matrix
from explorer.ui.exhibits import place
from explorer.ui.regularisation.exhibits import PAGE

QUIET = {"displayModeBar": False}
ROW = 35  # pixels of a table's row


def key(name: str) -> str:
    """A widget's key; it changes whenever settings are loaded anew, so that the widget takes them over."""
    return f"{PAGE} {name} {place(PAGE).token}"


def number(column, label: str, value: float, **options: object) -> float:
    """A number box without bounds: what is impossible is answered in one sentence by the computation."""
    plain = {"format": "%g" if isinstance(value, float) else None}  # as typed, not cut to two decimals
    return column.number_input(label, value=value, key=key(label), **(plain | options))


def unit_names(count: int) -> list[str]:
    """unit 0, unit 1, …"""
    return [f"unit {i}" for i in range(count)]


def numbers_table(name: str, values: Matrix, columns: list[str]) -> Matrix:
    """A table (rows, columns) to type into. Returns its numbers; a cell that was emptied keeps its number."""
    base = st.session_state.setdefault(f"{key(name)} base", values)  # the editor counts its changes from here
    edited = st.data_editor(
        {title: [row[i] for row in base] for i, title in enumerate(columns)},
        column_config={title: st.column_config.NumberColumn(title, format="%g") for title in columns},
        key=key(name),
        num_rows="fixed",
        hide_index=False,
        width="stretch",
        height=ROW * (len(base) + 1) + 3,
    )
    return tuple(
        tuple(float(kept if _empty(cell) else cell) for kept, cell in zip(row, cells, strict=True))
        for row, cells in zip(base, zip(*(edited[title] for title in columns), strict=True), strict=True)
    )


def _empty(cell: float | None) -> bool:
    return cell is None or cell != cell  # NaN is the one number that differs from itself
