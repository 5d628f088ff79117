"""Initialisations: how widely a layer's first weights spread, and what spread its sums have then.

Knows a layer by its number of inputs and outputs; nothing of networks, nothing of training.

A sum of n independent products has Var(sum) = n · Var(w) · E[x²]; where x has mean 0, E[x²] = Var(x) and a layer multiplies
the variance by n·Var(w). The schemes choose Var(w) so that this factor is 1 (Xavier: a compromise between the way forward
and the way back; He: 2, because ReLU throws half away).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from explorer.errors import ExplorerError
from explorer.layers.checks import MAX_COUNT, whole_number

SMALL = 0.03


@dataclass(frozen=True)
class Scheme:
    """One initialisation: `deviation(n_in, n_out)` is the standard deviation of a weight; its mean is 0, biases are 0."""

    key: str
    title: str
    formula: str
    deviation: Callable[[int, int], float]


SCHEMES = {
    scheme.key: scheme
    for scheme in [
        Scheme("zeros", "zeros", "w = 0", lambda n_in, n_out: 0.0),
        Scheme("small", "0.03 · N(0, 1)", "σ_w = 0.03", lambda n_in, n_out: SMALL),
        Scheme("xavier", "Xavier", "σ_w = √(2/(n_in + n_out))", lambda n_in, n_out: math.sqrt(2 / (n_in + n_out))),
        Scheme("he", "He", "σ_w = √(2/n_in)", lambda n_in, n_out: math.sqrt(2 / n_in)),
    ]
}


def find_scheme(key: str) -> Scheme:
    """Return the initialisation of that name. Raises ExplorerError for an unknown one."""
    if not isinstance(key, str) or key not in SCHEMES:
        raise ExplorerError(f"Initialisation {key!r} is unknown: choose one of {', '.join(SCHEMES)}.")
    return SCHEMES[key]


def weight_deviation(key: str, n_in: int, n_out: int) -> float:
    """Return the standard deviation of a first weight of a layer with n_in inputs and n_out outputs a unit, both ≥ 1.

    Xavier: Glorot & Bengio 2010, √(2/(n_in+n_out)); He: He et al. 2015, √(2/n_in).

    >>> weight_deviation("he", 200, 100)
    0.1
    """
    n_in = whole_number(n_in, "Number of inputs", 1, MAX_COUNT)
    n_out = whole_number(n_out, "Number of outputs", 1, MAX_COUNT)
    return find_scheme(key).deviation(n_in, n_out)


def variance_factor(key: str, n_in: int, n_out: int) -> float:
    """Return n_in · Var(w): what one layer multiplies the variance by."""
    return n_in * weight_deviation(key, n_in, n_out) ** 2


def variance_after(variance: float, n: int, weight_variance: float) -> float:
    """Return Var(out) = Var(x) · [n · Var(w)] of a sum of n products, w and x independent with mean 0."""
    return variance * n * weight_variance
