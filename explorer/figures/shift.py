"""Layers' answers to a shifted input, as small heat maps and as lines. Knows the responses; not how they were made."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from explorer.figures.colours import DIVERGING, SEQUENTIAL, plotly_scale
from explorer.figures.dress import TEXT, as_pictures, on_page
from explorer.figures.series import COLOURS
from explorer.layers.equivariance import ShiftResponse

DASHES = ("solid", "dash", "dot", "dashdot")  # so that lines are told apart without colours


def maps_figure(inputs: Sequence[np.ndarray], responses: Sequence[ShiftResponse], at: int, *, dark: bool) -> go.Figure:
    """The input and every layer's output, unshifted above and at shift number `at` below, float (1, H, W) each.

    A layer's colours span all its shifts, so that they stay while the shift is changed.
    """
    rows = [("input", inputs), *((response.layer, response.outputs) for response in responses)]
    titles = [f"{name.replace(' ', '<br>')}<br>{maps[0].shape[1]}×{maps[0].shape[2]}" for name, maps in rows]
    figure = make_subplots(2, len(rows), column_titles=titles, horizontal_spacing=0.02, vertical_spacing=0.06)
    theme = "dark" if dark else "light"
    for column, (name, maps) in enumerate(rows, start=1):
        low, high = min(0.0, min(map(np.min, maps))), max(0.0, max(map(np.max, maps)))
        reach = max(-low, high) or 1.0
        signed = low < 0
        for row, index in ((1, 0), (2, at)):
            amount = responses[0].shifts[index]
            figure.add_heatmap(
                z=maps[index][0],
                zmin=-reach if signed else 0.0,
                zmax=reach,
                colorscale=plotly_scale((DIVERGING if signed else SEQUENTIAL)[theme]),
                showscale=False,
                hovertemplate=f"{name}, shifted by {amount}<br>row %{{y}}, column %{{x}}<br>%{{z:.4g}}<extra></extra>",
                row=row,
                col=column,
            )
            height, width = maps[index].shape[1:]
            figure.add_shape(
                type="rect", x0=-0.5, x1=width - 0.5, y0=-0.5, y1=height - 0.5, row=row, col=column,
                line={"width": 1, "color": "rgba(128, 128, 128, 0.5)"},
            )  # fmt: skip
    figure.update_annotations(font_size=TEXT)
    return on_page(as_pictures(figure), dark=dark).update_layout(height=330, margin={"l": 0, "r": 0, "t": 62, "b": 4})


def changes_figure(responses: Sequence[ShiftResponse], at: int, *, dark: bool) -> go.Figure:
    """How much every layer's output has changed at each shift, relative to the unshifted output; `at` is marked."""
    figure = go.Figure()
    for response, colour, dash in zip(responses, COLOURS["dark" if dark else "light"], DASHES, strict=True):
        figure.add_scatter(
            x=response.shifts,
            y=response.changes,
            name=response.layer,
            mode="lines+markers",
            line={"color": colour, "width": 2, "dash": dash},
            hovertemplate=f"{response.layer}: %{{y:.1%}}<extra></extra>",
        )
    figure.add_vline(x=responses[0].shifts[at], line={"width": 1, "color": "rgba(128, 128, 128, 0.9)"})
    figure.update_layout(xaxis_title="shift in pixels", yaxis_title="change of the output", hovermode="x unified")
    figure.update_xaxes(dtick=1, range=[-0.4, responses[0].shifts[-1] + 0.4], zeroline=False)
    figure.update_yaxes(rangemode="tozero", tickformat=".0%")
    return on_page(figure, dark=dark).update_layout(
        height=330,
        margin={"l": 60, "r": 10, "t": 60, "b": 40},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"},
    )
