"""What made one recorded number: its window, the products, the bias; they add up to it. Knows a forward pass's nodes.

Not screens. Convolution, dense layer, pooling and normalisation are taken apart by their formulas; of every other step that is
a sum by its kind the terms are found by automatic differentiation of that step alone. All else is told as a function.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import torch

from explorer.errors import ExplorerError
from explorer.probe.graph import INPUT, Node
from explorer.probe.kinds import kind_of
from explorer.probe.kinds.kind import COPY
from explorer.probe.layouts import turned
from explorer.probe.node_values import NodeValues
from explorer.probe.sole_step import taken_apart
from explorer.probe.terms import PADDING, Terms, Unit, gathered, grid_places, transposed_places, window_places
from explorer.probe.windows import WRAPS, around, of_axis


@dataclass(frozen=True, eq=False)
class Provenance:
    """What made one number.

    rule: "sum": total = Σ products + bias. "largest": of the values, all others have weight 0. "product": of the values.
    "function": the step is no sum; total is that step run again on what it was given. "input": nothing made it.
    terms: one entry per node below; of a dense layer on a flattened map, the map. total: what the terms give; recorded: what
    the forward pass had there. details: the step's own numbers by name (of batch normalisation γ, β, μ, σ², ε).
    """

    unit: Unit
    kind: str
    rule: str
    terms: tuple[Terms, ...]
    bias: float
    total: float
    recorded: float
    details: Mapping[str, float] = field(default_factory=dict)

    @property
    def products(self) -> float:
        """The sum of all products, without the bias."""
        return float(sum(terms.products.sum() for terms in self.terms))

    @property
    def difference(self) -> float:
        """total − recorded: what float32 rounds away."""
        return self.total - self.recorded


def provenance(run: NodeValues, unit: Unit) -> Provenance:
    """What made the unit's number. Raises ExplorerError for a node or a place that is not there."""
    node = checked(run, unit)
    recorded = float(run.values[unit.node][unit.at])
    if node.kind == INPUT:
        return Provenance(unit, node.kind, "input", (), 0.0, recorded, recorded)
    special = FORMULAS.get(kind_of(node.kind).made)
    whole = all(run.graph[name].shape for name in node.inputs)
    made = special(run, node, unit) if special and whole else None
    rule, terms, bias, total, details = made or (*taken_apart(run, unit), {})
    return Provenance(unit, node.kind, rule, terms, bias, total, recorded, details)


def making(run: NodeValues, unit: Unit) -> tuple[Provenance, ...]:
    """The unit with what it was made from number by number: down through normalisation and activation to the step before.

    First the step with a window (or the first one), last the unit itself.
    """
    parts = [provenance(run, unit)]
    while kind_of(parts[0].kind).pointwise and len(parts[0].terms) == 1 and parts[0].terms[0].at.shape[:3] == (1, 1, 1):
        parts.insert(0, provenance(run, parts[0].terms[0].unit(0, 0, 0)))
    return tuple(parts)


def afterwards(run: NodeValues, unit: Unit) -> tuple[Unit, ...]:
    """The same number further up, as long as one normalisation or activation alone takes it: the last is what others see."""
    found, name = [], unit.node
    while len(above := [node for node in run.graph if name in node.inputs]) == 1 and kind_of(above[0].kind).pointwise:
        name = above[0].name
        found.append(Unit(name, unit.at))
    return tuple(found)


def checked(run: NodeValues, unit: Unit) -> Node:
    """The unit's node, if there is such a unit."""
    try:
        node = run.graph[unit.node]
    except KeyError:
        raise ExplorerError(f"The network has no step “{unit.node[:40]}”: choose one of the list.") from None
    if unit.node not in run.values:
        raise ExplorerError(f"{unit.node} puts out several tensors: choose a step after it.")
    shape = tuple(run.values[unit.node].shape)
    if len(unit.at) != len(shape) or not all(0 <= part < size for part, size in zip(unit.at, shape, strict=True)):
        sizes = "×".join(str(size) for size in shape)
        raise ExplorerError(f"{unit.node} has no unit {unit.at}: its output is {sizes}, counted from 0.")
    return node


Made = tuple[str, tuple[Terms, ...], float, float, Mapping[str, float]] | None


def _sum(terms: Terms, bias: float, details: Mapping[str, float] | None = None) -> Made:
    return "sum", (terms,), bias, float(terms.products.sum() + bias), details or {}


def _given(run: NodeValues, node: Node) -> np.ndarray:
    return run.values[node.inputs[0]].numpy()


def _bias(weights: Mapping[str, object], channel: int) -> float:
    bias = weights.get("bias")
    return 0.0 if bias is None else float(bias[channel])


def _convolution(run: NodeValues, node: Node, unit: Unit) -> Made:
    """Σ over channels and window of value × weight, + bias; a group's output sees that group's channels only."""
    weights, given, settings = run.calls[node.name].weights, _given(run, node), node.settings
    weight = weights.get("weight")
    if weight is None or weight.ndim != 4 or given.ndim != 3:
        return None
    kernel = weight[unit.channel].double().numpy()  # (Cin / groups, kh, kw)
    places = []
    for axis, size in enumerate(given.shape[1:]):
        length, dilation = kernel.shape[1 + axis], int(of_axis(settings.get("dilation"), axis, 1))
        stride = int(of_axis(settings.get("stride"), axis, 1))
        pad = around({**settings, "kernel_size": kernel.shape[1:]}, axis)
        mode = WRAPS.get(settings.get("padding_mode", "zeros"), "zeros")
        places.append(window_places(size, unit.at[1 + axis], length, stride, *pad, dilation, mode))
    groups = int(settings.get("groups", 1))
    first = unit.channel // (weight.shape[0] // groups) * len(kernel)
    at = grid_places(np.arange(first, first + len(kernel)), *places)
    return _sum(gathered(node.inputs[0], given, at, kernel), _bias(weights, unit.channel))


def _transposed(run: NodeValues, node: Node, unit: Unit) -> Made:
    """Every input lays its kernel on the output; the unit adds up what lies on it."""
    weights, given, settings = run.calls[node.name].weights, _given(run, node), node.settings
    weight = weights.get("weight")
    if weight is None or weight.ndim != 4 or given.ndim != 3:
        return None
    groups, out = int(settings.get("groups", 1)), weight.shape[1]  # weight (Cin, Cout / groups, kh, kw)
    share = weight.shape[0] // groups
    first = unit.channel // out * share
    kernel = weight[first : first + share, unit.channel % out].double().numpy()
    places = [
        transposed_places(
            size,
            unit.at[1 + axis],
            kernel.shape[1 + axis],
            int(of_axis(settings.get("stride"), axis, 1)),
            int(of_axis(settings.get("padding"), axis, 0)),
            int(of_axis(settings.get("dilation"), axis, 1)),
        )
        for axis, size in enumerate(given.shape[1:])
    ]
    at = grid_places(np.arange(first, first + share), *places)
    return _sum(gathered(node.inputs[0], given, at, kernel), _bias(weights, unit.channel))


def _dense(run: NodeValues, node: Node, unit: Unit) -> Made:
    """Σ weight × input + bias; inputs that were copied from a map are told by their channel, row and column there."""
    weights, given = run.calls[node.name].weights, _given(run, node)
    weight = weights.get("weight")
    if weight is None or given.ndim != 1:
        return None
    row = weight[unit.channel].double().numpy()
    source, index = origins(run, node.inputs[0])
    values = run.values[source].numpy()
    if values.ndim == 3 and np.array_equal(index, np.arange(values.size)):
        axes = turned(run.graph.layouts.get(source, ""), 3)  # channels first
        at = np.stack(np.unravel_index(index, values.shape), axis=-1).reshape(*values.shape, 3).transpose(*axes, 3)
        terms = gathered(source, values, at, row.reshape(values.shape).transpose(axes), axis=axes[0])
    else:
        at = np.arange(len(given)).reshape(-1, 1, 1, 1)
        terms = gathered(node.inputs[0], given, at, row.reshape(-1, 1, 1))
    return _sum(terms, _bias(weights, unit.channel))


def origins(run: NodeValues, name: str) -> tuple[str, np.ndarray]:
    """Down from a node through steps that only copy: the node they copy from, and for each number its flat index there."""
    chain, node = [], run.graph[name]
    while kind_of(node.kind).made == COPY and len(node.inputs) == 1 and run.graph[node.inputs[0]].shape:
        chain.append(node.name)
        node = run.graph[node.inputs[0]]
    shape = run.values[node.name].shape
    index = torch.arange(math.prod(shape), dtype=torch.float64).reshape(1, *shape)
    with torch.no_grad():
        for step in reversed(chain):
            index = run.calls[step].run(index)
    return node.name, index.reshape(-1).long().numpy()


def _largest(run: NodeValues, node: Node, unit: Unit) -> Made:
    """The largest of a window; of several equal ones PyTorch takes the first."""
    given, settings = _given(run, node), node.settings
    if given.ndim != 3 or "kernel_size" not in settings:
        return None
    places = []
    for axis, size in enumerate(given.shape[1:]):
        length = int(of_axis(settings["kernel_size"], axis))
        stride, padding = (
            int(of_axis(settings.get("stride"), axis, length)),
            int(of_axis(settings.get("padding"), axis, 0)),
        )
        dilation = int(of_axis(settings.get("dilation"), axis, 1))
        places.append(window_places(size, unit.at[1 + axis], length, stride, padding, padding, dilation, "zeros"))
    at = grid_places(np.array([unit.channel]), *places)
    looked = gathered(node.inputs[0], given, at, 1.0)
    sizes = np.where((looked.at == PADDING).any(axis=-1), -np.inf, looked.values)
    wins = np.zeros(sizes.shape)
    wins.flat[int(np.argmax(sizes))] = 1
    terms = gathered(node.inputs[0], given, at, wins)
    return "largest", (terms,), 0.0, float(terms.products.sum()), {}


def _normalised(run: NodeValues, node: Node, unit: Unit) -> Made:
    """γ·(x − μ)/√(σ² + ε) + β, folded into weight γ/√(σ² + ε) and bias β − weight·μ."""
    weights, given = run.calls[node.name].weights, _given(run, node)
    if weights.get("running_mean") is None or "eps" not in weights or node.settings.get("training"):
        return None

    def of(name: str, default: float) -> float:
        return default if weights.get(name) is None else float(weights[name][unit.channel])

    gamma, beta, mean, variance = of("weight", 1), of("bias", 0), of("running_mean", 0), of("running_var", 1)
    eps = float(weights["eps"])
    scale = gamma / math.sqrt(variance + eps)
    terms = gathered(node.inputs[0], given, np.array(unit.at).reshape(1, 1, 1, -1), scale)
    details = {"γ": gamma, "β": beta, "μ": mean, "σ²": variance, "ε": eps}
    return _sum(terms, beta - scale * mean, details)


# by `Kind.made`; where a formula does not fit (a layer along a line), the step is taken apart by itself
FORMULAS = {
    "convolution": _convolution,
    "transposed": _transposed,
    "dense": _dense,
    "largest": _largest,
    "normalised": _normalised,
}
