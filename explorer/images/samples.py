"""Pictures that are always at hand: photographs, handwritten digits and drawings made by code.

Knows where each comes from and on what terms. Does not know networks or screens, and never uses the network:
every photograph lies inside the scikit-image package, the digits inside scikit-learn.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from explorer.errors import ExplorerError
from explorer.images.picture import Picture, picture

DIGITS_CREDIT = "Optical Recognition of Handwritten Digits, Alpaydin and Kaynak, UCI, CC BY 4.0; in scikit-learn"
DRAWN_HERE = "Drawn by this program"


@dataclass(frozen=True)
class Sample:
    """One entry of the registry: what a picker shows, and how to get the picture."""

    key: str
    title: str  # plain words, for people
    kind: Literal["photo", "digit", "drawing"]
    load: Callable[[], Picture]
    credit: str  # author and licence


def load_sample(key: str) -> Picture:
    """Return the sample with this key; ExplorerError names the known keys if there is none."""
    if key not in SAMPLES:
        raise ExplorerError(f"There is no sample “{key}”: choose one of {', '.join(SAMPLES)}.")
    return SAMPLES[key].load()


def digit(label: int, index: int) -> Picture:
    """Return scikit-learn's handwritten digit `label`, its `index`-th example: uint8 (8, 8), white on black.

    label: 0 to 9. index: from 0, some 180 examples of each. Stored as ink 0..16; scaled to 0..255.
    Raises ExplorerError for a label or an index that does not exist.
    """
    from sklearn.datasets import load_digits  # 1 s to import; only the digits need it

    if label not in range(10):
        raise ExplorerError(f"There is no digit {label}: choose 0 to 9.")
    digits = load_digits()
    examples = digits.images[digits.target == label]
    if index not in range(len(examples)):
        raise ExplorerError(f"There is no example {index} of digit {label}: choose 0 to {len(examples) - 1}.")
    ink = np.rint(examples[index] * (255 / 16)).astype(np.uint8)
    return picture(f"Handwritten {label}", ink)


def checkerboard(side: int = 64, square: int = 8) -> np.ndarray:
    """Return black and white squares, uint8 (side, side), the first one black."""
    index = np.arange(side) // square
    return ((index[:, np.newaxis] + index) % 2 * 255).astype(np.uint8)


def ramp(height: int = 32, width: int = 256) -> np.ndarray:
    """Return every grey from black at the left to white at the right, uint8 (height, width)."""
    greys = np.rint(np.linspace(0, 255, width)).astype(np.uint8)
    return np.tile(greys, (height, 1))


def red_among_others(side: int = 128) -> np.ndarray:
    """Return one red circle among blue and green ones on white, uint8 (side, side, 3).

    In grey the three are hard to tell apart: only the planes R, G and B tell which one is red.
    """
    red, green, blue = (220, 40, 40), (20, 128, 40), (60, 90, 230)
    colours = [[blue, green, blue], [green, red, green], [blue, green, blue]]
    step = side / 3
    rows, columns = np.mgrid[:side, :side] + 0.5  # centres of the pixels
    canvas = np.full((side, side, 3), 255, dtype=np.uint8)
    for i, line in enumerate(colours):
        for j, colour in enumerate(line):
            distance = np.hypot(rows - (i + 0.5) * step, columns - (j + 0.5) * step)
            canvas[distance < 0.38 * step] = colour
    return canvas


def example_digit() -> Picture:
    """Return a 3 drawn by code, uint8 (112, 112), white on black: what is looked at until someone draws."""
    import cv2  # 0.2 s to import

    canvas = np.zeros((112, 112), dtype=np.uint8)
    for centre, start, end in (
        ((54, 40), -150, 90),
        ((54, 74), -90, 150),
    ):  # two bows, degrees clockwise from the right
        cv2.ellipse(canvas, centre, (21, 17), 0, start, end, color=255, thickness=9, lineType=cv2.LINE_AA)
    return picture("an example", canvas)


def _bundled_photo(title: str, function: str) -> Picture:
    """Return a picture of skimage.data by its function's name; black-and-white ones come as bool."""
    import skimage.data

    pixels = getattr(skimage.data, function)()
    if pixels.dtype == bool:
        pixels = pixels.astype(np.uint8) * 255
    return picture(title, pixels)


def _photo(key: str, title: str, function: str, credit: str) -> Sample:
    return Sample(key, title, "photo", partial(_bundled_photo, title, function), f"{credit}; in scikit-image")


def _handwritten(label: int) -> Sample:
    return Sample(f"digit-{label}", f"Handwritten {label}", "digit", partial(digit, label, 0), DIGITS_CREDIT)


def _drawing(key: str, title: str, draw: Callable[[], np.ndarray]) -> Sample:
    return Sample(key, title, "drawing", lambda: picture(title, draw()), DRAWN_HERE)


# Only files that lie in the scikit-image package itself, on terms stated in its documentation.
# Others of its pictures would be downloaded on first use, or come without a statement (moon, page).
_ALL = (
    _photo("cat", "Cat (Chelsea)", "chelsea", "Stéfan van der Walt, CC0"),
    _photo("astronaut", "Astronaut (Eileen Collins)", "astronaut", "NASA, public domain"),
    _photo("coffee", "Cup of coffee", "coffee", "Rachel Michetti, CC0"),
    _photo("rocket", "Rocket launch", "rocket", "SpaceX, public domain"),
    _photo("galaxies", "Galaxies (Hubble deep field)", "hubble_deep_field", "NASA, public domain"),
    _photo("eye", "Retina of an eye", "retina", "Mikael Häggström, Wikimedia Commons, CC0"),
    _photo("cameraman", "Cameraman", "camera", "Lav Varshney, CC0"),
    _photo("coins", "Greek coins from Pompeii", "coins", "Brooklyn Museum, no known copyright restrictions"),
    _photo("bricks", "Brick wall", "brick", "CC0Textures, CC0"),
    _photo("grass", "Grass", "grass", "linolafett, CC0"),
    _photo("clock", "Wall clock, blurred by motion", "clock", "Stéfan van der Walt, public domain"),
    _photo("horse", "Silhouette of a horse", "horse", "Andreas Preuss, CC0"),
    *(_handwritten(label) for label in range(10)),
    _drawing("checkerboard", "Checkerboard", checkerboard),
    _drawing("ramp", "All greys from black to white", ramp),
    _drawing("red-circle", "A red circle among blue and green ones", red_among_others),
)

SAMPLES: dict[str, Sample] = {sample.key: sample for sample in _ALL}
