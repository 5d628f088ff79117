"""Does a heat map look at what the network learned? Weights are lost layer by layer. Knows networks; draws nothing.

Cascading randomisation from the top down, after Adebayo, Gilmer, Muelly, Goodfellow, Hardt, Kim: Sanity Checks for Saliency
Maps (2018): a method whose map stays as it was while the network forgets everything does not explain the network.
"""

import copy
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from explorer.probe.recording import BARE, listening

MOST_LEVELS = 12  # steps from the top to the bottom; deeper networks lose several layers at a step
FAILS_FROM = 0.5  # a rank correlation that is still as high when every weight is random


@dataclass(frozen=True)
class Level:
    """One step of the cascade: the layers that are random by then, from the top down; the last one named is the lowest."""

    layers: tuple[str, ...]

    @property
    def lowest(self) -> str:
        """The layer down to which weights are random; "" where all are as learned."""
        return self.layers[-1] if self.layers else ""


def cascade(network: nn.Module, inputs: torch.Tensor) -> tuple[Level, ...]:
    """The steps: first nothing is random, last every layer with weights that runs on `inputs`; at most MOST_LEVELS between."""
    weighted = [name or BARE for name, module in network.named_modules() if list(module.parameters(recurse=False))]
    heard: dict[str, None] = {}

    def hear(name: str, taken: tuple[int, ...], output: torch.Tensor) -> None:
        heard.setdefault(name)

    with listening(network, weighted, hear) as run:
        run(inputs.detach().clone())
    top_down = list(heard)[::-1]
    steps = min(MOST_LEVELS, len(top_down))
    ends = [round(len(top_down) * step / steps) for step in range(steps + 1)] if steps else [0]
    return tuple(Level(tuple(top_down[:end])) for end in ends)


def randomised(network: nn.Module, level: Level, seed: int = 0) -> nn.Module:
    """A copy of the network whose layers of that level have new first weights; the network itself stays as it is.

    A layer is initialised as PyTorch initialises it; one that cannot do that gets normal numbers of the spread it had. Each
    layer's numbers depend on the seed and on its place from the top only: a further step leaves the layers before alone.
    """
    changed = copy.deepcopy(network)
    for place, name in enumerate(level.layers):
        layer = changed.get_submodule(name) if name != BARE else changed
        with torch.random.fork_rng([]), torch.no_grad():
            torch.manual_seed(seed * 10_007 + place)
            if hasattr(layer, "reset_parameters"):
                layer.reset_parameters()
            else:
                for parameter in layer.parameters(recurse=False):
                    parameter.normal_(0, float(parameter.std(correction=0)) or 1.0)
    return changed


def rank_correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Spearman's ρ of two maps of one shape: the correlation of their values' ranks, equal values sharing their mean rank.

    NaN where one of the maps is the same everywhere: such a map ranks nothing.

    >>> rank_correlation(np.array([[1, 2], [3, 4]]), np.array([[1, 4], [9, 16]]))
    1.0
    """
    from scipy.stats import rankdata

    ranks = [rankdata(values, axis=None) for values in (first, second)]
    centred = [rank - rank.mean() for rank in ranks]
    scale = np.sqrt((centred[0] ** 2).sum() * (centred[1] ** 2).sum())
    return float(np.clip((centred[0] * centred[1]).sum() / scale, -1, 1)) if scale > 0 else float("nan")


def similarities(maps: list[np.ndarray], *, sizes: bool) -> np.ndarray:
    """Each map's rank correlation with the first one, float64 (levels,); sizes: of |value|, as if signs did not matter."""
    first = np.abs(maps[0]) if sizes else maps[0]
    return np.array([rank_correlation(first, np.abs(values) if sizes else values) for values in maps])


def failing(curves: dict[str, np.ndarray]) -> list[str]:
    """The methods whose map is still much the same when every weight is random (ρ ≥ FAILS_FROM)."""
    return [name for name, curve in curves.items() if curve[-1] >= FAILS_FROM]
