"""Where the way back through a network begins: its layer and its channels, two kinds of settings. Knows their widgets."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from explorer.errors import ExplorerError
from explorer.probe.deconvnet import ALL, projectable
from explorer.probe.graph import Graph
from explorer.settings.fields import Whole, Word
from explorer.ui import cache
from explorer.ui.plain import plain
from explorer.ui.widgets import Columns

STRONGEST = -2  # the channel with the layer's largest value
TITLES = {ALL: "all channels", STRONGEST: "the strongest channel"}


def usual_layer(graph: Graph) -> str:
    """The last pooling from which there is a way back, else the last layer, else ""."""
    chain = projectable(graph)
    poolings = [node.module for node in graph if node.module in chain and node.kind == "MaxPool2d"]
    return (poolings or chain or [""])[-1]


def _shapes(network: str) -> Mapping[str, tuple[int, ...]]:
    """Each layer from which there is a way back, and its output's shape; none in a network that cannot be followed."""
    try:
        with st.spinner("Opening the network …", show_time=True):
            graph = cache.graph(network)
    except ExplorerError:  # told where the exhibit is made
        return {}
    found = {node.module: node.shape for node in graph}
    return {layer: found[layer] for layer in projectable(graph)}


@dataclass(frozen=True)
class WayBack(Word):
    """A layer from which there is a way back, "" for the usual one. network, shapes: of which network, and its layers."""

    what: str = "layer"
    network: str = ""
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict, hash=False)
    label: str = field(default="From layer", init=False)
    boxes: int = field(default=1, init=False)
    wide: float = field(default=2.0, init=False)

    def within(self, settings: Any) -> "WayBack":
        return replace(self, network=settings.network, shapes=_shapes(settings.network))

    def ask(self, columns: Columns, value: str, key: str) -> str:
        layers = list(self.shapes)
        if not layers:
            return value
        if value not in layers:
            if value:
                st.error(f"There is no way back from a layer “{plain(value[:20])}” here: another one is shown.")
            value = usual_layer(cache.graph(self.network))
        key = f"{key} {self.network}"
        return columns[0].selectbox(self.label, layers, layers.index(value), self._title, key=key)

    def _title(self, layer: str) -> str:
        return f"{layer}  {'×'.join(map(str, self.shapes[layer]))}"

    def drawn(self, st: Any) -> Any:
        """Any value, by Hypothesis' strategies."""
        return st.from_regex(rf"\A(?:{self.pattern})\Z", fullmatch=True) | st.just("")


@dataclass(frozen=True)
class Channels(Whole):
    """ALL, STRONGEST or one of the layer's. layer: its network's name and its own; count: how many channels it has."""

    label: str = "Of"
    low: int = STRONGEST
    high: int = 4095
    layer: tuple[str, str] = ("", "")
    count: int = 0

    @property
    def wide(self) -> float:
        return 2.0

    def within(self, settings: Any) -> "Channels":
        of = _shapes(settings.network).get(settings.layer, (0,))
        return replace(self, layer=(settings.network, settings.layer), count=of[0])

    def ask(self, columns: Columns, value: int, key: str) -> int:
        if not self.count:
            return value
        if value >= self.count:
            st.error(f"{plain(self.layer[1])} has no channel {value}: all channels are shown.")
            value = ALL
        options = [ALL, STRONGEST, *range(self.count)]
        key = " ".join((key, *self.layer))
        return columns[0].selectbox(
            self.label, options, options.index(value), lambda one: TITLES.get(one, f"channel {one}"), key=key
        )

    def drawn(self, st: Any) -> Any:
        """Any value, by Hypothesis' strategies."""
        return st.integers(self.low, self.high)
