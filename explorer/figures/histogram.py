"""How often each value occurs, a line for each plane of a picture. Knows histograms and colours; not pictures, not networks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from explorer.figures.dress import dress
from explorer.images.tensors import Histogram

# The planes' own hues, dark enough on white and light enough on black to be read as text.
PLANE_COLOURS = {
    "light": {"R": "#c62828", "G": "#2e7d32", "B": "#1d4ed8", "grey": "#31333f"},
    "dark": {"R": "#ff8a80", "G": "#7ee787", "B": "#8ab4ff", "grey": "#fafafa"},
}


@dataclass(frozen=True)
class Axis:
    """One way to measure a picture's values.

    counts: plane ("R", "G", "B" or "grey") → counts of its values, one bin for each level that a pixel can have between
    the lowest and the highest: bin k of n stands for minimum + k (maximum − minimum) / (n − 1). unit: what stands under the
    axis. span: the values that black and white become: it reaches from one to the other, whatever the picture, and zero is
    marked with a line if it lies between them.
    """

    counts: Mapping[str, Histogram]
    unit: str
    span: tuple[float, float]


def histogram_figure(axes: Sequence[Axis], *, dark: bool) -> go.Figure:
    """Histograms of one picture's planes over one another, once for each way to measure them, one beneath the other."""
    colours = PLANE_COLOURS["dark" if dark else "light"]
    figure = make_subplots(rows=len(axes), vertical_spacing=0.3 / len(axes))
    for row, axis in enumerate(axes, start=1):
        for name, histogram in axis.counts.items():
            figure.add_trace(
                go.Scatter(
                    x=np.linspace(histogram.minimum, histogram.maximum, histogram.counts.size),
                    y=histogram.counts,
                    name=name,
                    mode="lines" if histogram.counts.size > 1 else "markers",  # a single level makes no line
                    line={"color": colours[name], "width": 1.5, "shape": "hvh"},
                    fill="tozeroy",
                    fillcolor=_faint(colours[name]),
                    hovertemplate="%{y:,} pixels",
                ),
                row,
                1,
            )
        figure.update_xaxes(title={"text": axis.unit, "standoff": 4}, range=_widened(axis.span), row=row)
        if axis.span[0] < 0 < axis.span[1]:
            figure.add_vline(x=0, line={"width": 1, "dash": "dot", "color": colours["grey"]}, row=row)
    figure.update_xaxes(hoverformat=".3~f")
    figure.update_yaxes(title={"text": "pixels", "standoff": 4}, rangemode="tozero", nticks=5)
    return dress(figure, dark=dark, legend=False)


def _widened(span: tuple[float, float]) -> list[float]:
    """A hundredth more on either side, so that the outermost bins are seen whole."""
    more = (span[1] - span[0]) / 100
    return [span[0] - more, span[1] + more]


def _faint(colour: str) -> str:
    """The hex colour at an eighth of its strength, so that three histograms show through one another."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, 0.12)"
