"""A kernel as a column times a row, in numbers. Knows the two factors and their product; not where they came from."""

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from explorer.figures.colours import DIVERGING, plotly_scale
from explorer.figures.dress import TEXT, dress

SIGN = 22  # pixels
WRITTEN = 7  # rows and columns: of a larger kernel the numbers are told on pointing
ALONE = 1.6  # the column's width and the row's height beside the kernel's, in its cells: with room for their titles


def product_figure(column: np.ndarray, row: np.ndarray, kernel: np.ndarray, *, dark: bool) -> go.Figure:
    """column (kh, 1) × row (1, kw) = kernel (kh, kw): the row stands above the kernel and the column left of it.

    Three grids with their numbers; colours are signed, 0 is neutral.
    """
    high, wide = kernel.shape
    figure = make_subplots(
        rows=2,
        cols=2,
        specs=[[None, {}], [{}, {}]],
        column_widths=[ALONE, wide],
        row_heights=[ALONE, high],
        horizontal_spacing=0.12,
        vertical_spacing=0.12,
        subplot_titles=[f"{name} {part.shape[0]}×{part.shape[1]}" for name, part in _named(row, column, kernel)],
    )
    for place, part in (((2, 1), column), ((1, 2), row), ((2, 2), kernel)):
        reach = float(np.abs(part).max()) or 1.0
        figure.add_trace(
            go.Heatmap(
                z=part,
                zmin=-reach,
                zmax=reach,
                colorscale=plotly_scale(DIVERGING["dark" if dark else "light"]),
                showscale=False,
                texttemplate="%{z:.3~f}" if max(kernel.shape) <= WRITTEN else None,
                textfont={"size": TEXT},
                xgap=2,
                ygap=2,
                hovertemplate="row %{y}, column %{x}: %{z:.6g}<extra></extra>",
            ),
            *place,
        )
    for title, part in zip(figure.layout.annotations, ((1, 2), (2, 1), (2, 2)), strict=True):
        title.update(x=figure.get_subplot(*part).xaxis.domain[0], xanchor="left")  # longer than the column is wide
    corner, above = figure.get_subplot(2, 1), figure.get_subplot(1, 2)
    figure.add_annotation(
        x=sum(corner.xaxis.domain) / 2, y=sum(above.yaxis.domain) / 2, xref="paper", yref="paper", text="× =",
        showarrow=False, font={"size": SIGN},
    )  # fmt: skip
    figure.update_xaxes(visible=False, fixedrange=True)
    figure.update_yaxes(visible=False, fixedrange=True, autorange="reversed")
    dress(figure, dark=dark, legend=False)
    return figure.update_layout(hovermode="closest", margin={"t": 30})


def _named(row: np.ndarray, column: np.ndarray, kernel: np.ndarray) -> list[tuple[str, np.ndarray]]:
    return [("Row", row), ("Column", column), ("Kernel", kernel)]
