"""What the page Where a number comes from looks at: one network, one picture, every number. Knows the session; draws little."""

import hashlib
from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch

from explorer.errors import ExplorerError
from explorer.models.registry import find
from explorer.probe.graph import Graph, Program
from explorer.probe.node_values import NodeValues
from explorer.probe.provenance import checked
from explorer.probe.terms import Unit
from explorer.ui import cache
from explorer.ui.exhibits import change, place
from explorer.ui.looking import inputs_of
from explorer.ui.networks import current
from explorer.ui.plain import plain
from explorer.ui.provenance.exhibits import MOST_TRAIL

PAGE = "provenance"


@dataclass(frozen=True)
class Looked:
    """One forward pass. key: what it is kept under. labels: one per logit. problem: why it is the example's, or ""."""

    program: Program
    run: NodeValues
    inputs: torch.Tensor
    key: tuple[object, ...]
    labels: tuple[str, ...]
    problem: str

    @property
    def graph(self) -> Graph:
        """The steps."""
        return self.run.graph

    @property
    def logits(self) -> torch.Tensor:
        """What the network answers, (classes,)."""
        return self.run.values[self.graph.output[0]].reshape(-1)

    def slopes(self, target: int) -> dict[str, torch.Tensor]:
        """Of that class's logit, for every node."""
        return cache.node_gradients(self.key, target, _program=self.program, _inputs=self.inputs)


def look(name: str) -> Looked:
    """Run the session's network on the session's picture, once. Raises ExplorerError for a network that cannot be followed."""
    inputs, problem = inputs_of(name)
    loaded = current(name)
    weights = (name, loaded.key)
    program = cache.steps_of(weights, _network=loaded.network, _shape=tuple(inputs.shape[1:]))
    key = (*weights, hashlib.sha256(inputs.numpy().tobytes()).hexdigest())
    run = cache.node_values(key, _program=program, _inputs=inputs)
    return Looked(program, run, inputs, key, find(name).labels, problem)


def strongest(looked: Looked, node: str, channel: int | None = None) -> Unit:
    """The place of a node's largest number, in one of its channels if one is named."""
    values = looked.run.values[node].numpy()
    if channel is None:
        return Unit(node, tuple(int(part) for part in np.unravel_index(int(values.argmax()), values.shape)))
    inside = values[channel]
    return Unit(node, (channel, *(int(part) for part in np.unravel_index(int(inside.argmax()), inside.shape))))


def shown_unit(looked: Looked) -> Unit:
    """The chosen unit; where none is, or none such is there, the network's answer, and then one sentence says so."""
    unit, trail = place(PAGE).settings.unit, place(PAGE).settings.trail
    if trail != (known := tuple(part for part in trail if _is_there(looked, part))):
        change(PAGE, trail=known)
    if unit is not None:
        try:
            checked(looked.run, unit)
            return unit
        except ExplorerError as error:
            st.error(plain(f"{error} The network's answer is shown."))
            change(PAGE, trail=())
    unit = strongest(looked, looked.graph.output[0])
    change(PAGE, unit=unit)
    return unit


def _is_there(looked: Looked, unit: Unit) -> bool:
    try:
        return bool(checked(looked.run, unit))
    except ExplorerError:
        return False


def go(unit: Unit) -> None:
    """To another unit; the one before is kept in the trail."""
    settings = place(PAGE).settings
    trail = (*settings.trail, settings.unit) if settings.unit else settings.trail
    change(PAGE, unit=unit, trail=trail[-MOST_TRAIL:])


def back(index: int) -> None:
    """Back to the unit at that place of the trail."""
    trail = place(PAGE).settings.trail
    change(PAGE, unit=trail[index], trail=trail[:index])


def begin_at(unit: Unit) -> None:
    """To a unit that was picked freely: the trail begins anew."""
    change(PAGE, unit=unit, trail=())
