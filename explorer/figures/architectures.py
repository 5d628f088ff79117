"""A network as a drawn graph, and what each layer costs. Knows drawings and facts; not networks."""

from collections import Counter

import plotly.graph_objects as go

from explorer.figures.dress import TEXT, dress
from explorer.figures.series import COLOURS
from explorer.probe.facts import NetworkFacts, in_words, shape_text
from explorer.probe.folding import Box, Drawing, Edge
from explorer.probe.graph import Node
from explorer.probe.kinds import kind_of
from explorer.probe.kinds.kind import JOINING, POOLING, WEIGHTS
from explorer.words import counted, shortened

ROW, BOX_HEIGHT, BOX_WIDTH = 84, 0.5, 0.84  # pixels a row; the box's share of a row and of a column
FEWEST_COLUMNS, LETTERS = 3, 24
HUES = {WEIGHTS: 0, POOLING: 1, JOINING: 2}  # group of kinds → place among the colours of `series`


def graph_figure(drawing: Drawing, *, dark: bool) -> go.Figure:
    """Boxes from the input down, each edge with the shape that passes. A point's customdata is its box's key, "" for a step."""
    figure, theme = go.Figure(), "dark" if dark else "light"
    text, line = ("#fafafa", "rgba(250,250,250,.5)") if dark else ("#31333f", "rgba(49,51,63,.5)")
    letters = int(LETTERS * min(1, FEWEST_COLUMNS / drawing.width))  # of a name: a box is so narrow
    xs, ys = [], []
    for edge in drawing.edges:
        points = _between_boxes(edge)
        xs += [x for x, _ in points] + [None]
        ys += [y for _, y in points] + [None]
    figure.add_scatter(x=xs, y=ys, mode="lines", line={"color": line, "width": 1.2}, hoverinfo="skip")
    for box in drawing.boxes:
        hue = HUES.get(kind_of(box.kind).group)
        edge_colour = line if hue is None else COLOURS[theme][hue]
        figure.add_shape(
            type="rect",
            layer="below",
            x0=box.column - BOX_WIDTH / 2,
            x1=box.column + BOX_WIDTH / 2,
            y0=box.row - BOX_HEIGHT / 2,
            y1=box.row + BOX_HEIGHT / 2,
            fillcolor=("#3a3d46" if dark else "#dfe8f2") if box.folded else ("#1c1f26" if dark else "#ffffff"),
            line={"color": edge_colour, "width": 1 if hue is None else 2},
        )
    figure.add_scatter(
        x=[box.column for box in drawing.boxes],
        y=[box.row for box in drawing.boxes],
        mode="text",
        text=[_label(box, letters) for box in drawing.boxes],
        textfont={"size": TEXT, "color": text},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=[box.column for box in drawing.boxes],
        y=[box.row for box in drawing.boxes],
        mode="markers",
        customdata=[[box.key if box.folded else "", _tip(box)] for box in drawing.boxes],
        hovertemplate="%{customdata[1]}<extra></extra>",
        marker={"size": 40, "symbol": "square", "color": "rgba(0,0,0,0)", "line": {"width": 0}},
    )
    places = [_label_place(edge, drawing) for edge in drawing.edges]
    for (x, y), edge in zip(places, drawing.edges, strict=True):
        figure.add_annotation(
            x=x,
            y=y,
            text=shape_text(edge.shape) if edge.shape else "several",
            showarrow=False,
            font={"size": TEXT, "color": text},
            bgcolor="#171614" if dark else "#ffffff",
            opacity=0.9,
            borderpad=0,
        )
    dress(figure, dark=dark, height=ROW * drawing.rows + 16, legend=False)
    half = max(FEWEST_COLUMNS, drawing.width) / 2
    figure.update_layout(
        hovermode="closest",
        dragmode="pan",
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": text},
        margin={"l": 4, "r": 4, "t": 4, "b": 4},
    )
    figure.update_xaxes(visible=False, range=[-half, half])
    figure.update_yaxes(visible=False, range=[drawing.rows - 0.4, -0.6])
    return figure


def cost_figure(facts: NetworkFacts, *, dark: bool) -> go.Figure:
    """Two rows of bars, one bar for each layer that multiplies by weights: its parameters, and its multiply-adds."""
    layers = [layer for layer in facts.rows if layer.macs]
    names = [", ".join(filter(None, (row.name, in_words(row), shape_text(row.output)))) for row in layers]
    theme, figure = "dark" if dark else "light", go.Figure()
    totals = facts.parameters, facts.macs
    for place, (title, values) in enumerate(
        (("parameters", [layer.parameters for layer in layers]), ("multiply-adds", [layer.macs for layer in layers]))
    ):
        figure.add_bar(
            x=list(range(1, len(layers) + 1)),
            y=values,
            customdata=[[name, value / max(1, totals[place])] for name, value in zip(names, values, strict=True)],
            name=title,
            marker={"color": COLOURS[theme][place], "line": {"width": 0}},
            hovertemplate="%{customdata[0]}<br>%{y:,} " + title + ", %{customdata[1]:.1%}<extra></extra>",
            yaxis="y" if place == 0 else "y2",
        )
    dress(figure, dark=dark, legend=False)
    figure.update_layout(
        hovermode="closest",
        bargap=0.15,
        yaxis={"domain": [0.55, 1], "title": {"text": "parameters", "standoff": 4}, "exponentformat": "SI"},
        yaxis2={
            "domain": [0, 0.45],
            "anchor": "x",
            "title": {"text": "multiply-adds", "standoff": 4},
            "exponentformat": "SI",
            "gridcolor": figure.layout.yaxis.gridcolor,
            "automargin": True,
        },
        xaxis={"anchor": "y2", "title": {"text": "layers with weights, in order"}},
    )
    return figure


def _between_boxes(edge: Edge) -> list[tuple[float, float]]:
    """The edge from the lower side of its first box to the upper side of its last."""
    (x0, y0), *middle, (x1, y1) = edge.points
    return [(x0, y0 + BOX_HEIGHT / 2), *middle, (x1, y1 - BOX_HEIGHT / 2)]


def _label(box: Box, letters: int) -> str:
    if box.node is None:
        equal = counted(box.count, "equal block") if box.count > 1 else counted(box.steps, "step")
        return f"<b>{shortened(box.title, letters)}</b><br>{equal} ▸"
    words = shortened(_words(box.node), letters)
    return f"<b>{shortened(box.title, letters)}</b><br>{words}" if box.node.module else f"<b>{words}</b>"


def _words(node: Node) -> str:
    word = kind_of(node.kind).word
    kernel = node.settings.get("kernel_size")
    if isinstance(kernel, int):
        kernel = (kernel, kernel)
    return f"{word} {kernel[0]}×{kernel[1]}" if isinstance(kernel, tuple | list) and len(kernel) == 2 else word


def _tip(box: Box) -> str:
    if box.node is None:
        return f"{box.title}: {counted(box.steps, 'step')} inside<br>click to unfold"
    settings = [f"{name} {value}" for name, value in box.node.settings.items() if isinstance(value, int | tuple | list)]
    return "<br>".join([f"{box.title} ({box.node.kind})", f"gives {shape_text(box.shape)}", *settings[:8]])


def _label_place(edge: Edge, drawing: Drawing) -> tuple[float, float]:
    """Where an edge's shape stands: by the end at which fewer edges meet, and then in the middle of the gap."""
    leaving = Counter(other.source for other in drawing.edges)
    arriving = Counter(other.target for other in drawing.edges)
    points, share = _between_boxes(edge), 0.5
    (x0, y0), (x1, y1) = points[:2]
    if leaving[edge.source] > arriving[edge.target]:
        (x0, y0), (x1, y1) = points[-2:]
        share = 0.7
    elif leaving[edge.source] < arriving[edge.target]:
        share = 0.3
    if len(points) > 2:  # beside the box that it passes, not upon it
        share = 0.36 if share < 0.6 else 0.64
    return x0 + (x1 - x0) * share, y0 + (y1 - y0) * share
