"""The exhibits of the Volumes page: what each opens with, asks and answers. Knows numbers and words; draws nothing.

The numbers are the curriculum's; the page shows exactly them until something is changed.
"""

import dataclasses
from dataclasses import dataclass

import numpy as np

from explorer.layers.grids import small_numbers
from explorer.layers.presets import red_circle_finder
from explorer.ui.address import (
    Codec,
    Kernels,
    Volume,
    as_plain,
    kernels_codec,
    numbers_codec,
    volume_codec,
    whole_codec,
)
from explorer.ui.exhibits import Exhibit

_row_codec = numbers_codec(1)
_count_codec = whole_codec(1, 10**12)

CODECS = {
    "input": volume_codec,
    "kernel": kernels_codec,
    "bias": Codec(
        lambda text: None if text == "none" else _row_codec.read(text),
        lambda values: "none" if values is None else _row_codec.write(values),
    ),
    "stride": whole_codec(1, 64),
    "padding": whole_codec(0, 64),
    "rows": _count_codec,
    "cols": _count_codec,
    "channels": _count_codec,
    "window": whole_codec(1, 4096),
    "maps": _count_codec,
    "margin": whole_codec(0, 4096),
}


@dataclass(frozen=True)
class Layer:
    """All that decides one convolution of a volume. bias None: the layer has none."""

    input: Volume
    kernel: Kernels
    bias: tuple[float, ...] | None = None
    stride: int = 1
    padding: int = 0


@dataclass(frozen=True)
class Sizes:
    """An imagined layer, only counted. window: the kernel's rows and columns; maps: output channels; margin: padding."""

    rows: int
    cols: int
    channels: int
    window: int = 1
    maps: int = 1
    margin: int = 0


def _circles(*colours: tuple[int, int, int]) -> Volume:
    """Circles of radius 2 beside each other, one of each colour (r, g, b), on black: (3, 7, 6n)."""
    ring = np.array([[0, 1, 1, 1, 0], [1, 0, 0, 0, 1], [1, 0, 0, 0, 1], [1, 0, 0, 0, 1], [0, 1, 1, 1, 0]])
    picture = np.zeros((3, 7, 6 * len(colours)))
    for i, colour in enumerate(colours):
        picture[:, 1:6, 6 * i + 1 : 6 * i + 6] = np.multiply.outer(colour, ring)
    return as_plain(picture)


BLACK, RED, GREEN, BLUE, WHITE = (0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)
_FIND_RED = red_circle_finder()
_FIND_BLUE = _FIND_RED[:, ::-1]  # the same finder with its planes in the other order
FINDERS = Layer(
    _circles(RED, BLUE), as_plain(np.concatenate([_FIND_RED, _FIND_BLUE])), bias=(-8.0, -8.0)
)  # bias −8: four missing cells are forgiven
MIXING = Layer(
    as_plain(small_numbers((4, 4, 4), seed=2, low=0, high=5)),
    as_plain(np.array([[1, 1, 1, 1], [1, -1, 0, 0]], np.float64)[:, :, None, None]),
    bias=(0.0, 0.0),
)
UNROLLED = Layer(
    as_plain(small_numbers((3, 5, 5), seed=4, low=0, high=3)), as_plain(small_numbers((4, 3, 3, 3), seed=1))
)
WIDER = dataclasses.replace(UNROLLED, input=as_plain(small_numbers((3, 8, 8), seed=4, low=0, high=3)))
FOUR = Layer(as_plain(small_numbers((1, 4, 4), seed=3, low=0, high=5)), ((((1.0, 2.0), (3.0, 4.0)),),))

_ALL = (
    Exhibit(
        "C11",
        "Many channels",
        "Kernel 0 looks for a red circle, kernel 1 for a blue one: three planes of 5×5 each, and a bias of −8. "
        "What will map 0 show at the red circle, and what at the blue one?",
        "Twelve red cells under twelve ones make 12, minus 8 is 4. At the blue circle the red plane finds nothing and the "
        "blue plane subtracts. (5·5·3 + 1)·2 = 152 parameters. White is red, green and blue at once: "
        "12 − 12 − 12 − 8 = −20.",
        FINDERS,
        {
            "red and blue": FINDERS,
            "green and white": dataclasses.replace(FINDERS, input=_circles(GREEN, WHITE)),
            "black, to paint on": dataclasses.replace(FINDERS, input=_circles(BLACK)),
        },
    ),
    Exhibit(
        "C16",
        "1×1 convolution",
        "A window of one cell cannot see a pattern. What can two kernels of 1×1 do with four channels?",
        "Mix the channels of one pixel, at every pixel alike: here map 0 adds all four, map 1 takes the difference of the "
        "first two. Four channels become two: it reduces depth before costly layers, with (1·1·4 + 1)·2 = 10 parameters.",
        MIXING,
    ),
    Exhibit(
        "C13",
        "im2col",
        "Four kernels of 3×3×3 slide over 3×5×5. Written as one matrix product, what sizes do the two matrices have?",
        "4×27 times 27×9: every kernel is a row, every window a column, 27 = 3·3·3 numbers each, 9 = 3·3 windows. Point at "
        "any cell of any grid: its window, column and result are outlined together. An 8×8 input makes 36 columns.",
        UNROLLED,
        {"5×5 input": UNROLLED, "8×8 input": WIDER},
    ),
    Exhibit(
        "B5",
        "As one matrix",
        "Flatten the 4×4 input to 16 numbers and the 3×3 output to 9. Which matrix turns one into the other, and how many "
        "different numbers other than 0 does it hold?",
        "A 9×16 matrix, 144 entries: 36 lie inside a window, and they are the same 4 weights in every row. A fully "
        "connected layer would learn all 144.",
        FOUR,
    ),
    Exhibit(
        "B1",
        "One fully connected neuron",
        "One neuron is connected to every number of a 300×300 colour picture. How many weights has it?",
        "300·300·3 = 270,000, and that is one neuron of one layer.",
        Sizes(300, 300, 3),
        {"300×300×3": Sizes(300, 300, 3), "28×28×1": Sizes(28, 28, 1), "1080×1920×3": Sizes(1080, 1920, 3)},
    ),
    Exhibit(
        "B3",
        "Against fully connected",
        "From 300×300 to 300×300: how many parameters has one 5×5 kernel, and how many a fully connected layer?",
        "5·5 + 1 = 26, against (90,000 + 1)·90,000 = 8,100,090,000, which is 8.1×10⁹.",
        Sizes(300, 300, 1, window=5, maps=1, margin=2),
    ),
    Exhibit(
        "B4",
        "The same for volumes",
        "From 32×32×3 to 28×28×64 with kernels of 5×5. How many times fewer weights has the convolution?",
        "About 32,000 times: 5·5·3·64 = 4,800 weights (4,864 with the biases) against 3,072 · 50,176 = 154,140,672.",
        Sizes(32, 32, 3, window=5, maps=64),
    ),
)

EXHIBITS: dict[str, Exhibit] = {exhibit.id: exhibit for exhibit in _ALL}
