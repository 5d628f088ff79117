"""Students of a trained network: which layers learn, how far they moved, how good they are. Knows records; not networks."""

import math
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from explorer.figures.dress import TEXT, dress
from explorer.figures.series import COLOURS
from explorer.probe.facts import shape_text
from explorer.study.study import Mean
from explorer.training.movement import Moved
from explorer.training.plan import Cell, Row
from explorer.words import counted, short, written

ROW, HEAD = 34, 62  # pixels: of one student, and of the layers' names and shapes above
MOST_NAMED = 14  # layers whose names and shapes stand side by side
# frozen, taken over and learning on, new: blue as ice, and two that stay apart for colour-blind readers
FILLS = {"light": ("#cfe8fb", "#d9f0df", "#fbe0cc"), "dark": ("#1d4663", "#1f4a33", "#5a3a22")}
STATES = ("frozen", "taken", "new")
WORDS = {"frozen": "taken over and frozen", "taken": "taken over, learns on", "new": "new: random at first"}


def plan_figure(plan: Mapping[str, Row], titles: Mapping[str, str], *, dark: bool) -> go.Figure:
    """The layers from left to right with their shapes, a row a student: frozen, learning on at which rate, or new.

    titles: student → its name; of the rows that are drawn. A point's customdata is the layer to cut at, "" of the output layer.
    """
    theme = "dark" if dark else "light"
    names = list(titles)
    rows = [plan[student].cells for student in names]
    layers, shapes = [cell.layer for cell in rows[0]], [shape_text(cell.shape) for cell in rows[0]]
    count, named = len(layers), len(layers) <= MOST_NAMED
    figure = go.Figure(
        go.Heatmap(
            z=[[STATES.index(cell.state) for cell in row] for row in rows],
            text=[[_sign(cell.state, cell.rate, named) for cell in row] for row in rows],
            texttemplate="%{text}", zmin=0, zmax=2, showscale=False, xgap=3, ygap=5, hoverinfo="skip",
            colorscale=[[place, colour] for place, colour in zip((0.0, 0.5, 1.0), FILLS[theme], strict=True)],
            textfont={"size": 15 if named else 10},
        )
    )  # fmt: skip
    # a heat map cannot be clicked in Streamlit: invisible marks over it can
    figure.add_scatter(
        x=[place for _ in names for place in range(count)],
        y=[row for row in range(len(names)) for _ in range(count)],
        mode="markers",
        marker={"size": 26, "symbol": "square", "opacity": 0},
        customdata=[[cell.cut, titles[cell.student], cell.layer, _told(cell)] for row in rows for cell in row],
        hovertemplate="%{customdata[1]}<br>%{customdata[2]}: %{customdata[3]}<extra></extra>",
        showlegend=False,
    )
    cut = sum(bool(cell.cut) and cell.below for cell in rows[0]) - 0.5
    figure.add_vline(x=cut, line={"color": "#fafafa" if dark else "#31333f", "width": 2, "dash": "dash"})
    for row, student in enumerate(names):
        learn, stay = plan[student].learn, plan[student].stay
        figure.add_annotation(
            x=1.005, xref="paper", xanchor="left", y=row, showarrow=False, align="left", font={"size": TEXT},
            text=f"<b>{learn:,}</b> learn" + (f"<br>{stay:,} stay" if stay else ""),
        )  # fmt: skip
    heads = [f"<b>{layer.partition(' (')[0]}</b><br>{shape}" for layer, shape in zip(layers, shapes, strict=True)]
    figure.update_xaxes(
        side="top", showgrid=False, range=[-0.52, count - 0.48], fixedrange=True, tickangle=0 if named else -90,
        tickvals=list(range(count)), ticktext=heads if named else layers, tickfont={"size": 12 if count <= 9 else 10},
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(names))), ticktext=[titles[name] for name in names], ticksuffix="  ", showgrid=False,
        range=[len(names) - 0.45, -0.55], fixedrange=True,
    )  # fmt: skip
    head = HEAD if named else HEAD + 70
    dress(figure, dark=dark, height=head + ROW * len(names) + 8, legend=False)
    # hoverdistance: all of a wide cell belongs to the mark in its middle
    return figure.update_layout(
        hovermode="closest", hoverdistance=150, margin={"l": 4, "r": 110, "t": head - 14, "b": 4}
    )


def _sign(state: str, rate: float, named: bool) -> str:
    if state == "frozen":
        return "❄"
    if state == "new":
        return "new" if named else "·"
    return f"×{written(rate, 2)}" if named else ""


def _told(cell: Cell) -> str:
    rate = f", its rate × {short(cell.rate)}" if cell.state == "taken" else ""
    return f"{WORDS[cell.state]}{rate}<br>{counted(cell.parameters, 'parameter')}, puts out {shape_text(cell.shape)}"


def movement_figure(moved: Mapping[str, Sequence[Moved]], *, dark: bool) -> go.Figure:
    """How far each layer's weights moved, ‖w − w₀‖ / ‖w₀‖: a group of bars a layer, a bar a student (name → its layers).

    On a logarithmic scale, since a new layer moves a thousand times as far as one that is fine-tuned far below the cut.
    """
    figure = go.Figure()
    values = [layer.relative for layers in moved.values() for layer in layers if 0 < layer.relative < math.inf]
    low, high = min(values, default=0.01) / 2, max(values, default=1.0) * 1.5
    for (name, layers), colour in zip(moved.items(), COLOURS["dark" if dark else "light"], strict=False):
        figure.add_bar(
            name=name,
            x=[layer.layer for layer in layers],
            y=[max(layer.relative, low) for layer in layers],  # nothing would have no place on a logarithmic scale
            text=["❄" if layer.state == "frozen" else "" for layer in layers],
            textposition="outside",
            textfont={"size": 15},
            cliponaxis=False,
            marker={"color": colour, "pattern": {"shape": ["/" if layer.state == "new" else "" for layer in layers]}},
            customdata=[[f"{layer.relative:.2%}", WORDS[layer.state]] for layer in layers],
            hovertemplate=f"{name}, %{{x}}: moved %{{customdata[0]}} of its length<br>%{{customdata[1]}}<extra></extra>",
        )
    figure.update_layout(barmode="group", bargap=0.25, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    ticks = [10.0**power for power in range(-6, 4)]
    figure.update_yaxes(
        type="log", range=[math.log10(low), math.log10(high)], tickvals=ticks,
        ticktext=[f"{written(100 * tick, 6)} %" for tick in ticks],
        title={"text": "moved", "standoff": 4},
    )  # fmt: skip
    named = max(map(len, moved.values())) <= MOST_NAMED
    figure.update_xaxes(tickangle=0 if named else -60)
    return dress(figure, dark=dark, height=300 if named else 400, legend=True).update_layout(hovermode="closest")


def examples_figure(
    means: Sequence[Mean], titles: Mapping[str, str], counts: Sequence[int], *, guess: float, dark: bool
) -> go.Figure:
    """Test accuracy against the number of examples: a line a student, its standard deviation over the seeds as error bars.

    titles: student → its name, in the order of the colours. counts: all numbers of examples that will be there, so that the
    axis stands still. guess: what guessing reaches, dotted.
    """
    figure, colours = go.Figure(), COLOURS["dark" if dark else "light"]
    for (student, title), colour in zip(titles.items(), colours, strict=False):
        mine = sorted((mean for mean in means if mean.student == student), key=lambda mean: mean.count)
        if not mine:
            continue
        figure.add_scatter(
            x=[mean.count for mean in mine],
            y=[mean.mean for mean in mine],
            name=title,
            mode="lines+markers",
            line={"color": colour, "width": 2},
            error_y={"type": "data", "array": [mean.deviation for mean in mine], "thickness": 1.5, "width": 5},
            customdata=[[mean.deviation, mean.seeds] for mean in mine],
            hovertemplate=f"{title}, %{{x}} a class: %{{y:.1%}} ± %{{customdata[0]:.1%}}, "
            "%{customdata[1]} seed(s)<extra></extra>",
        )
    figure.add_hline(y=guess, line={"dash": "dot", "width": 1.5, "color": "gray"}, annotation_text="guessing")
    figure.update_xaxes(
        type="log", tickvals=list(counts), ticktext=[f"{count:,}" for count in counts],
        range=[math.log10(min(counts) / 1.3), math.log10(max(counts) * 1.3)],
        title={"text": "training pictures a class", "standoff": 4},
    )  # fmt: skip
    _accuracy_axis(figure)
    return dress(figure, dark=dark, height=340, legend=True).update_layout(hovermode="closest")


def cuts_figure(
    layers: Sequence[str], accuracies: Mapping[str, Mapping[str, Sequence[float]]], *, guess: float, dark: bool
) -> go.Figure:
    """Test accuracy by where the network was cut: accuracies[name][layer] = one a run; their mean as a line, each as a dot."""
    figure, colours = go.Figure(), COLOURS["dark" if dark else "light"]
    for (name, by_layer), colour in zip(accuracies.items(), colours, strict=False):
        known = [layer for layer in layers if by_layer.get(layer)]
        figure.add_scatter(
            x=known, y=[sum(by_layer[layer]) / len(by_layer[layer]) for layer in known], name=name, legendgroup=name,
            mode="lines+markers", line={"color": colour, "width": 2},
            customdata=[len(by_layer[layer]) for layer in known],
            hovertemplate=f"{name}, cut after %{{x}}: %{{y:.1%}}, %{{customdata}} run(s)<extra></extra>",
        )  # fmt: skip
        figure.add_scatter(
            x=[layer for layer in known for _ in by_layer[layer]],
            y=[value for layer in known for value in by_layer[layer]],
            mode="markers", marker={"color": colour, "size": 5, "opacity": 0.5}, legendgroup=name, showlegend=False,
            hoverinfo="skip",
        )  # fmt: skip
    figure.add_hline(y=guess, line={"dash": "dot", "width": 1.5, "color": "gray"}, annotation_text="guessing")
    figure.update_xaxes(
        type="category", categoryorder="array", categoryarray=list(layers), range=[-0.5, len(layers) - 0.5],
        tickvals=list(layers), title={"text": "taken over up to and with", "standoff": 4},
    )  # fmt: skip
    _accuracy_axis(figure)
    return dress(figure, dark=dark, height=300, legend=True).update_layout(hovermode="closest")


def _accuracy_axis(figure: go.Figure) -> None:
    figure.update_yaxes(range=[0, 1.04], tickformat=".0%", title={"text": "test accuracy", "standoff": 4})
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
