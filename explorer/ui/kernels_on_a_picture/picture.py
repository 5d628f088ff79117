"""C2: a kernel on a whole picture, before and after. Knows numbers and words."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.images.picture import Picture
from explorer.layers.padding import MODES
from explorer.layers.pictures import VIEWS, Applied, sum_of_cells
from explorer.layers.presets import PRESETS
from explorer.predictions import Number
from explorer.settings.fields import OneOf
from explorer.settings.written import as_matrix
from explorer.ui import cache
from explorer.ui.exhibit import Exhibit
from explorer.ui.kernels_on_a_picture.compare import Edit, show_compare
from explorer.ui.kernels_on_a_picture.kernel import Kernel, cells_text, kernel_of
from explorer.ui.stand import Stand
from explorer.ui.state import MINE
from explorer.ui.subject import PICTURE, picture_or_cat
from explorer.words import noun, written

FLAT = 100  # the grey level of the area that is asked about
VIEW_TITLES = {"clip": "Cut to 0–255", "absolute": "Without sign", "stretched": "Stretched about grey"}


@dataclass(frozen=True)
class Filtered:
    """mode: how the picture goes on beyond its border. view: how the result is shown."""

    kernel: Annotated[str, Kernel()] = "edges"
    mode: Annotated[str, OneOf("Padding", MODES, wide=0.9)] = "zeros"
    view: Annotated[str, OneOf("Result shown", VIEWS, VIEW_TITLES.__getitem__, wide=1.4)] = "clip"
    sample: Annotated[str, PICTURE] = MINE


def make(settings: Filtered) -> tuple[Picture, Applied]:
    """The picture, and the kernel on it. Raises ExplorerError where the picture is too small to be mirrored that far."""
    picture = picture_or_cat()
    kernel = as_matrix(kernel_of(settings.kernel))
    return picture, cache.applied(picture.digest, kernel, settings.mode, _pixels=picture.pixels)


def show(made: tuple[Picture, Applied], stand: Stand[Filtered]) -> None:
    """What the sum of the kernel's cells means, and the picture before and after."""
    picture, applied = made
    edited, settings = stand.key("edited"), stand.settings

    def take(edit: Edit) -> None:
        row, column, value = edit
        kernel = applied.kernel.copy()
        kernel[row, column] = value
        stand.change(kernel=cells_text(kernel))
        st.session_state[edited] = True

    if st.session_state.pop(edited, False):
        st.rerun()  # the widgets above name another kernel
    does = PRESETS[settings.kernel].does if settings.kernel in PRESETS else ""
    st.markdown(
        f"{_sum_in_words(applied.kernel, settings.view)} {does}"
        if stand.revealed
        else f"**The cells add up to {written(sum_of_cells(applied.kernel))}.**"
    )
    show_compare(picture, applied, settings.view, key="compare", on_edit=take)


def _sum_in_words(kernel: np.ndarray, view: str) -> str:
    """What the sum of the kernel's cells means for a flat area."""
    total = sum_of_cells(kernel)
    seen = abs(total) if view == "absolute" else total
    if seen == 1:
        meaning = "flat areas stay"
    elif view == "stretched":
        meaning = f"flat areas become {f'{written(total)} times what they were' if total else '0'}, here "
        meaning += (
            "middle grey" if total == 0 else "darker than middle grey" if total < 0 else "lighter than middle grey"
        )
    elif seen <= 0:
        meaning = "flat areas go black"
    else:
        meaning = f"flat areas become {written(seen)} {noun(seen, 'time')} as bright"
    return f"**The cells add up to {written(total)}: {meaning}.**"


EXHIBITS = (
    Exhibit(
        "C2",
        "Kernels on a picture",
        "The cells of the edge detection kernel add up to 0, so what is flat, such as a clear sky, has gone black. With a 9 "
        "instead of the 8, what becomes of a flat area of grey level 100?",
        "100, it stays as it is: 9 times the pixel minus 8 equal neighbours is the pixel, the cells add up to 1. Sharpening "
        "does the same. Drag the divider, then change a cell of the kernel: what does the sum do to the brightness? "
        "Horizontal edges, in the list, is the kernel of vertical edges transposed.",
        Filtered(),
        make,
        show,
        {
            "Edges": Filtered("edges"),
            "Sharpen": Filtered("sharpen"),
            "Blur": Filtered("blur"),
            "Vertical": Filtered("vertical", view="stretched"),
        },
        subject=True,
        predicted=Number("grey level", lambda made: FLAT * (float(made[1].kernel.sum()) + 1)),  # one cell is one more
    ),
)
