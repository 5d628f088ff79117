"""Pictures brought back, what they differ by, and where stamps overlap. Knows records; not how a picture was pooled."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from explorer.figures.colours import DIVERGING, SEQUENTIAL, plotly_scale
from explorer.figures.dress import TEXT, as_pictures, dress
from explorer.layers.restoring import WHITE, Restored
from explorer.layers.unpooling import OverlapTable

FRAME = "rgba(128, 128, 128, 0.5)"
DIFFERENCE = "restored − original"
REACH = 100  # grey levels: differences beyond have the strongest colour


def restored_figure(
    original: np.ndarray,
    ways: Sequence[Restored],
    captions: Sequence[str],
    *,
    dark: bool,
    small: np.ndarray | None = None,
) -> go.Figure:
    """The original, uint8 (H, W) or (H, W, 3), and every way back beside it; beneath each way its difference.

    captions: one a way, under its title. small: what they were brought back from, beneath the original.
    Pictures are cut to 0–255; differences keep one scale, −100 to 100 grey levels.
    """
    broken = [way.title.replace(" convolution, ", "<br>convolution,<br>") for way in ways]  # a column is narrow
    said = [f"{title}<br>{caption}" for title, caption in zip(broken, captions, strict=True)]
    titles = ["Original", *said]
    count = len(titles)
    figure = make_subplots(2, count, column_titles=titles, horizontal_spacing=0.008, vertical_spacing=0.03)
    _add_picture(figure, original, 1, 1)
    scale = plotly_scale(DIVERGING["dark" if dark else "light"])
    for column, way in enumerate(ways, start=2):
        _add_picture(figure, way.pixels, 1, column)
        figure.add_heatmap(
            z=np.rint(way.difference * 10).astype(np.int16) / np.float32(10), zmin=-REACH, zmax=REACH, colorscale=scale,
            colorbar={
                "thickness": 8, "len": 0.46, "y": 0.0, "yanchor": "bottom", "x": 1.0, "xpad": 4,
                "tickvals": [-REACH, 0, REACH], "ticktext": [f"−{REACH}", "0", f"+{REACH}"],
            },
            showscale=column == count,
            hovertemplate=f"{way.title} − original, row %{{y}}, column %{{x}}<br>%{{z}}<extra></extra>",
            row=2, col=column,
        )  # fmt: skip
        _frame(figure, way.difference.shape, 2, column)
    if small is not None:
        _add_picture(figure, small, 2, 1)
    (_, down) = figure.get_subplot(2, 1)
    figure.add_annotation(
        text=DIFFERENCE, showarrow=False, align="right", textangle=-90,
        x=1.0, xshift=64, y=sum(down.domain) / 2, xref="paper", yref="paper", xanchor="center", yanchor="middle",
    )  # fmt: skip
    return _pictures_only(figure, dark=dark).update_layout(margin={"l": 2, "r": 78, "t": 80, "b": 4})


def pictures_figure(pictures: Mapping[str, np.ndarray], *, dark: bool) -> go.Figure:
    """Pictures, uint8 (H, W) or (H, W, 3), side by side under their titles, each as large as the place lets it."""
    figure = make_subplots(1, len(pictures), column_titles=list(pictures), horizontal_spacing=0.03)
    for column, pixels in enumerate(pictures.values(), start=1):
        _add_picture(figure, pixels, 1, column)
    return _pictures_only(figure, dark=dark).update_layout(margin={"l": 2, "r": 2, "t": 28, "b": 4})


def overlaps_figure(table: OverlapTable, at: tuple[int, int], *, dark: bool) -> go.Figure:
    """Fewest and most stamps on a cell, for every kernel size (across) and stride (down); at: (kernel, stride), outlined.

    Even ones have the page's colour, uneven ones stand out.
    """
    spread = (table.highs - table.lows).T
    text = [
        [f"{low}" if low == high else f"{low}–{high}" for low, high in zip(lows, highs, strict=True)]
        for lows, highs in zip(table.lows.T, table.highs.T, strict=True)
    ]
    figure = go.Figure(
        go.Heatmap(
            z=np.sqrt(spread), x=[str(k) for k in table.kernels], y=[str(s) for s in table.strides], text=text,
            texttemplate="%{text}", textfont={"size": 14}, showscale=False, xgap=2, ygap=2, zmin=0,
            zmax=2 * float(np.sqrt(spread.max())) or 1.0,  # half of the scale: text stays readable on it
            colorscale=plotly_scale(SEQUENTIAL["dark" if dark else "light"]),
            hovertemplate="kernel %{x}×%{x}, stride %{y}: %{text} stamps a cell<extra></extra>",
        )
    )  # fmt: skip
    if at[0] in table.kernels and at[1] in table.strides:
        across, down = table.kernels.index(at[0]), table.strides.index(at[1])
        figure.add_shape(
            type="rect", x0=across - 0.5, x1=across + 0.5, y0=down - 0.5, y1=down + 0.5,
            line={"width": 3, "color": "#fafafa" if dark else "#31333f"},
        )  # fmt: skip
    figure.update_xaxes(title={"text": "kernel size", "standoff": 4}, type="category", showgrid=False)
    figure.update_yaxes(title={"text": "stride", "standoff": 4}, type="category", autorange="reversed", showgrid=False)
    dress(figure, dark=dark, height=230, legend=False)
    return figure.update_layout(hovermode="closest")


def _pictures_only(figure: go.Figure, *, dark: bool) -> go.Figure:
    """Nothing but pictures and their titles, on the page."""
    as_pictures(figure).update_annotations(font_size=TEXT)
    return dress(figure, dark=dark, legend=False).update_layout(hovermode="closest")


def _add_picture(figure: go.Figure, pixels: np.ndarray, row: int, column: int) -> None:
    levels = np.rint(np.clip(pixels, 0, WHITE)).astype(np.uint8)
    rgb = np.repeat(levels[:, :, None], 3, axis=2) if levels.ndim == 2 else levels
    figure.add_image(z=rgb, hovertemplate="row %{y}, column %{x}<br>%{z}<extra></extra>", row=row, col=column)
    _frame(figure, rgb.shape, row, column)


def _frame(figure: go.Figure, shape: tuple[int, ...], row: int, column: int) -> None:
    figure.add_shape(
        type="rect", x0=-0.5, x1=shape[1] - 0.5, y0=-0.5, y1=shape[0] - 0.5, row=row, col=column,
        line={"width": 1, "color": FRAME},
    )  # fmt: skip
