"""K3: max unpooling, each value back to where a maximum was. Knows numbers and words."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.figures.unpooling_boards import switches_board
from explorer.layers.grids import resized_volume
from explorer.layers.pooling import pool
from explorer.layers.unpooling import MaxUnpooling, unpool_with_switches
from explorer.predictions import Cell
from explorer.settings.fields import Numbers, Whole
from explorer.settings.written import Volume, as_plain, matrix
from explorer.ui.exhibit import Exhibit
from explorer.ui.shows import steps
from explorer.ui.stand import Stand
from explorer.ui.unpooling.without_memory import ROWS_AND_COLUMNS, TWO
from explorer.words import counted


@dataclass(frozen=True)
class Switched:
    """`input` is pooled in size×size windows; `values` go back by its switches."""

    input: Annotated[Volume, Numbers("Input", 3, ROWS_AND_COLUMNS)]
    values: Annotated[Volume, Numbers("", 3)]
    size: Annotated[int, Whole("Window and stride", 1, 64)] = 2


def make(settings: Switched) -> MaxUnpooling:
    """Pooling, its switches and the way back."""
    return unpool_with_switches(pool(settings.input, "max", settings.size), settings.values)


def _fit(settings: Switched, before: Switched) -> Switched:
    """The values get the pooled input's size."""
    shape = pool(settings.input, "max", settings.size).output.shape
    if shape == np.shape(settings.values):
        return settings
    return replace(settings, values=as_plain(resized_volume(settings.values, shape, "Values")))


def _take_maxima(settings: Switched) -> Switched:
    return replace(settings, values=as_plain(pool(settings.input, "max", settings.size).output))


def _show(unpooling: MaxUnpooling, stand: Stand[Switched]) -> None:
    steps(stand, switches_board(unpooling))
    _, height, width = unpooling.output.shape
    st.markdown(
        f"A switch is a cell's number in reading order, row · {width} + column, 0 to {height * width - 1}. "
        f"Kept: {counted(unpooling.values.size, 'switch')} for {counted(unpooling.output.size, 'cell')}."
    )


def _place_of_the_first(unpooling: MaxUnpooling) -> set[tuple[int, int]]:
    """Where the first value goes back to: the switch of the first window."""
    row, column = np.unravel_index(unpooling.pooling.positions[0, 0, 0], unpooling.output.shape[1:])
    return {(int(row), int(column))}


POOLED = Switched((matrix("1 2 4 3; 2 5 2 0; 1 5 2 1; 7 3 3 8"),), TWO)
EXHIBITS = (
    Exhibit(
        "K3",
        "Switches",
        "The input is max pooled, 2×2. Then 1 2 over 3 4 takes the place of the four maxima. Where in the 4×4 output will "
        "1, 2, 3 and 4 stand, and what stands elsewhere?",
        "The maxima are 5 4 over 7 8, and a switch remembers where each was. 1 returns to where 5 was, 2 to where 4 was, "
        "3 to where 7 was, 4 to where 8 was: 0 0 2 0; 0 1 0 0; 0 0 0 0; 3 0 0 4. Elsewhere 0. Move a maximum in the input "
        "and its number moves along.",
        POOLED,
        make,
        _show,
        {"1 2; 3 4": POOLED, "the maxima": _take_maxima(POOLED)},
        acts={"Values: the maxima": _take_maxima},
        fit=_fit,
        predicted=Cell("Click where the 1 will.", "output", _place_of_the_first),
    ),
)
