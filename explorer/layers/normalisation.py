"""Batch normalisation step by step: a batch's own statistics in training, moving averages in use.

Knows numbers of one layer; not its gradients, not networks. Source: Ioffe, Szegedy: Batch Normalization (2015); constants
and the moving averages as in torch.nn.BatchNorm1d and BatchNorm2d.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.layers.checks import frozen, number_array, real_number, shown, whole_number
from explorer.words import bracketed, counted, written

EPSILON = 1e-5
ALPHA = 0.1  # PyTorch calls this α "momentum"
MOST_BATCHES = 1000


@dataclass(frozen=True, eq=False)
class Averages:
    """What a layer keeps of its batches for use: mean and variance of each unit or channel, (F,) each."""

    mean: np.ndarray
    variance: np.ndarray


@dataclass(frozen=True, eq=False)
class Normalised:
    """A batch on its way through the layer. F: units of (N, F), channels of (N, F, H, W).

    values      as given      x
    mean        (F,)          μ, of the batch in training, the moving average in use
    variance    (F,)          σ², likewise; of the batch: divided by the number of values, not one less
    centred     as values     x − μ
    normalised  as values     x̂ = (x − μ) / √(σ² + ε)
    gamma, beta (F,)          what the network learns
    output      as values     y = γ·x̂ + β
    epsilon                   ε
    count                     values that each mean is taken over: N, or N·H·W
    in_use                    whether μ and σ² are moving averages
    """

    values: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    centred: np.ndarray
    normalised: np.ndarray
    gamma: np.ndarray
    beta: np.ndarray
    output: np.ndarray
    epsilon: float
    count: int
    in_use: bool

    @property
    def unbiased(self) -> np.ndarray:
        """(F,) the batch's variance divided by one less than the number of values: what a moving average is made of."""
        return frozen(self.variance * (self.count / (self.count - 1)))


def normalise_batch(values: object, gamma: object = 1.0, beta: object = 0.0, epsilon: float = EPSILON) -> Normalised:
    """In training: by the batch's own mean and variance.

    values: (N, F), or (N, F, H, W) with one mean a channel. gamma, beta: a number, or one for each of the F.
    Raises ExplorerError for fewer than two values a unit, or settings out of range.

    >>> normalise_batch([[1], [3]], epsilon=0).output.tolist()
    [[-1.0], [1.0]]
    """
    values = _batch(values)
    if _count(values) < 2:
        raise ExplorerError(
            "A batch of one value has no spread to divide by: give at least two in training, or normalise as in use."
        )
    axes = _axes(values)
    mean = values.mean(axis=axes)
    variance = ((values - _along(mean, values)) ** 2).mean(axis=axes)
    return _steps(values, Averages(frozen(mean), frozen(variance)), gamma, beta, epsilon, in_use=False)


def normalise_in_use(
    values: object, averages: Averages, gamma: object = 1.0, beta: object = 0.0, epsilon: float = EPSILON
) -> Normalised:
    """In use: by the moving averages; what else is in the batch changes nothing, and one value is enough."""
    return _steps(_batch(values), averages, gamma, beta, epsilon, in_use=True)


def units_of(values: object) -> int:
    """How many units or channels a batch has, each with a mean of its own; raises ExplorerError for what is no batch."""
    return _batch(values).shape[1]


def first_averages(units: int) -> Averages:
    """What a new layer begins with: means 0, variances 1."""
    return Averages(frozen(np.zeros(units)), frozen(np.ones(units)))


def moved(averages: Averages, batch: Normalised, alpha: float = ALPHA) -> Averages:
    """The averages after one batch in training: μ ← α·mean + (1−α)·μ, and σ² likewise.

    For σ² the batch's variance is divided by one less than the number of values, as PyTorch does: without bias. alpha: 0
    (never moves) to 1 (only the newest batch).
    """
    alpha = fraction(alpha, "α")
    _ensure_units(averages, batch.mean.size)
    return Averages(
        frozen(alpha * batch.mean + (1 - alpha) * averages.mean),
        frozen(alpha * batch.unbiased + (1 - alpha) * averages.variance),
    )


def moved_formula(old: float, new: float, alpha: float = ALPHA) -> str:
    """Return one number's way through `moved`, with the numbers substituted.

    >>> moved_formula(0, 2.5), moved_formula(1, -2)
    ('0.9·0 + 0.1·2.5 = 0.25', '0.9·1 + 0.1·(−2) = 0.7')
    """
    alpha = fraction(alpha, "α")
    kept, taken = (f"{written(part)}·{bracketed(written(value))}" for part, value in ((1 - alpha, old), (alpha, new)))
    return f"{kept} + {taken} = {written((1 - alpha) * old + alpha * new)}"


def moving_averages(batches: Iterable[Normalised], units: int, alpha: float = ALPHA) -> list[Averages]:
    """The averages before the first batch and after each one."""
    found = [first_averages(units)]
    for batch in batches:
        found.append(moved(found[-1], batch, alpha))
    return found


def noisy_batches(values: object, count: int, noise: float, seed: int) -> list[np.ndarray]:
    """`count` batches like this one, (N, F) each: its values and normal noise, in standard deviations of each unit."""
    values = _batch(values)
    count = whole_number(count, "Number of batches", 0, MOST_BATCHES)
    noise = real_number(noise, "Noise")
    if not 0 <= noise <= 1e6:
        raise ExplorerError(f"Noise is {shown(noise)}: choose a number from 0 to 1,000,000.")
    random = np.random.default_rng(whole_number(seed, "Seed", 0, 2**31 - 1))
    spread = noise * values.std(axis=0)
    return [values + spread * random.standard_normal(values.shape) for _ in range(count)]


def fraction(value: object, name: str) -> float:
    """Return `value` as a number from 0 to 1."""
    number = real_number(value, name)
    if not 0 <= number <= 1:
        raise ExplorerError(f"{name} is {shown(number)}: choose a number from 0 to 1.")
    return number


def _batch(values: object) -> np.ndarray:
    values = number_array(values, "Batch")
    if values.ndim not in (2, 4):
        raise ExplorerError(f"Batch has shape {values.shape}: give samples × units, or samples × channels × H × W.")
    return values


def _axes(values: np.ndarray) -> tuple[int, ...]:
    return (0,) if values.ndim == 2 else (0, 2, 3)


def _count(values: np.ndarray) -> int:
    return values.size // values.shape[1]


def _along(per_unit: np.ndarray, values: np.ndarray) -> np.ndarray:
    """(F,) so that it goes with (N, F) or (N, F, H, W)."""
    return per_unit.reshape(1, -1, *(1,) * (values.ndim - 2))


def _ensure_units(averages: Averages, units: int) -> None:
    if averages.mean.shape != (units,):
        had = counted(averages.mean.size, "unit")
        raise ExplorerError(f"The averages are of {had}, the batch has {units:,}: begin them anew.")


def _per_unit(value: object, name: str, units: int) -> np.ndarray:
    if np.ndim(value) == 0:
        return frozen(np.full(units, real_number(value, name)))
    value = number_array(value, name)
    if value.shape != (units,):
        raise ExplorerError(
            f"{name} has shape {value.shape}: give one number, or one for each unit, {units:,} of them."
        )
    return value


def _steps(
    values: np.ndarray, by: Averages, gamma: object, beta: object, epsilon: object, *, in_use: bool
) -> Normalised:
    units = values.shape[1]
    _ensure_units(by, units)
    gamma, beta = _per_unit(gamma, "γ", units), _per_unit(beta, "β", units)
    epsilon = real_number(epsilon, "ε")
    if not 0 <= epsilon <= 1e6:
        raise ExplorerError(f"ε is {shown(epsilon)}: choose a number from 0 to 1,000,000.")
    if (by.variance + epsilon == 0).any():
        raise ExplorerError("A unit has variance 0 and ε is 0, which would divide by zero: choose ε above 0.")
    centred = values - _along(by.mean, values)
    normalised = centred / np.sqrt(_along(by.variance, values) + epsilon)
    output = _along(gamma, values) * normalised + _along(beta, values)
    return Normalised(
        values, by.mean, by.variance, frozen(centred), frozen(normalised), gamma, beta, frozen(output), epsilon,
        _count(values), in_use,
    )  # fmt: skip
