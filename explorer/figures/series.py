"""Lines over one axis. Knows numbers and names; not what was measured."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from explorer.figures.dress import dress

# Colours that stay apart for colour-blind readers (Okabe and Ito 2008), light and dark.
COLOURS = {"light": ("#0072b2", "#d55e00", "#009e73", "#cc79a7"), "dark": ("#56b4e9", "#e69f00", "#2fd196", "#cc79a7")}


def series_figure(
    lines: Mapping[str, tuple[np.ndarray, np.ndarray]], *, dark: bool, x: str = "sample", y: str = "value"
) -> go.Figure:
    """One line a name: (x values, y values), float (n,) each, with a marker at every number."""
    figure = go.Figure()
    for (name, (across, up)), colour in zip(lines.items(), COLOURS["dark" if dark else "light"], strict=False):
        figure.add_scatter(x=across, y=up, name=name, mode="lines+markers", line={"color": colour, "width": 2})
    figure.update_layout(legend={"orientation": "h", "y": 1.15}, xaxis_title=x, yaxis_title=y)
    return dress(figure, dark=dark, height=260, legend=True)
