"""Choosing picture, network, layer and unit, whose field is shown (F3) or measured (F4). Knows widgets; draws no field."""

import hashlib
from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch

from explorer.models.registry import find
from explorer.probe.facts import shape_text
from explorer.probe.fields import FieldOf, fields
from explorer.probe.graph import INPUT, Graph, Node
from explorer.ui import cache
from explorer.ui.exhibits import change, place
from explorer.ui.looking import follow, inputs_of, take_over
from explorer.ui.networks import Loaded, current
from explorer.ui.pickers import pick_network, pick_picture
from explorer.ui.plain import plain
from explorer.ui.receptive_field.network_exhibits import EFFECTIVE, FIELD, NetworkSettings

PAGE = "receptive_field"
OPENS_WITH = {exhibit.settings.node for exhibit in (FIELD, EFFECTIVE)}
JOINING = ("add", "cat", "mul", "stack")  # steps that are no layer's, and still have maps worth looking at


@dataclass(frozen=True)
class Seen:
    """One network on one picture. pixels: uint8, what the network sees. weights: what its numbers are kept under."""

    name: str
    loaded: Loaded
    graph: Graph
    known: dict[str, FieldOf]
    inputs: torch.Tensor
    pixels: np.ndarray
    weights: tuple[object, ...]
    key: tuple[object, ...]


def choose_unit(*, by_channel: bool, beside: st.delta_generator.DeltaGenerator) -> tuple[Seen, Node, tuple[int, int]]:
    """Show the pickers: picture and network here, layer and unit in `beside`. Returns what is seen, the node and its unit.

    Raises ExplorerError for a network whose steps cannot be followed.
    """
    take_over(PAGE)
    pick_picture()
    name = pick_network()
    follow(PAGE, name, node="", row=None, column=None, channel=None)
    with beside:
        seen = _look(name)
        return (seen, *_pick_unit(seen, by_channel=by_channel))


def _look(name: str) -> Seen:
    """Raises ExplorerError for a network whose steps cannot be followed."""
    inputs, problem = inputs_of(name)
    if problem:
        st.error(plain(problem))
    loaded, graph = current(name), cache.graph(name)
    known = cache.kept("fields", (name,), _make=lambda: fields(graph))
    weights = (name, loaded.key)
    key = (*weights, hashlib.sha256(inputs.numpy().tobytes()).hexdigest())
    return Seen(name, loaded, graph, known, inputs, find(name).feeding.display(inputs), weights, key)


# ── the unit ────────────────────────────────────────────────────────────────────────────────────────────────


def nodes_of(seen: Seen) -> dict[str, Node]:
    """Steps whose units can be chosen: layers, and where branches meet."""
    return {
        node.name: node
        for node in seen.graph
        if node.kind != INPUT and node.name in seen.known and (node.module or node.kind in JOINING)
    }


def _pick_unit(seen: Seen, *, by_channel: bool) -> tuple[Node, tuple[int, int]]:
    """Layer, channel, row and column as widgets, and the unit that they name; what is not there gets one sentence."""
    nodes, settings = nodes_of(seen), place(PAGE).settings
    with_field = [name for name in nodes if seen.known[name].own]
    usual = with_field[-1] if with_field else next(iter(nodes))
    if settings.node and settings.node not in nodes:
        if settings.node not in OPENS_WITH:  # that an address names another network only is no mistake
            st.error(plain(f"{find(seen.name).title} has no layer “{settings.node}”: {usual} is shown."))
        settings = NetworkSettings(settings.sample, settings.network)
    wanted = settings.node or usual
    token = f"{place(PAGE).token} {seen.name}"
    columns = st.columns([3, 1, 1, 1] if by_channel else [3, 1, 1], vertical_alignment="bottom")
    name = columns[0].selectbox(
        "Layer",
        list(nodes),
        index=list(nodes).index(wanted),
        format_func=lambda key: _title(seen, nodes[key]),
        key=f"{PAGE} node {token}",
    )
    if name != wanted:
        settings = NetworkSettings(settings.sample, settings.network, name)
    node, field = nodes[name], seen.known[name]
    rows, wide = field.units or (1, 1)
    # named after what is shown, so that a click on the map renews them
    shown = f"{token} {name} {settings.row} {settings.column}"
    row = _number(columns[1], "Row", settings.row, (rows - 1) // 2, rows - 1, shown)
    column = _number(columns[2], "Column", settings.column, (wide - 1) // 2, wide - 1, shown)
    numbers = [("row", row, (rows - 1) // 2), ("column", column, (wide - 1) // 2)]
    if by_channel and field.units:
        channel = _number(columns[3], "Channel", settings.channel, 0, node.shape[0] - 1, f"{token} {name}")
        numbers.append(("channel", channel, 0))
    # the address names only what differs from the usual unit
    kept = {key: value if value != usual else None for key, value, usual in numbers}
    change(PAGE, **{"node": name, "row": None, "column": None, "channel": None, **kept})
    return node, (row, column)


def _number(
    where: st.delta_generator.DeltaGenerator, label: str, chosen: int | None, usual: int, most: int, key: str
) -> int:
    """A number from 0 to `most`; a chosen one that is not there is answered, and the usual one shown."""
    if chosen is not None and chosen > most:
        st.error(f"{label} {chosen} is not there: choose 0 to {most}. {label} {usual} is shown.")
        chosen = None
    value = usual if chosen is None else chosen
    return int(
        where.number_input(
            label,
            0,
            most,
            value,
            step=1,
            disabled=most == 0,
            key=f"{PAGE} {label} {key}",
            help=f"0 to {most}",
        )
    )


def _title(seen: Seen, node: Node) -> str:
    window = seen.known[node.name].window
    size = f"sees {window.size[0]}×{window.size[1]}" if window else "no one box"
    return f"{seen.graph.titles[node.name]} · {node.kind} · {shape_text(node.shape)} · {size}"
