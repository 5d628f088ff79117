"""C15: the same kernel as a column and then a row, where it is their product. Knows numbers and words."""

from dataclasses import dataclass
from typing import Annotated

import streamlit as st

from explorer.figures.separable import product_figure
from explorer.images.picture import Picture
from explorer.layers.pictures import Applied, TwoPasses
from explorer.predictions import Number
from explorer.settings.written import as_matrix
from explorer.ui import cache
from explorer.ui.exhibit import Exhibit
from explorer.ui.frame import filling
from explorer.ui.kernels_on_a_picture.kernel import Kernel
from explorer.ui.kernels_on_a_picture.picture import Filtered, make, show
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart
from explorer.ui.stand import Stand
from explorer.words import counted, written

PRODUCT = 400  # pixels
Passes = tuple[Picture, Applied, TwoPasses]


@dataclass(frozen=True)
class Separated(Filtered):
    """The same, with a Gaussian's size and width."""

    kernel: Annotated[str, Kernel(blurs=True)] = "g5s1"


def _make(settings: Separated) -> Passes:
    picture, applied = make(settings)
    kernel = as_matrix(applied.kernel)
    return picture, applied, cache.two_passes(
        picture.digest, kernel, settings.mode, _pixels=picture.pixels, _applied=applied
    )  # fmt: skip


def _show(made: Passes, stand: Stand[Separated]) -> None:
    picture, applied, found = made
    left, *right = filling("separable", "stretch", *[PRODUCT] * stand.revealed)
    with left:
        show((picture, applied), stand)
    for place in right:
        with place:
            _show_product(applied, found, stand)


def _show_product(applied: Applied, found: TwoPasses, stand: Stand[Separated]) -> None:
    if found.separation is None:
        st.markdown(
            f"**Not separable.** This kernel has rank {found.rank}: it takes {counted(found.rank, 'product')} column "
            "× row, added up. "
            f"One pass takes {counted(found.one_pass, 'multiplication')} per pixel and plane."
            if found.rank
            else "**Not separable.** Every cell is 0: there is nothing to separate."
        )
        return
    st.markdown(
        "**Separable:** column × row gives back the kernel. Largest difference between both ways on this picture: "
        f"**{written(found.largest_difference, 2)}** grey levels, the rounding of 32-bit numbers."
    )
    counts = {"One pass: k × k": found.one_pass, "Two passes: k + k": found.two_passes}
    numbers = st.container(horizontal=True)
    for label, value in counts.items():
        numbers.metric(label, value, help="Multiplications per pixel and plane")
    parts = found.separation
    figure = product_figure(parts.column, parts.row, applied.kernel, dark=is_dark())
    chart(stand, figure, "separable", height="stretch")


EXHIBITS = (
    Exhibit(
        "C15",
        "Separable kernels",
        "Blur every row, then every column. Is that the same as blurring with the whole square, and what does it save?",
        "The same, up to rounding: the Gaussian is a column times a row. A pixel takes 2k multiplications instead of k²: "
        "10 instead of 25 for 5×5, 18 instead of 81 for 9×9. Edge detection is no such product. Which other presets are?",
        Separated(),
        _make,
        _show,
        {"5×5, σ 1": Separated("g5s1"), "9×9, σ 2": Separated("g9s2"), "Edges": Separated("edges")},
        subject=True,
        predicted=Number("for 5×5", lambda made: made[2].two_passes),
    ),
)
