"""Small shapes that lie in one corner of every picture, and the same shapes anywhere. Knows pictures; not networks.

For the question why one would not use an MLP: what was learnt in one place, is it known in another?
"""

from pathlib import Path

import numpy as np
import torch

from explorer.data.labelled import SIDE, DataSet, LabelledImages
from explorer.data.shapes import SHAPES, draw

CLASSES = tuple(SHAPES)
OBJECT = 12  # rows and columns of the box that an object, some 10 pixels wide, and its smooth edge lie in
HOME = 2  # the box's first row and first column in the data set, give or take JITTER
JITTER = 1
LAST = SIDE - OBJECT  # the largest first row that leaves the object on the picture
GROUND = 33  # grey level behind the object: after normalisation with MNIST's mean it is 0, but for a rounding
NOISE = 20.0  # grey levels, standard deviation
PICTURES = 2000, 500  # for training, for the test
SEED = 11


def load_corner(_folder: Path, _download: bool) -> DataSet:
    """Both halves with the object in the top left corner only: its box begins in row and column 1, 2 or 3."""
    random = np.random.default_rng(SEED)
    return DataSet("corner", CLASSES, *(_half(count, random) for count in PICTURES))


def _half(count: int, random: np.random.Generator) -> LabelledImages:
    labels = np.arange(count) % len(CLASSES)
    tops, lefts = HOME + random.integers(-JITTER, JITTER + 1, (2, count))
    return LabelledImages(corner_pictures(labels, tops, lefts, random), torch.from_numpy(labels))


def corner_pictures(
    labels: np.ndarray, tops: np.ndarray, lefts: np.ndarray, random: np.random.Generator, *, noise: float = NOISE
) -> torch.Tensor:
    """One object a picture, its box beginning at (top, left): uint8 (N, 1, 32, 32).

    labels: (N,) places in CLASSES. tops, lefts: (N,) 0 to 20. Each object has a size (radius 4–5 pixels), a turn (±10°)
    and a light of its own. noise: standard deviation in grey levels, about GROUND.
    """
    count = len(labels)
    middle = (OBJECT - 1) / 2
    cover = draw(
        labels,
        np.stack([tops, lefts], axis=1) + middle,
        random.uniform(4, 5, count),
        turns=random.uniform(-np.pi / 18, np.pi / 18, count),
        thickness=np.zeros(count, int),
        side=SIDE,
    )
    ink = random.uniform(150, 230, (count, 1, 1)).astype(np.float32)
    values = GROUND + (ink - GROUND) * cover
    if noise:
        values += noise * random.standard_normal(cover.shape, dtype=np.float32)
    return torch.from_numpy(np.clip(values, 0, 255).round().astype(np.uint8))[:, None]


def one_picture(label: int, top: int, left: int, *, seed: int = 5) -> torch.Tensor:
    """The same object wherever it is put: uint8 (1, 1, 32, 32) with the box at (top, left), 0 to 20 each."""
    return corner_pictures(np.array([label]), np.array([top]), np.array([left]), np.random.default_rng(seed))
