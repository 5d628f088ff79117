"""How alike two layers see a set of pictures: linear CKA. Knows layers' activations; not pictures, not classes.

Kornblith, Norouzi, Lee, Hinton: Similarity of Neural Network Representations Revisited (2019). The two layers may have any
number of features and belong to different networks; only the pictures have to be the same ones, in the same order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.probe.recording import listening
from explorer.words import counted

MOST_VALUES = 6e7  # of one layer's output over all pictures, 240 MB


@dataclass(frozen=True, eq=False)
class Similarity:
    """CKA float64 (rows, columns), rows: layers of one network, columns: layers of the other, over so many pictures."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: np.ndarray
    pictures: int


def linear_cka(first: np.ndarray, second: np.ndarray) -> float:
    """‖YᵀX‖² / (‖XᵀX‖ ‖YᵀY‖) of centred features (n, p) and (n, q), Frobenius norms: 0 to 1.

    Unchanged when the features are rotated, shifted or scaled as a whole. NaN where one layer says the same of all pictures.

    >>> linear_cka(np.array([[1.0], [2.0], [3.0]]), np.array([[-2.0, 5.0], [-4.0, 5.0], [-6.0, 5.0]]))
    1.0
    """
    if len(first) != len(second):
        raise ExplorerError(
            f"{len(first)} and {counted(len(second), 'picture')} cannot be compared: give both layers the same ones."
        )
    return _cka(_gram(torch.as_tensor(first)), _gram(torch.as_tensor(second)))


def layer_grams(network: nn.Module, inputs: torch.Tensor, layers: Sequence[str]) -> dict[str, np.ndarray]:
    """For each layer the products of every two pictures' centred features, float64 (n, n), all that CKA needs.

    inputs: (n, C, H, W), all in one forward pass. The layers' outputs themselves are not kept.
    """
    grams: dict[str, np.ndarray] = {}

    def hear(name: str, taken: tuple[int, ...], output: torch.Tensor) -> None:
        grams[name] = _gram(output)

    with listening(network, layers, hear) as run:
        run(inputs)
    return grams


def similarity(first: Mapping[str, np.ndarray], second: Mapping[str, np.ndarray]) -> Similarity:
    """CKA of each layer of the one with each of the other, from what `layer_grams` gives of both."""
    values = np.array([[_cka(a, b) for b in second.values()] for a in first.values()])
    return Similarity(tuple(first), tuple(second), values, len(next(iter(first.values()))))


def affordable(largest: int, most: int) -> int:
    """So many of `most` pictures fit into the memory when the largest layer has so many values a picture."""
    return max(2, min(most, int(MOST_VALUES // max(1, largest))))


def _gram(features: torch.Tensor) -> np.ndarray:
    flat = features.detach().flatten(1).float()
    flat = flat - flat.mean(0)  # before the products: large means would drown the differences
    return (flat @ flat.T).double().cpu().numpy()


def _cka(first: np.ndarray, second: np.ndarray) -> float:
    scale = np.linalg.norm(first) * np.linalg.norm(second)
    return float(min(1.0, (first * second).sum() / scale)) if scale > 0 else float("nan")
