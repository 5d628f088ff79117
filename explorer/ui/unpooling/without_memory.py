"""K2: unpooling that neither learns nor remembers. Knows numbers and words."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.figures.unpooling_boards import fixed_board
from explorer.layers.grids import resized_volume
from explorer.layers.unpooling import FIXED, FixedStamping, fixed_stamping
from explorer.settings.fields import Numbers, OneOf, Whole
from explorer.settings.written import Volume, as_plain, matrix
from explorer.ui.exhibit import Exhibit
from explorer.ui.shows import steps
from explorer.ui.stand import Stand

ROWS_AND_COLUMNS = {1: "Input rows", 2: "Input columns"}
TITLES = {"nearest": "nearest", "bilinear": "bilinear", "subpixel": "sub-pixel"}


@dataclass(frozen=True)
class Fixed:
    """The input has one channel, for sub-pixel factor² of them."""

    input: Annotated[Volume, Numbers("Input", 3, ROWS_AND_COLUMNS)]
    factor: Annotated[int, Whole("Factor", 1, 64)] = 2
    kind: Annotated[str, OneOf("Kind", FIXED, TITLES.__getitem__)] = "nearest"


def make(settings: Fixed) -> FixedStamping:
    """The unpooling as stamps of a fixed kernel."""
    return fixed_stamping(settings.input, settings.kind, settings.factor)


def _fit(settings: Fixed, before: Fixed) -> Fixed:
    """The input gets as many channels as the kind takes."""
    _, rows, cols = np.shape(settings.input)
    shape = settings.factor**2 if settings.kind == "subpixel" else 1, rows, cols
    return replace(settings, input=as_plain(resized_volume(settings.input, shape, "Input")))


def _show(fixed: FixedStamping, stand: Stand[Fixed]) -> None:
    steps(stand, fixed_board(fixed))
    torchs = {
        "nearest": f"F.interpolate(x, scale_factor={fixed.factor})",
        "bilinear": f'F.interpolate(x, scale_factor={fixed.factor}, mode="bilinear")',
        "subpixel": f"F.pixel_shuffle(x, {fixed.factor})",
    }
    ring = (
        " The hatched ring repeats the input's edge, so that nothing fades there." if fixed.kind == "bilinear" else ""
    )
    st.markdown(f"The same as PyTorch's `{torchs[fixed.kind]}`.{ring}")


TWO = (matrix("1 2; 3 4"),)
SHARES = Fixed((*TWO, matrix("5 6; 7 8"), matrix("0 0; 0 0"), matrix("9 9; 9 9")), kind="subpixel")
EXHIBITS = (
    Exhibit(
        "K2",
        "Without memory",
        "1 2 over 3 4 has to become 4×4, and nothing else is known. What would you write into the sixteen cells?",
        "Nearest: each number fills its own 2×2 block, blocky. Bilinear: means of neighbours, smooth. Both are stamps of "
        "a fixed kernel: ones that never overlap, or a tent whose overlaps add up to 1 on every cell. Sub-pixel: four "
        "channels take turns within each block; a convolution before it can learn what they hold.",
        Fixed(TWO),
        make,
        _show,
        {"nearest": Fixed(TWO), "bilinear": Fixed(TWO, kind="bilinear"), "sub-pixel": SHARES},
        fit=_fit,
    ),
)
