"""A kernel as a column times a row, in numbers. Knows the two factors and their product; not where they came from."""

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from explorer.figures.colours import DIVERGING, plotly_scale
from explorer.figures.dress import dress

HEIGHT = 250


def product_figure(column: np.ndarray, row: np.ndarray, kernel: np.ndarray, *, dark: bool) -> go.Figure:
    """column (kh, 1) × row (1, kw) = kernel (kh, kw), three grids with their numbers; colours are signed, 0 is neutral."""
    parts = (column, row, kernel)
    widths = [0.12, 0.44, 0.44]
    titles = [
        f"{name} {part.shape[0]}×{part.shape[1]}" for name, part in zip(("Column", "Row", "Kernel"), parts, strict=True)
    ]
    figure = make_subplots(rows=1, cols=3, column_widths=widths, horizontal_spacing=0.06, subplot_titles=titles)
    size = 13 if max(kernel.shape) <= 5 else 10
    for place, part in enumerate(parts, 1):
        reach = float(np.abs(part).max()) or 1.0
        figure.add_trace(
            go.Heatmap(
                z=part,
                zmin=-reach,
                zmax=reach,
                colorscale=plotly_scale(DIVERGING["dark" if dark else "light"]),
                showscale=False,
                texttemplate="%{z:.3~f}",
                textfont={"size": size},
                xgap=2,
                ygap=2,
                hovertemplate="row %{y}, column %{x}: %{z:.6g}<extra></extra>",
            ),
            1,
            place,
        )
    for place, sign in ((1, "×"), (2, "=")):
        between = (figure.get_subplot(1, place).xaxis.domain[1] + figure.get_subplot(1, place + 1).xaxis.domain[0]) / 2
        figure.add_annotation(
            x=between, y=0.5, xref="paper", yref="paper", text=sign, showarrow=False, font={"size": 22}
        )
    figure.update_xaxes(visible=False, fixedrange=True)
    figure.update_yaxes(visible=False, fixedrange=True, range=[len(kernel) - 0.5, -0.5])
    figure.update_yaxes(range=[len(kernel) / 2, -len(kernel) / 2], col=2)  # the row as high as a row of the kernel
    dress(figure, dark=dark, height=HEIGHT, legend=False)
    return figure.update_layout(hovermode="closest", margin={"t": 30})
