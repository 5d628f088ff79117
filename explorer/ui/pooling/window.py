"""E1 and E2: a window that keeps one number, and each channel by itself. Knows numbers and words.

The numbers are the curriculum's; the page shows exactly them until something is changed.
"""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.figures.boards import pooling_board
from explorer.layers.pooled_sizes import PooledVolume, pooled_volume
from explorer.layers.pooling import KINDS, Pooling, pool
from explorer.predictions import Number
from explorer.settings.fields import Numbers, OneOf, Switch, Whole
from explorer.settings.written import Volume, as_matrix, matrix
from explorer.ui.exhibit import Exhibit
from explorer.ui.shows import steps
from explorer.ui.stand import Stand
from explorer.ui.state import drawn_digit
from explorer.words import counted, noun

COLOURS = ("red", "green", "blue")


@dataclass(frozen=True)
class Pooled:
    """All that decides one pooling. rows, cols, channels: of the volume whose size is counted (E2)."""

    input: Annotated[Volume, Numbers("Input", 3, {1: "Input rows", 2: "Input columns", 0: "Channels in the grid"})]
    size: Annotated[int, Whole("Window size", 1, 64)] = 2
    stride: Annotated[int, Whole("Stride", 1, 64)] = 2
    padding: Annotated[int, Whole("Padding", 0, 32)] = 0
    kind: Annotated[str, OneOf("Kind", KINDS)] = "max"
    ceil: Annotated[bool, Switch("Keep a last window that hangs over (ceil mode)", wide=2)] = False
    count_pad: Annotated[bool, Switch("An average counts the padding (count_include_pad)", wide=2)] = True
    rows: Annotated[int, Whole("Volume rows", 1, 99_999)] = 200
    cols: Annotated[int, Whole("Volume columns", 1, 99_999)] = 200
    channels: Annotated[int, Whole("Volume channels", 1, 99_999)] = 64


def make_steps(settings: Pooled) -> tuple[Pooling, PooledVolume]:
    """Every step, and the sizes of the grid itself."""
    channels, rows, cols = np.shape(settings.input)
    pooling = pool(
        settings.input,
        settings.kind,
        settings.size,
        settings.stride,
        settings.padding,
        ceil_mode=settings.ceil,
        count_include_pad=settings.count_pad,
    )
    return pooling, _volume(settings, rows, cols, channels)


def make_channels(settings: Pooled) -> tuple[Pooling, PooledVolume, PooledVolume]:
    """The same, and the sizes of a whole volume."""
    return *make_steps(settings), _volume(settings, settings.rows, settings.cols, settings.channels)


def _volume(settings: Pooled, rows: int, cols: int, channels: int) -> PooledVolume:
    return pooled_volume(rows, cols, channels, settings.size, settings.stride, settings.padding, settings.ceil)


def _show_steps(made: tuple[Pooling, PooledVolume], stand: Stand) -> None:
    pooling, volume = made
    channels = len(pooling.image)
    names = None
    if channels > 1:
        names = COLOURS if channels == len(COLOURS) else [f"channel {i}" for i in range(channels)]
    steps(stand, pooling_board(pooling, names=names, signed=bool(pooling.image.min() < 0)))
    st.markdown(f"Output size: {' ;  '.join(volume.formulas)}")


def _show_channels(made: tuple[Pooling, PooledVolume, PooledVolume], stand: Stand) -> None:
    pooling, own, volume = made
    _show_steps((pooling, own), stand)
    if not stand.revealed:
        return
    st.markdown(
        f"A whole volume: **{volume}**, and {counted(volume.numbers[0], 'number')} "
        f"{noun(volume.numbers[0], 'becomes', 'become')} **{volume.numbers[1]:,}**.  \n"
        f"{' ;  '.join(volume.formulas)} ;  the {counted(volume.after[2], 'channel')} {noun(volume.after[2], 'stays', 'stay')}."
    )


def _take_drawing(settings: Pooled) -> Pooled:
    return replace(settings, input=(as_matrix(drawn_digit()),))


C9 = Pooled((matrix("1 1 1 4; 2 6 5 8; 3 2 1 0; 1 1 3 5"),))
THREE = Pooled(
    (
        matrix("9 0 0 1; 0 0 2 0; 0 3 0 0; 0 0 0 0"),
        matrix("0 0 7 0; 0 1 0 0; 0 0 0 0; 5 0 0 6"),
        matrix("1 1 1 1; 1 1 1 1; 1 1 8 1; 1 1 1 1"),
    )
)
EXHIBITS = (
    Exhibit(
        "E1",
        "Maximum and average",
        "A 2×2 window moves two cells at a time over this input. What are the four maxima? And the four averages?",
        "Maxima 6 8 over 3 5, averages 2.5 4.5 over 1.75 2.25. The input has shrunk to a quarter, without a single "
        "weight. Try stride 1, padding 1, or size 3 with the last window hanging over.",
        C9,
        make_steps,
        _show_steps,
        {"max": C9, "average": replace(C9, kind="average")},
        asked=("input", "size", "stride", "padding", "kind", "ceil", "count_pad"),
        acts={"Use my drawing, 28×28": _take_drawing},
        predicted=Number("largest maximum", lambda made: made[0].output.max()),
    ),
    Exhibit(
        "E2",
        "Each channel by itself",
        "Three channels go in. How many come out, and can a large number in one channel change another one?",
        "Three: pooling never mixes channels. So 200×200×64 becomes 100×100×64; rows and columns shrink, the depth "
        "stays. Make one cell very large and see which output cells follow.",
        THREE,
        make_channels,
        _show_channels,
        {"max": THREE, "average": replace(THREE, kind="average")},
        hidden=("A whole volume",),
        predicted=Number("channels", lambda made: made[0].output.shape[0]),
    ),
)
