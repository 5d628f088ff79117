"""E3: what small shifts change, beside convolutions. Knows numbers and words."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.figures.shift import changes_figure, maps_figure
from explorer.images.digits import centre_digit
from explorer.images.samples import example_digit
from explorer.layers.equivariance import compare_under_shift, moved_cells, moved_whole, shift
from explorer.layers.presets import PRESETS
from explorer.settings.fields import Numbers, OneOf, Whole
from explorer.settings.written import Volume, as_matrix
from explorer.ui.exhibit import Exhibit
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart
from explorer.ui.stand import Stand
from explorer.ui.state import drawn_digit
from explorer.words import counted

MOST_SHIFT = 12


@dataclass(frozen=True)
class Shifted:
    """shift: to the right, in pixels. size: of window and stride. kernel: a preset's key, for both convolutions."""

    input: Annotated[Volume, Numbers("", 3)]
    shift: Annotated[int, Whole("Shift to the right, in pixels", 0, MOST_SHIFT, slider=True)] = 0
    size: Annotated[int, Whole("Window and stride", 1, 64)] = 2
    kernel: Annotated[str, OneOf("Kernel of the convolutions", PRESETS, lambda key: PRESETS[key].title)] = "vertical"


def make(settings: Shifted) -> tuple:
    """The input at every shift, and how each layer answers."""
    shifts = range(MOST_SHIFT + 1)
    responses = compare_under_shift(settings.input, PRESETS[settings.kernel].kernel, shifts, settings.size)
    return [shift(settings.input, right=amount) for amount in shifts], responses


def _show(made: tuple, stand: Stand[Shifted]) -> None:
    inputs, responses = made
    at, size = stand.settings.shift, stand.settings.size
    if stand.revealed:
        st.markdown(_in_words(responses, at, size))
    figure = maps_figure(inputs, responses, at, dark=is_dark())
    chart(stand, figure, "maps", st.container(key="wide shifts", height="stretch"), height="stretch")
    st.markdown("Above unshifted, below shifted. Each layer has its own colours, the same above and below.")
    if not stand.revealed:
        st.markdown("Predict first: how much each layer changes is shown once you shift, or reveal the answer.")
        return
    chart(stand, changes_figure(responses, at, dark=is_dark()), "lines", height=200)
    st.markdown("Change: the length of the difference from the unshifted output, as a share of that output's length.")


def _in_words(responses: tuple, at: int, size: int) -> str:
    changes = ", ".join(f"{response.layer} **{response.changes[at]:.0%}**" for response in responses)
    moved = moved_cells(at, size)
    if not at:
        note = "Above and below the same: nothing is shifted yet."
    elif moved is None:
        note = f"No multiple of the stride {size}: the strided outputs are not merely moved, their numbers differ."
    else:
        whole = all(moved_whole(response, at, moved) for response in responses if response.layer != "convolution")
        rest = "unchanged" if whole else "unchanged but at the border, where the picture is pushed out or in"
        by = counted(moved, "cell")
        note = f"A multiple of the stride {size}: the strided outputs have moved on by {by}, {rest}."
    return f"Changed by: {changes}.  \n{note}"


def _dot() -> Volume:
    """One bright cell in an even row and column, so that it starts in the corner of a 2×2 window."""
    values = np.zeros((12, 12))
    values[4, 4] = 9
    return (as_matrix(values),)


def _bar() -> Volume:
    values = np.zeros((12, 12))
    values[2:10, 3:5] = 9
    return (as_matrix(values),)


def _take_drawing(settings: Shifted) -> Shifted:
    return replace(settings, input=(as_matrix(drawn_digit()),))


DIGIT = Shifted((as_matrix(centre_digit(example_digit().pixels).image),))  # as MNIST has them, 28×28, 0 to 255
EXHIBITS = (
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
        DIGIT,
        make,
        _show,
        {"digit": DIGIT, "dot": Shifted(_dot()), "bar": Shifted(_bar())},
        hidden=("Changed by", "Change: the length"),
        acts={"Use my drawing, 28×28": _take_drawing},
    ),
)
