"""Accuracy by an object's place, and gradients over an MLP's input weights. Knows the records; not networks."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from explorer.figures.colours import DIVERGING, SEQUENTIAL, plotly_scale
from explorer.figures.dress import EXPONENT, as_written, on_page
from explorer.figures.series import COLOURS
from explorer.training.input_weights import MovedWeights
from explorer.training.positions import PositionMap

MARK = {"light": "#d55e00", "dark": "#2fd196"}  # the trained corner, on both ends of the scale readable
FRAME = "rgba(128, 128, 128, 0.5)"


def accuracy_figure(maps: Mapping[str, PositionMap], chosen: tuple[int, int], *, dark: bool) -> go.Figure:
    """One heat map a network, side by side on one scale from 0 to 1: the accuracy where the object's box begins.

    The trained corner is outlined, the chosen (row, column) marked by a cross. Over each map lies an invisible square for
    each place, whose customdata is (row, column): heat maps themselves send no clicks.
    """
    theme = "dark" if dark else "light"
    figure = make_subplots(1, len(maps), column_titles=list(maps), horizontal_spacing=0.09)
    for column, known in enumerate(maps.values(), start=1):
        starts = np.array(known.starts)
        half = (starts[1] - starts[0]) / 2 if len(starts) > 1 else 0.5
        figure.add_heatmap(
            x=starts, y=starts, z=known.accuracy, coloraxis="coloraxis", hoverinfo="skip", row=1, col=column
        )
        home = [start for start in known.starts if known.trained[0] <= start <= known.trained[1]]
        low, high = (home[0] - half, home[-1] + half) if home else (known.trained[0] - 0.5, known.trained[1] + 0.5)
        _box(figure, low, high, 1, column, {"width": 4, "color": MARK[theme]})
        _box(figure, starts[0] - half, starts[-1] + half, 1, column, {"width": 1, "color": FRAME})
        figure.add_scatter(
            x=[chosen[1]], y=[chosen[0]], mode="markers", hoverinfo="skip", row=1, col=column,
            marker={"symbol": "x-thin", "size": 13, "line": {"width": 3, "color": MARK[theme]}},
        )  # fmt: skip
        figure.add_scatter(
            x=np.tile(starts, len(starts)),
            y=np.repeat(starts, len(starts)),
            mode="markers",
            customdata=[(row, col) for row in known.starts for col in known.starts],
            text=[f"{value:.0%} of {known.pictures}" for value in known.accuracy.ravel()],
            hovertemplate="object begins in row %{y}, column %{x}<br>%{text}<extra></extra>",
            marker={"symbol": "square", "size": 24, "opacity": 0},
            selected={"marker": {"opacity": 0}},
            unselected={"marker": {"opacity": 0}},
            row=1,
            col=column,
        )
    figure.update_xaxes(title={"text": "object's first column", "standoff": 4}, tickvals=_ticks(maps))
    figure.update_yaxes(title={"text": "object's first row", "standoff": 4}, tickvals=_ticks(maps))
    figure.update_yaxes(autorange="reversed", constraintoward="top")
    _square(figure, len(maps))
    bar = {"thickness": 12, "tickformat": ".0%", "tickvals": [0, 0.2, 0.4, 0.6, 0.8, 1], "len": 1.0, "x": 1.01}
    figure.update_layout(
        coloraxis={"cmin": 0, "cmax": 1, "colorscale": plotly_scale(SEQUENTIAL[theme]), "colorbar": bar}
    )
    return _plain(figure, dark, height=400, margin={"l": 8, "r": 8, "t": 30, "b": 8})


def moved_figure(moved: MovedWeights, most: int, *, dark: bool) -> go.Figure:
    """The training picture, then the gradients of its `most` strongest hidden units on one scale with zero neutral."""
    theme = "dark" if dark else "light"
    shown = moved.gradient[:most]
    reach = float(np.abs(shown).max()) or 1.0
    titles = ["picture", *(f"unit {unit}" for unit in moved.units[:most])]
    figure = make_subplots(1, 1 + len(shown), column_titles=titles, horizontal_spacing=0.012)
    figure.add_heatmap(
        z=moved.picture, zmin=0, zmax=255, colorscale=[[0, "#000000"], [1, "#ffffff"]], showscale=False, row=1, col=1,
        hovertemplate="row %{y}, column %{x}<br>%{z}<extra></extra>",
    )  # fmt: skip
    for column, (unit, values) in enumerate(zip(moved.units, shown, strict=False), start=2):
        figure.add_heatmap(
            z=values, coloraxis="coloraxis", row=1, col=column,
            hovertemplate=f"unit {unit}, weight of row %{{y}}, column %{{x}}<br>%{{z:.3g}}<extra></extra>",
        )  # fmt: skip
    top, left, size = moved.box
    for column in range(1, 2 + len(shown)):
        _box(figure, -0.5, 31.5, 1, column, {"width": 1, "color": FRAME})
        _box(figure, left - 0.5, left + size - 0.5, 1, column, {"width": 2, "color": MARK[theme]}, top - 0.5)
    figure.update_xaxes(visible=False, constrain="domain")
    figure.update_yaxes(visible=False, autorange="reversed", constrain="domain")
    _square(figure, 1 + len(shown))
    bar = {"thickness": 10, "len": 1.0, "x": 1.005, "xpad": 4, "nticks": 5, "exponentformat": EXPONENT}
    figure.update_layout(
        coloraxis={"cmin": -reach, "cmax": reach, "colorscale": plotly_scale(DIVERGING[theme]), "colorbar": bar}
    )
    return _plain(figure, dark, height=210, margin={"l": 0, "r": 0, "t": 26, "b": 4})


def answers_figure(answers: Mapping[str, Sequence[float]], classes: Sequence[str], *, dark: bool) -> go.Figure:
    """What each network says of one picture: a group of horizontal bars a class, a colour a network."""
    figure = go.Figure()
    for (name, values), colour in zip(answers.items(), COLOURS["dark" if dark else "light"], strict=False):
        figure.add_bar(
            name=name, x=list(values), y=[as_written(word) for word in classes], orientation="h", marker_color=colour,
            text=[f"{value:.0%}" for value in values], textposition="outside", cliponaxis=False, constraintext="none",
            hovertemplate=f"{name}, %{{y}}: %{{x:.2%}}<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="group", bargap=0.25, legend={"orientation": "h", "y": 1.0, "yanchor": "bottom"})
    figure.update_xaxes(range=[0, 1.15], visible=False)
    figure.update_yaxes(autorange="reversed", ticksuffix="  ", type="category")  # also where all are called by numbers
    return _plain(figure, dark, height=210, margin={"l": 8, "r": 8, "t": 8, "b": 4}, legend=True)


def _ticks(maps: Mapping[str, PositionMap]) -> list[int]:
    """Every second place at most, so that the numbers stand apart."""
    starts = next(iter(maps.values())).starts
    return list(starts[:: max(1, len(starts) // 6)])


def _box(
    figure: go.Figure, low: float, high: float, row: int, column: int, line: dict, top: float | None = None
) -> None:
    """A square outline from (top, low) on, as wide as it is high; top: low where it is on the diagonal."""
    top = low if top is None else top
    figure.add_shape(
        type="rect", x0=low, x1=high, y0=top, y1=top + high - low, row=row, col=column, line=line, layer="above"
    )


def _square(figure: go.Figure, count: int) -> None:
    """Cells as high as wide in every one of the subplots."""
    figure.update_xaxes(constrain="domain", showgrid=False, zeroline=False, fixedrange=True)
    figure.update_yaxes(constrain="domain", showgrid=False, zeroline=False, fixedrange=True)
    for axis in range(1, count + 1):
        number = "" if axis == 1 else str(axis)
        figure.update_layout({f"yaxis{number}": {"scaleanchor": f"x{number}"}})


def _plain(figure: go.Figure, dark: bool, *, height: int, margin: dict[str, int], legend: bool = False) -> go.Figure:
    return on_page(figure, dark=dark).update_layout(
        height=height,
        margin=margin,
        showlegend=legend,
        hovermode="closest",
    )
