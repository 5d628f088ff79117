"""Everything that is kept between script runs for all sessions. The only file with cache decorators."""

import streamlit as st
from torch import nn

from explorer.models.registry import find
from explorer.probe.facts import NetworkFacts, describe


@st.cache_resource(max_entries=16, show_spinner=False)
def network(name: str) -> nn.Module:
    """The named network with its shipped weights. Shared by all sessions: look at it with `probe.record` only."""
    return find(name).load()


@st.cache_resource(max_entries=16, show_spinner=False)
def facts(name: str) -> NetworkFacts:
    """The named network's layer facts."""
    spec = find(name)
    return describe(network(name), spec.input_shape)
