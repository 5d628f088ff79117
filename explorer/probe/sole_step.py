"""Any single step taken apart by automatic differentiation of that step alone. Knows NodeValues; not which steps exist.

Whether a step is a sum, Σ slope × input + (the step of zeros), its kind says: copies, additions, concatenations, means,
up-sampling, padding. No numbers are asked: near 0 every smooth bend looks straight. All else is a function: its values, its
result.
"""

from collections.abc import Callable

import numpy as np
import torch

from explorer.errors import ExplorerError
from explorer.probe.kinds import kind_of
from explorer.probe.kinds.kind import COPY, SINGLE, SUM
from explorer.probe.layouts import turned
from explorer.probe.node_values import NodeValues
from explorer.probe.terms import Terms, Unit, gathered, grid_places

MOST_GRID = 4  # times as many cells as terms, at most, in a window that also shows cells without weight
# sums where one thing alone depends on the picture; with weights that do so too they are products of two
_SINGLE = {SINGLE, "convolution", "transposed", "dense"}


def taken_apart(run: NodeValues, unit: Unit) -> tuple[str, tuple[Terms, ...], float, float]:
    """(rule, terms, bias, total) of any unit, as `Provenance` has them. Raises ExplorerError where PyTorch cannot run it."""
    names, call = _whole_inputs(run, unit.node)
    inputs = [run.values[name][None].clone() for name in names]
    smooth = [value.requires_grad_() for value in inputs if value.is_floating_point()]  # not places, such as switches
    try:
        with torch.enable_grad():
            here = call(*inputs)[0][unit.at]
            found = (
                torch.autograd.grad(here, smooth, allow_unused=True)
                if smooth and here.requires_grad
                else [None] * len(smooth)
            )
        slopes = dict(zip(map(id, smooth), found, strict=True))
        with torch.no_grad():
            bias = float(
                call(*(torch.zeros_like(value) if id(value) in slopes else value for value in inputs))[0][unit.at]
            )
    except (RuntimeError, TypeError, ValueError, IndexError) as error:
        raise ExplorerError(
            f"{unit.node} cannot be taken apart by itself: choose a step before or after it."
        ) from error
    total = float(here.detach())
    if run.graph[unit.node].kind == "mul" and len(names) == 2:
        return "product", _factors(run, unit, names), 0.0, _product(run, unit, names)
    found = tuple(
        _terms(run, name, slope[0])
        for name, value in zip(names, inputs, strict=True)
        if (slope := slopes.get(id(value))) is not None and slope.any()
    )
    if is_sum(run, unit.node):
        return "sum", found, bias, sum(float(terms.products.sum()) for terms in found) + bias
    if not found:  # a flat piece, such as ReLU below zero: what it was given still matters
        found = tuple(_same_place(run, name, unit) for name in names if run.values[name].dim() == len(unit.at))
    return "function", tuple(_alone(terms) for terms in found), 0.0, total


def is_sum(run: NodeValues, name: str) -> bool:
    """Whether the step's kind makes it a sum of what it takes, whatever that is; with it the steps that give it several."""
    node = run.graph[name]
    made = kind_of(node.kind).made
    if made == "normalised":  # by what was measured before; not so by the picture's own mean
        return run.calls[name].weights.get("running_mean") is not None and not node.settings.get("training")
    straight = made in (SUM, COPY) or (made in _SINGLE and len(node.inputs) == 1)
    return straight and all(is_sum(run, below) for below in node.inputs if below not in run.values)


def _whole_inputs(run: NodeValues, name: str) -> tuple[list[str], Callable[..., torch.Tensor]]:
    """The nodes with one tensor each that a node is made of, and how: through steps that put out several (chunk, split)."""
    names: list[str] = []
    parts = []
    for below in run.graph[name].inputs:
        if below in run.values:
            parts.append((1, None))
            names.append(below)
        else:
            deeper, call = _whole_inputs(run, below)
            parts.append((len(deeper), call))
            names.extend(deeper)

    def whole(*inputs: torch.Tensor) -> torch.Tensor:
        left, given = list(inputs), []
        for count, call in parts:
            taken, left = left[:count], left[count:]
            given.append(taken[0] if call is None else call(*taken))
        return run.calls[name].run(*given)

    return names, whole


def _terms(run: NodeValues, name: str, slope: torch.Tensor) -> Terms:
    """The inputs with a slope; of a map, as a window in each channel that has some."""
    slopes, given = slope.double().numpy(), run.values[name].numpy()
    places = np.argwhere(slopes != 0)
    axes = turned(run.graph.layouts.get(name, ""), given.ndim)
    if given.ndim == 3:
        turn = places[:, axes]  # channels first
        channels = np.unique(turn[:, 0])
        (top, left), (bottom, right) = turn[:, 1:].min(axis=0), turn[:, 1:].max(axis=0)
        if len(channels) * (bottom - top + 1) * (right - left + 1) <= MOST_GRID * len(places):
            at = grid_places(channels, np.arange(top, bottom + 1), np.arange(left, right + 1))[..., np.argsort(axes)]
            return gathered(name, given, at, slopes[tuple(np.moveaxis(at, -1, 0))], axis=axes[0])
    at = places.reshape(len(places), 1, 1, given.ndim)
    return gathered(name, given, at, slopes[slopes != 0].reshape(-1, 1, 1), axis=axes[0])


def _same_place(run: NodeValues, name: str, unit: Unit) -> Terms:
    """The one number at the unit's own place; where an axis has one entry, that one stands for all."""
    given = run.values[name].numpy()
    place = [
        min(at, size - 1) for at, size in zip(unit.at[-given.ndim :] if given.ndim else (), given.shape, strict=True)
    ]
    return gathered(name, given, np.array(place, int).reshape(1, 1, 1, -1), np.nan, mix="alone")


def _factors(run: NodeValues, unit: Unit, names: list[str]) -> tuple[Terms, ...]:
    return tuple(_same_place(run, name, unit) for name in names)


def _product(run: NodeValues, unit: Unit, names: list[str]) -> float:
    return float(np.prod([terms.values.sum() for terms in _factors(run, unit, names)]))


def _alone(terms: Terms) -> Terms:
    """Of a function: the values, without weights; nothing adds up."""
    nothing = np.full(terms.values.shape, np.nan)
    return Terms(terms.node, terms.at, terms.values, nothing, terms.values.copy(), terms.axis)
