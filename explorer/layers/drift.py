"""A frozen network that still changes (H7): batch normalisation left in training mode moves its averages.

Knows one layer of batch normalisation whose γ, β and inputs are all frozen; not the network before it. That no weight learns
(requires_grad = False) stops gradients only: the averages are no weights, and every pass in training mode moves them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from explorer.layers.checks import frozen
from explorer.layers.normalisation import (
    ALPHA,
    EPSILON,
    Averages,
    Normalised,
    first_averages,
    moved,
    normalise_batch,
    normalise_in_use,
    units_of,
)


@dataclass(frozen=True, eq=False)
class Drift:
    """What a frozen layer becomes while batches pass it. T batches; F units or channels.

    batches    T       each batch on its way through the layer in training mode: answers that depend on the batch, too
    averages   T + 1   before the first batch, and after each
    watched    T + 1   the same inputs in use (evaluation mode) at each of those moments
    """

    batches: tuple[Normalised, ...]
    averages: tuple[Averages, ...]
    watched: tuple[Normalised, ...]

    @property
    def before(self) -> np.ndarray:
        """The watched inputs' outputs before any batch: what a layer in evaluation mode would always say."""
        return self.watched[0].output

    @property
    def after(self) -> np.ndarray:
        """The watched inputs' outputs after the last batch."""
        return self.watched[-1].output

    @property
    def changes(self) -> np.ndarray:
        """(T + 1,) the largest change of any output against `before`, at each moment: from 0 on."""
        return frozen(np.array([np.abs(step.output - self.before).max() for step in self.watched]))


def let_drift(
    batches: Iterable[object],
    watched: object,
    averages: Averages | None = None,
    gamma: object = 1.0,
    beta: object = 0.0,
    alpha: float = ALPHA,
    epsilon: float = EPSILON,
) -> Drift:
    """Send batches through a layer that was left in training mode, and ask it about the same inputs after each.

    batches: (N, F) or (N, F, H, W) each. watched: of the same F. averages: what the layer was frozen with; None is a new
    layer's 0 and 1. Other settings as in `normalise_batch`; alpha as in `moved`. No batch at all is a layer that rests.
    Raises ExplorerError for a batch of one value, for other units, and for settings out of range.

    >>> drift = let_drift([[[1], [2], [3], [4]]], [[2.5]])
    >>> drift.before.round(4).tolist(), drift.averages[-1].mean.tolist(), drift.after.round(4).tolist()
    ([[2.5]], [0.25], [[2.1785]])
    """
    passed = tuple(normalise_batch(values, gamma, beta, epsilon) for values in batches)
    start = averages if averages is not None else first_averages(units_of(watched))
    found = [start]
    for batch in passed:
        found.append(moved(found[-1], batch, alpha))
    return Drift(
        batches=passed,
        averages=tuple(found),
        watched=tuple(normalise_in_use(watched, at, gamma, beta, epsilon) for at in found),
    )
