"""Tables of numbers in colours, side by side: what one step after another did to them. Knows arrays; not what they mean."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from explorer.figures.colours import DIVERGING, plotly_scale
from explorer.figures.dress import TEXT, dress
from explorer.words import written

MOST_NUMBERS = 240  # cells of one table that still have room for their numbers
ROW = 30  # pixels
CHOSEN = {"light": "#0f8a5f", "dark": "#2fd196"}


def stages_figure(
    stages: Mapping[str, np.ndarray],
    columns: Sequence[str],
    *,
    dark: bool,
    chosen: int | None = None,
    rows: Sequence[str] | None = None,
    apart: bool = True,
) -> go.Figure:
    """Tables (rows, columns) of one shape in a diverging scale, zero is neutral.

    stages: title → numbers. apart: each column of each table has a scale of its own, else one for all. chosen: the column
    that is framed. rows: their names, else they are counted. Hovering says row, column and the exact number.
    """
    theme = "dark" if dark else "light"
    height, count = next(iter(stages.values())).shape
    all_reach = max(float(np.abs(values).max()) for values in stages.values())
    figure = make_subplots(cols=len(stages), subplot_titles=list(stages), horizontal_spacing=0.025, shared_yaxes=True)
    for place, (title, values) in enumerate(stages.items(), start=1):
        reach = np.abs(values).max(axis=0) if apart else np.full(count, all_reach)
        figure.add_trace(
            go.Heatmap(
                z=values / np.where(reach > 0, reach, 1),
                zmin=-1,
                zmax=1,
                colorscale=plotly_scale(DIVERGING[theme]),
                x=list(columns),
                y=list(rows) if rows else None,
                text=[[number_text(value) for value in row] for row in values] if values.size <= MOST_NUMBERS else None,
                texttemplate="%{text}" if values.size <= MOST_NUMBERS else None,
                textfont={"size": TEXT},
                customdata=values,
                hovertemplate=f"{title}, "
                + ("%{y}" if rows else "row %{y}")
                + ", %{x}: %{customdata:.6g}<extra></extra>",
                showscale=False,
                xgap=2,
                ygap=2,
            ),
            row=1,
            col=place,
        )
        if chosen is not None:
            figure.add_shape(
                type="rect",
                x0=chosen - 0.48,
                x1=chosen + 0.48,
                y0=-0.5,
                y1=height - 0.5,
                line={"width": 2, "color": CHOSEN[theme]},
                row=1,
                col=place,
            )
    figure.update_yaxes(autorange="reversed", showgrid=False, dtick=1)
    figure.update_xaxes(showgrid=False, tickangle=0, showticklabels=count <= 6)
    dress(figure, dark=dark, height=min(640, 80 + ROW * height), legend=False)
    figure.update_annotations(font_size=TEXT)
    return figure.update_layout(hovermode="closest", margin={"t": 32})


def masks_figure(outputs: np.ndarray, masks: np.ndarray, columns: Sequence[str], *, dark: bool) -> go.Figure:
    """Training steps downwards, units across: outputs float (M, F) in one diverging scale, nothing where a unit is dropped.

    masks: bool (M, F), True where kept: a kept unit whose output is 0 is still drawn.
    """
    theme = "dark" if dark else "light"
    reach = float(np.abs(outputs).max()) or 1.0
    shown = np.where(masks, outputs, np.nan)
    figure = go.Figure(
        go.Heatmap(
            z=shown,
            x=list(columns),
            y=np.arange(1, len(shown) + 1),
            zmin=-reach,
            zmax=reach,
            colorscale=plotly_scale(DIVERGING[theme]),
            text=[[number_text(value) if kept else "" for value, kept in zip(*row, strict=True)]
                  for row in zip(outputs, masks, strict=True)],
            texttemplate="%{text}",
            customdata=np.where(masks, "kept", "dropped"),
            hovertemplate="step %{y}, %{x}: %{text} (%{customdata})<extra></extra>",
            hoverongaps=True,
            showscale=False,
            xgap=2,
            ygap=2,
        )
    )  # fmt: skip
    figure.update_yaxes(autorange="reversed", showgrid=False, title={"text": "training step", "standoff": 4}, dtick=1)
    figure.update_xaxes(showgrid=False, side="top", showticklabels=outputs.shape[1] <= 8)
    return dress(figure, dark=dark, height=60 + 28 * len(shown), legend=False).update_layout(hovermode="closest")


def number_text(value: float) -> str:
    """Three significant digits, one below 0.01, with a true minus sign.

    >>> number_text(-0.70711), number_text(140.0), number_text(0.00512), number_text(0.0)
    ('−0.707', '140', '0.005', '0')
    """
    digits = 3 if abs(value) >= 0.01 else 1
    return written(value, digits)
