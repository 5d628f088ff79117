"""A network's shape: each layer as high as its maps, as wide as its channels. Knows layers' facts; not networks."""

import math
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from explorer.figures.dress import INK, TEXT, on_page
from explorer.figures.series import COLOURS
from explorer.probe.facts import LayerFacts, NetworkFacts
from explorer.probe.kinds import kind_of
from explorer.probe.kinds.kind import ENLARGING, JOINING, POOLING, WEIGHTS
from explorer.words import noun

MUTED = {"light": "#8f9ab0", "dark": "#7b869d"}
SHOWN = (WEIGHTS, POOLING, ENLARGING, JOINING)  # groups of kinds that change a shape or have weights
WIDEST = 0.62  # of a block, where 1 is the way to the next
Block = tuple[str, str, tuple[int, ...], int]  # kind, name, shape, multiply-adds


def hourglass_figure(networks: Mapping[str, NetworkFacts], *, dark: bool) -> go.Figure:
    """One row a network: its input and layers in the order in which they run, all rows on one scale.

    A skip is drawn from the maps before a pooling to where they are joined; remembered positions from a pooling to its
    unpooling. Poolings and what undoes them lie in each other like brackets.
    """
    theme = "dark" if dark else "light"
    figure = make_subplots(len(networks), 1, vertical_spacing=0.02)
    longest = max(len(_blocks(facts)) for facts in networks.values())
    for row, (title, facts) in enumerate(networks.items(), start=1):
        blocks = _blocks(facts)
        side, most = facts.input[-1], max(block[2][0] for each in networks.values() for block in _blocks(each))
        for at, block in enumerate(blocks):
            _draw(figure, block, at, 0.5, side, most, theme, row)
        _draw_links(figure, blocks, side, theme, row)
        figure.add_annotation(
            x=-0.5, y=1.7, text=f"<b>{title}</b>", showarrow=False, xanchor="left", yanchor="top", row=row, col=1
        )
        figure.update_xaxes(range=[-0.55, longest - 0.4], row=row, col=1)
        figure.update_yaxes(range=[-0.62, 1.75], row=row, col=1)
    return _dress(figure, theme)


def heads_figure(facts: NetworkFacts, heads: Mapping[str, str], *, dark: bool) -> go.Figure:
    """One extractor and its two heads. heads: layer → what its numbers are, the upper head first."""
    theme = "dark" if dark else "light"
    figure = make_subplots(1, 1)
    layers = {layer.name: layer for layer in facts.layers}
    shared = [block for block in _blocks(facts) if block[1] not in heads]
    side, most = facts.input[-1], max(block[2][0] for block in shared if len(block[2]) == 3)
    for at, block in enumerate(shared):
        _draw(figure, block, at, 0.5, side, most, theme, 1)
    last, there = len(shared) - 1, len(shared) + 0.5
    for (name, words), middle in zip(heads.items(), (1.02, -0.02), strict=True):
        figure.add_shape(
            type="line", x0=last + 0.15, y0=0.5, x1=there - 0.2, y1=middle, line={"color": INK[theme], "width": 2}
        )
        head = layers[name]
        _draw(figure, ("Linear", name, head.output, head.macs), there, middle, side, most, theme, 1, words=words)
    figure.update_xaxes(range=[-0.55, there + 2.1])
    figure.update_yaxes(range=[-0.62, 1.5])
    return _dress(figure, theme)


def _blocks(facts: NetworkFacts) -> list[Block]:
    """The input and the layers that change a shape or have weights."""
    found: list[Block] = [("input", "input", facts.input, 0)]
    return found + [
        (layer.type, layer.name, layer.output, layer.macs)
        for layer in facts.layers
        if kind_of(layer.type).group in SHOWN and not _is_last_join(layer)
    ]


def _is_last_join(layer: LayerFacts) -> bool:
    return kind_of(layer.type).group == JOINING and len(layer.output) == 1


def _enlarges(kind: str) -> bool:
    return kind_of(kind).group == ENLARGING or kind_of(kind).made == "transposed"


def _draw(
    figure: go.Figure,
    block: Block,
    at: float,
    middle: float,
    side: int,
    most: int,
    theme: str,
    row: int,
    words: str = "",
) -> None:
    kind, name, shape, macs = block
    colour = _colour(kind, theme)
    flat = len(shape) == 1
    high = 0.42 if flat else shape[-1] / side
    wide = 0.12 if flat else max(0.06, WIDEST * shape[0] / most)
    figure.add_shape(
        type="rect", x0=at - wide / 2, x1=at + wide / 2, y0=middle - high / 2, y1=middle + high / 2, fillcolor=colour,
        line={"width": 0}, row=row, col=1,
    )  # fmt: skip
    size = str(shape[0]) if flat else f"{shape[1]}×{shape[2]}×{shape[0]}"
    title = kind_of(kind).label
    if words:
        figure.add_annotation(
            x=at + 0.16, y=middle, text=f"<b>{words}</b><br>{size} {noun(math.prod(shape), 'number')}",
            showarrow=False, xanchor="left", align="left",
            row=row, col=1,
        )  # fmt: skip
    else:
        figure.add_annotation(
            x=at, y=-0.04, text=f"{title}<br>{size}", showarrow=False, yanchor="top", row=row, col=1, font_size=TEXT
        )
    figure.add_scatter(
        x=[at], y=[middle], mode="markers", showlegend=False, row=row, col=1,
        marker={"size": 34, "opacity": 0, "symbol": "square"},
        hovertemplate=f"<b>{name}</b>: {words or title}<br>{size}<br>{macs:,} multiply-adds<extra></extra>",
    )  # fmt: skip


def _draw_links(figure: go.Figure, blocks: Sequence[Block], side: int, theme: str, row: int) -> None:
    """Skips and remembered positions: the last pooling belongs to the first block that doubles, and so on outwards."""
    open_pools: list[int] = []
    heights = [shape[-1] / side for _, _, shape, _ in blocks]
    for at, (kind, _, _, _) in enumerate(blocks):
        if kind_of(kind).group == POOLING:
            open_pools.append(at)
        if not _enlarges(kind) or not open_pools:
            continue
        pool = open_pools.pop()
        if kind == "MaxUnpool2d":
            words = "" if open_pools else "remembered positions"  # once, at the outermost
            _arc(figure, (pool, at), heights, words, "dot", theme, row)
        elif at + 1 < len(blocks) and kind_of(blocks[at + 1][0]).group == JOINING:
            _arc(figure, (pool - 1, at + 1), heights, "" if open_pools else "skips", "solid", theme, row)


def _arc(
    figure: go.Figure, ends: tuple[int, int], heights: Sequence[float], word: str, dash: str, theme: str, row: int
) -> None:
    """From block to block, over all between them."""
    start, end = ends
    low, high = (0.5 + heights[at] / 2 for at in ends)
    top = 0.5 + max(heights[start : end + 1]) / 2
    peak = top + 0.14 + 0.035 * (end - start)
    colour = COLOURS[theme][3]
    figure.add_shape(
        type="path", path=f"M {start},{low} C {start + 0.6},{peak} {end - 0.6},{peak} {end},{high}", row=row, col=1,
        line={"color": colour, "width": 2, "dash": dash}, fillcolor="rgba(0,0,0,0)",
    )  # fmt: skip
    if not word:
        return
    figure.add_annotation(
        x=(start + end) / 2, y=(low + high) / 8 + 0.75 * peak - 0.03, text=word, showarrow=False, yanchor="top", row=row, col=1,
        font={"size": TEXT, "color": colour},
    )  # fmt: skip


def _colour(kind: str, theme: str) -> str:
    blue, orange, green, purple = COLOURS[theme]
    if _enlarges(kind):
        return orange
    group = kind_of(kind).group
    return {WEIGHTS: green if kind == "Linear" else blue, JOINING: purple}.get(group, MUTED[theme])


def _dress(figure: go.Figure, theme: str) -> go.Figure:
    figure.update_xaxes(visible=False, fixedrange=True)
    figure.update_yaxes(visible=False, fixedrange=True)
    return on_page(figure, dark=theme == "dark").update_layout(
        margin={"l": 0, "r": 0, "t": 4, "b": 4},
        showlegend=False,
        hovermode="closest",
    )
