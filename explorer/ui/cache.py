"""Everything that is kept between script runs for all sessions. The only file with cache decorators."""

import numpy as np
import streamlit as st
from torch import nn

from explorer.layers.pictures import Applied, TwoPasses, apply, in_two_passes
from explorer.models.feeding import DIGITS
from explorer.models.registry import find
from explorer.probe.facts import NetworkFacts, describe
from explorer.probe.spread import Spread, StackSettings, measure_spread
from explorer.training.positions import PositionMap, accuracy_by_position


@st.cache_resource(max_entries=16, show_spinner=False)
def network(name: str) -> nn.Module:
    """The named network with its shipped weights. Shared by all sessions: look at it with `probe.record` only."""
    return find(name).load()


@st.cache_resource(max_entries=16, show_spinner=False)
def facts(name: str) -> NetworkFacts:
    """The named network's layer facts."""
    spec = find(name)
    return describe(network(name), spec.input_shape)


@st.cache_resource(max_entries=6, show_spinner=False)
def applied(digest: str, kernel: tuple[tuple[float, ...], ...], mode: str, *, _pixels: np.ndarray) -> Applied:
    """A kernel over a whole picture, whose digest is the key. Up to 50 MB each; its arrays are read-only."""
    return apply(_pixels, kernel, mode)


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
