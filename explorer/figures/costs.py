"""Counts that differ by orders of magnitude, as bars on a logarithmic scale. Knows names and counts; not what has them."""

import math
from collections.abc import Mapping

import plotly.graph_objects as go

from explorer.figures.dress import EXPONENT, dress
from explorer.figures.series import COLOURS


def cost_figure(bars: Mapping[str, Mapping[str, int]], *, dark: bool) -> go.Figure:
    """Groups of horizontal bars: bars[layer][quantity] = count, 1 or more."""
    figure = go.Figure()
    for (layer, counts), colour in zip(bars.items(), COLOURS["dark" if dark else "light"], strict=False):
        texts = [f"{count:,}" for count in counts.values()]
        figure.add_bar(
            name=layer,
            y=list(counts),
            x=list(counts.values()),
            orientation="h",
            text=texts,
            textposition="auto",
            textangle=0,
            hovertemplate=f"{layer}, %{{y}}: %{{text}}<extra></extra>",
            marker_color=colour,
        )
    figure.update_layout(barmode="group", bargap=0.25, legend={"orientation": "h", "y": 1.18, "traceorder": "normal"})
    most = math.log10(max(count for counts in bars.values() for count in counts.values()))
    title = "logarithmic: every step is ten times more"
    figure.update_xaxes(type="log", range=[0, most * 1.04 + 0.05], dtick=1, exponentformat=EXPONENT, title=title)
    figure.update_yaxes(autorange="reversed", ticksuffix="  ")
    return dress(figure, dark=dark, height=260, legend=True).update_layout(hovermode="closest")
