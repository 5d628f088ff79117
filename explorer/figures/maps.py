"""One feature map, one kernel, one picture, each as a figure with its numbers. Knows arrays; not networks."""

import math

import numpy as np
import plotly.graph_objects as go

from explorer.figures.colours import DIVERGING, SEQUENTIAL, plotly_scale
from explorer.figures.dress import TEXT, on_page
from explorer.figures.sheet import sheet
from explorer.words import fixed

MOST_NUMBERS = 25  # so many cells still have room for their number
FRAME = "rgba(128, 128, 128, 0.5)"


def map_figure(values: np.ndarray, *, signed: bool, dark: bool, name: str) -> go.Figure:
    """A feature map, float32 (H, W), large; hovering tells row, column and value. `name` stands in the tooltip."""
    tip = f"{name}, row %{{y}}, column %{{x}}<br>%{{z:.4f}}<extra></extra>"
    figure = _heatmap(values, signed=signed, dark=dark, tip=tip)
    height, width = values.shape  # a frame: where all is zero the map has the page's own colour
    figure.add_shape(type="rect", x0=-0.5, x1=width - 0.5, y0=-0.5, y1=height - 0.5, line={"width": 1, "color": FRAME})
    return figure


def kernel_figure(weights: np.ndarray, *, dark: bool) -> go.Figure:
    """A kernel, float32 (Cin, kh, kw): its planes as tiles in reading order, on one scale with zero neutral."""
    names = [f"input channel {index}" for index in range(len(weights))]
    tiles, tips = sheet(weights, names, gap=1 if weights[0].size > 1 else 0)
    figure = _heatmap(tiles, signed=True, dark=dark, tip="%{customdata}<br>%{z:.4f}<extra></extra>")
    figure.data[0].customdata = tips
    if weights.size <= MOST_NUMBERS:
        figure.data[0].text = [["" if math.isnan(value) else fixed(value, 2) for value in row] for row in tiles]
        figure.data[0].update(texttemplate="%{text}", textfont={"size": TEXT}, showscale=False)
    return figure


def picture_figure(pixels: np.ndarray, *, dark: bool) -> go.Figure:
    """A picture, uint8 (H, W) or (H, W, 3), with its values on hover."""
    rgb = np.repeat(pixels[:, :, None], 3, axis=2) if pixels.ndim == 2 else pixels
    figure = go.Figure(go.Image(z=rgb, hovertemplate="row %{y}, column %{x}<br>%{z}<extra></extra>"))
    return _bare(figure, dark)


def _heatmap(values: np.ndarray, *, signed: bool, dark: bool, tip: str) -> go.Figure:
    theme = "dark" if dark else "light"
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    reach = max(abs(low), abs(high)) or 1.0
    anchors = (DIVERGING if signed else SEQUENTIAL)[theme]
    figure = go.Figure(
        go.Heatmap(
            z=values,
            zmin=-reach if signed else min(0.0, low),
            zmax=reach if signed or high <= 0 else high,
            colorscale=plotly_scale(anchors),
            hovertemplate=tip,
            hoverongaps=False,
            colorbar={"thickness": 10, "len": 0.9, "x": 1.0, "xpad": 4},
        )
    )
    return _bare(figure, dark)


def _bare(figure: go.Figure, dark: bool) -> go.Figure:
    """No axes, no margin, square cells, the page's own background."""
    on_page(figure, dark=dark).update_layout(
        margin={"l": 0, "r": 0, "t": 4, "b": 4},
        height=300,
    )
    figure.update_xaxes(visible=False, constrain="domain")
    figure.update_yaxes(visible=False, autorange="reversed", scaleanchor="x", constrain="domain")
    return figure
