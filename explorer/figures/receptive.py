"""Levels of units above each other, and the lines from one unit down to what it sees. Knows Stack records; no networks.

A unit stands above the middle of its receptive field, so that a cone opens evenly to both sides.
"""

import plotly.graph_objects as go

from explorer.errors import ExplorerError
from explorer.figures.dress import INK, TEXT, dress
from explorer.figures.signals import ACCENT
from explorer.layers.receptive import Sliding, Stack
from explorer.words import counted

MOST_UNITS = 64  # of one level: more would be drawn as hairlines
MOST_LAYERS = 10
CELL = {"light": "#c9d3e0", "dark": "#465066"}
EDGE = {"light": "#5b6b80", "dark": "#9aa7bd"}
MOST_NUMBERED = 40  # cells across: more have no room for their number
_WIDE, _TALL = 0.36, 0.25  # half a cell, in input cells and in levels


def ensure_drawable(stack: Stack) -> None:
    """Raise ExplorerError for a stack whose drawing nobody could read."""
    if len(stack.stages) > MOST_LAYERS:
        raise ExplorerError(f"{counted(len(stack.stages), 'layer')} cannot be drawn: choose at most {MOST_LAYERS}.")
    for level, size in enumerate(stack.sizes):
        if size > MOST_UNITS:
            where = f"after layer {level}" if level else "at the input"
            raise ExplorerError(
                f"{counted(size, 'unit')} {where} cannot be drawn: choose sizes that give at most {MOST_UNITS}."
            )


def receptive_figure(stack: Stack, level: int, unit: int, *, dark: bool) -> go.Figure:
    """All levels, the input at the bottom; the cone of (level, unit) in colour. Raises ExplorerError if too large.

    Traces: "lines", "padding", "beside" and "within" the cone, "cells", "chosen". A cell's customdata is (level, unit), for
    clicks. Cells are as large as the drawing lets them be: what is pointed at are marks in their middles, which nobody sees.
    """
    ensure_drawable(stack)
    theme = "dark" if dark else "light"
    cone = stack.cone(level, unit)
    figure, rows = go.Figure(), len(stack.sizes)
    tall = min(_TALL, rows / 16)  # of few levels, which stand far apart, the cells would become towers
    _add_lines(figure, stack, level, unit, ACCENT[theme])
    left, right = _span(stack)
    numbered = right - left + 1 <= MOST_NUMBERED
    _add_padding(figure, stack, tall, EDGE[theme])
    cells = [(at, u, at < len(cone) and u in cone[at]) for at, count in enumerate(stack.sizes) for u in range(count)]
    ends = stack.outermost()
    seen = {at: set(units) for at, units in enumerate(cone)}
    for name, wanted, colour in (("beside", False, CELL[theme]), ("within", True, ACCENT[theme])):
        corners = [(position(stack, at, u), at) for at, u, inside in cells if inside == wanted]
        figure.add_trace(_boxes(corners, tall, name, fill=colour, line=EDGE[theme], width=1))
    figure.add_trace(
        go.Scatter(
            name="cells",
            x=[position(stack, at, u) for at, u, _ in cells],
            y=[at for at, _, _ in cells],
            mode="markers+text" if numbered else "markers",
            text=[str(u) for _, u, _ in cells],
            textfont={"size": TEXT, "color": [_ink(u in seen.get(at, ()), theme) for at, u, _ in cells]},
            customdata=[(at, u) for at, u, _ in cells],
            marker={
                "symbol": "square",
                "size": 20,
                "color": [ACCENT[theme] if inside else CELL[theme] for _, _, inside in cells],
                "opacity": 0,
            },
            hovertemplate=[_told(at, u, ends[at][u]) for at, u, _ in cells],
            selected={"marker": {"opacity": 0}},
            unselected={"marker": {"opacity": 0}},
        )
    )
    figure.add_trace(_boxes([(position(stack, level, unit), level)], tall, "chosen", line=INK[theme], width=4))
    figure.update_xaxes(visible=False, range=[left - 1, right + 1], fixedrange=True)
    figure.update_yaxes(
        range=[-0.45, rows - 0.55],
        tickvals=list(range(rows)),
        ticktext=["input", *(f"{i} {stage_text(stage)}" for i, stage in enumerate(stack.stages, 1))],
        showgrid=False,
        fixedrange=True,
    )
    dress(figure, dark=dark, legend=False)
    return figure.update_layout(hovermode="closest", hoverdistance=40, clickmode="event+select")


def stage_text(stage: Sliding) -> str:
    """A layer in a few signs: conv 3, pool 2, s 2 for a stride of 2, conv 3, d 2 for a dilation of 2."""
    stride = f", s {stage.stride}" if stage.stride > 1 else ""
    holes = f", d {stage.dilation}" if stage.dilation > 1 else ""
    return f"{stage.kind} {stage.kernel}{stride}{holes}"


def position(stack: Stack, level: int, unit: int) -> float:
    """Where a unit stands: above the middle of its field, in input cells."""
    field = stack.fields[level]
    return field.start + unit * field.jump + (field.size - 1) / 2


def _span(stack: Stack) -> tuple[float, float]:
    ends = []
    for level, size in enumerate(stack.sizes):
        margin = stack.stages[level].padding if level < len(stack.stages) else 0
        ends += [position(stack, level, -margin), position(stack, level, size - 1 + margin)]
    return min(ends), max(ends)


def _add_lines(figure: go.Figure, stack: Stack, level: int, unit: int, colour: str) -> None:
    across: list[float | None] = []
    up: list[float | None] = []
    for link in stack.links(level, unit):
        across += [position(stack, link.level, link.upper), position(stack, link.level - 1, link.lower), None]
        up += [link.level, link.level - 1, None]
    figure.add_trace(
        go.Scatter(
            name="lines",
            x=across,
            y=up,
            mode="lines",
            line={"color": colour, "width": 1.5},
            opacity=0.7,
            hoverinfo="skip",
        )
    )


def _boxes(
    places: list[tuple[float, int]], tall: float, name: str, *, line: str, width: int, fill: str = ""
) -> go.Scatter:
    """Cells around those places as one trace, which grows with the drawing."""
    across: list[float | None] = []
    up: list[float | None] = []
    for x, y in places:
        across += [x - _WIDE, x + _WIDE, x + _WIDE, x - _WIDE, x - _WIDE, None]
        up += [y - tall, y - tall, y + tall, y + tall, y - tall, None]
    filled = {"fill": "toself", "fillcolor": fill} if fill else {}
    return go.Scatter(
        name=name, x=across, y=up, mode="lines", line={"color": line, "width": width}, hoverinfo="skip", **filled
    )


def _add_padding(figure: go.Figure, stack: Stack, tall: float, colour: str) -> None:
    """Hollow cells beside a level that the layer above is padded with."""
    places = [
        (position(stack, level, unit), level)
        for level, stage in enumerate(stack.stages)
        for i in range(1, stage.padding + 1)
        for unit in (-i, stack.sizes[level] - 1 + i)
    ]
    figure.add_trace(_boxes(places, tall, "around", line=colour, width=1))
    figure.add_trace(
        go.Scatter(
            name="padding",
            x=[x for x, _ in places],
            y=[y for _, y in places],
            mode="markers",
            marker={"symbol": "circle", "size": 5, "color": colour, "opacity": 0.6},
            hovertemplate="padding: a zero, no input<extra></extra>",
        )
    )


def _ink(inside: bool, theme: str) -> str:
    return ("#ffffff" if theme == "light" else "#000000") if inside else INK[theme]


def _told(level: int, unit: int, ends: tuple[int, int] | None) -> str:
    if level == 0:
        return f"input {unit}<extra></extra>"
    sees = f"inputs {ends[0]} to {ends[1]}" if ends else "no input, only padding"
    return f"layer {level}, unit {unit}<br>sees {sees}<extra></extra>"
