"""What the tests of the page Transfer learning share: the page, classes of scribbles, and quick training."""

import io

import numpy as np
from PIL import Image

from explorer.data.collections import Collection, new_collection
from explorer.training.config import TrainConfig
from explorer.ui.transfer_learning.settings import Taught
from tests.pages.conftest import Screen

PLACE = "explorer.place transfer_learning"
QUICK = TrainConfig(epochs=2.0, batch_size=8, device="cpu", threads=1)


def opened(**address: str) -> Screen:
    screen = Screen("pages/transfer_learning.py", address=address)
    assert not screen.at.exception, screen.at.exception
    return screen


def settings(screen: Screen) -> Taught:
    return screen.at.session_state[PLACE].settings


def scribble(kind: int, number: int = 9) -> np.ndarray:
    """A thick stroke, upright or across, each number at another place: uint8 (40, 40)."""
    pixels = np.zeros((40, 40), np.uint8)
    at = 6 + 2 * number
    pixels[(slice(at, at + 5), slice(4, 36)) if kind else (slice(4, 36), slice(at, at + 5))] = 150 + 10 * number
    return pixels


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def two_classes() -> Collection:
    """Two classes with eight pictures each."""
    made = new_collection()
    for kind, name in enumerate(("upright", "across")):
        made.add_pictures(made.add_class(name), [scribble(kind, number) for number in range(8)])
    return made
