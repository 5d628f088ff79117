"""A unit above a stack of layers, and the cone of units below that it sees: what F1, F2, C10 and C14 are about.

Knows settings, numbers and the screen; no exhibit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import streamlit as st

from explorer.figures.receptive import ensure_drawable, receptive_figure, stage_text
from explorer.layers.receptive import Sliding, Stack, field_formula, stack
from explorer.settings.fields import Whole
from explorer.typed import pair
from explorer.ui.exhibit import Exhibit
from explorer.ui.receptive_field.layers import Layer, Layers
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, side_by_side
from explorer.ui.stand import Stand

_HELP = "Click a unit in the drawing, or type its level (0 is the input) and its number."
MOST = 10**9
TABLE = 340  # pixels across


@dataclass(frozen=True)
class Layered:
    """layers: from the input upwards. input: its units. level, unit: whose cone is drawn; None is the top level, its
    middle unit."""

    layers: Annotated[tuple[Layer, ...], Layers()]
    input: Annotated[int, Whole("Input units", 1, MOST)] = 16
    level: Annotated[int | None, Whole("", 0, MOST, optional=True)] = None
    unit: Annotated[int | None, Whole("", 0, MOST, optional=True)] = None

    @property
    def stack(self) -> Stack:
        """The layers on the input; raises ExplorerError where they do not fit."""
        return stack([Sliding(*layer) for layer in self.layers], self.input)


@dataclass(frozen=True)
class Cone:
    """A unit of a stack that can be drawn."""

    on: Stack
    level: int
    unit: int


def make(settings: Layered) -> Cone:
    """The chosen unit's cone. Raises ExplorerError where the layers do not fit, or there is no such unit."""
    on = settings.stack
    ensure_drawable(on)
    level = len(on.stages) if settings.level is None else settings.level
    middle = (on.sizes[level] - 1) // 2 if 0 <= level < len(on.sizes) else 0
    unit = middle if settings.unit is None else settings.unit
    on.cone(level, unit)
    return Cone(on, level, unit)


def show(cone: Cone, stand: Stand) -> None:
    """The formula with the numbers and the drawing to click; beside them the unit as numbers and the table."""
    row = side_by_side(stand)
    with row.container(height="stretch"):
        draw(cone, stand)
    with row.container(width=TABLE):
        tell(cone, stand)


def draw(cone: Cone, stand: Stand) -> None:
    """The formula, and the drawing as high as its place."""

    def take(told: object) -> None:  # what the browser sends is checked when it is drawn
        if found := pair(told):
            stand.change(level=found[0], unit=found[1])

    if stand.revealed:
        _say_field(cone)
    else:
        st.markdown(f"**Follow the lines down** from layer {cone.level}, unit {cone.unit}. Click any other unit.")
    figure = receptive_figure(cone.on, cone.level, cone.unit, dark=is_dark())
    chart(stand, figure, f"cone {stand.token}", clicked=take, height="stretch")


def tell(cone: Cone, stand: Stand) -> None:
    """The unit as numbers to type, and the levels as a table once that tells no answer."""
    _ask_unit(cone, stand)
    if stand.revealed:
        st.table(_table(cone.on), hide_index=True)


def show_with(more: Callable[[Cone, Stand], None]) -> Callable[[Cone, Stand], None]:
    """The same, and beneath it what belongs to one exhibit alone."""

    def both(cone: Cone, stand: Stand) -> None:
        show(cone, stand)
        more(cone, stand)

    return both


def field_size(cone: Cone) -> int:
    """How many inputs a unit of the last level sees."""
    return cone.on.fields[-1].size


def exhibit(identity: str, title: str, question: str, answer: str, opening: Layered, **more: object) -> Exhibit:
    """An exhibit with these settings, this computation and, unless `more` says otherwise, this stage."""
    told = {"make": make, "show": show} | more
    unit = ("level", "unit")
    return Exhibit(
        identity, title, question, answer, opening, forgets={"layers": unit, "input": unit, "level": ("unit",)}, **told
    )


def _say_field(cone: Cone) -> None:
    on, level, unit = cone.on, cone.level, cone.unit
    lowest = on.intervals(level, unit)[-1]
    sees = f"inputs {lowest.first} to {lowest.last}" if lowest.count else "no input"
    gaps = f", {lowest.count:,} of them: the others lie in gaps" if lowest.has_gaps else ""
    cut = f"; {'the rest' if lowest.count else 'all'} of its field is padding" if lowest.clipped else ""
    where = f"layer {level}, unit {unit}" if level else f"input {unit}"
    st.markdown(
        f"**Receptive field of {where}:** {field_formula(on.stages[:level])} inputs  \n"
        f"It sees {sees}{gaps}{cut}. Each layer adds (window − 1) · jump."
        if level
        else f"**Input {unit}** sees only itself: the receptive field is 1."
    )


def _table(on: Stack) -> list[dict[str, object]]:
    names = ["input", *(stage_text(stage) for stage in on.stages)]
    rows = zip(names, on.sizes, on.fields, strict=True)
    return [
        {"level": f"{i} {name}", "units": size, "field": field.size, "jump": field.jump, "start": field.start}
        for i, (name, size, field) in enumerate(rows)
    ]


def _ask_unit(cone: Cone, stand: Stand) -> None:
    """The chosen unit as numbers. Their keys name what is drawn, so that a click on another unit renews them."""
    drawn = f"{cone.level} {cone.unit} {stand.token}"
    for column, name, kept in zip(st.columns(2), ("level", "unit"), ({}, {"level": cone.level}), strict=True):
        key = stand.key(f"{name} of {drawn}")

        def take(name: str = name, kept: dict = kept, key: str = key) -> None:
            stand.change(**kept, **{name: st.session_state[key]})

        column.number_input(name.capitalize(), value=getattr(cone, name), step=1, key=key, on_change=take, help=_HELP)
