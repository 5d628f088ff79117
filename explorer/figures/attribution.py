"""Heat maps side by side, and how much each changes as the weights are lost. Knows records; not networks."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from explorer.figures.colours import DIVERGING, SEQUENTIAL, plotly_scale
from explorer.figures.dress import TEXT, as_pictures, dress
from explorer.figures.series import COLOURS
from explorer.probe.attribution import HeatMap
from explorer.words import written

FIFTH = {"light": "#8c6d00", "dark": "#f0e442"}
FRAME = "rgba(128, 128, 128, 0.5)"
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
SYMBOLS = ("circle", "square", "diamond", "x", "triangle-up")


def heat_figure(maps: Mapping[str, HeatMap | None], *, dark: bool, picture: np.ndarray | None = None, columns: int):
    """One map a method, each on a scale of its own with the legend under it; before them the picture, uint8, if given.

    maps: None stands for one that is still being made: its place stays free, so that nothing moves when it comes.
    columns: so many in a row. Returns a go.Figure.
    """
    theme = "dark" if dark else "light"
    titles = ([] if picture is None else ["picture"]) + [
        title if found else f"{title} …" for title, found in maps.items()
    ]
    rows = -(-len(titles) // columns)
    figure = make_subplots(rows, columns, subplot_titles=titles, horizontal_spacing=0.03, vertical_spacing=0.28 / rows)
    where = [(index // columns + 1, index % columns + 1) for index in range(len(titles))]
    if picture is not None:
        rgb = np.repeat(picture[:, :, None], 3, axis=2) if picture.ndim == 2 else picture
        figure.add_image(z=rgb, hovertemplate="row %{y}, column %{x}<br>%{z}<extra></extra>", row=1, col=1)
        where = where[1:]
    for (title, found), (row, column) in zip(maps.items(), where, strict=True):
        if found is None:
            continue
        reach = float(np.abs(found.values).max()) or 1.0
        low = -reach if found.signed else 0.0
        x, y = (next(figure.select_xaxes(row=row, col=column)), next(figure.select_yaxes(row=row, col=column)))
        bar = {
            "orientation": "h", "thickness": 8, "len": (x.domain[1] - x.domain[0]) * 0.8,
            "x": sum(x.domain) / 2, "xanchor": "center",
            "y": y.domain[0], "yanchor": "top", "ypad": 4, "tickvals": [low, (low + reach) / 2, reach],
            "ticktext": [_short(low), _short((low + reach) / 2), _short(reach)],
        }  # fmt: skip
        figure.add_heatmap(
            z=found.values, zmin=low, zmax=reach, colorbar=bar, row=row, col=column,
            colorscale=plotly_scale((DIVERGING if found.signed else SEQUENTIAL)[theme]),
            hovertemplate=f"{title}, row %{{y}}, column %{{x}}<br>%{{z:.4g}}<extra></extra>",
        )  # fmt: skip
        tall, wide = found.values.shape
        figure.add_shape(
            type="rect",
            x0=-0.5,
            x1=wide - 0.5,
            y0=-0.5,
            y1=tall - 0.5,
            row=row,
            col=column,
            line={"width": 1, "color": FRAME},
        )
    as_pictures(figure).update_annotations(font_size=TEXT)
    dress(figure, dark=dark, legend=False)
    return figure.update_layout(margin={"l": 2, "r": 2, "t": 26, "b": 30}, hovermode="closest")


def check_figure(
    curves: Mapping[str, np.ndarray], levels: Sequence[str], at: int, fails: float, *, dark: bool
) -> go.Figure:
    """Rank correlation with the map as learned, one line a method; levels: what is random by then; at: the marked one.

    fails: the dashed line, above which at the end a method has not noticed. An empty map (NaN) leaves a gap.
    """
    theme = "dark" if dark else "light"
    figure = go.Figure()
    colours = (*COLOURS[theme], FIFTH[theme])
    for (title, values), colour, dash, symbol in zip(curves.items(), colours, DASHES, SYMBOLS, strict=False):
        figure.add_scatter(
            x=list(range(len(levels))), y=values, name=title, mode="lines+markers",
            line={"color": colour, "width": 2, "dash": dash}, marker={"symbol": symbol, "size": 8}, hovertemplate="%{y:.3f}",
        )  # fmt: skip
    figure.add_hline(y=fails, line={"color": FRAME, "dash": "dash", "width": 1.5})
    figure.add_vline(x=at, line={"color": FRAME, "width": 8}, layer="below")
    figure.update_xaxes(
        tickvals=list(range(len(levels))),
        ticktext=list(levels),
        title={"text": "random from the top down to", "standoff": 4},
    )
    figure.update_yaxes(title={"text": "similarity (rank correlation)", "standoff": 4}, range=[-1.05, 1.05], dtick=0.5)
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    return dress(figure, dark=dark, height=360, legend=True)


def _short(value: float) -> str:
    return written(value, 2)
