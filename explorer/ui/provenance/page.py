"""Where a number comes from: one unit of any layer taken apart, downwards and upwards. Knows the screen; computes nothing."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.colours import scales
from explorer.figures.provenance import shares_figure, window_figure
from explorer.live import wire
from explorer.probe.feeding_units import feeds
from explorer.probe.provenance import Provenance, afterwards, making, provenance
from explorer.probe.terms import Terms, Unit
from explorer.ui import components
from explorer.ui.exhibits import change, choose_exhibit, mirror, place
from explorer.ui.looking import follow, take_over
from explorer.ui.pickers import pick_network, pick_picture
from explorer.ui.provenance.exhibits import ANSWER, CODECS, EXHIBITS, SHOWS
from explorer.ui.provenance.run import PAGE, Looked, back, begin_at, go, look, shown_unit, strongest
from explorer.ui.provenance.words import check_line, exact, feed_text, node_text, step_lines, term_text, unit_text
from explorer.ui.shell import is_dark

QUIET = {"displayModeBar": False}
MOST_GRIDS = 3
MOST_BUTTONS = 6
MAP = f"{PAGE} map"
GRIDS = f"{PAGE} grids"


@st.fragment
def explore() -> None:
    """The question; picture and network; the unit; how it was made; what it feeds."""
    exhibit = choose_exhibit(PAGE, EXHIBITS, CODECS)
    take_over(PAGE)
    left, right = st.columns([1, 2.9], gap="medium")
    with left:
        pick_picture()
        name = pick_network()
    follow(PAGE, name, unit=None, trail=(), target=ANSWER)
    with right:
        try:
            looked = look(name)
            if looked.problem:
                st.error(looked.problem)
            unit = shown_unit(looked)
            _show_trail(looked, unit)
            _pick_unit(looked, unit)
            _show_unit(looked, unit)
        except ExplorerError as error:
            st.error(str(error))
    mirror(PAGE, exhibit, CODECS)


def _show_trail(looked: Looked, unit: Unit) -> None:
    """Where one came from: each a button that leads back."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"{PAGE} trail"):
        for index, before in enumerate(place(PAGE).settings.trail):
            text = f"{unit_text(looked.graph, before)} ›"
            st.button(text, key=f"{PAGE} back {index}", type="tertiary", on_click=back, args=(index,))
        st.markdown(f"**{unit_text(looked.graph, unit)}**", width="content")


def _pick_unit(looked: Looked, unit: Unit) -> None:
    """Layer, channel, and whether its map shows values or a logit's gradient. The settings lead; widgets follow them."""
    nodes = {node.name: node for node in looked.graph if node.name in looked.run.values}
    keys = {part: f"{PAGE} {part} widget" for part in ("layer", "channel", "show", "target")}
    first, second, third, fourth = st.columns([2.4, 0.9, 1.3, 1.6])
    st.session_state[keys["layer"]] = unit.node
    first.selectbox(
        "Layer",
        list(nodes),
        format_func=lambda key: node_text(looked.graph, nodes[key]),
        key=keys["layer"],
        on_change=lambda: begin_at(strongest(looked, st.session_state[keys["layer"]])),
    )
    count = looked.run.values[unit.node].shape[0]
    st.session_state[keys["channel"]] = unit.channel
    second.number_input(
        "Channel" if len(unit.at) > 1 else "Unit",
        0,
        count - 1,
        key=keys["channel"],
        help=f"0 to {count - 1}",
        on_change=lambda: begin_at(Unit(unit.node, (int(st.session_state[keys["channel"]]), *unit.at[1:]))),
    )
    settings = place(PAGE).settings
    st.session_state[keys["show"]] = settings.show
    third.segmented_control(
        "The map shows",
        SHOWS,
        key=keys["show"],
        required=True,
        width="stretch",
        on_change=lambda: change(PAGE, show=st.session_state[keys["show"]] or settings.show),
    )
    if settings.show == "gradient":
        best = int(looked.logits.argmax())
        chosen = best if not 0 <= settings.target < len(looked.logits) else settings.target
        st.session_state[keys["target"]] = chosen
        fourth.selectbox(
            "of the logit",
            range(len(looked.logits)),
            format_func=lambda index: looked.labels[index] if index < len(looked.labels) else str(index),
            key=keys["target"],
            on_change=lambda: change(PAGE, target=st.session_state[keys["target"]]),
        )


def _target(looked: Looked) -> int:
    target = place(PAGE).settings.target
    return target if ANSWER < target < len(looked.logits) else int(looked.logits.argmax())


def _show_unit(looked: Looked, unit: Unit) -> None:
    made = making(looked.run, unit)
    left, right = st.columns([1, 1.7], gap="medium")
    with left:
        _show_map(looked, unit)
    with right:
        for line in step_lines(looked.graph, made):
            st.markdown(line)
        st.markdown(check_line(made[-1]))
        for above in afterwards(looked.run, unit):
            st.caption(f"Then {step_lines(looked.graph, (provenance(looked.run, above),))[0]}")
        _show_shares(made[0])
    _show_terms(looked, made[0])
    _show_feeds(looked, unit)


def _show_map(looked: Looked, unit: Unit) -> None:
    """The unit's channel (a list of numbers as one line of blocks); a click chooses another of its units."""
    settings = place(PAGE).settings
    gradient = settings.show == "gradient"
    values = (looked.slopes(_target(looked)) if gradient else looked.run.values)[unit.node].numpy()
    shown = values[unit.channel] if values.ndim == 3 else _as_block(values)
    columns = shown.shape[1]
    row, column = unit.at[1:] if values.ndim == 3 else divmod(int(np.ravel_multi_index(unit.at, values.shape)), columns)
    finite = shown[np.isfinite(shown)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    signed = low < 0
    reach = max(-low, high)
    header = {
        "label": f"{unit_text(looked.graph, unit)}: {shown.shape[0]} rows, {columns} columns.",
        "node": unit.node,
        "length": None if values.ndim == 3 else values.size,
        "rows": shown.shape[0],
        "columns": columns,
        "row": row,
        "column": column,
        "signed": signed,
        "low": -reach if signed else min(0.0, low),
        "high": reach if signed else high,
        "colours": scales(),
    }

    def hear() -> None:
        spot = read_spot(st.session_state[MAP].get("unit"), unit.node, shown.shape)
        if spot and values.ndim == 3:
            begin_at(Unit(unit.node, (unit.channel, *spot)))
        elif (
            spot and (index := spot[0] * columns + spot[1]) < values.size
        ):  # the last line of a list may have free cells
            begin_at(Unit(unit.node, tuple(int(part) for part in np.unravel_index(index, values.shape))))

    padded = np.nan_to_num(shown, nan=0.0).astype(np.float32)
    components.unit_map(key=MAP, data=wire.pack(header, [padded]), on_unit_change=hear)
    if gradient:
        label = looked.labels[_target(looked)] if _target(looked) < len(looked.labels) else str(_target(looked))
        st.caption(f"∂ logit “{label}” / ∂ this unit = {exact(float(values[unit.at]))}")
    else:
        st.caption("Click a unit to take it apart.")


def _as_block(values: np.ndarray) -> np.ndarray:
    """A list of numbers (or several axes) as rows of a size that can be pointed at."""
    flat = values.reshape(-1)
    columns = next(
        size for size in (10, 12, 14, 16, 20, 25, 32, 40, 50, 64, 128, len(flat)) if len(flat) <= size * size
    )
    columns = min(columns, len(flat))
    rows = -(-len(flat) // columns)
    return np.pad(flat, (0, rows * columns - len(flat))).reshape(rows, columns)


def read_spot(sent: object, node: str, shape: tuple[int, ...]) -> tuple[int, int] | None:
    """The place that a browser sent, {node, row, column}; None unless it is on this map. Anyone can send anything."""
    if not isinstance(sent, Mapping) or sent.get("node") != node:
        return None
    row, column = sent.get("row"), sent.get("column")
    known = type(row) is int and type(column) is int and 0 <= row < shape[0] and 0 <= column < shape[1]
    return (row, column) if known else None


# ── downwards ───────────────────────────────────────────────────────────────────────────────────────────────


def _largest(part: Provenance) -> Terms | None:
    """The terms of the node that gives most of them."""
    return max(part.terms, key=lambda terms: terms.products.size) if part.terms else None


def _show_shares(part: Provenance) -> None:
    terms = _largest(part)
    if terms is not None and part.rule == "sum" and len(terms.sums) > 1:
        word = "channel" if terms.at.shape[-1] > 1 else "unit"
        st.markdown(f"**What each {word} below adds**")
        figure = shares_figure(terms, word=word, dark=is_dark())
        st.plotly_chart(figure, key=f"{PAGE} shares", theme=None, config=QUIET)


def _show_terms(looked: Looked, part: Provenance) -> None:
    """The strongest channels' windows, and the strongest terms as buttons."""
    terms = _largest(part)
    if terms is None:
        return
    if max(terms.products.shape[1:]) > 1 and part.rule in ("sum", "largest"):
        _show_grids(terms, part)
    st.markdown("**Go down to one of its parts**")
    offered = [(group, spot) for group in part.terms for spot in group.strongest(MOST_BUTTONS)]
    offered.sort(key=lambda pair: -abs(float(pair[0].products[pair[1]])))
    columns = st.columns(2)
    for index, (group, spot) in enumerate(offered[:MOST_BUTTONS]):
        columns[index % 2].button(
            term_text(looked.graph, group, spot, part.rule),
            key=f"{PAGE} down {index}",
            width="stretch",
            on_click=go,
            args=(group.unit(*spot),),
        )


def _show_grids(terms: Terms, part: Provenance) -> None:
    order = np.argsort(-np.abs(terms.sums), kind="stable")[:MOST_GRIDS]
    count = len(terms.sums)
    st.markdown("**The window**" if count == 1 else f"**The window in the {len(order)} strongest of {count} channels**")
    key = f"{GRIDS} {part.unit.node} {part.unit.at}"

    def hear() -> None:
        points = st.session_state[key].selection.points
        wanted = points[0].get("customdata") if points else None
        if wanted is not None and len(wanted) == 3 and (unit := terms.unit(*(int(part) for part in wanted))):
            go(unit)

    figure = window_figure(terms, [int(group) for group in order], dark=is_dark())
    st.plotly_chart(figure, key=key, theme=None, config=QUIET, on_select=hear, selection_mode="points")


# ── upwards ─────────────────────────────────────────────────────────────────────────────────────────────────


def _show_feeds(looked: Looked, unit: Unit) -> None:
    st.session_state.setdefault(f"{PAGE} feeds kept", False)
    st.session_state[f"{PAGE} feeds"] = st.session_state[f"{PAGE} feeds kept"]
    if not st.toggle(
        "What it feeds",
        key=f"{PAGE} feeds",
        on_change=lambda: st.session_state.update({f"{PAGE} feeds kept": st.session_state[f"{PAGE} feeds"]}),
    ):
        return
    found = feeds(looked.run, unit)
    if not found:
        st.markdown("Nothing: it is what the network puts out.")
    for feed in found:
        st.markdown(f"{feed_text(looked.graph, feed)}. Without this number these would change most:")
        columns = st.columns(3)
        for index, (above, owed) in enumerate(feed.strongest[:3]):
            columns[index].button(
                f"{unit_text(looked.graph, above)}: {exact(owed)}",
                key=f"{PAGE} up {feed.node} {index}",
                width="stretch",
                on_click=go,
                args=(above,),
            )
