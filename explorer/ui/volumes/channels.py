"""C11 and C16: many channels, and a window of one cell. Knows numbers and words."""

from dataclasses import replace

import numpy as np
import streamlit as st

from explorer.figures.rgb import rgb_figure
from explorer.layers.convolution import Walkthrough
from explorer.layers.grids import small_numbers
from explorer.layers.presets import red_circle_finder
from explorer.predictions import Number
from explorer.settings.written import Volume, as_plain
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, steps
from explorer.ui.stand import Stand
from explorer.ui.volumes.layer import Layer, board, exhibit, formulas, show

RGB = ("red", "green", "blue")
BLACK, RED, GREEN, BLUE, WHITE = (0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)


def _circles(*colours: tuple[int, int, int]) -> Volume:
    """Circles of radius 2 beside each other, one of each colour (r, g, b), on black: (3, 7, 6n)."""
    ring = np.array([[0, 1, 1, 1, 0], [1, 0, 0, 0, 1], [1, 0, 0, 0, 1], [1, 0, 0, 0, 1], [0, 1, 1, 1, 0]])
    picture = np.zeros((3, 7, 6 * len(colours)))
    for i, colour in enumerate(colours):
        picture[:, 1:6, 6 * i + 1 : 6 * i + 6] = np.multiply.outer(colour, ring)
    return as_plain(picture)


def _show_colours(walk: Walkthrough, stand: Stand) -> None:
    """The same with the input as a colour picture, as long as it has three planes."""
    if len(walk.image) != len(RGB):
        return show(walk, stand)
    steps(stand, board(walk, RGB))
    words, picture = st.columns([3, 1])
    words.markdown(f"{formulas(walk)}  \nOn the right the input as a colour picture.")
    return chart(stand, rgb_figure(walk.image, dark=is_dark()), "rgb", picture, width="content", height=84)


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
EXHIBITS = (
    exhibit(
        "C11",
        "Many channels",
        "Kernel 0 looks for a red circle, kernel 1 for a blue one: three planes of 5×5 each, and a bias of −8. "
        "What will map 0 show at the red circle, and what at the blue one?",
        "Twelve red cells under twelve ones make 12, minus 8 is 4. At the blue circle the red plane finds nothing and the "
        "blue plane subtracts. (5·5·3 + 1)·2 = 152 parameters. White is red, green and blue at once: "
        "12 − 12 − 12 − 8 = −20.",
        FINDERS,
        variants={
            "red and blue": FINDERS,
            "green and white": replace(FINDERS, input=_circles(GREEN, WHITE)),
            "black, to paint on": replace(FINDERS, input=_circles(BLACK)),
        },
        show=_show_colours,
        predicted=Number("at the red one", lambda walk: walk.output[0].max()),
    ),
    exhibit(
        "C16",
        "1×1 convolution",
        "A window of one cell cannot see a pattern. What can two kernels of 1×1 do with four channels?",
        "Mix the channels of one pixel, at every pixel alike: here map 0 adds all four, map 1 takes the difference of the "
        "first two. Four channels become two: it reduces depth before costly layers, with (1·1·4 + 1)·2 = 10 parameters.",
        MIXING,
    ),
)
