"""The settings of an exhibit, asked on the screen. Knows rows of widgets; the record tells everything else."""

import dataclasses
from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

from explorer.errors import ExplorerError
from explorer.settings.fields import Kind
from explorer.settings.record import check, kinds_of, labelled, read, write  # noqa: F401
from explorer.ui import widgets

S = TypeVar("S")
IN_A_ROW = 6  # ordinary columns of a wide page
STAYS = "The last valid picture stays."


def ask(settings: S, names: Sequence[str], key: str) -> S:
    """Draw the widgets of those fields, in rows as wide as the page; returns what they say.

    key: stands before the widgets' own keys; another one makes them take `settings` over anew. What a widget cannot make of
    its value is said in one sentence, and that setting stays.
    """
    kinds = kinds_of(type(settings))
    said = {}
    for row in _rows([(name, kinds[name]) for name in names]):
        widths = [widgets.wide(kind) for _, kind in row for _ in range(widgets.boxes(kind))]
        columns = st.columns([*widths, *_rest(widths)], vertical_alignment="bottom")
        for name, kind in row:
            mine, columns = columns[: widgets.boxes(kind)], columns[widgets.boxes(kind) :]
            try:
                said[name] = widgets.ask(kind, mine, getattr(settings, name), f"{key} {name}")
            except ExplorerError as error:
                st.error(f"{error} {STAYS}")
    return dataclasses.replace(settings, **said)


def _rows(fields: list[tuple[str, Kind]]) -> list[list[tuple[str, Kind]]]:
    rows, room = [], 0.0
    for name, kind in fields:
        width = widgets.wide(kind) * widgets.boxes(kind)
        if not rows or width > room:
            rows.append([])
            room = IN_A_ROW
        rows[-1].append((name, kind))
        room -= width
    return rows


def _rest(widths: list[float]) -> list[float]:
    """An empty column after a short row, so that its boxes are as wide as the others'."""
    rest = IN_A_ROW - sum(widths)
    return [rest] if rest > 0 else []
