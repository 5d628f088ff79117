"""A unit's field on the picture, and its gradient there as a heat map. Knows boxes and arrays; not networks."""

import numpy as np
import plotly.graph_objects as go

from explorer.figures.maps import FRAME, picture_figure
from explorer.figures.series import COLOURS

Box = tuple[int, int, int, int]  # top, left, bottom, right
MOST_AROUND = 0.75  # of the picture's side: so much of a field that reaches beyond it is still drawn
_HEAT = {"light": "rgba(168, 40, 31, {})", "dark": "rgba(255, 176, 138, {})"}


def field_figure(
    pixels: np.ndarray, box: Box | None, unclipped: Box | None, *, dark: bool, name: str, height: int = 380
) -> go.Figure:
    """The network's input, uint8 (H, W) or (H, W, 3), with the field as a solid frame and what lies in the padding dashed.

    box, unclipped: None where there is none. name: of the unit, for the tooltip of the frame.
    """
    figure = picture_figure(pixels, dark=dark).update_layout(height=height)
    rows, columns = pixels.shape[:2]
    colour = COLOURS["dark" if dark else "light"][1]
    _frame(figure, (0, 0, rows, columns), FRAME, 1)
    if unclipped and unclipped != box:
        _frame(figure, unclipped, colour, 2, dash="dot")
    if box:
        _frame(figure, box, colour, 3)
    around = unclipped or (0, 0, rows, columns)
    room = [MOST_AROUND * rows, MOST_AROUND * columns]
    top, bottom = max(min(0, around[0]), -room[0]), min(max(rows, around[2]), rows + room[0])
    left, right = max(min(0, around[1]), -room[1]), min(max(columns, around[3]), columns + room[1])
    figure.update_xaxes(range=[left - 1.5, right + 0.5])
    figure.update_yaxes(range=[bottom + 0.5, top - 1.5], autorange=False)
    return figure.update_layout(meta=name)


def heat_on_picture(
    pixels: np.ndarray, values: np.ndarray, box: Box | None, *, dark: bool, name: str, height: int = 380
) -> go.Figure:
    """values: float64 (H, W), ≥ 0, drawn over the grey and paled picture: nothing where 0, opaque where largest.

    box: the theoretical field, outlined.
    """
    grey = pixels.mean(axis=2) if pixels.ndim == 3 else pixels.astype(float)
    paled = np.rint(18 + 0.35 * grey if dark else 160 + 0.37 * grey).astype(np.uint8)
    figure = picture_figure(paled, dark=dark).update_layout(height=height)
    figure.data[0].hoverinfo, figure.data[0].hovertemplate = "skip", None
    most = float(values.max()) or 1.0
    heat = _HEAT["dark" if dark else "light"]
    figure.add_heatmap(
        z=values / most,
        zmin=0,
        zmax=1,
        colorscale=[[0, heat.format(0)], [0.3, heat.format(0.5)], [1, heat.format(1)]],
        hovertemplate=f"{name}, row %{{y}}, column %{{x}}<br>%{{z:.1%}} of the largest<extra></extra>",
        colorbar={"thickness": 10, "len": 0.9, "xpad": 4, "tickformat": ".0%"},
    )
    _frame(figure, (0, 0, *pixels.shape[:2]), FRAME, 1)
    if box:
        _frame(figure, box, COLOURS["dark" if dark else "light"][0], 2)
    return figure


def _frame(figure: go.Figure, box: Box, colour: str, width: int, dash: str = "solid") -> None:
    top, left, bottom, right = box
    figure.add_shape(
        type="rect",
        x0=left - 0.5,
        x1=right - 0.5,
        y0=top - 0.5,
        y1=bottom - 0.5,
        line={"width": width, "color": colour, "dash": dash},
    )
