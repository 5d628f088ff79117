"""A window, its weights and their products as number grids, and each channel's share as bars. Knows terms; no network."""

import numpy as np
import plotly.graph_objects as go

from explorer.figures.colours import DIVERGING, plotly_scale
from explorer.figures.dress import EXPONENT, TEXT, dress
from explorer.probe.terms import PADDING, Terms
from explorer.words import bracketed, counted, fixed, minus, written

MOST_SIDE = 8  # cells of a window that still have room for their number
MOST_BARS = 10
TITLES = ("values", "× weights", "= products")


def window_figure(terms: Terms, groups: list[int], *, dark: bool) -> go.Figure:
    """One row per group: the window's values, the weights on them, the products. A point per cell of the values, to click.

    The points' customdata is [group, row, column]. Every column has one colour scale with zero neutral.
    """
    _, height, width = terms.products.shape
    numbered = max(height, width) <= MOST_SIDE
    scale = plotly_scale(DIVERGING["dark" if dark else "light"])
    inside = (terms.at != PADDING).all(axis=-1)
    traces, axes = [], {}
    for column, numbers in enumerate((terms.values, terms.weights, terms.products)):
        reach = float(np.nanmax(np.abs(numbers[groups]))) or 1.0
        digits = int(np.clip(2 - np.floor(np.log10(reach)), 2, 6))
        look = {"zmin": -reach, "zmax": reach, "colorscale": scale, "showscale": False, "hoverinfo": "skip"}
        look |= {"xgap": 1, "ygap": 1, "textfont": {"size": TEXT}}
        for row, group in enumerate(groups):
            number = str(3 * row + column + 1) if row or column else ""
            on = {"xaxis": f"x{number}", "yaxis": f"y{number}"}
            shown = numbers[group] if column == 1 else np.where(inside[group], numbers[group], np.nan)
            if numbered:
                look["text"] = [[_cell(value, digits) for value in line] for line in shown]
                look["texttemplate"] = "%{text}"
            traces += [{"type": "heatmap", "z": shown, **look, **on}, {**_points(terms, group), **on}]
            axes |= _axes(number, row, column, len(groups), (height, width))
            if column == 0:
                label = f"channel {terms.channels[group]}" if terms.channels[group] >= 0 else "padding"
                axes[f"yaxis{number}"] |= {
                    "visible": True,
                    "showticklabels": False,
                    "ticks": "",
                    "title": {"text": label},
                }
    heads = [
        {
            "text": title,
            "x": (column + 0.5) / 3,
            "y": 1,
            "xref": "paper",
            "yref": "paper",
            "xanchor": "center",
            "yanchor": "bottom",
        }
        | {"showarrow": False, "font": {"size": 15}}
        for column, title in enumerate(TITLES)
    ]
    size = int(min(620, 60 + len(groups) * (max(height, 2) * (30 if numbered else 12) + 26)))
    # one dictionary: subplots filled trace by trace take Plotly five times as long
    figure = go.Figure({"data": traces, "layout": {**axes, "annotations": heads}})
    dress(figure, dark=dark, height=size, legend=False)
    return figure.update_layout(hovermode="closest", hoverdistance=60, clickmode="event+select", margin={"t": 30})


def _axes(number: str, row: int, column: int, rows: int, shape: tuple[int, int]) -> dict[str, dict]:
    """Where one grid lies in the figure; rows count from the top."""
    gap, quiet = 0.22 / rows, {"visible": False, "showgrid": False, "zeroline": False, "constrain": "domain"}
    top = 1 - row / rows
    across, down = (
        [column / 3 + 0.01, (column + 1) / 3 - 0.01],
        [max(0.0, top - 1 / rows + gap / 2), top - gap / 2 * (row > 0)],
    )
    return {
        f"xaxis{number}": {**quiet, "domain": across, "anchor": f"y{number}", "range": [-0.5, shape[1] - 0.5]},
        f"yaxis{number}": {**quiet, "domain": down, "anchor": f"x{number}", "range": [shape[0] - 0.5, -0.5]},
    }


def _points(terms: Terms, group: int) -> dict[str, object]:
    """A transparent point per cell: what is pointed at, and what can be clicked."""
    cells = list(np.ndindex(terms.products.shape[1:]))
    tips = []
    for cell in cells:
        unit = terms.unit(group, *cell)
        where = f"{terms.node} {unit.at}" if unit else "padding"
        value, weight, product = (
            written(part[group][cell], 6) for part in (terms.values, terms.weights, terms.products)
        )
        tips.append(f"{where}<br>{value} × {bracketed(weight)} = {product}")
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [cell[1] for cell in cells],
        "y": [cell[0] for cell in cells],
        "marker": {"size": 24, "opacity": 0.001},
        "customdata": [[group, *cell] for cell in cells],
        "hovertext": tips,
        "hoverinfo": "text",
    }


def shares_figure(terms: Terms, *, word: str, dark: bool) -> go.Figure:
    """What each channel adds, the largest first without their sign; the rest as one bar. word: what they are."""
    sums = terms.sums
    order = np.argsort(-np.abs(sums), kind="stable")
    shown, rest = order[:MOST_BARS], order[MOST_BARS:]
    names = [f"{terms.channels[group]}" for group in shown]
    values = [float(sums[group]) for group in shown]
    if len(rest):
        names.append("rest")
        values.append(float(sums[rest].sum()))
    anchors = DIVERGING["dark" if dark else "light"]
    power = _power(values)
    texts = [written(value / 10**power, 2) for value in values]
    figure = go.Figure(
        go.Bar(
            x=names,
            y=values,
            text=texts,
            textposition="outside",
            textangle=0,
            constraintext="none",
            cliponaxis=False,
            marker_color=[anchors[-1] if value > 0 else anchors[0] for value in values],
            hovertemplate=f"{word} %{{x}}: %{{y:.6g}}<extra></extra>",
        )
    )
    figure.update_xaxes(
        type="category",
        tickangle=0,
        title=f"{word}, largest first" + (f"; rest: {counted(len(rest), 'other')}" if len(rest) else ""),
    )
    figure.update_yaxes(title="adds", exponentformat=EXPONENT)
    if power:
        unit = f"labels in 1{EXPONENT}{minus(str(power))}"
        figure.add_annotation(
            text=unit, x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=4, showarrow=False
        )
    return dress(figure, dark=dark, legend=False).update_layout(hovermode="closest", margin={"t": 22})


def _power(values: list[float]) -> int:
    """A common power of ten, so that labels of tiny or huge numbers stay short; 0 where they are short as they are."""
    reach = max((abs(value) for value in values if np.isfinite(value)), default=0.0)
    if reach == 0 or 0.1 <= reach < 1000:
        return 0
    return int(np.floor(np.log10(reach) / 3) * 3)


def _cell(value: float, digits: int) -> str:
    if np.isnan(value):
        return ""
    return "0" if value == 0 else fixed(value, digits)
