"""Numbers by layer: how far they spread, and how many pass nothing on. Knows lines and tables; not how they were measured."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from explorer.figures.activations import DASHES
from explorer.figures.colours import DIVERGING, plotly_scale
from explorer.figures.dress import EXPONENT, dress
from explorer.figures.series import COLOURS
from explorer.words import fixed

# A fifth that stays apart from the four of `series`, and a fifth kind of line.
LINES = {"light": (*COLOURS["light"], "#e69f00"), "dark": (*COLOURS["dark"], "#f0e442")}
MARKS = ("circle", "square", "diamond", "triangle-up", "x")
MOST_TICKS = 7
_LOWEST = -300  # powers of ten that a logarithmic axis shows


@dataclass(frozen=True, eq=False)
class Line:
    """One setting's numbers by layer (n,), the same by theory (n,) if there is one, and its place among the colours."""

    title: str
    values: np.ndarray
    theory: np.ndarray | None = None
    colour: int = 0


def spread_figure(lines: Sequence[Line], *, dark: bool, y: str, first: int = 0) -> go.Figure:
    """Measured values with markers, theory dashed without, on a logarithmic axis; 0 is not on it and leaves a gap.

    first: the first value's layer. Hovering says the value and the theory's beside it.
    """
    figure, theme = go.Figure(), "dark" if dark else "light"
    shown = []
    for line in lines:
        layers = np.arange(first, first + line.values.size)
        colour = LINES[theme][line.colour]
        positive = np.where(line.values > 0, line.values, np.nan)
        note = "%{y:.3g}" if line.theory is None else "%{y:.3g} (theory %{customdata:.3g})"
        figure.add_scatter(
            x=layers,
            y=positive,
            customdata=line.theory,
            name=line.title,
            mode="lines+markers",
            line={"color": colour, "width": 2},
            marker={"symbol": MARKS[line.colour], "size": 6},
            hovertemplate=note,
        )
        shown.append(positive)
        if line.theory is not None:
            theory = np.where(line.theory > 0, line.theory, np.nan)
            figure.add_scatter(
                x=layers,
                y=theory,
                mode="lines",
                line={"color": colour, "width": 1.5, "dash": "dash"},
                showlegend=False,
                hoverinfo="skip",
            )
            shown.append(theory)
    low, high = _decades(np.concatenate(shown))
    figure.update_yaxes(
        type="log",
        range=[low - 0.1, high + 0.1],
        dtick=max(1, math.ceil((high - low) / MOST_TICKS)),
        exponentformat=EXPONENT,
        title={"text": y, "standoff": 4},
    )
    return _by_layer(figure, dark)


def idle_figure(lines: Sequence[Line], *, dark: bool, y: str) -> go.Figure:
    """Shares from 0 to 1 by layer, counted from 1."""
    figure, theme = go.Figure(), "dark" if dark else "light"
    for line in lines:
        figure.add_scatter(
            x=np.arange(1, line.values.size + 1),
            y=line.values,
            name=line.title,
            mode="lines+markers",
            line={"color": LINES[theme][line.colour], "width": 2, "dash": DASHES[line.colour % len(DASHES)]},
            marker={"symbol": MARKS[line.colour], "size": 6},
            hovertemplate="%{y:.1%}",
        )
    figure.update_yaxes(range=[-0.03, 1.03], tickformat=".0%", title={"text": y, "standoff": 4})
    return _by_layer(figure, dark)


def units_figure(weights: np.ndarray, rows: Sequence[str], *, dark: bool, reach: float) -> go.Figure:
    """A table of weights (rows, units) in colours with their numbers; zero is neutral, ±reach the strongest colour."""
    columns = [f"unit {i + 1}" for i in range(weights.shape[1])]
    figure = go.Figure(
        go.Heatmap(
            z=weights,
            x=columns,
            y=list(rows),
            zmin=-reach,
            zmax=reach,
            colorscale=plotly_scale(DIVERGING["dark" if dark else "light"]),
            hovertemplate="%{x}, %{y}: %{z:.6g}<extra></extra>",
            showscale=False,
            xgap=2,
            ygap=2,
        )
    )
    ink = ("#fafafa", "#0e1117") if dark else ("#31333f", "#ffffff")  # on weak colours, on strong ones
    for (row, column), value in np.ndenumerate(weights):
        strong = abs(value) > 0.55 * reach
        figure.add_annotation(
            x=column, y=row, text=_signed(value), showarrow=False, font={"size": 14, "color": ink[int(strong)]}
        )
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(side="top", showgrid=False)
    return dress(figure, dark=dark, height=220, legend=False).update_layout(hovermode="closest")


def _signed(value: float) -> str:
    """Three decimals with a true minus sign; what rounds to nothing has none.

    >>> _signed(-0.5), _signed(-0.0001)
    ('−0.500', '0.000')
    """
    return fixed(value, 3)


def _decades(values: np.ndarray) -> tuple[int, int]:
    """The powers of ten below and above all values; at least one decade."""
    known = values[np.isfinite(values)]
    if known.size == 0:
        return -1, 1
    low = max(_LOWEST, math.floor(math.log10(known.min())))
    return low, max(low + 1, math.ceil(math.log10(known.max())))


def _by_layer(figure: go.Figure, dark: bool) -> go.Figure:
    most = max((len(trace.x) for trace in figure.data), default=0)
    figure.update_xaxes(title={"text": "layer", "standoff": 4}, dtick=1 if most <= 12 else 5)
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    return dress(figure, dark=dark, legend=True)
