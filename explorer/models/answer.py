"""A network's logits as an answer in words. Knows labels and probabilities; not layers."""

from dataclasses import dataclass

import torch

MOST = 10  # so many labels are shown


@dataclass(frozen=True)
class Answer:
    """The most probable label and the shown ones with their probabilities in [0, 1], in a stable order."""

    best: str
    probability: float
    rows: tuple[tuple[str, float], ...]


def answer(logits: torch.Tensor, labels: tuple[str, ...]) -> Answer:
    """The softmax of logits (1, len(labels)). Ten labels keep their order; of more, the ten most probable come sorted."""
    probabilities = logits[0].double().softmax(0).tolist()
    rows = list(zip(labels, probabilities, strict=True))
    if len(rows) > MOST:
        rows = sorted(rows, key=lambda row: -row[1])[:MOST]
    best, probability = max(rows, key=lambda row: row[1])
    return Answer(best, probability, tuple(rows))
