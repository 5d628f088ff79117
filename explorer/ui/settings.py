"""An exhibit's settings, told once: from a frozen record's annotated fields come address, check and widgets.

Knows records whose fields carry a kind of `ui/fields.py`; not what the settings are for.
"""

import dataclasses
import typing
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import TypeVar

import streamlit as st

from explorer.errors import ExplorerError
from explorer.ui.fields import Kind

S = TypeVar("S")
IN_A_ROW = 6  # ordinary columns of a wide page
STAYS = "The last valid picture stays."


@cache
def kinds_of(record: type) -> Mapping[str, Kind]:
    """Field name → its kind, in the record's order. Raises TypeError for a field that tells none."""
    hints = typing.get_type_hints(record, include_extras=True)
    found = {}
    for field in dataclasses.fields(record):
        told = getattr(hints[field.name], "__metadata__", ())
        if not told:
            raise TypeError(f"{record.__name__}.{field.name} does not tell its kind")
        found[field.name] = told[0]
    return MappingProxyType(found)


def write(settings: object, opening: object) -> dict[str, str]:
    """The address's part for each setting that is not as `opening` has it."""
    return {
        name: kind.write(getattr(settings, name))
        for name, kind in kinds_of(type(settings)).items()
        if getattr(settings, name) != getattr(opening, name)
    }


def read(parts: Mapping[str, str], opening: S) -> tuple[S, list[str]]:
    """`opening` with what the address's parts say, and a problem for each part that could not be read."""
    kinds, changes, problems = kinds_of(type(opening)), {}, []
    for name, text in parts.items():
        try:
            if name not in kinds:
                raise ExplorerError("there is no such setting here")
            changes[name] = kinds[name].read(text)
        except ExplorerError as error:
            problems.append(f"{name[:20]}: {error}")
    return dataclasses.replace(opening, **changes), problems


def check(settings: object, *, only: Collection[str] | None = None, but: Collection[str] = ()) -> None:
    """Raises ExplorerError, with value and remedy, for the first setting that cannot be. only, but: of some of them."""
    for name, kind in kinds_of(type(settings)).items():
        if (only is None or name in only) and name not in but:
            kind.check(getattr(settings, name))


def labelled(record: type) -> tuple[str, ...]:
    """The fields that are asked, in the record's order."""
    return tuple(name for name, kind in kinds_of(record).items() if kind.label)


def ask(settings: S, names: Sequence[str], key: str, room: int = IN_A_ROW) -> S:
    """Draw the widgets of those fields, in rows; returns what they say.

    key: stands before the widgets' own keys; another one makes them take `settings` over anew. room: ordinary columns of a
    row. What a widget cannot make of its value is said in one sentence, and that setting stays.
    """
    kinds = kinds_of(type(settings))
    said = {}
    for row in _rows([(name, kinds[name]) for name in names], room):
        widths = [kind.wide for _, kind in row for _ in range(kind.boxes)]
        columns = st.columns([*widths, *_rest(widths, room)], vertical_alignment="bottom")
        for name, kind in row:
            mine, columns = columns[: kind.boxes], columns[kind.boxes :]
            try:
                said[name] = kind.ask(mine, getattr(settings, name), f"{key} {name}")
            except ExplorerError as error:
                st.error(f"{error} {STAYS}")
    return dataclasses.replace(settings, **said)


def _rows(fields: list[tuple[str, Kind]], room: float) -> list[list[tuple[str, Kind]]]:
    rows, left = [], 0.0
    for name, kind in fields:
        width = kind.wide * kind.boxes
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
