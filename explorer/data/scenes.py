"""Scenes of one to three shapes with the class of every pixel, and single shapes with their boxes. Knows no networks.

Both are drawn from a seed. A pixel belongs to a shape that covers more than half of it; where two do, to the upper one. A
box encloses the pixels that belong to its shape.
"""

import itertools
from pathlib import Path

import numpy as np
import torch

from explorer.data.labelled import SIDE, DataSet, LabelledImages
from explorer.data.shapes import SHAPES, draw

BACKGROUND = "background"
CLASSES = (BACKGROUND, *SHAPES)
PICTURES = 2000, 400  # for training, for the test
MOST_SHAPES = 3
RADII = 5.0, 10.0  # pixels
CONTRASTS = (40.0, 55.0), (70.0, 85.0), (100.0, 115.0)  # grey levels between a shape and its ground's middle: one range
# for each shape of a picture, so that two that overlap are told apart
DARK, LIGHT = (
    115,
    140,
)  # a ground below has lighter shapes only, one above darker ones only: nothing is cut off at 0 or 255
SLOPE = 40.0  # grey levels from border to border, at most
NOISE = 6.0  # grey levels, standard deviation
TRIES = 4  # arrangements of a scene, of which one is taken
SEED = 13


def load_scenes(_folder: Path, _download: bool) -> DataSet:
    """Grey scenes with masks; a picture's label is the class of its uppermost shape, 1 to 5: the ground is class 0."""
    random = np.random.default_rng(SEED)
    return DataSet("scenes", CLASSES, *(_scenes(count, random) for count in PICTURES))


def load_boxes(_folder: Path, _download: bool) -> DataSet:
    """One shape on each picture, with its box; a shape may reach beyond the border, its box does not."""
    random = np.random.default_rng(SEED + 1)
    return DataSet("boxes", tuple(SHAPES), *(_boxes(count, random) for count in PICTURES))


def compose(
    grounds: np.ndarray, covers: np.ndarray, inks: np.ndarray, kinds: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Lay shapes on grounds, the first one lowest → values float32 (N, S, S) and masks uint8 (N, S, S), 0 for the ground.

    grounds: float32 (N, S, S). covers: (M, N, S, S), how much of every pixel each of M shapes covers, in [0, 1].
    inks: (M, N) grey levels. kinds: (M, N), what the masks say for each shape.
    """
    values, masks = grounds.copy(), np.zeros(grounds.shape, np.uint8)
    for cover, ink, kind in zip(covers, inks, kinds, strict=True):
        values += (ink[:, None, None].astype(np.float32) - values) * cover
        masks = np.where(cover > 0.5, kind[:, None, None].astype(np.uint8), masks)
    return values, masks


def boxes_of(masks: np.ndarray) -> np.ndarray:
    """The box round everything but the ground: (N, S, S) → float32 (N, 4) as (cx, cy, w, h), fractions of the side.

    A box's edges are its outer pixels' outer edges. 0 everywhere where there is only ground.
    """
    side = masks.shape[-1]
    boxes = []
    for lines in ((masks > 0).any(axis=1), (masks > 0).any(axis=2)):  # columns, rows
        first, last = lines.argmax(axis=1), side - lines[:, ::-1].argmax(axis=1)
        length = np.where(lines.any(axis=1), last - first, 0)
        boxes.append((np.where(length, (first + last) / 2, 0), length))
    (across, width), (down, height) = boxes
    return (np.stack([across, down, width, height], axis=1) / side).astype(np.float32)


def _scenes(count: int, random: np.random.Generator) -> LabelledImages:
    levels, grounds = _grounds(count, random)
    number = np.arange(count) // len(SHAPES) % MOST_SHAPES + 1  # of shapes on each picture
    there = np.arange(MOST_SHAPES)[:, None] >= MOST_SHAPES - number  # (M, N): the upper ones
    kinds = random.integers(0, len(SHAPES), (MOST_SHAPES, count))
    kinds[-1] = np.arange(count) % len(SHAPES)  # the uppermost: every class as often
    radii = random.uniform(*RADII, (MOST_SHAPES, count))
    centres = _apart([_centres(radii, random, inside=0.9) for _ in range(TRIES)], radii, there)
    covers = np.stack([_shapes(*each, random) for each in zip(kinds, centres, radii, strict=True)])
    covers *= there[:, :, None, None]
    inks = levels + random.permuted(_contrasts(count, random), axis=0) * _signs(levels, MOST_SHAPES, random)
    values, masks = compose(grounds, covers, inks, kinds + 1)
    return LabelledImages(_noisy(values, random), torch.from_numpy(kinds[-1] + 1), masks=torch.from_numpy(masks))


def _boxes(count: int, random: np.random.Generator) -> LabelledImages:
    levels, grounds = _grounds(count, random)
    labels = np.arange(count) % len(SHAPES)
    radii = random.uniform(*RADII, count)
    cover = _shapes(labels, _centres(radii, random, inside=0.7), radii, random)[None]
    contrast = random.uniform(CONTRASTS[0][0], CONTRASTS[-1][1], (1, count)) * _signs(levels, 1, random)
    values, masks = compose(grounds, cover, levels + contrast, labels[None] + 1)
    boxes = torch.from_numpy(boxes_of(masks))
    return LabelledImages(_noisy(values, random), torch.from_numpy(labels), boxes=boxes)


def _centres(radii: np.ndarray, random: np.random.Generator, *, inside: float) -> np.ndarray:
    """Where shapes of these radii (…) lie: (…, 2) as row, column. inside: the share of the radius surely on the picture."""
    reach = SIDE / 2 - inside * radii
    return (SIDE - 1) / 2 + reach[..., None] * random.uniform(-1, 1, (*radii.shape, 2))


def _apart(tries: list[np.ndarray], radii: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Of several arrangements (M, N, 2) for each picture the one whose shapes hide the least of each other."""
    nearest = np.full((len(tries), radii.shape[1]), np.inf)
    for own, centres in zip(nearest, tries, strict=True):
        for upper, lower in itertools.combinations(range(len(radii)), 2):
            distance = np.hypot(*(centres[upper] - centres[lower]).T) / (radii[upper] + radii[lower])
            own[:] = np.minimum(own, np.where(there[upper] & there[lower], distance, np.inf))
    return np.choose(nearest.argmax(axis=0)[:, None], tries)


def _grounds(count: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The grounds' middle grey levels (N,) and the grounds (N, S, S): an even slope in some direction."""
    levels = random.uniform(10, 240, count).astype(np.float32)
    places = np.linspace(-0.5, 0.5, SIDE, dtype=np.float32)
    down, across = random.uniform(-SLOPE / 2, SLOPE / 2, (2, count, 1, 1)).astype(np.float32)
    return levels, levels[:, None, None] + down * places[:, None] + across * places


def _contrasts(count: int, random: np.random.Generator) -> np.ndarray:
    """(3, N): one of each range."""
    return np.stack([random.uniform(low, high, count) for low, high in CONTRASTS])


def _signs(levels: np.ndarray, shapes: int, random: np.random.Generator) -> np.ndarray:
    """1 for a shape that is lighter than its ground, −1 for a darker one: (shapes, N)."""
    return np.where(random.uniform(DARK, LIGHT, (shapes, len(levels))) > levels, 1, -1)


def _shapes(kinds: np.ndarray, centres: np.ndarray, radii: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """One filled shape a picture: how much it covers of every pixel, (N, S, S)."""
    turns = random.uniform(-np.pi / 6, np.pi / 6, len(kinds))
    return draw(kinds, centres, radii, turns=turns, thickness=np.zeros(len(kinds), int), side=SIDE)


def _noisy(values: np.ndarray, random: np.random.Generator) -> torch.Tensor:
    """float32 (N, S, S) → uint8 (N, 1, S, S), a little noise added."""
    values = values + NOISE * random.standard_normal(values.shape, dtype=np.float32)
    return torch.from_numpy(np.clip(values, 0, 255).round().astype(np.uint8))[:, None]
