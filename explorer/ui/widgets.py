"""Each kind of setting as a widget. Knows labels, bounds and Streamlit; not what is set.

A kind that one page tells by itself brings its own `ask(columns, value, key)`, `boxes` and `wide`.
"""

from collections.abc import Sequence
from functools import singledispatch
from typing import Any

import numpy as np
from streamlit.delta_generator import DeltaGenerator

from explorer.layers.grids import resized_volume
from explorer.settings.fields import Kind, Numbers, OneOf, Real, SomeOf, Switch, Whole, Word
from explorer.settings.written import as_plain

Columns = Sequence[DeltaGenerator]
SLIDER = 3.0  # ordinary columns


def boxes(kind: Kind) -> int:
    """So many columns its widgets take."""
    if hasattr(kind, "boxes"):
        return kind.boxes
    return len(kind.asked()) if isinstance(kind, Numbers) else 0 if isinstance(kind, Word) else 1


def wide(kind: Kind) -> float:
    """How many times an ordinary column each of them takes."""
    return SLIDER if getattr(kind, "slider", False) else getattr(kind, "wide", 1.0)


def ask(kind: Kind, columns: Columns, value: Any, key: str) -> Any:
    """Draw the kind's widgets into the columns, one each; returns what they say, which may yet be impossible.

    A box has no bounds: what cannot be is answered in a sentence. Raises ExplorerError where the widget's own answer cannot
    be made into a value.
    """
    own = getattr(kind, "ask", None)
    return own(columns, value, key) if own else _ask(kind, columns, value, key)


@singledispatch
def _ask(kind: Any, columns: Columns, value: Any, key: str) -> Any:
    raise TypeError(f"{type(kind).__name__} is a kind that nobody can ask")


@_ask.register
def _(kind: Whole, columns: Columns, value: int | None, key: str) -> int | None:
    if kind.slider:
        return columns[0].slider(kind.label, kind.low, kind.high, value, kind.step, key=key, help=kind.help or None)
    empty = kind.placeholder if kind.optional else None
    return columns[0].number_input(
        kind.label, value=value, step=kind.step, key=key, help=kind.help or None, placeholder=empty
    )


@_ask.register
def _(kind: Real, columns: Columns, value: float | None, key: str) -> float | None:
    if kind.slider:
        return columns[0].slider(
            kind.label, float(kind.low), float(kind.high), float(value), kind.step, key=key, help=kind.help or None
        )
    scale = 100 if kind.percent else 1
    said = columns[0].number_input(
        kind.label,
        value=None if value is None else float(value) * scale,
        step=kind.step,
        format="%g",  # as typed, not cut to two decimals
        placeholder="none" if kind.optional else None,
        key=key,
        help=kind.help or None,
    )
    return None if said is None else said / scale


@_ask.register
def _(kind: OneOf, columns: Columns, value: object, key: str) -> object:
    options = list(kind.offered() if kind.offered else kind.options)
    value = value if value in options else options[0]
    how = {"format_func": kind.title, "key": key, "help": kind.help or None}
    if kind.slider:
        return columns[0].select_slider(kind.label, options, value, **how)
    if kind.few:
        return columns[0].segmented_control(kind.label, options, default=value, required=True, **how)
    return columns[0].selectbox(kind.label, options, options.index(value), **how)


@_ask.register
def _(kind: SomeOf, columns: Columns, value: tuple | str, key: str) -> tuple | str:
    options = [option for option in kind.options if option != kind.none]
    how = {"default": list(kind.split(value)), "format_func": kind.title, "key": key, "help": kind.help or None}
    if kind.joined:
        chosen = columns[0].multiselect(kind.label, options, placeholder=kind.none, **how)
    else:
        chosen = columns[0].pills(kind.label, options, selection_mode="multi", **how)
    return kind.join(tuple(chosen))


@_ask.register
def _(kind: Switch, columns: Columns, value: bool, key: str) -> bool:
    return columns[0].toggle(kind.label, value, key=key, help=kind.help or None)


@_ask.register
def _(kind: Numbers, columns: Columns, value: tuple, key: str) -> tuple:
    shape = list(np.shape(value))
    for column, (axis, label) in zip(columns, kind.asked().items(), strict=True):
        shape[axis] = column.number_input(label, value=shape[axis], step=1, key=f"{key} {axis}")
    if tuple(shape) == np.shape(value):
        return value
    outer = (1,) * (3 - kind.axes)
    volume = np.array(value, np.float64).reshape(outer + np.shape(value))
    return as_plain(resized_volume(volume, outer + tuple(shape), kind.label, kind.fill).reshape(shape))


@_ask.register
def _(kind: Word, columns: Columns, value: object, key: str) -> object:
    return value
