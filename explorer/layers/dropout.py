"""Dropout: units kept by chance in training, and the factor that keeps the expectation the same in use.

Knows one layer's outputs and masks; not networks. Source: Srivastava, Hinton and others: Dropout (2014), whose p is the
probability to KEEP a unit. torch.nn.Dropout's p is the probability to DROP one: nn.Dropout(1 − p), and it is inverted.
"""

from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.layers.checks import ensure_cells, frozen, number_array, real_number, shown, whole_number
from explorer.words import counted

CONVENTIONS = ("classic", "inverted")
MOST_MASKS = 20_000


@dataclass(frozen=True, eq=False)
class Dropout:
    """One layer's outputs under many masks.

    values       (F,)    w, the units' outputs without dropout
    masks        (M, F)  True where a unit was kept, one row a training step
    keep                 p, the probability to keep
    convention           "classic": × p in use; "inverted": ÷ p in training, nothing in use
    training     (M, F)  outputs in training
    use          (F,)    outputs in use
    means        (M, F)  mean of the training outputs over the first 1, 2, …, M masks
    expectation  (F,)    of the training outputs: p·w (classic), w (inverted); it equals `use`
    """

    values: np.ndarray
    masks: np.ndarray
    keep: float
    convention: str
    training: np.ndarray
    use: np.ndarray
    means: np.ndarray
    expectation: np.ndarray

    @property
    def torch_probability(self) -> float:
        """What torch.nn.Dropout calls p: the probability to drop."""
        return 1 - self.keep


def draw_masks(units: int, keep: float, count: int = 1, seed: int = 0) -> np.ndarray:
    """Masks bool (count, units): each unit kept with probability `keep` by itself; the first ones stay as count grows.

    keep: above 0, at most 1. Raises ExplorerError for anything out of range.
    """
    keep = keep_probability(keep)
    units = whole_number(units, "Number of units", 1)
    count = whole_number(count, "Number of masks", 1, MOST_MASKS)
    ensure_cells(count * units, "All masks together")
    random = np.random.default_rng(whole_number(seed, "Seed", 0, 2**31 - 1))
    return frozen(random.random((count, units)) < keep)


def drop(values: object, masks: object, keep: float, convention: str = "classic") -> Dropout:
    """Put one layer's outputs (F,) through every mask, (M, F) or (F,).

    >>> drop([4, 2], [True, False], 0.5, "inverted").training.tolist()
    [[8.0, 0.0]]
    """
    if convention not in CONVENTIONS:
        raise ExplorerError(f"Dropout {convention!r} is unknown: choose one of {', '.join(CONVENTIONS)}.")
    keep = keep_probability(keep)
    values = number_array(values, "Outputs")
    if values.ndim != 1:
        raise ExplorerError(f"Outputs have shape {values.shape}: give one number for each unit.")
    masks = frozen(np.atleast_2d(np.array(masks, bool)))
    if masks.ndim != 2 or masks.shape[1] != values.size or not len(masks):
        raise ExplorerError(
            f"Masks have shape {masks.shape}: give one of {counted(values.size, 'unit')} a training step."
        )
    ensure_cells(masks.size, "All masks together")
    training = np.where(masks, values, 0.0)
    if convention == "inverted":
        training = training / keep
    expectation = values * keep if convention == "classic" else values.copy()  # E = p·w, or p·(w/p) = w
    return Dropout(
        values=values,
        masks=masks,
        keep=keep,
        convention=convention,
        training=frozen(training),
        use=frozen(values * keep if convention == "classic" else values.copy()),
        means=frozen(np.cumsum(training, axis=0) / np.arange(1, len(masks) + 1)[:, np.newaxis]),
        expectation=frozen(expectation),
    )


def keep_probability(value: object) -> float:
    """Return p, above 0 and at most 1: a layer that keeps nothing has no output to scale."""
    keep = real_number(value, "Probability to keep p")
    if not 0.01 <= keep <= 1:
        raise ExplorerError(f"Probability to keep p is {shown(keep)}: choose a number from 0.01 to 1.")
    return keep
