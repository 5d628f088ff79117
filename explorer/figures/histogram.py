"""How often each value occurs, a line for each plane of a picture. Knows histograms and colours; not pictures, not networks."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from explorer.figures.dress import dress
from explorer.images.tensors import Histogram

# The planes' own hues, dark enough on white and light enough on black to be read as text.
PLANE_COLOURS = {
    "light": {"R": "#c62828", "G": "#2e7d32", "B": "#1d4ed8", "grey": "#31333f"},
    "dark": {"R": "#ff8a80", "G": "#7ee787", "B": "#8ab4ff", "grey": "#fafafa"},
}


def histogram_figure(
    histograms: Mapping[str, Histogram], *, dark: bool, unit: str, span: tuple[float, float]
) -> go.Figure:
    """Histograms of one picture's planes over one another.

    histograms: plane ("R", "G", "B" or "grey") → counts of its values, one bin for each level that a pixel can have
    between the lowest and the highest: bin k of n stands for minimum + k (maximum − minimum) / (n − 1).
    unit: what stands under the values' axis.
    span: the values that black and white become: the axis reaches from one to the other, whatever the picture, and zero
    is marked with a line if it lies between them.
    """
    colours = PLANE_COLOURS["dark" if dark else "light"]
    figure = go.Figure()
    for name, histogram in histograms.items():
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
            )
        )
    figure.update_xaxes(title={"text": unit, "standoff": 6}, range=_widened(span), hoverformat=".3~f")
    figure.update_yaxes(title={"text": "pixels", "standoff": 4}, rangemode="tozero", nticks=5)
    if span[0] < 0 < span[1]:
        figure.add_vline(x=0, line={"width": 1, "dash": "dot", "color": colours["grey"]})
    return dress(figure, dark=dark, height=230, legend=False)


def _widened(span: tuple[float, float]) -> list[float]:
    """A hundredth more on either side, so that the outermost bins are seen whole."""
    more = (span[1] - span[0]) / 100
    return [span[0] - more, span[1] + more]


def _faint(colour: str) -> str:
    """The hex colour at an eighth of its strength, so that three histograms show through one another."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, 0.12)"
