"""Data sets that need no download: scikit-learn's digits, and shapes drawn here. Knows pictures; not files, not networks."""

from pathlib import Path

import numpy as np
import torch

from explorer.data.labelled import SIDE, DataSet, LabelledImages
from explorer.data.shapes import SHAPES, draw

SHAPE_PICTURES = 3000, 750  # for training, for the test
SHAPE_SEED = 7


def load_digits(_folder: Path, _download: bool) -> DataSet:
    """scikit-learn's 1,797 handwritten digits (8×8, values 0–16), enlarged four times; every fifth is for the test."""
    from sklearn.datasets import load_digits as read

    bunch = read()
    images = torch.from_numpy(np.round(bunch.images * (255 / 16)).astype(np.uint8))[:, None]
    images = torch.nn.functional.interpolate(images.float(), size=(SIDE, SIDE), mode="bilinear").round().to(torch.uint8)
    labels = torch.from_numpy(bunch.target.astype(np.int64))
    test = torch.arange(len(labels)) % 5 == 0
    return DataSet(
        "digits",
        tuple("0123456789"),
        LabelledImages(images[~test], labels[~test]),
        LabelledImages(images[test], labels[test]),
    )


def load_shapes(_folder: Path, _download: bool) -> DataSet:
    """Circles, squares, triangles, crosses and stars, each of random size, place, turn, thickness and light, in noise."""
    random = np.random.default_rng(SHAPE_SEED)
    train, test = (_shapes(count, random) for count in SHAPE_PICTURES)
    return DataSet("shapes", tuple(SHAPES), train, test)


def _shapes(count: int, random: np.random.Generator) -> LabelledImages:
    """Radius 6–12 pixels, wholly on the picture; filled or a line of 1–3 pixels; the noise's deviation is 12."""
    labels = np.arange(count) % len(SHAPES)
    radii = random.uniform(6, 12, count)
    free = SIDE / 2 - 1 - radii  # how far from the middle a shape of that radius may be
    centres = SIDE / 2 - 0.5 + free[:, None] * random.uniform(-1, 1, (count, 2))
    cover = draw(
        labels,
        centres,
        radii,
        turns=random.uniform(-np.pi / 9, np.pi / 9, count),
        thickness=random.integers(0, 4, count),
        side=SIDE,
    )
    ground = random.uniform(10, 70, (count, 1, 1)).astype(np.float32)
    ink = random.uniform(140, 230, (count, 1, 1)).astype(np.float32)
    noise = 12 * random.standard_normal(cover.shape, dtype=np.float32)
    images = np.clip(ground + (ink - ground) * cover + noise, 0, 255).round().astype(np.uint8)
    return LabelledImages(torch.from_numpy(images)[:, None], torch.from_numpy(labels))
