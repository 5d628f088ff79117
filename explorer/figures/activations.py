"""Functions of one number as curves, with a point to read. Knows curves; not what they are used for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from explorer.figures.dress import dress
from explorer.figures.series import COLOURS

DASHES = ("solid", "dash", "dot", "dashdot")  # so that lines are told apart without colours


@dataclass(frozen=True, eq=False)
class Curve:
    """A function's name, its values (n,) over the axis and its value at the point that is read."""

    title: str
    values: np.ndarray
    at: float


def curves_figure(
    x: np.ndarray, curves: Sequence[Curve], at: float, *, dark: bool, y: str, span: tuple[float, float]
) -> go.Figure:
    """Up to four curves over x (n,), a vertical line at `at` and a marker where it meets each curve.

    span: what the upright axis shows at least; it grows where a marker lies outside.
    """
    figure = go.Figure()
    for curve, colour, dash in zip(curves, COLOURS["dark" if dark else "light"], DASHES, strict=False):
        figure.add_scatter(
            x=x,
            y=curve.values,
            name=curve.title,
            mode="lines",
            line={"color": colour, "width": 2.5, "dash": dash},
            hovertemplate="%{y:.4g}",
        )
        figure.add_scatter(
            x=[at],
            y=[curve.at],
            mode="markers",
            marker={"color": colour, "size": 10, "line": {"width": 1.5, "color": "#ffffff" if not dark else "#0e1117"}},
            showlegend=False,
            hoverinfo="skip",
        )
    figure.add_vline(x=at, line={"width": 1, "color": "rgba(128, 128, 128, 0.9)"})
    figure.add_hline(y=0, line={"width": 1, "color": "rgba(128, 128, 128, 0.45)"})
    marked = [curve.at for curve in curves]
    room = 0.06 * (span[1] - span[0])
    figure.update_xaxes(title={"text": "x", "standoff": 4}, range=[x[0], x[-1]], dtick=2, hoverformat=".2f")
    figure.update_yaxes(
        title={"text": y, "standoff": 4}, range=[min(span[0], min(marked) - room), max(span[1], max(marked) + room)]
    )
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    return dress(figure, dark=dark, legend=True)
