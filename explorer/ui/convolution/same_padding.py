"""C19: 'same' padding with a stride, in PyTorch's and TensorFlow's meaning. Knows numbers, words and the screen."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.figures.boards import convolution_board
from explorer.layers.convolution import Walkthrough
from explorer.layers.same_padding import TwoMeanings, needed_formula, two_meanings
from explorer.predictions import Choice
from explorer.settings.fields import OneOf
from explorer.settings.written import as_matrix, matrix
from explorer.ui.convolution.kernel import OneKernel, exhibit
from explorer.ui.shows import steps
from explorer.ui.stand import Stand
from explorer.words import counted, written

MEANINGS = {"alike": "PyTorch's padding", "as_needed": "TensorFlow's ‘same’"}
MOST_LISTED = 16  # output cells that still fit into a line


@dataclass(frozen=True)
class Strided(OneKernel):
    """The padding is PyTorch's; TensorFlow's follows from the sizes. meaning: under which of both the kernel is stepped."""

    meaning: Annotated[str, OneOf("Stepped under", MEANINGS, MEANINGS.get, few=True, wide=2)] = "alike"


def make(chosen: Strided) -> TwoMeanings:
    """The same kernel under both paddings. Raises ExplorerError where it does not fit."""
    padding = (0 if len(chosen.input) == 1 else chosen.padding, chosen.padding)  # a signal is padded along its row only
    sizes = (chosen.stride, chosen.dilation, padding)
    more = {"bias": chosen.bias, "padding_mode": chosen.mode, "flip": chosen.flip, "activation": chosen.activation}
    return two_meanings(chosen.input, chosen.kernel, *sizes, **more)


def _show(both: TwoMeanings, stand: Stand[Strided]) -> None:
    chosen = stand.settings
    steps(stand, convolution_board(getattr(both, chosen.meaning)))
    if not stand.revealed:
        return
    needed = needed_formula(len(chosen.input[0]), len(chosen.kernel[0]), chosen.stride, chosen.dilation)
    down, across = both.shift
    st.markdown(
        f"**PyTorch’s**, padding {chosen.padding} on both sides: {_cells(both.alike)}  \n"
        f"**TensorFlow’s**, max((⌈n/s⌉−1)·s + d(k−1)+1 − n, 0) = {needed}: {_cells(both.as_needed)}  \n"
        f"TensorFlow’s windows lie **{counted(across, 'cell')}** further to the right and **{counted(down, 'cell')}** further "
        "down: weights that were learned under one padding see, under the other, a picture shifted by that much."
    )


def _cells(walk: Walkthrough) -> str:
    rows, cols = walk.output.shape[1:]
    listed = " ".join(written(value, 6) for value in walk.output[0, 0])
    return f"**{listed}**" if rows == 1 and cols <= MOST_LISTED else f"{rows}×{cols} cells"


EIGHT = Strided(as_matrix(np.arange(1, 9)[None]), matrix("1 1 1"), stride=2, padding=1)
SEVEN = replace(EIGHT, input=as_matrix(np.arange(1, 8)[None]))
PICTURE = Strided(as_matrix(np.add.outer(np.arange(8), np.arange(8)) % 5), matrix("0 1 0; 1 1 1; 0 1 0"), 2, 1)
EXHIBITS = (
    exhibit(
        "C19",
        "‘Same’ with a stride",
        "1 to 8 under 1 1 1, ‘same’ padding, stride 2: four cells come out. Is the first 0 + 1 + 2 or 1 + 2 + 3?",
        "Both. PyTorch pads both sides alike: 3 9 15 21. TensorFlow pads only what is needed, the odd cell at the end: "
        "6 12 18 15. Whoever ports weights from one to the other has to port the padding too. With 1 to 7 both need one cell "
        "on each side: 3 9 15 13.",
        EIGHT,
        make=make,
        show=_show,
        asked=("input", "kernel", "stride", "padding", "dilation", "meaning"),
        variants={"1…8": EIGHT, "TensorFlow": replace(EIGHT, meaning="as_needed"), "1…7": SEVEN, "picture": PICTURE},
        hidden=("max((⌈8/2⌉−1)·2 + 3 − 8, 0) = 1: 0 before, 1 after", "a picture shifted by that much"),
        predicted=Choice("First cell", ("0 + 1 + 2", "1 + 2 + 3", "both"), "both"),
    ),
)
