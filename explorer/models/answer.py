"""What a network returned as an answer in words. Knows labels and probabilities; not layers."""

from dataclasses import dataclass

import torch

from explorer.errors import ExplorerError

MOST = 10  # so many labels are shown
ALMOST = 1e-3  # what a softmax in half precision may be off from 1


@dataclass(frozen=True)
class Answer:
    """The label with the greatest number and the shown ones with their probabilities in [0, 1], in a stable order.

    probability: None where there is none: a network that returns a single number says so much of its one label, and whether
    that is a logit nobody knows; then there are no rows. value: that number as it was returned.
    """

    best: str
    probability: float | None
    rows: tuple[tuple[str, float], ...]
    value: float


def class_row(output: torch.Tensor) -> torch.Tensor | None:
    """(N, K) numbers, one for each class, of (N, K), (N, K, 1, 1) or (N,); None for a map or anything else."""
    if output.ndim == 1:
        return output[:, None]
    if output.ndim > 1 and output.shape[2:].numel() == 1:
        return output.flatten(1)
    return None


def probabilities(row: torch.Tensor, *, sigmoid: bool = False) -> torch.Tensor | None:
    """float64 (K,) in [0, 1] of one row (K,): the row itself where it holds probabilities already, else its softmax.

    sigmoid: each number is a probability by itself. None for a single number that is not. Raises ExplorerError for what is no
    number.
    """
    row = row.double()
    if row.isnan().any() or row.isposinf().any() or row.isneginf().all():
        raise ExplorerError(
            "The network's answer is not a number (NaN or infinite): train it again, or load other weights."
        )
    if sigmoid:
        return row
    if len(row) == 1:
        return None
    already = bool((row >= 0).all()) and abs(row.sum().item() - 1) < ALMOST
    return row if already else row.softmax(0)


def answer(output: torch.Tensor, labels: tuple[str, ...], *, sigmoid: bool = False) -> Answer:
    """What `output`, one row of len(labels) numbers, says.

    Ten labels keep their order; of more, the ten most probable come sorted. sigmoid: as for `probabilities`. Raises
    ExplorerError where the numbers are none.
    """
    row = class_row(output)[0]
    shares = probabilities(row, sigmoid=sigmoid)
    if shares is None:
        return Answer(labels[0], None, (), row.item())
    rows = list(zip(labels, shares.tolist(), strict=True))
    if len(rows) > MOST:
        rows = sorted(rows, key=lambda row: -row[1])[:MOST]
    best, probability = max(rows, key=lambda row: row[1])
    return Answer(best, probability, tuple(rows), row.max().item())
