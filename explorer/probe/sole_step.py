"""Any single step taken apart by automatic differentiation of that step alone. Knows NodeValues; not which steps exist.

A step is a sum where Σ slope × input + (the step of zeros) is what it put out: copies, additions, concatenations, means,
up-sampling, padding. Products of two nodes are known by their name. All else is a function: values, slopes, and its result.
"""

from collections.abc import Callable

import numpy as np
import torch

from explorer.errors import ExplorerError
from explorer.probe.node_values import NodeValues
from explorer.probe.terms import Terms, Unit, gathered, grid_places

CLOSE = 1e-4  # of the largest part; what float32 may round away
MOST_GRID = 4  # times as many cells as terms, at most, in a window that also shows cells without weight
PRODUCT = "mul"


def taken_apart(run: NodeValues, unit: Unit) -> tuple[str, tuple[Terms, ...], float, float]:
    """(rule, terms, bias, total) of any unit, as `Provenance` has them. Raises ExplorerError where PyTorch cannot run it."""
    names, call = _whole_inputs(run, unit.node)
    inputs = [run.values[name][None].clone().requires_grad_() for name in names]
    try:
        with torch.enable_grad():
            here = call(*inputs)[0][unit.at]
            slopes = (
                torch.autograd.grad(here, inputs, allow_unused=True) if here.requires_grad else [None] * len(inputs)
            )
        with torch.no_grad():
            bias = float(call(*(torch.zeros_like(value) for value in inputs))[0][unit.at])
    except (RuntimeError, TypeError, ValueError, IndexError) as error:
        raise ExplorerError(
            f"{unit.node} cannot be taken apart by itself: choose a step before or after it."
        ) from error
    total = float(here.detach())
    if run.graph[unit.node].kind == PRODUCT and len(names) == 2:
        return "product", _factors(run, unit, names), 0.0, _product(run, unit, names)
    found = tuple(
        _terms(run, name, slope[0])
        for name, slope in zip(names, slopes, strict=True)
        if slope is not None and slope.any()
    )
    if not np.isfinite(bias):
        return "function", tuple(_alone(terms) for terms in found), 0.0, total
    sums = sum(float(terms.products.sum()) for terms in found) + bias
    scale = (
        max(abs(total), *(float(np.abs(terms.products).sum()) for terms in found), abs(bias), 1e-30) if found else 1.0
    )
    if abs(sums - total) <= CLOSE * scale and not _bends(call, inputs, slopes, bias, unit):
        return "sum", found, bias, sums
    if not found:  # a flat piece, such as ReLU below zero: what it was given still matters
        found = tuple(_same_place(run, name, unit) for name in names if run.values[name].dim() == len(unit.at))
    return "function", tuple(_alone(terms) for terms in found), 0.0, total


def _bends(call: Callable, inputs: list, slopes: list, bias: float, unit: Unit) -> bool:
    """Whether the step leaves its sum for other inputs: ReLU of a positive number looks like a sum, and is none."""
    with torch.no_grad():
        turned = float(call(*(-value for value in inputs))[0][unit.at])
    products = [slope * value.detach() for slope, value in zip(slopes, inputs, strict=True) if slope is not None]
    parts, sizes = [float(part.sum()) for part in products], [float(part.abs().sum()) for part in products]
    return abs(bias - sum(parts) - turned) > CLOSE * max(abs(bias), *sizes, 1e-30) if sizes else turned != bias


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
    if given.ndim == 3:
        channels = np.unique(places[:, 0])
        (top, left), (bottom, right) = places[:, 1:].min(axis=0), places[:, 1:].max(axis=0)
        if len(channels) * (bottom - top + 1) * (right - left + 1) <= MOST_GRID * len(places):
            at = grid_places(channels, np.arange(top, bottom + 1), np.arange(left, right + 1))
            return gathered(name, given, at, slopes[tuple(np.moveaxis(at, -1, 0))])
    at = places.reshape(len(places), 1, 1, given.ndim)
    return gathered(name, given, at, slopes[slopes != 0].reshape(-1, 1, 1))


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
    return Terms(terms.node, terms.at, terms.values, nothing, terms.values.copy())
