"""A network's logits as an answer in words. Knows labels and probabilities; not layers."""

import math
from dataclasses import dataclass

import torch

from explorer.errors import ExplorerError

MOST = 10  # so many labels are shown


@dataclass(frozen=True)
class Answer:
    """The most probable label and the shown ones with their probabilities in [0, 1], in a stable order."""

    best: str
    probability: float
    rows: tuple[tuple[str, float], ...]


def answer(logits: torch.Tensor, labels: tuple[str, ...]) -> Answer:
    """The softmax of logits (1, len(labels)). Ten labels keep their order; of more, the ten most probable come sorted.

    Raises ExplorerError where the logits are not numbers.
    """
    probabilities = logits[0].double().softmax(0).tolist()
    if any(math.isnan(probability) for probability in probabilities):
        raise ExplorerError(
            "The network's answer is not a number (NaN or infinite): train it again, or load other weights."
        )
    rows = list(zip(labels, probabilities, strict=True))
    if len(rows) > MOST:
        rows = sorted(rows, key=lambda row: -row[1])[:MOST]
    best, probability = max(rows, key=lambda row: row[1])
    return Answer(best, probability, tuple(rows))
