"""Two sides beside each other: their maps and difference, similarity of layers, planes of points. Knows records only."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from explorer.figures.colours import DIVERGING, SEQUENTIAL, plotly_scale
from explorer.figures.dress import TEXT, as_written, dress
from explorer.figures.sheet import sheet
from explorer.probe.embedding import Plane
from explorer.probe.similarity import Similarity
from explorer.words import fixed

FRAME = "rgba(128, 128, 128, 0.5)"
BETWEEN = "rgba(128, 128, 128, 0.3)"  # shows between the tiles, so that an empty map has an edge
MOST_TILES = 25
MOST_CELLS = 400  # along a side of a sheet: more than there are pixels for, and each cell carries its words
# Twenty colours in two runs of ten; beyond the tenth class another mark is drawn
CLASSES = {
    "light": (
        "#0072b2",
        "#d55e00",
        "#009e73",
        "#cc79a7",
        "#8c6d00",
        "#56b4e9",
        "#7b3294",
        "#6b6b6b",
        "#b2182b",
        "#3f7d20",
    ),
    "dark": (
        "#56b4e9",
        "#e69f00",
        "#2fd196",
        "#f29bc9",
        "#f0e442",
        "#7f9cff",
        "#c792ea",
        "#bdbdbd",
        "#ff6f61",
        "#9ccc65",
    ),
}
MARKS = ("circle", "diamond", "square", "x", "triangle-up", "star", "cross", "hexagon")


def sides_figure(
    first: np.ndarray, second: np.ndarray, names: Sequence[str], *, titles: tuple[str, str], signed: bool, dark: bool
) -> go.Figure:
    """Maps of two sides, float32 (n, h, w) each, as tiles on one colour scale; their difference where the shapes agree.

    names: what each map is, in words; of the first MOST_TILES maps. titles: of the sides. Large maps are thinned out, see
    `every_of`: values stay exact, and the scales are those of whole maps.
    """
    theme = "dark" if dark else "light"
    sheets = [first[:MOST_TILES], second[:MOST_TILES]]
    agree = first.shape == second.shape
    if agree:
        sheets.append(sheets[0].astype(np.float64) - sheets[1])
    heads = [*titles, "difference:<br>first − second"][: len(sheets)]
    reach = max(float(np.nanmax(np.abs(maps), initial=0)) for maps in sheets[:2]) or 1.0
    apart = (float(np.nanmax(np.abs(sheets[2]), initial=0)) or 1.0) if agree else 1.0
    figure = make_subplots(1, len(sheets), horizontal_spacing=0.02)
    for column, maps in enumerate(sheets, start=1):
        every = every_of(maps)
        maps = maps[:, ::every, ::every]
        height, width = maps.shape[1:]
        gap = max(1, round(min(height, width) / 16)) if height * width > 1 else 0
        tiles, tips = sheet(maps, names, gap=gap, every=every)
        figure.add_heatmap(
            z=tiles, customdata=tips, coloraxis="coloraxis2" if column == 3 else "coloraxis", row=1, col=column,
            hovertemplate="%{customdata}<br>%{z:.4g}<extra></extra>", hoverongaps=False,
        )  # fmt: skip
    figure.update_xaxes(side="top", showticklabels=False, showgrid=False, zeroline=False, constrain="domain")
    figure.update_yaxes(visible=False, autorange="reversed", constrain="domain")
    for axis, head in enumerate(heads, start=1):  # an axis' title stays at its sheet, however high the figure is
        figure.update_xaxes(title={"text": head, "standoff": 4, "font": {"size": TEXT}}, row=1, col=axis)
        figure.update_layout({f"yaxis{'' if axis == 1 else axis}": {"scaleanchor": f"x{'' if axis == 1 else axis}"}})
    wide = 1 / len(sheets)
    scale = {
        "cmin": -reach if signed else 0, "cmax": reach,
        "colorscale": plotly_scale((DIVERGING if signed else SEQUENTIAL)[theme]), "colorbar": _bar(wide * 2 * 0.98, wide),
    }  # fmt: skip
    figure.update_layout(coloraxis=scale)
    if agree:
        figure.update_layout(
            coloraxis2={
                "cmin": -apart,
                "cmax": apart,
                "colorscale": plotly_scale(DIVERGING[theme]),
                "colorbar": _bar(wide * 0.9, 1 - wide / 2),
            }
        )
    dress(figure, dark=dark, legend=False)
    figure.update_layout(plot_bgcolor=BETWEEN, margin={"l": 4, "r": 4, "t": 28, "b": 44}, hovermode="closest")
    return figure


def every_of(maps: np.ndarray) -> int:
    """Every how many rows and columns of maps (n, h, w) are drawn, so that a sheet of them has at most MOST_CELLS a side."""
    tiles = math.ceil(math.sqrt(min(len(maps), MOST_TILES)))
    return max(1, math.ceil(tiles * max(maps.shape[1:]) / MOST_CELLS))


def similarity_figure(found: Similarity, *, titles: tuple[str, str], dark: bool) -> go.Figure:
    """CKA as a heat map from 0 to 1 with its numbers: rows are the first side's layers, bottom up; "
    "columns the second's."""
    theme = "dark" if dark else "light"
    rows, columns = found.values.shape
    small = rows * columns > 200
    figure = go.Figure(
        go.Heatmap(
            z=found.values, x=list(range(columns)), y=list(range(rows)), zmin=0, zmax=1,
            customdata=[[[row, column] for column in found.columns] for row in found.rows],
            text=None if small else [[fixed(value, 2) for value in row] for row in found.values],
            texttemplate=None if small else "%{text}", xgap=1, ygap=1,
            colorscale=plotly_scale(SEQUENTIAL[theme]),
            colorbar={"thickness": 12, "tickvals": [0, 0.25, 0.5, 0.75, 1]},
            hovertemplate="%{customdata[0]} · %{customdata[1]}<br>CKA %{z:.3f}<extra></extra>",
        )
    )  # fmt: skip
    step = max(1, columns // 12), max(1, rows // 20)
    figure.update_xaxes(
        tickvals=list(range(0, columns, step[0])),
        ticktext=list(found.columns[:: step[0]]),
        title={"text": titles[1], "standoff": 4},
    )
    figure.update_yaxes(
        tickvals=list(range(0, rows, step[1])),
        ticktext=list(found.rows[:: step[1]]),
        title={"text": titles[0], "standoff": 4},
    )
    dress(figure, dark=dark, legend=False)
    return figure.update_layout(hovermode="closest").update_xaxes(showgrid=False).update_yaxes(showgrid=False)


def planes_figure(
    planes: Mapping[str, Plane], labels: np.ndarray, classes: Sequence[str], *, notes: Sequence[str], dark: bool
) -> go.Figure:
    """One plane of points a name, side by side, its note beneath; a colour (and beyond ten a mark) a class; labels int (n,)."""
    theme = "dark" if dark else "light"
    figure = make_subplots(1, len(planes), subplot_titles=list(planes), horizontal_spacing=0.03)
    for column, plane in enumerate(planes.values(), start=1):
        for index in sorted(set(labels.tolist())):
            mine = labels == index
            figure.add_scatter(
                x=plane.points[mine, 0], y=plane.points[mine, 1], mode="markers", name=as_written(classes[index]),
                legendgroup=index, showlegend=column == 1, row=1, col=column, customdata=np.flatnonzero(mine),
                marker={
                    "size": 6, "color": CLASSES[theme][index % 10], "opacity": 0.85, "symbol": MARKS[index // 10 % len(MARKS)]
                },
                hovertemplate="%{fullData.name}, picture %{customdata}<extra></extra>",
            )  # fmt: skip
    dress(figure, dark=dark, legend=True)
    for column, note in enumerate(notes, start=1):
        figure.update_xaxes(title={"text": note, "standoff": 6, "font": {"size": TEXT}}, row=1, col=column)
    figure.update_xaxes(showticklabels=False, showline=True, mirror=True, linecolor=FRAME, showgrid=False)
    figure.update_yaxes(showticklabels=False, showline=True, mirror=True, linecolor=FRAME, showgrid=False)
    figure.update_annotations(font_size=TEXT)
    return figure.update_layout(
        margin={"l": 4, "r": 4, "t": 28, "b": 8},
        hovermode="closest",
        legend={"itemsizing": "constant", "title": "class"},
    )


def _bar(length: float, middle: float) -> dict[str, object]:
    return {
        "orientation": "h", "thickness": 10, "len": length * 0.85, "x": middle, "xanchor": "center", "y": 0,
        "yanchor": "top", "ypad": 6, "nticks": 6,
    }  # fmt: skip
