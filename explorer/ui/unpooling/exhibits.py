"""The exhibits of the Unpooling page: what each opens with, asks and answers. Knows numbers and words; draws nothing.

The numbers of K2, K3 and K4 are the curriculum's; the page shows exactly them until something is changed.
"""

import dataclasses
from dataclasses import dataclass

from explorer.errors import ExplorerError
from explorer.images.samples import SAMPLES
from explorer.layers.pooling import KINDS
from explorer.layers.restoring import SIZES
from explorer.layers.unpooling import FIXED
from explorer.models.registry import MODELS
from explorer.probe.deconvnet import ALL
from explorer.ui.address import (
    Codec,
    Matrix,
    Volume,
    choice_codec,
    matrix,
    matrix_codec,
    truth_codec,
    volume_codec,
    whole_codec,
)
from explorer.ui.exhibits import Exhibit
from explorer.ui.state import MINE

STRONGEST = -2  # the channel with the layer's largest value


def _read_network(text: str) -> str:
    if text not in MODELS:
        raise ExplorerError(f"“{text[:20]}” is no network")
    return text


def _read_layer(text: str) -> str:
    if len(text) > 100:
        raise ExplorerError("that is no layer's name")
    return text


def _read_size(text: str) -> int:
    return int(choice_codec(*map(str, SIZES)).read(text))


CODECS = {
    "input": volume_codec,
    "kind": choice_codec(*FIXED),
    "factor": whole_codec(1, 64),
    "values": volume_codec,
    "size": whole_codec(1, 64),
    "kernel": matrix_codec,
    "stride": whole_codec(1, 64),
    "padding": whole_codec(0, 64),
    "extra": whole_codec(0, 63),
    "sample": choice_codec(*SAMPLES, MINE),
    "pooling": choice_codec(*KINDS),
    "window": Codec(_read_size),
    "network": Codec(_read_network),
    "layer": Codec(_read_layer),
    "channel": whole_codec(STRONGEST, 4095),
    "rectify": truth_codec,
}


@dataclass(frozen=True)
class Fixed:
    """K2: an unpooling that neither learns nor remembers."""

    input: Volume
    kind: str = "nearest"
    factor: int = 2


@dataclass(frozen=True)
class Switched:
    """K3: `input` is pooled in size×size windows; `values` go back by its switches."""

    input: Volume
    values: Volume
    size: int = 2


@dataclass(frozen=True)
class Stamped:
    """K4: a transposed convolution of one plane. extra: the output padding."""

    input: Volume
    kernel: Matrix
    stride: int = 2
    padding: int = 0
    extra: int = 0


@dataclass(frozen=True)
class Pictured:
    """K5 on a picture: its pooling's kind and its window. network is the session's: here only so that no address names one."""

    sample: str = MINE
    pooling: str = "max"
    window: int = 4
    network: str = ""


@dataclass(frozen=True)
class Encoded:
    """K5 through a network. layer "": its last pooling. channel: ALL, STRONGEST or one. rectify: ReLUs on the way back."""

    sample: str = MINE
    network: str = ""
    layer: str = ""
    channel: int = ALL
    rectify: bool = True


TWO = (matrix("1 2; 3 4"),)
NEAREST = Fixed(TWO)
SHARES = Fixed((*TWO, matrix("5 6; 7 8"), matrix("0 0; 0 0"), matrix("9 9; 9 9")), "subpixel")
POOLED = Switched((matrix("1 2 4 3; 2 5 2 0; 1 5 2 1; 7 3 3 8"),), TWO)
THREE = Stamped(TWO, matrix("1 1 1; 1 1 1; 1 1 1"), padding=1, extra=1)

_ALL = (
    Exhibit(
        "K2",
        "Without memory",
        "1 2 over 3 4 has to become 4×4, and nothing else is known. What would you write into the sixteen cells?",
        "Nearest: each number fills its own 2×2 block, blocky. Bilinear: means of neighbours, smooth. Both are stamps of "
        "a fixed kernel: ones that never overlap, or a tent whose overlaps add up to 1 on every cell. Sub-pixel: four "
        "channels take turns within each block; a convolution before it can learn what they hold.",
        NEAREST,
        {"nearest": NEAREST, "bilinear": dataclasses.replace(NEAREST, kind="bilinear"), "sub-pixel": SHARES},
    ),
    Exhibit(
        "K3",
        "Switches",
        "The input is max pooled, 2×2. Then 1 2 over 3 4 takes the place of the four maxima. Where in the 4×4 output will "
        "1, 2, 3 and 4 stand, and what stands elsewhere?",
        "The maxima are 5 4 over 7 8, and a switch remembers where each was. 1 returns to where 5 was, 2 to where 4 was, "
        "3 to where 7 was, 4 to where 8 was: 0 0 2 0; 0 1 0 0; 0 0 0 0; 3 0 0 4. Elsewhere 0. Move a maximum in the input "
        "and its number moves along.",
        POOLED,
        {"1 2; 3 4": POOLED, "the maxima": dataclasses.replace(POOLED, values=(matrix("5 4; 7 8"),))},
    ),
    Exhibit(
        "K4",
        "Stamps that overlap",
        "Each cell of 1 2 over 3 4 stamps a 3×3 kernel of ones, two cells apart, and stamps add up. Which number stands "
        "where all four meet? Which cells are met by one stamp only?",
        "1 + 2 + 3 + 4 = 10. Four stamps meet on that cell, two on the others of its row and column, one elsewhere: a flat "
        "input comes out chequered. Away from the border the pattern vanishes when the stride divides the kernel and its "
        "weights are equal (2×2 or 4×4 ones with stride 2), or when uneven overlaps carry fitting weights (the tent).",
        THREE,
        {
            "3×3": THREE,
            "2×2": Stamped(TWO, matrix("1 1; 1 1")),
            "4×4": Stamped(TWO, matrix("1 1 1 1; 1 1 1 1; 1 1 1 1; 1 1 1 1"), padding=1),
            "tent": dataclasses.replace(THREE, kernel=matrix("0.25 0.5 0.25; 0.5 1 0.5; 0.25 0.5 0.25")),
        },
    ),
    Exhibit(
        "K5",
        "What is lost",
        "A picture is pooled to a sixteenth of its numbers and brought back. Which unpooling comes closest to it, and "
        "which is furthest off?",
        "On most pictures bilinear comes closest, computed or stamped: the two differ at the border only, and on a black "
        "one the stamps, which fade there, are ahead. Max unpooling is the furthest off: its maxima stand in their places, "
        "but fifteen of sixteen pixels are 0. Equal stamps that overlap show a checkerboard. Only the sub-pixel way is "
        "exact: there nothing was pooled away. Average pooling keeps more of a photograph than the maximum, but has no "
        "switches.",
        Pictured(),
        {"a photograph": Pictured("cat"), "a digit": Pictured("digit-3"), "a checkerboard": Pictured("checkerboard")},
    ),
    Exhibit(
        "K5b",
        "Back through a network",
        "A trained network has turned the picture into maps. They go back to pixels through the same kernels, turned "
        "round; nothing is learned. Does it matter here how each pooling is undone?",
        "Yes, and more with every pooling. After one, nearest is at least as close as the switches on most pictures; after "
        "two it depends on the picture. After three, max unpooling alone still puts edges where they were: the maps no "
        "longer say where, the switches do. The zeros that cost so much on the picture itself are filled here by the "
        "kernels' stamps. After Zeiler and Fergus, *Visualizing and Understanding Convolutional Networks* (2014).",
        Encoded(),
        {
            "a digit": Encoded("digit-3", "lenet5", "c5"),
            "one pooling": Encoded("astronaut", "colour", "pool1"),
            "three poolings": Encoded("astronaut", "colour", "pool3"),
        },
    ),
)

EXHIBITS: dict[str, Exhibit] = {exhibit.id: exhibit for exhibit in _ALL}
