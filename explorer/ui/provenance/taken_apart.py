"""G2: one unit of any layer taken apart, downwards and upwards. Knows the screen and words; computes nothing."""

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.probe.provenance import Provenance, afterwards, making, provenance
from explorer.probe.terms import Unit
from explorer.ui import unit_map
from explorer.ui.exhibit import Exhibit
from explorer.ui.frame import filling
from explorer.ui.plain import plain, unlabelled
from explorer.ui.provenance.parts import show_feeds, show_shares, show_ways_down, show_windows
from explorer.ui.provenance.run import SHOWS, Looked, Looking, back, begin_at, look, strongest
from explorer.ui.provenance.words import channel_axis, check_line, exact, node_text, step_lines, unit_text
from explorer.ui.stand import Stand
from explorer.words import counted

MAP = "provenance map"
MAP_WIDTH, WAYS_WIDTH = 360, 350  # pixels of the stage's width: the unit's map, and the ways on from it


def _show(looked: Looked, stand: Stand[Looking]) -> None:
    """The way here, the unit, how it was made, and what it feeds."""
    for problem in looked.problems:
        st.error(plain(problem))
    stand.change(unit=looked.unit, trail=looked.trail)  # what is shown, where the settings asked for something else
    _show_trail(looked, stand)
    _pick_unit(looked, stand)
    left, middle, right = filling("parts", MAP_WIDTH, "stretch", WAYS_WIDTH)
    with left:
        _show_map(looked, stand)
    try:
        made = making(looked.run, looked.unit)
        with middle:
            _show_sum(looked, made, stand)
        with right:
            show_ways_down(looked, made[0], stand)
            show_feeds(looked, stand)
        show_windows(looked, made[0], stand)
    except ExplorerError as error:  # a step that does not run by itself: its map stands all the same
        middle.error(plain(str(error)))


def _show_sum(looked: Looked, made: tuple[Provenance, ...], stand: Stand[Looking]) -> None:
    """How the unit was made, step by step, and what each channel adds."""
    for line in step_lines(looked.graph, made):
        st.markdown(line)
    st.markdown(check_line(made[-1]))
    for above in afterwards(looked.run, looked.unit):
        st.caption(f"Then {step_lines(looked.graph, (provenance(looked.run, above),))[0]}")
    show_shares(made[0], stand)


def _show_trail(looked: Looked, stand: Stand[Looking]) -> None:
    """Where one came from: each a button that leads back."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=stand.key("trail")):
        for index, before in enumerate(looked.trail):
            text, key = f"{unit_text(looked.graph, before)} ›", stand.key(f"back {index}")
            st.button(text, key=key, type="tertiary", on_click=back, args=(stand, looked, index))
        st.markdown(f"**{plain(unit_text(looked.graph, looked.unit))}**", width="content")


def _pick_unit(looked: Looked, stand: Stand[Looking]) -> None:
    """Layer, channel, and whether its map shows values or a logit's gradient. The settings lead; widgets follow them."""
    nodes = {node.name: node for node in looked.graph if node.name in looked.run.values}
    row = st.container(horizontal=True, vertical_alignment="center", gap="small")
    unit, layer, channel = looked.unit, stand.key("layer"), stand.key("channel")
    st.session_state[layer] = unit.node
    row.selectbox(
        "Layer",
        list(nodes),
        format_func=lambda key: node_text(looked.graph, nodes[key]),
        key=layer,
        **unlabelled(looked.graph.titles[unit.node]),
        on_change=lambda: begin_at(stand, strongest(looked.run, st.session_state[layer])),
    )
    axis = channel_axis(looked.graph, unit.node)
    count = looked.run.values[unit.node].shape[axis]
    st.session_state[channel] = unit.at[axis]
    row.number_input(
        "Unit" if len(unit.at) == 1 else "Channel" if looked.graph.layouts.get(unit.node) else "First axis",
        0,
        count - 1,
        key=channel,
        label_visibility="collapsed",
        width=150,
        on_change=lambda: begin_at(stand, at_place(unit, axis, int(st.session_state[channel]))),
    )
    shown = stand.choose(row, "show", "The map shows", SHOWS, few=True, label_visibility="collapsed")
    if shown == "gradient":
        stand.choose(
            row,
            "target",
            "of the logit",
            range(len(looked.logits)),
            lambda index: f"of the logit “{looked.label(index)}”",
            looked.target,
            label_visibility="collapsed",
        )


def _show_map(looked: Looked, stand: Stand[Looking]) -> None:
    """The unit's channel (a list of numbers as one line of blocks); a click chooses another of its units."""
    unit, gradient = looked.unit, stand.settings.show == "gradient"
    values = (looked.slopes() if gradient else looked.run.values)[unit.node].numpy()
    mapped, axis = values.ndim == 3, channel_axis(looked.graph, unit.node)
    shown = values.take(unit.at[axis], axis) if mapped else _as_block(values)
    rows, columns = shown.shape
    place = unit.at[:axis] + unit.at[axis + 1 :]
    at = place if mapped else divmod(int(np.ravel_multi_index(unit.at, values.shape)), columns)

    def take(place: unit_map.Place) -> None:
        if mapped:
            begin_at(stand, Unit(unit.node, (*place[:axis], unit.at[axis], *place[axis:])))
        elif (index := place[0] * columns + place[1]) < values.size:  # the last line of a list may have free cells
            begin_at(stand, Unit(unit.node, tuple(int(part) for part in np.unravel_index(index, values.shape))))

    label = f"{unit_text(looked.graph, unit)}: {counted(rows, 'row')}, {counted(columns, 'column')}."
    length = None if mapped else values.size
    if gradient:
        st.caption(f"∂ logit “{looked.label(looked.target)}” / ∂ this unit = {exact(float(values[unit.at]))}")
    else:
        st.caption("Click a unit to take it apart.")
    unit_map.show(MAP, shown, take, node=unit.node, at=at, label=label, length=length)


def at_place(unit: Unit, axis: int, place: int) -> Unit:
    """The unit at another place along one axis."""
    return Unit(unit.node, (*unit.at[:axis], place, *unit.at[axis + 1 :]))


def _as_block(values: np.ndarray) -> np.ndarray:
    """A list of numbers (or several axes) as rows of a size that can be pointed at."""
    flat = values.reshape(-1)
    columns = next(
        size for size in (10, 12, 14, 16, 20, 25, 32, 40, 50, 64, 128, len(flat)) if len(flat) <= size * size
    )
    columns = min(columns, len(flat))
    rows = -(-len(flat) // columns)
    return np.pad(flat, (0, rows * columns - len(flat))).reshape(rows, columns)


EXHIBITS = (
    Exhibit(
        "G2",
        "provenance of a unit",
        "One number somewhere in a network. Which numbers below made it, and do they add up to exactly what was recorded?",
        "A convolution's number is Σ value × weight over its window in every input channel, plus one bias; normalisation "
        "scales and shifts it, the activation bends it, pooling picks one of a window. Each value was made the same way: step "
        "by step you come down to pixels. Few terms carry most of the sum, and large ones of both signs cancel. Try next: "
        "from the answer always take the largest term, and see at which pixel you arrive.",
        Looking(),
        look,
        _show,
        {
            "an answer": Looking("digit-3", "lenet5"),
            "a first layer": Looking("digit-3", "lenet5", Unit("c1", (0, 14, 14))),
            "a photograph": Looking("cat", "colour"),
        },
        subject=True,
        forgets={"network": ("unit", "trail", "target")},
    ),
)
