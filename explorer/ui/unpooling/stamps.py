"""K4: a transposed convolution's stamps, and where they meet. Knows numbers and words."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.figures.maps import map_figure
from explorer.figures.unpooling import overlaps_figure
from explorer.figures.unpooling_boards import overlap_board
from explorer.layers.transposed import Stamping, transpose_convolve
from explorer.layers.unpooling import OverlapPattern, away_from_border, overlap_pattern, overlap_table, stamped_formula
from explorer.predictions import Number
from explorer.settings.fields import Numbers, Whole
from explorer.settings.written import Matrix, Volume, matrix
from explorer.ui.exhibit import Exhibit
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, steps
from explorer.ui.stand import Stand
from explorer.ui.unpooling.without_memory import ROWS_AND_COLUMNS, TWO
from explorer.words import noun, short

FLAT = 12  # rows and columns of the flat input whose stamps are shown whole
TABLE = overlap_table(range(1, 9), range(1, 5))


@dataclass(frozen=True)
class Stamped:
    """extra: the output padding."""

    input: Annotated[Volume, Numbers("Input", 3, ROWS_AND_COLUMNS)]
    kernel: Annotated[Matrix, Numbers("Kernel", fill=1)]
    stride: Annotated[int, Whole("Stride", 1, 64)] = 2
    padding: Annotated[int, Whole("Padding", 0, 64)] = 0
    extra: Annotated[int, Whole("Output padding", 0, 63)] = 0


def make(settings: Stamped) -> tuple[Stamping, OverlapPattern, Stamping]:
    """The stamping, how its stamps overlap away from the border, and the same kernel on a flat input."""
    window = {"stride": settings.stride, "padding": settings.padding, "output_padding": settings.extra}
    stamping = transpose_convolve(settings.input, settings.kernel, **window)
    flat = transpose_convolve(np.ones((FLAT, FLAT)), settings.kernel, **window)
    return stamping, overlap_pattern(settings.kernel, settings.stride), flat


def _show(made: tuple[Stamping, OverlapPattern, Stamping], stand: Stand[Stamped]) -> None:
    stamping, pattern, flat = made
    steps(stand, overlap_board(stamping))
    sizes = zip(
        stamping.image.shape[1:], stamping.kernel.shape[2:], stamping.stride, stamping.padding,
        stamping.output_padding, strict=True,
    )  # fmt: skip
    formulas = dict.fromkeys(stamped_formula(*axis) for axis in sizes)
    st.markdown(
        f"Output size (n−1)·s − 2p + k + output padding: {' ;  '.join(formulas)}. What falls on the hatched border is cut off."
    )
    with st.expander("When does the pattern vanish?", expanded=stand.step > 0, key=stand.key("vanish")):
        left, right = st.columns([3, 2], gap="medium")
        with left:
            st.markdown(_verdict(pattern, flat))
            at = (stamping.kernel.shape[2], stamping.stride[0])
            chart(stand, overlaps_figure(TABLE, at, dark=is_dark()), "overlaps")
        with right:
            st.markdown(f"A flat input, {FLAT}×{FLAT} ones, comes out of this kernel as:")
            shown = map_figure(flat.output[0], signed=bool(flat.output.min() < 0), dark=is_dark(), name="output")
            chart(stand, shown, "flat")


def _verdict(pattern: OverlapPattern, flat: Stamping) -> str:
    inner = away_from_border(flat)
    low, high = pattern.counts.min(), pattern.counts.max()
    counts = (
        f"**{low:,}** {noun(low, 'stamp')} on every cell"
        if pattern.even_counts
        else f"**{low} to {high:,}** {noun(high, 'stamp')} on a cell"
    )
    if pattern.flat:
        verdict = "they add up to the same everywhere: **no checkerboard**"
    else:
        sums = f"{short(pattern.sums.min())} to {short(pattern.sums.max())}"
        verdict = f"with these weights they add up to {sums}: **a checkerboard**"
    if inner is None:
        return f"Here every cell is near the border, where stamps are missing. Further in: {counts}, {verdict}."
    rows, cols = inner
    return (
        f"Away from the border (rows {rows.start}–{rows.stop - 1}, columns {cols.start}–{cols.stop - 1} on the right): "
        f"{counts}, {verdict}. Nearer to it stamps are missing."
    )


THREE = Stamped(TWO, matrix("1 1 1; 1 1 1; 1 1 1"), padding=1, extra=1)
EXHIBITS = (
    Exhibit(
        "K4",
        "Stamps that overlap",
        "Each cell of 1 2 over 3 4 stamps a 3×3 kernel of ones, two cells apart, and stamps add up. Which number stands "
        "where all four meet? Which cells are met by one stamp only?",
        "1 + 2 + 3 + 4 = 10. Four stamps meet on that cell, two on the others of its row and column, one elsewhere: a flat "
        "input comes out chequered. Away from the border the pattern vanishes when the stride divides the kernel and its "
        "weights are equal (2×2 or 4×4 ones with stride 2), or when uneven overlaps carry fitting weights (the tent).",
        THREE,
        make,
        _show,
        {
            "3×3": THREE,
            "2×2": Stamped(TWO, matrix("1 1; 1 1")),
            "4×4": Stamped(TWO, matrix("1 1 1 1; 1 1 1 1; 1 1 1 1; 1 1 1 1"), padding=1),
            "tent": replace(THREE, kernel=matrix("0.25 0.5 0.25; 0.5 1 0.5; 0.25 0.5 0.25")),
        },
        predicted=Number("the sum", lambda made: made[0].output.max()),
    ),
)
