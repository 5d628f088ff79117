"""Levels of units above each other, and the lines from one unit down to what it sees. Knows Stack records; no networks.

A unit stands above the middle of its receptive field, so that a cone opens evenly to both sides.
"""

import plotly.graph_objects as go

from explorer.errors import ExplorerError
from explorer.figures.dress import INK, dress
from explorer.figures.signals import ACCENT
from explorer.layers.receptive import Sliding, Stack
from explorer.words import counted

MOST_UNITS = 64  # of one level: more would be drawn as hairlines
MOST_LAYERS = 10
CELL = {"light": "#c9d3e0", "dark": "#465066"}
EDGE = {"light": "#5b6b80", "dark": "#9aa7bd"}
_WIDTH = 800  # pixels of the drawing, about: sets how large a cell may be


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

    Traces: lines, padding, cells, chosen unit. A cell's customdata is (level, unit), for clicks.
    """
    ensure_drawable(stack)
    theme = "dark" if dark else "light"
    cone = stack.cone(level, unit)
    figure = go.Figure()
    _add_lines(figure, stack, level, unit, ACCENT[theme])
    left, right = _span(stack)
    size = max(7, min(30, round(0.72 * _WIDTH / (right - left + 1))))
    _add_padding(figure, stack, size, EDGE[theme])
    cells = [(at, u, at < len(cone) and u in cone[at]) for at, count in enumerate(stack.sizes) for u in range(count)]
    ends = stack.outermost()
    seen = {at: set(units) for at, units in enumerate(cone)}
    figure.add_trace(
        go.Scatter(
            x=[position(stack, at, u) for at, u, _ in cells],
            y=[at for at, _, _ in cells],
            mode="markers+text" if size >= 20 else "markers",
            text=[str(u) for _, u, _ in cells],
            textfont={"size": 11, "color": [_ink(u in seen.get(at, ()), theme) for at, u, _ in cells]},
            customdata=[(at, u) for at, u, _ in cells],
            marker={
                "symbol": "square",
                "size": size,
                "color": [ACCENT[theme] if inside else CELL[theme] for _, _, inside in cells],
                "line": {"width": 1, "color": EDGE[theme]},
                "opacity": 1,
            },
            hovertemplate=[_told(at, u, ends[at][u]) for at, u, _ in cells],
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[position(stack, level, unit)],
            y=[level],
            mode="markers",
            marker={"symbol": "square-open", "size": size + 8, "color": INK[theme], "line": {"width": 3}},
            hoverinfo="skip",
        )
    )
    rows = len(stack.sizes)
    figure.update_xaxes(visible=False, range=[left - 1, right + 1], fixedrange=True)
    figure.update_yaxes(
        range=[-0.45, rows - 0.55],
        tickvals=list(range(rows)),
        ticktext=["input", *(f"{i} {stage_text(stage)}" for i, stage in enumerate(stack.stages, 1))],
        showgrid=False,
        fixedrange=True,
    )
    dress(figure, dark=dark, height=min(560, 40 + 70 * rows), legend=False)
    return figure.update_layout(hovermode="closest", clickmode="event+select")


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
        go.Scatter(x=across, y=up, mode="lines", line={"color": colour, "width": 1.5}, opacity=0.7, hoverinfo="skip")
    )


def _add_padding(figure: go.Figure, stack: Stack, size: int, colour: str) -> None:
    """Hollow cells beside a level that the layer above is padded with."""
    places = [
        (position(stack, level, unit), level)
        for level, stage in enumerate(stack.stages)
        for i in range(1, stage.padding + 1)
        for unit in (-i, stack.sizes[level] - 1 + i)
    ]
    figure.add_trace(
        go.Scatter(
            x=[x for x, _ in places],
            y=[y for _, y in places],
            mode="markers",
            marker={"symbol": "square-open-dot", "size": size, "color": colour, "opacity": 0.6},
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
