"""Drawn faces that show how someone feels: light pen on black, as the drawing pad gives it. Knows pictures; not networks.

Every face is a handful of lines in its own coordinates: the head is the unit circle, x to the right, y down. How it feels is
told by the mouth, the brows and the eyes.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from explorer.data.labelled import SIDE, DataSet, LabelledImages

PICTURES = 1500, 375  # for training, for the test
FINER = 4  # drawn so many times larger, then averaged: the edges are as smooth as a shrunk drawing's
FRACTION = 4  # bits after the point that OpenCV is given
TILT = np.pi / 15
WOBBLE = 0.03  # of the head's radius: a hand's
NOISE = 4.0  # grey levels, standard deviation
SEED = 17

Lines = list[np.ndarray]  # each (points, 2) as x, y
Random = np.random.Generator


def load_faces(_folder: Path, _download: bool) -> DataSet:
    """Happy, sad, surprised, angry and neutral faces, each of random size, place, tilt, pen and hand."""
    random = np.random.default_rng(SEED)
    return DataSet("faces", tuple(EMOTIONS), *(_half(count, random) for count in PICTURES))


def draw_face(emotion: str, random: Random) -> np.ndarray:
    """One face, uint8 (32, 32): its head 15–26 pixels wide, drawn with a pen of 1–2 pixels."""
    import cv2  # 0.2 s to import; only drawing needs it

    lines = [_arc(0, 0, 1, 1, 0, 2 * np.pi), *EMOTIONS[emotion](random)]
    if random.random() < 0.3:
        lines.append(_line(-0.05, -0.1, random.uniform(-0.1, 0.05), 0.18))  # a nose
    across, down = random.uniform(9, 13) * FINER * random.uniform(0.85, 1.0, 2)
    sine, cosine = np.sin(tilt := random.uniform(-TILT, TILT)), np.cos(tilt)
    pen = round(random.uniform(1.0, 2.0) * FINER)
    free = SIDE * FINER / 2 - (1 + 4 * WOBBLE) * max(across, down) - pen / 2
    middle = SIDE * FINER / 2 - 0.5 + min(free, 3 * FINER) * random.uniform(-1, 1, 2)
    picture = np.zeros((SIDE * FINER, SIDE * FINER), np.uint8)
    for line in lines:
        points = _by_hand(line, random) * (across, down) @ np.array([[cosine, sine], [-sine, cosine]]) + middle
        cv2.polylines(picture, [np.rint(points * 2**FRACTION).astype(np.int32)], False, 255, pen, cv2.LINE_AA, FRACTION)
    return cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)


def _half(count: int, random: Random) -> LabelledImages:
    labels = np.arange(count) % len(EMOTIONS)
    names = list(EMOTIONS)
    values = np.stack([draw_face(names[label], random) for label in labels]).astype(np.float32)
    values *= random.uniform(0.8, 1.0, (count, 1, 1)).astype(np.float32)
    values += NOISE * random.standard_normal(values.shape, dtype=np.float32)
    images = torch.from_numpy(np.clip(values, 0, 255).round().astype(np.uint8))[:, None]
    return LabelledImages(images, torch.from_numpy(labels))


# ── what tells an emotion ────────────────────────────────────────────────────────────────────────────────────


def _happy(random: Random) -> Lines:
    width, depth = random.uniform(0.4, 0.6), random.uniform(0.2, 0.4)
    mouth = _arc(0, random.uniform(0.25, 0.35), width, depth, 0, np.pi)
    closed = [mouth, _line(-width, mouth[0, 1], width, mouth[0, 1])] if random.random() < 0.2 else [mouth]
    return [*closed, *_eyes(random), *_brows(random, rise=0.0, share=0.4)]


def _sad(random: Random) -> Lines:
    mouth = _arc(
        0, random.uniform(0.65, 0.75), random.uniform(0.35, 0.55), random.uniform(0.18, 0.35), np.pi, 2 * np.pi
    )
    return [mouth, *_eyes(random), *_brows(random, rise=random.uniform(0.08, 0.18), share=0.6)]


def _surprised(random: Random) -> Lines:
    radius = random.uniform(0.15, 0.25)
    mouth = _arc(0, random.uniform(0.42, 0.55), radius, radius * random.uniform(0.9, 1.5), 0, 2 * np.pi)
    return [mouth, *_eyes(random, wide=True), *_brows(random, rise=0.0, share=0.5, higher=0.12)]


def _angry(random: Random) -> Lines:
    half, down = random.uniform(0.3, 0.5), random.uniform(0.45, 0.6)
    bent = _arc(0, down + 0.1, half, random.uniform(0.05, 0.18), np.pi, 2 * np.pi)
    mouth = bent if random.random() < 0.5 else _line(-half, down, half, down)
    return [mouth, *_eyes(random), *_brows(random, rise=-random.uniform(0.12, 0.24), share=1.0)]


def _neutral(random: Random) -> Lines:
    half, down = random.uniform(0.3, 0.5), random.uniform(0.4, 0.55)
    return [_line(-half, down, half, down), *_eyes(random), *_brows(random, rise=0.0, share=0.4)]


EMOTIONS: dict[str, Callable[[Random], Lines]] = {
    "happy": _happy,
    "sad": _sad,
    "surprised": _surprised,
    "angry": _angry,
    "neutral": _neutral,
}


def _eyes(random: Random, *, wide: bool = False) -> Lines:
    """Two dots, or two circles; wide ones are circles always."""
    apart, up = random.uniform(0.3, 0.42), -random.uniform(0.15, 0.3)
    radius = random.uniform(0.14, 0.2) if wide else random.choice([0.02, random.uniform(0.06, 0.1)])
    return [_arc(side * apart, up, radius, radius, 0, 2 * np.pi) for side in (-1, 1)]


def _brows(random: Random, *, rise: float, share: float, higher: float = 0.0) -> Lines:
    """Two lines above the eyes, their inner ends `rise` higher than the middle (below it: angry); `share` of faces have any."""
    if random.random() >= share:
        return []
    inner, outer = random.uniform(0.1, 0.2), random.uniform(0.48, 0.6)
    up = -random.uniform(0.48, 0.56) - higher
    return [_line(side * inner, up - rise, side * outer, up + rise) for side in (-1, 1)]


def _arc(x: float, y: float, across: float, down: float, first: float, last: float) -> np.ndarray:
    angles = np.linspace(first, last, 17)
    return np.stack([x + across * np.cos(angles), y + down * np.sin(angles)], axis=1)


def _line(x0: float, y0: float, x1: float, y1: float) -> np.ndarray:
    return np.linspace((x0, y0), (x1, y1), 5)


def _by_hand(line: np.ndarray, random: Random) -> np.ndarray:
    """The line as a hand would draw it: moved a little and bent a little."""
    bend = np.sin(np.pi * np.arange(len(line)) / (len(line) - 1))[:, None]  # 0 at its ends: circles stay closed
    return line + random.normal(0, WOBBLE, 2) + bend * random.normal(0, WOBBLE, 2)
