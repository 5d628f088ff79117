"""Three planes of numbers as one colour picture, every cell a square. Knows red, green and blue; not what they show."""

import numpy as np
import plotly.graph_objects as go

from explorer.figures.dress import dress


def rgb_figure(planes: np.ndarray, *, dark: bool, cell: int = 16) -> go.Figure:
    """planes: (3, rows, cols), 0 is dark and 1 (or the largest value, if larger) full; below 0 counts as 0.

    cell: pixels of a square's side.
    """
    full = max(1.0, float(planes.max()))
    pixels = np.rint(np.clip(planes / full, 0, 1) * 255).astype(np.uint8).transpose(1, 2, 0)
    figure = go.Figure(
        go.Image(
            z=pixels,
            customdata=planes.transpose(1, 2, 0),
            hovertemplate="row %{y}, column %{x}: R %{customdata[0]}, G %{customdata[1]}, B %{customdata[2]}<extra></extra>",
        )
    )
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    dress(figure, dark=dark, height=cell * pixels.shape[0], legend=False)
    return figure.update_layout(
        width=cell * pixels.shape[1], margin={"l": 0, "r": 0, "t": 0, "b": 0}, hovermode="closest"
    )
