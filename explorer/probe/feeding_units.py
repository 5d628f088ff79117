"""Which numbers a number goes into: the steps above and their windows. Knows NodeValues; no layer's formula.

Found by changing the one number and running the step above again by itself: what differs is fed by it.
"""

from dataclasses import dataclass

import numpy as np
import torch

from explorer.probe.node_values import NodeValues
from explorer.probe.provenance import checked
from explorer.probe.terms import Unit

STRONGEST = 6


@dataclass(frozen=True)
class Feed:
    """One step above that takes the number.

    low, high: the first and last place, axis by axis, among the units that it can change; count: how many they are.
    strongest: units with how much of each is owed to it (the unit minus what it would be, were the number 0), largest first.
    """

    node: str
    kind: str
    low: tuple[int, ...]
    high: tuple[int, ...]
    count: int
    strongest: tuple[tuple[Unit, float], ...]


def feeds(run: NodeValues, unit: Unit) -> tuple[Feed, ...]:
    """The steps that take this number, in the order of execution. Raises ExplorerError for a unit that is not there."""
    checked(run, unit)
    found = []
    for node in run.graph:
        if unit.node in node.inputs and node.name in run.values:
            inputs = [run.values.get(name) for name in node.inputs]
            if all(value is not None for value in inputs) and (feed := _feed(run, node.name, unit)):
                found.append(feed)
    return tuple(found)


def _feed(run: NodeValues, name: str, unit: Unit) -> Feed | None:
    node = run.graph[name]
    far = 10 * (
        1 + float(run.values[unit.node].abs().max())
    )  # beyond every other number there: it wins or loses a maximum
    usual = _with(run, name, unit, None)
    changed = (_with(run, name, unit, far) != usual) | (_with(run, name, unit, -far) != usual)
    owed = (usual - _with(run, name, unit, 0.0)).double().numpy()
    places = np.argwhere(changed.numpy())
    if not len(places):
        return None
    order = np.argsort(-np.abs(owed[tuple(places.T)]), kind="stable")[:STRONGEST]
    strongest = [tuple(int(part) for part in places[index]) for index in order]
    return Feed(
        name,
        node.kind,
        tuple(int(part) for part in places.min(axis=0)),
        tuple(int(part) for part in places.max(axis=0)),
        len(places),
        tuple((Unit(name, place), float(owed[place])) for place in strongest),
    )


def _with(run: NodeValues, name: str, unit: Unit, value: float | None) -> torch.Tensor:
    """The step's output, were the unit's number `value`; None: as it was."""
    inputs = []
    for below in run.graph[name].inputs:
        given = run.values[below][None].clone()
        if below == unit.node and value is not None:
            given[0][unit.at] = value
        inputs.append(given)
    with torch.no_grad():
        return run.calls[name].run(*inputs)[0]
