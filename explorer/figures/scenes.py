"""Pictures with the class of every pixel, or with boxes, side by side. Knows arrays and names; not networks."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from explorer.figures.colours import CLASS_COLOURS
from explorer.figures.dress import TEXT, on_page

TRUTH, SAID, HALO = "#ffffff", "#ffb000", "rgba(0, 0, 0, 0.75)"  # on a picture, which no theme changes


def masks_figure(
    picture: np.ndarray, masks: Mapping[str, np.ndarray], classes: Sequence[str], *, dark: bool, height: int = 260
) -> go.Figure:
    """The picture uint8 (S, S), then each mask uint8 (S, S) of class numbers under its title, with a legend of the classes."""
    figure = _row(["picture", *masks])
    _picture(figure, picture, 1)
    palette = CLASS_COLOURS["dark" if dark else "light"]
    colours = [palette[number % len(palette)] for number in range(len(classes))]
    steps = np.repeat(np.arange(len(classes) + 1) / len(classes), 2)[1:-1]
    scale = [[float(at), colours[number // 2]] for number, at in enumerate(steps)]
    names = np.array(classes, object)
    for column, mask in enumerate(masks.values(), start=2):
        figure.add_heatmap(
            z=mask, zmin=-0.5, zmax=len(classes) - 0.5, colorscale=scale, showscale=False, text=names[mask],
            hovertemplate="row %{y}, column %{x}<br><b>%{text}</b><extra></extra>", row=1, col=column,
        )  # fmt: skip
    for name, colour in zip(classes, colours, strict=True):
        figure.add_scatter(
            x=[None], y=[None], name=name, mode="markers", marker={"symbol": "square", "size": 12, "color": colour}
        )
    return _dress(figure, 1 + len(masks), dark=dark, height=height, legend=True)


def boxes_figure(
    picture: np.ndarray,
    boxes: Mapping[str, Sequence[float]],
    truth: Sequence[float] | None,
    *,
    dark: bool,
    height: int = 300,
) -> go.Figure:
    """The picture uint8 (S, S) once a title with its box (cx, cy, w, h), fractions of the side: solid; the true one: dashed."""
    figure = _row(list(boxes))
    side = picture.shape[0]
    for column, box in enumerate(boxes.values(), start=1):
        _picture(figure, picture, column)
        if truth is not None:
            _box(figure, truth, side, column, TRUTH, dash="dash")
        _box(figure, box, side, column, SAID, dash="solid")
    return _dress(figure, len(boxes), dark=dark, height=height, legend=False)


def _row(titles: Sequence[str]) -> go.Figure:
    return make_subplots(1, len(titles), column_titles=list(titles), horizontal_spacing=0.012)


def _picture(figure: go.Figure, picture: np.ndarray, column: int) -> None:
    figure.add_heatmap(
        z=picture, zmin=0, zmax=255, colorscale=[[0, "#000000"], [1, "#ffffff"]], showscale=False, row=1, col=column,
        hovertemplate="row %{y}, column %{x}<br>grey value %{z}<extra></extra>",
    )  # fmt: skip


def _box(figure: go.Figure, box: Sequence[float], side: int, column: int, colour: str, *, dash: str) -> None:
    """Edges in pixels: a pixel's middle is a whole number."""
    cx, cy, w, h = (float(part) * side for part in box)
    place = {"x0": cx - w / 2 - 0.5, "x1": cx + w / 2 - 0.5, "y0": cy - h / 2 - 0.5, "y1": cy + h / 2 - 0.5}
    for line in ({"width": 5, "color": HALO}, {"width": 3, "color": colour, "dash": dash}):
        figure.add_shape(type="rect", **place, line=line, layer="above", row=1, col=column)


def _dress(figure: go.Figure, count: int, *, dark: bool, height: int, legend: bool) -> go.Figure:
    figure.update_xaxes(visible=False, constrain="domain", fixedrange=True)
    figure.update_yaxes(visible=False, constrain="domain", constraintoward="top", fixedrange=True)
    figure.update_yaxes(range=[31.5, -0.5], autorange=False)
    figure.update_xaxes(range=[-0.5, 31.5])
    for axis in range(1, count + 1):
        number = "" if axis == 1 else str(axis)
        figure.update_layout({f"yaxis{number}": {"scaleanchor": f"x{number}"}})
    figure.update_annotations(font_size=TEXT)
    return on_page(figure, dark=dark).update_layout(
        height=height,
        margin={
            "l": 0,
            "r": 0,
            "t": 46 if any("<br>" in note.text for note in figure.layout.annotations) else 28,
            "b": 34 if legend else 4,
        },
        showlegend=legend,
        legend={"orientation": "h", "y": -0.02, "yanchor": "top", "x": 0, "itemclick": False, "itemdoubleclick": False},
        hovermode="closest",
    )
