"""The exhibits of the Pooling page: what each opens with, asks and answers. Knows numbers and words; draws nothing.

The numbers are the curriculum's; the page shows exactly them until something is changed.
"""

import dataclasses
from dataclasses import dataclass
from functools import cache

import numpy as np

from explorer.images.digits import centre_digit
from explorer.images.samples import example_digit
from explorer.layers.pooling import KINDS
from explorer.layers.presets import PRESETS
from explorer.ui.address import Volume, as_matrix, choice_codec, matrix, truth_codec, volume_codec, whole_codec
from explorer.ui.exhibits import Exhibit

MOST_SHIFT = 12
CODECS = {
    "input": volume_codec,
    "kind": choice_codec(*KINDS),
    "size": whole_codec(1, 64),
    "stride": whole_codec(1, 64),
    "padding": whole_codec(0, 32),
    "ceil": truth_codec,
    "count_pad": truth_codec,
    "rows": whole_codec(1, 99_999),
    "cols": whole_codec(1, 99_999),
    "channels": whole_codec(1, 99_999),
    "shift": whole_codec(0, MOST_SHIFT),
    "kernel": choice_codec(*PRESETS),
}


@dataclass(frozen=True)
class Settings:
    """All that decides one pooling.

    rows, cols, channels: of the volume whose size is counted (E2). shift: to the right (E3). kernel: a preset's key,
    for the convolutions that pooling is compared with (E3).
    """

    input: Volume
    kind: str = "max"
    size: int = 2
    stride: int = 2
    padding: int = 0
    ceil: bool = False
    count_pad: bool = True
    rows: int = 200
    cols: int = 200
    channels: int = 64
    shift: int = 0
    kernel: str = "vertical"


@cache
def digit_pattern() -> Volume:
    """The example digit as MNIST has them, 28×28, 0 to 255."""
    return (as_matrix(centre_digit(example_digit().pixels).image),)


def _dot() -> Volume:
    """One bright cell in an even row and column, so that it starts in the corner of a 2×2 window."""
    values = np.zeros((12, 12))
    values[4, 4] = 9
    return (as_matrix(values),)


def _bar() -> Volume:
    values = np.zeros((12, 12))
    values[2:10, 3:5] = 9
    return (as_matrix(values),)


C9 = (matrix("1 1 1 4; 2 6 5 8; 3 2 1 0; 1 1 3 5"),)
MAXIMUM = Settings(C9)
AVERAGE = dataclasses.replace(MAXIMUM, kind="average")
COLOURS = Settings(
    (
        matrix("9 0 0 1; 0 0 2 0; 0 3 0 0; 0 0 0 0"),
        matrix("0 0 7 0; 0 1 0 0; 0 0 0 0; 5 0 0 6"),
        matrix("1 1 1 1; 1 1 1 1; 1 1 8 1; 1 1 1 1"),
    )
)


def exhibits() -> dict[str, Exhibit[Settings]]:
    """The page's exhibits by their ids."""
    digit = Settings(digit_pattern())
    found = (
        Exhibit(
            "E1",
            "Maximum and average",
            "A 2×2 window moves two cells at a time over this input. What are the four maxima? And the four averages?",
            "Maxima 6 8 over 3 5, averages 2.5 4.5 over 1.75 2.25. The input has shrunk to a quarter, without a single "
            "weight. Try stride 1, padding 1, or size 3 with the last window hanging over.",
            MAXIMUM,
            {"max": MAXIMUM, "average": AVERAGE},
        ),
        Exhibit(
            "E2",
            "Each channel by itself",
            "Three channels go in. How many come out, and can a large number in one channel change another one?",
            "Three: pooling never mixes channels. So 200×200×64 becomes 100×100×64; rows and columns shrink, the depth "
            "stays. Make one cell very large and see which output cells follow.",
            COLOURS,
            {"max": COLOURS, "average": dataclasses.replace(COLOURS, kind="average")},
            hidden=("A whole volume",),
        ),
        Exhibit(
            "E3",
            "Small shifts",
            "Shift the picture right by one pixel. Which output will change least: convolution, strided convolution, max "
            "pooling or average pooling? And by two pixels?",
            "By one pixel the pooled outputs change by 39 % and 50 %, the convolutions by more than 80 %: most of the ink "
            "stays within its windows. That is all the help there is: by four pixels everything has changed. A shift by the "
            "stride moves an output on by one cell, unchanged in itself where the picture keeps away from the "
            "border. Load the dot: inside its window a shift goes "
            "unnoticed, across the window's border it moves a whole cell.",
            digit,
            {"digit": digit, "dot": Settings(_dot()), "bar": Settings(_bar())},
            hidden=("Changed by", "Change: the length"),
        ),
    )
    return {exhibit.id: exhibit for exhibit in found}
