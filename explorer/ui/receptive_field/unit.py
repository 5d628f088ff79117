"""One unit of one network, and the picture it looks at: what F3 and F4 are about. Knows the session; draws no field."""

import hashlib
import math
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import streamlit as st
import torch

from explorer.models.registry import find
from explorer.probe.facts import shape_text
from explorer.probe.fields import FieldOf, fields
from explorer.probe.graph import INPUT, Graph, Node
from explorer.probe.kinds import kind_of
from explorer.probe.kinds.kind import JOINING
from explorer.settings.fields import Whole, Word
from explorer.ui import cache
from explorer.ui.networks import Loaded, current
from explorer.ui.plain import plain, whole
from explorer.ui.stand import Stand
from explorer.ui.state import MINE, choice
from explorer.ui.subject import NETWORK, PICTURE, inputs_of
from explorer.words import shortened

MOST = 10**6
PLACES = ("row", "column", "channel")  # what another layer has elsewhere


@dataclass(frozen=True)
class OneUnit:
    """node: a step of the network's graph, "" for the last one whose units have a field of their own. row, column: None for
    the middle."""

    sample: Annotated[str, PICTURE] = MINE
    network: Annotated[str, NETWORK] = ""
    node: Annotated[str, Word("layer", r"[^\W\d]\w{0,399}")] = ""
    row: Annotated[int | None, Whole("", 0, MOST, optional=True)] = None
    column: Annotated[int | None, Whole("", 0, MOST, optional=True)] = None


@dataclass(frozen=True)
class Seen:
    """One network on one picture, and one of its units. pixels: uint8, what the network sees. weights: what its numbers are
    kept under. nodes: those whose units can be chosen. problems: a sentence for all that was asked for and is not there."""

    name: str
    loaded: Loaded
    graph: Graph
    known: dict[str, FieldOf]
    inputs: torch.Tensor
    pixels: np.ndarray
    weights: tuple[object, ...]
    key: tuple[object, ...]
    nodes: dict[str, Node]
    node: Node
    at: tuple[int, int]
    channel: int
    problems: tuple[str, ...]

    @property
    def field(self) -> FieldOf:
        """What the layer's units see."""
        return self.known[self.node.name]


def look(settings: OneUnit, opening: str) -> Seen:
    """The network and the unit. opening: the layer that the exhibit opens with, which another network need not have.

    Raises ExplorerError for a network whose steps cannot be followed.
    """
    name = settings.network or choice().network
    inputs, problem = inputs_of(name)
    loaded, graph = current(name), cache.graph(name)
    known = cache.kept("fields", (name,), _make=lambda: fields(graph))
    # layers; and where branches meet there is no layer, but maps
    nodes = {
        node.name: node
        for node in graph
        if node.kind != INPUT and node.name in known and (node.module or kind_of(node.kind).group == JOINING)
    }
    with_field = [node for node in nodes if known[node].own]
    shown = settings.node if settings.node in nodes else with_field[-1] if with_field else next(iter(nodes))
    missing = "" if settings.node in (*nodes, "", opening) else f"{find(name).title} has no layer “{settings.node}”: "
    problems = [problem, missing and f"{missing}{shown} is shown."]
    places = {}
    for part, (usual, most) in _places(graph, nodes[shown], known[shown]).items():
        wanted = getattr(settings, part, None)
        if wanted is not None and wanted > most:
            title = part.capitalize()
            problems.append(f"{title} {wanted} is not there: choose 0 to {most}. {title} {usual} is shown.")
            wanted = None
        places[part] = usual if wanted is None else wanted
    weights = (name, loaded.key)
    return Seen(
        name,
        loaded,
        graph,
        known,
        inputs,
        find(name).feeding.display(inputs),
        weights,
        (*weights, hashlib.sha256(inputs.numpy().tobytes()).hexdigest()),
        nodes,
        nodes[shown],
        (places["row"], places["column"]),
        places.get("channel", 0),
        tuple(filter(None, problems)),
    )


def pick(seen: Seen, stand: Stand[OneUnit]) -> None:
    """Layer, row, column and, where there is one, channel as widgets; what was not there is said."""
    for problem in seen.problems:
        st.error(plain(problem))
    asked = [part for part in PLACES if hasattr(stand.settings, part)]
    first, *columns = st.columns([3, *(1 for _ in asked)], vertical_alignment="bottom")
    stand.choose(
        first,
        "node",
        "Layer",
        list(seen.nodes),
        lambda name: _title(seen, seen.nodes[name]),
        seen.node.name,
        help=whole(seen.graph.titles[seen.node.name]),
    )
    places = _places(seen.graph, seen.node, seen.field)
    for column, part in zip(columns, asked, strict=True):
        if part in places:
            usual, most = places[part]
            stand.number(column, part, part.capitalize(), most, usual)


def _places(graph: Graph, node: Node, field: FieldOf) -> dict[str, tuple[int, int]]:
    """Of the layer's rows, columns and, where it has maps, channels: the usual one, and the last."""
    rows, columns = (count - 1 for count in field.units or (1, 1))
    channels = {"channel": (0, math.prod(graph.shown_shape(node.name)[:-2]) - 1)} if field.units else {}
    return {"row": (rows // 2, rows), "column": (columns // 2, columns)} | channels


def _title(seen: Seen, node: Node) -> str:
    window = seen.known[node.name].window
    size = f"sees {window.size[0]}×{window.size[1]}" if window else "no one box"
    shape = shape_text(seen.graph.shown_shape(node.name))
    return f"{shortened(seen.graph.titles[node.name])} · {kind_of(node.kind).word} · {shape} · {size}"
