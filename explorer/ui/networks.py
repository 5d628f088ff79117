"""Which weights a session looks at a network with. Knows sessions and what has been fetched; draws nothing."""

import hashlib
from dataclasses import dataclass, field

import streamlit as st
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.models.registry import find
from explorer.models.uploads import read_state_dict
from explorer.ui import cache

_KEY = "explorer.weights"  # network → Uploaded
RANDOM = "random weights"


@dataclass(frozen=True)
class Uploaded:
    """Weights of a session's own: the file's name, its SHA-256, and the tensors."""

    file: str
    digest: str
    state: dict[str, torch.Tensor] = field(repr=False, compare=False)


@dataclass(frozen=True)
class Loaded:
    """A network to be looked at.

    network: shared by all sessions that have these weights. weights: what they are, in a few words. random: nobody has trained
    them. problem: why it is not the weights one would expect, "" where it is. digest: of an uploaded file, else "".
    """

    network: nn.Module
    weights: str
    random: bool = False
    problem: str = ""
    digest: str = ""

    @property
    def key(self) -> str:
        """Under this, beside the network's name, is kept what is computed with these weights."""
        return self.digest or self.weights


def current(name: str) -> Loaded:
    """The network with this session's weights for it: uploaded ones, else those on this machine, else random ones."""
    if mine := uploaded(name):
        return Loaded(cache.network(name, mine.digest, _state=mine.state), f"your file {mine.file}", digest=mine.digest)
    spec = find(name)
    if spec.shipped or spec.own:
        return Loaded(cache.network(name), "as shipped" if spec.shipped else "your own")
    if not spec.has_weights():
        return Loaded(cache.network(name), RANDOM, random=True)
    try:
        network = cache.network(name)
    except ExplorerError as error:
        return Loaded(cache.random_network(name), RANDOM, random=True, problem=str(error))
    return Loaded(network, spec.stored.origin())


def uploaded(name: str) -> Uploaded | None:
    """This session's own weights for the network."""
    return st.session_state.get(_KEY, {}).get(name)


def take(name: str, file: str, data: bytes) -> None:
    """Use an uploaded file's weights for the network. Raises ExplorerError, and changes nothing, where they do not fit."""
    spec = find(name)
    ignored = spec.stored.ignored if spec.stored else ()
    state = read_state_dict(data, spec.shapes(), file=f"“{file}”", ignored=ignored)
    mine = Uploaded(file, hashlib.sha256(data).hexdigest(), state)
    st.session_state[_KEY] = {**st.session_state.get(_KEY, {}), name: mine}


def forget(name: str) -> None:
    """Go back to the network's usual weights."""
    st.session_state[_KEY] = {key: mine for key, mine in st.session_state.get(_KEY, {}).items() if key != name}
