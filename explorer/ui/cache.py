"""Everything that is kept between script runs for all sessions. The only file with cache decorators."""

import contextlib
import functools
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import streamlit as st
import torch
from torch import nn

from explorer.data.datasets import load_data_set
from explorer.data.labelled import DataSet
from explorer.errors import ExplorerError
from explorer.layers.pictures import Applied, TwoPasses, apply, in_two_passes
from explorer.live.shelf import Shelf, held_bytes, network_bytes, tensor_bytes
from explorer.models.feeding import DIGITS
from explorer.models.registry import find
from explorer.probe.facts import NetworkFacts, describe
from explorer.probe.graph import Graph, Program, program, trace
from explorer.probe.node_values import NodeValues, gradients, record_nodes
from explorer.probe.residual import DeepSettings, TwoStacks, measure_two_stacks
from explorer.probe.sources import sources
from explorer.probe.spread import Spread, StackSettings, measure_spread
from explorer.scan.scan import Scan, Wish
from explorer.scan.sheet import Crop, cut
from explorer.training.positions import PositionMap, accuracy_by_position

LARGE_BYTES = 1_500_000_000  # of all that is large: two VGG-16, or seven ResNet-152, or some networks with pictures
SMALL_FILE = 20  # MB of weights: built in 0.2 s
PATIENCE, ALONE = 600.0, 30.0  # seconds without being wanted, while somebody is here and while nobody is


def network(name: str, digest: str = "", *, _state: Mapping[str, torch.Tensor] | None = None) -> nn.Module:
    """The named network with its usual weights, or with those of `_state`, whose digest is the key.

    Shared by all sessions: look at it with `probe.record` only. Raises ExplorerError where weights are there and do not fit.
    """
    spec = find(name)
    if digest:
        return _with_weights(name, digest, _state=_state)
    if spec.stored is None:
        return _small_network(name)
    return _large_network(name, spec.stored.version())


@st.cache_resource(max_entries=16, show_spinner=False)
def _small_network(name: str) -> nn.Module:
    return find(name).load()


@st.cache_resource(show_spinner=False)
def _shelf() -> Shelf:
    return Shelf(LARGE_BYTES)


def sweep(*, alone: bool) -> None:
    """Give back what is large and was not wanted for long; soon where no browser is connected."""
    _shelf().sweep(ALONE if alone else PATIENCE)


def _kept_network(key: tuple[str, ...], make: Callable[[], nn.Module]) -> nn.Module:
    return _shelf().take(("network", *key), make, network_bytes)


def _large_network(name: str, version: str) -> nn.Module:
    if not version:  # no weights here: the same random ones are not kept twice
        return random_network(name)
    return _kept_network((name, "trained", version), lambda: find(name).load())


def random_network(name: str) -> nn.Module:
    """The named network untrained."""
    return _kept_network((name, "random"), lambda: find(name).load_random())


def _with_weights(name: str, digest: str, *, _state: Mapping[str, torch.Tensor]) -> nn.Module:
    return _kept_network((name, "file", digest), lambda: find(name).with_weights(_state))


@st.cache_resource(max_entries=16, show_spinner=False)
def facts(name: str) -> NetworkFacts:
    """The named network's layer facts, which no weights change."""
    spec = find(name)
    return describe(spec.build(), spec.input_shape)


@st.cache_resource(max_entries=16, show_spinner=False)
def graph(name: str) -> Graph:
    """The named network's steps, some 100 kB. Raises ExplorerError for a network that cannot be followed."""
    spec = find(name)
    with _without_numbers(name):
        return trace(spec.build(), spec.input_shape)


def _without_numbers(name: str) -> contextlib.AbstractContextManager:
    """Where a large network is built to follow its steps, no memory is taken; a small one's may ask for real tensors."""
    stored = find(name).stored
    return torch.device("meta") if stored and stored.megabytes > SMALL_FILE else contextlib.nullcontext()


@st.cache_resource(max_entries=16, show_spinner=False)
def taken_from(name: str) -> dict[str, str | None] | None:
    """Layer → the layer whose output it takes; None for a network that cannot be followed."""
    try:
        return sources(graph(name))
    except ExplorerError:
        return None


def applied(digest: str, kernel: tuple[tuple[float, ...], ...], mode: str, *, _pixels: np.ndarray) -> Applied:
    """A kernel over a whole picture, whose digest is the key. Up to 50 MB each; its arrays are read-only."""
    return _shelf().take(("applied", digest, kernel, mode), lambda: apply(_pixels, kernel, mode), held_bytes)


@st.cache_resource(max_entries=32, show_spinner=False)
def two_passes(
    digest: str, kernel: tuple[tuple[float, ...], ...], mode: str, *, _pixels: np.ndarray, _applied: Applied
) -> TwoPasses:
    """The same kernel as a column and then a row: a few numbers."""
    return in_two_passes(_pixels, _applied, mode)


@st.cache_resource(max_entries=128, show_spinner=False)
def spread(settings: StackSettings) -> Spread:
    """The numbers' spread in a deep stack, some 10 kB; its arrays are read-only."""
    return measure_spread(settings)


@st.cache_resource(max_entries=64, show_spinner=False)
def positions(digest: str, *, _network: nn.Module) -> PositionMap:
    """How well a corner network, whose weights' digest is the key, knows the shapes at each place: some 600 bytes."""
    return accuracy_by_position(_network, DIGITS.normalise)


def opened_scan(wish: Wish, token: int) -> Scan:
    """A network and the pictures to scan, up to 180 MB; another token lists a folder again."""

    def make() -> Scan:
        with st.spinner("Opening the network and the pictures …"):
            return Scan(wish, network(wish.network))

    return _shelf().take(("opened scan", wish, token), make, held_bytes)


def scan(wish: Wish, token: int, version: int, *, _opened: Scan) -> Scan:
    """The same with what is kept on disk, whose version is the key: only to be looked at."""
    return _shelf().take(("scan", wish, token, version), _opened.again, held_bytes)


@st.cache_resource(max_entries=32, show_spinner=False)
def patches(
    wish: Wish, token: int, version: int, layer: str, first: int, end: str, *, _scan: Scan, _channels: range
) -> Crop:
    """The patches of a few channels, cut out of their pictures: up to 1.2 MB."""
    return cut(_scan, layer, _channels, least=end == "least")


@st.cache_resource(max_entries=128, show_spinner=False)
def kept(kind: str, key: tuple[object, ...], *, _make: Callable[[], object]) -> object:
    """What `_make` gives, under its kind and key: a heat map, some 200 kB, or a few numbers."""
    return _make()


def data_set(name: str, folder: Path | None) -> DataSet:
    """A data set as it lies on disk, up to 180 MB."""
    return _shelf().take(("data set", name, folder), lambda: load_data_set(name, folder), held_bytes)


def steps_of(key: tuple[object, ...], *, _network: nn.Module, _shape: tuple[int, ...]) -> Program:
    """A network's steps, to be run one by one; it shares the network's weights. key: its name and weights."""
    make = functools.partial(program, _network, _shape)
    return _shelf().take(("steps", *key), make, held_bytes)  # holds the network, wherever that still is


def node_values(key: tuple[object, ...], *, _program: Program, _inputs: torch.Tensor) -> NodeValues:
    """All numbers of one forward pass: 30 MB for ResNet-18, 300 MB for ResNet-152. key: network, weights and input."""

    def make() -> NodeValues:
        with st.spinner("One forward pass, every step kept …"):
            return record_nodes(_program, _inputs)

    return _shelf().take(("values", *key), make, lambda found: tensor_bytes(found.values))


def node_gradients(
    key: tuple[object, ...], logit: int, *, _program: Program, _inputs: torch.Tensor
) -> dict[str, torch.Tensor]:
    """The slopes of one logit with respect to all those numbers: as large again."""

    def make() -> dict[str, torch.Tensor]:
        with st.spinner("One backward pass, every step kept …"):
            return gradients(_program, _inputs, logit)

    return _shelf().take(("slopes", *key, logit), make, tensor_bytes)


def kept_network(key: str, *, _make: Callable[[], nn.Module]) -> nn.Module:
    """A network that is no entry of the registry: one moment of a run, whose name is the key."""
    return _kept_network((key,), _make)


def kept_large(kind: str, key: tuple[object, ...], *, _make: Callable[[], object]) -> object:
    """As `kept`, for what takes up to 50 MB."""
    return _shelf().take((kind, *key), _make, held_bytes)


@st.cache_resource(max_entries=8, show_spinner=False)
def block_graph(name: str, module: str) -> Graph:
    """The steps of one block of a network, from the shape that it is given there."""
    whole = graph(name)
    inside = {node.name for node in whole if f"{node.block}.".startswith(f"{module}.")}
    given = next(
        whole[taken].shape for node in whole if node.name in inside for taken in node.inputs if taken not in inside
    )
    with _without_numbers(name):
        return trace(find(name).build().get_submodule(module), given)


@st.cache_resource(max_entries=64, show_spinner=False)
def two_stacks(settings: DeepSettings) -> TwoStacks:
    """Gradients with and without residual connections, some 2 kB; its arrays are read-only."""
    return measure_two_stacks(settings)
