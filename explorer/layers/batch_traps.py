"""Batch normalisation's four traps (H8), each beside what one might have meant.

Knows the numbers of `normalisation` and what they would be if a rule were read otherwise; draws nothing. The traps: the formula
divides the variance by the number of values, the moving average by one less; PyTorch's momentum is the share of the *new* batch
(Keras's, and most optimisers', the share of the old); a batch of one has no spread; and a layer that was not put into
evaluation mode answers by whatever stands beside a picture.
"""

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
)


@dataclass(frozen=True, eq=False)
class Traps:
    """One batch (N, F) in training, then one more input (1, F) in evaluation.

    before         Averages  those the layer had
    batch          Normalised  the batch, by its biased variance; its `unbiased` goes into the average
    after          Averages  as PyTorch moves them
    after_biased   Averages  trap 1: if the average took the formula's variance
    after_swapped  Averages  trap 2: if α were the share that is kept, as Keras's momentum is
    alone          (F,)      trap 3: what the formula leaves of a batch of one, whatever it holds: β. PyTorch refuses it, and so
                             does `normalise_batch`
    evaluated      Normalised  the input in evaluation mode, by `after`
    forgotten      Normalised  trap 4: the batch with the input as its last row, still in training mode
    """

    before: Averages
    batch: Normalised
    after: Averages
    after_biased: Averages
    after_swapped: Averages
    alone: np.ndarray
    evaluated: Normalised
    forgotten: Normalised

    @property
    def answers(self) -> tuple[np.ndarray, np.ndarray]:
        """(F,) each: what the input becomes in evaluation mode, and what it becomes where that was forgotten."""
        return self.evaluated.output[-1], self.forgotten.output[-1]


def walk_traps(
    values: object,
    probe: object,
    averages: Averages | None = None,
    gamma: object = 1.0,
    beta: object = 0.0,
    alpha: float = ALPHA,
    epsilon: float = EPSILON,
) -> Traps:
    """One batch through a layer, and the four ways to be wrong about it.

    values: (N, F), N ≥ 2. probe: (1, F), asked afterwards. averages: what the layer had; None is a new layer's 0 and 1. Other
    settings as in `normalise_batch` and `moved`. Raises ExplorerError where they do.

    >>> traps = walk_traps([[1], [2], [3], [4]], [[2.5]])
    >>> traps.batch.output.round(4).ravel().tolist(), traps.after.mean.tolist(), traps.after.variance.round(4).tolist()
    ([-1.3416, -0.4472, 0.4472, 1.3416], [0.25], [1.0667])
    >>> [answer.round(4).tolist() for answer in traps.answers]
    [[2.1785], [0.0]]
    """
    layer = (gamma, beta, epsilon)
    batch = normalise_batch(values, *layer)
    before = averages if averages is not None else first_averages(batch.mean.size)
    after = moved(before, batch, alpha)
    evaluated = normalise_in_use(probe, after, *layer)
    biased = alpha * batch.variance + (1 - alpha) * before.variance
    return Traps(
        before=before,
        batch=batch,
        after=after,
        after_biased=Averages(after.mean, frozen(biased)),
        after_swapped=moved(before, batch, 1 - alpha),
        alone=batch.beta,
        evaluated=evaluated,
        forgotten=normalise_batch(np.concatenate([batch.values, evaluated.values]), *layer),
    )
