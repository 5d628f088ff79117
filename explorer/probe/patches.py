"""What excites each channel of a network most, and least: plain records. Knows arrays; not how they were found."""

from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError


@dataclass(frozen=True, eq=False)
class Extremes:
    """For each channel of one layer its k extreme pictures, the most extreme first; every array is (channels, k).

    scores: float32, the output at that position. pictures: the picture's index in the data set, −1 where there were fewer
    pictures than k (its score is NaN). rows, columns: the position in the feature map, of equal ones the first.
    """

    scores: np.ndarray
    pictures: np.ndarray
    rows: np.ndarray
    columns: np.ndarray


@dataclass(frozen=True, eq=False)
class LayerPatches:
    """One convolutional layer. map: (rows, columns) of its feature maps.

    best: the largest value of a picture's map, largest pictures first. least: the smallest value, smallest first. Both
    before any activation function, and a picture counts once a channel.
    """

    name: str
    map: tuple[int, int]
    best: Extremes
    least: Extremes

    @property
    def channels(self) -> int:
        return len(self.best.scores)


@dataclass(frozen=True, eq=False)
class TopPatches:
    """All convolutional layers. seen: pictures looked at, of them `skipped` unreadable."""

    k: int
    seen: int
    skipped: int
    layers: tuple[LayerPatches, ...]

    def layer(self, name: str) -> LayerPatches:
        """Raises ExplorerError for a layer that was not scanned."""
        for layer in self.layers:
            if layer.name == name:
                return layer
        known = ", ".join(layer.name for layer in self.layers)
        raise ExplorerError(f"There is no convolutional layer called “{name[:60]}”: choose one of {known}.")

    def as_json(self) -> dict[str, object]:
        """Plain values for json.dumps: per layer and channel a list of {score, picture, row, column}, best and least."""
        return {
            "k": self.k,
            "seen": self.seen,
            "skipped": self.skipped,
            "layers": [
                {
                    "name": layer.name,
                    "map": list(layer.map),
                    "best": _listed(layer.best),
                    "least": _listed(layer.least),
                }
                for layer in self.layers
            ],
        }


def _listed(extremes: Extremes) -> list[list[dict[str, object]]]:
    parts = (extremes.scores, extremes.pictures, extremes.rows, extremes.columns)
    names = ("score", "picture", "row", "column")
    return [
        [
            dict(zip(names, cell, strict=True))
            for cell in zip(*(part[channel].tolist() for part in parts), strict=True)
            if cell[1] >= 0
        ]
        for channel in range(len(extremes.scores))
    ]
