"""What the page Where a number comes from looks at: one network, one picture, every number, and one unit. Draws nothing."""

import hashlib
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import torch

from explorer.errors import ExplorerError
from explorer.models.registry import find
from explorer.probe.graph import Graph, Program
from explorer.probe.node_values import NodeValues
from explorer.probe.provenance import checked
from explorer.probe.terms import Unit
from explorer.settings.fields import OneOf, Switch, Whole
from explorer.ui import cache
from explorer.ui.networks import current
from explorer.ui.provenance.units import Trail, Units
from explorer.ui.stand import Stand
from explorer.ui.state import MINE, choice
from explorer.ui.subject import NETWORK, PICTURE, inputs_of

ANSWER = -1  # the class that the network answers
SHOWS = ("value", "gradient")
MOST_TRAIL = 24


@dataclass(frozen=True)
class Looking:
    """unit: what is looked at, None for the strongest logit. trail: the units before it, the oldest first. show: what the map
    tells. target: the class whose logit the gradient is of, or ANSWER. feeds: whether it is shown what the unit feeds."""

    sample: Annotated[str, PICTURE] = MINE
    network: Annotated[str, NETWORK] = ""
    unit: Annotated[Unit | None, Units()] = None
    trail: Annotated[Trail, Units(many=MOST_TRAIL)] = ()
    show: Annotated[str, OneOf("", SHOWS)] = "value"
    target: Annotated[int, Whole("", ANSWER, 999)] = ANSWER
    feeds: Annotated[bool, Switch("")] = False


@dataclass(frozen=True)
class Looked:
    """One forward pass, and the unit that is looked at. key: what it is kept under. labels: one per logit. target: the class
    whose logit the gradient is of. problems: what was asked for and is not there."""

    program: Program
    run: NodeValues
    inputs: torch.Tensor
    key: tuple[object, ...]
    labels: tuple[str, ...]
    unit: Unit
    trail: Trail
    target: int
    problems: tuple[str, ...]

    @property
    def graph(self) -> Graph:
        """The steps."""
        return self.run.graph

    @property
    def logits(self) -> torch.Tensor:
        """What the network answers, (classes,)."""
        return self.run.values[self.graph.output[0]].reshape(-1)

    def label(self, index: int) -> str:
        """A class's name, or its number."""
        return self.labels[index] if index < len(self.labels) else str(index)

    def slopes(self) -> dict[str, torch.Tensor]:
        """Of the target's logit, for every node."""
        return cache.node_gradients(self.key, self.target, _program=self.program, _inputs=self.inputs)


def look(settings: Looking) -> Looked:
    """Run the network on the session's picture, once. Raises ExplorerError for a network that cannot be followed.

    A unit that is not there gives way to the network's answer, and one sentence says so.
    """
    name = settings.network or choice().network
    inputs, problem = inputs_of(name)
    loaded = current(name)
    weights = (name, loaded.key)
    program = cache.steps_of(weights, _network=loaded.network, _shape=tuple(inputs.shape[1:]))
    key = (*weights, hashlib.sha256(inputs.numpy().tobytes()).hexdigest())
    run = cache.node_values(key, _program=program, _inputs=inputs)
    output = run.graph.output[0]
    unit, missing = settings.unit, _missing(run, settings.unit) if settings.unit else ""
    if missing or not unit:
        unit = strongest(run, output)
    trail = () if missing else tuple(part for part in settings.trail if not _missing(run, part))
    logits = run.values[output].reshape(-1)
    target = settings.target if ANSWER < settings.target < len(logits) else int(logits.argmax())
    problems = (problem, missing and f"{missing} The network's answer is shown.")
    labels = find(name).labels
    return Looked(program, run, inputs, key, labels, unit, trail, target, tuple(filter(None, problems)))


def _missing(run: NodeValues, unit: Unit) -> str:
    """Why there is no such unit; "" where there is."""
    try:
        checked(run, unit)
    except ExplorerError as error:
        return str(error)
    return ""


def strongest(run: NodeValues, node: str) -> Unit:
    """The place of a node's largest number."""
    values = run.values[node].numpy()
    return Unit(node, tuple(int(part) for part in np.unravel_index(int(values.argmax()), values.shape)))


def go(stand: Stand[Looking], looked: Looked, unit: Unit) -> None:
    """To another unit; the one before is kept in the trail."""
    stand.change(unit=unit, trail=(*looked.trail, looked.unit)[-MOST_TRAIL:])


def back(stand: Stand[Looking], looked: Looked, index: int) -> None:
    """Back to the unit at that place of the trail."""
    stand.change(unit=looked.trail[index], trail=looked.trail[:index])


def begin_at(stand: Stand[Looking], unit: Unit) -> None:
    """To a unit that was picked freely: the trail begins anew."""
    stand.change(unit=unit, trail=())
