"""Means that move towards what they estimate. Knows lines; not what was averaged."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from explorer.figures.dress import dress
from explorer.figures.series import COLOURS

MOST_POINTS = 600  # of one line; a longer one is thinned evenly on its axis


@dataclass(frozen=True, eq=False)
class Estimate:
    """A mean on its way, (n,), and where it should arrive, None if that is not drawn."""

    title: str
    values: np.ndarray
    target: float | None = None


def convergence_figure(
    estimates: Sequence[Estimate],
    *,
    dark: bool,
    x: str,
    y: str,
    first: int = 1,
    log: bool = False,
    single: tuple[str, np.ndarray] | None = None,
) -> go.Figure:
    """One line an estimate, its target dashed in the same colour.

    single: title and numbers (n,) that were averaged, as dots. first: the first number's place on the axis. log: a
    logarithmic axis across, for many numbers; `first` has to be at least 1 then.
    """
    figure, colours = go.Figure(), COLOURS["dark" if dark else "light"]
    if single is not None:
        title, values = single
        figure.add_scatter(
            x=np.arange(1, values.size + 1),
            y=values,
            name=title,
            mode="markers",
            marker={"size": 5, "color": colours[3], "opacity": 0.7},
            hovertemplate="%{y:.4g}",
        )
    for estimate, colour in zip(estimates, colours, strict=False):
        at = _thinned(estimate.values.size, log)
        figure.add_scatter(
            x=at + first,
            y=estimate.values[at],
            name=estimate.title,
            mode="lines",
            line={"color": colour, "width": 2},
            hovertemplate="%{y:.4g}",
        )
        if estimate.target is not None:
            figure.add_hline(y=estimate.target, line={"color": colour, "width": 1.5, "dash": "dash"})
    last = first + max(estimate.values.size for estimate in estimates) - 1
    if log:
        figure.update_xaxes(type="log", dtick=1, range=[np.log10(first), np.log10(max(last, 2 * first))])
    figure.update_xaxes(title={"text": x, "standoff": 4})
    figure.update_yaxes(title={"text": y, "standoff": 4})
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    return dress(figure, dark=dark, legend=True)


def _thinned(count: int, log: bool) -> np.ndarray:
    """Indices from 0 to count − 1, at most MOST_POINTS, even on the axis."""
    if count <= MOST_POINTS:
        return np.arange(count)
    spread = np.geomspace(1, count, MOST_POINTS) - 1 if log else np.linspace(0, count - 1, MOST_POINTS)
    return np.unique(np.rint(spread).astype(int))
