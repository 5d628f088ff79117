"""The settings of an exhibit, asked on the screen. Knows rows of widgets; the record tells everything else."""

import dataclasses
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

import streamlit as st

from explorer.errors import ExplorerError
from explorer.settings.fields import Kind
from explorer.settings.record import kinds_of
from explorer.ui import widgets

S = TypeVar("S")
IN_A_ROW = 6  # ordinary columns of a wide page
STAYS = "The last valid picture stays."


def ask(
    settings: S,
    names: Sequence[str],
    key: str,
    fit: Callable[[S, S], S] = lambda settings, before: settings,
    room: int = IN_A_ROW,
) -> tuple[S, bool]:
    """Draw the widgets of those fields, in rows of `room` ordinary columns.

    key: stands before the widgets' own keys; another one makes them take `settings` over anew. What a widget cannot make of
    its value is said in one sentence, and that setting stays. fit: the settings with what was said so far, and as they were →
    with what follows from it, for the rows below. A kind that depends on the settings before it has `within(settings)`,
    which gives the kind that it is among them.
    Returns the settings, and whether they still are what the widgets say. Raises ExplorerError, once all is drawn, for a
    value that the record itself refuses.
    """
    kinds, drawn, before, refused = kinds_of(type(settings)), {}, settings, None
    for row in _rows([(name, kinds[name]) for name in names], room):
        widths = [widgets.wide(kind) for _, kind in row for _ in range(widgets.boxes(kind))]
        columns = st.columns([*widths, *_rest(widths, room)], vertical_alignment="bottom")
        said = {}
        for name, kind in row:
            mine, columns = columns[: widgets.boxes(kind)], columns[widgets.boxes(kind) :]
            try:
                kind = kind.within(dataclasses.replace(settings, **said)) if hasattr(kind, "within") else kind
                said[name] = widgets.ask(kind, mine, getattr(settings, name), f"{key} {name}")
            except ExplorerError as error:
                st.error(f"{error} {STAYS}")
        try:
            settings, drawn = dataclasses.replace(settings, **said), {**drawn, **said}
        except ExplorerError as error:  # by the record itself: the rows below are asked all the same
            refused = refused or error
        with suppress(ExplorerError):  # told where it is made
            settings = fit(settings, before)
    if refused:
        raise refused
    return settings, all(getattr(settings, name) == value for name, value in drawn.items())


def _rows(fields: list[tuple[str, Kind]], room: float) -> list[list[tuple[str, Kind]]]:
    rows, left = [], 0.0
    for name, kind in fields:
        width = widgets.wide(kind) * widgets.boxes(kind)
        if not rows or width > left:
            rows.append([])
            left = room
        rows[-1].append((name, kind))
        left -= width
    return rows


def _rest(widths: list[float], room: float) -> list[float]:
    """An empty column after a short row, so that its boxes are as wide as the others'."""
    rest = room - sum(widths)
    return [rest] if rest > 0 else []
