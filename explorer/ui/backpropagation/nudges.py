"""D2: back through pooling, checked by nudging a cell. Knows numbers and words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any

import numpy as np
import streamlit as st

from explorer.figures.boards import Grid, pooling_board
from explorer.layers.backward import Nudge, last_nudge, nudge, raised
from explorer.layers.gradients import pooling_gradient
from explorer.layers.pooling import KINDS, pool_window, pooled_size
from explorer.predictions import Number
from explorer.settings.fields import Numbers, OneOf, Real, Whole
from explorer.settings.written import Matrix, as_matrix, matrix
from explorer.ui import stepper
from explorer.ui.backpropagation.convolution import of_size
from explorer.ui.exhibit import Exhibit
from explorer.ui.shows import steps
from explorer.ui.stand import Stand
from explorer.words import bracketed, signed, written

MOST_BUTTONS = 16  # cells of the input that get buttons of their own


@dataclass(frozen=True)
class Pooled:
    """upstream: ∂L/∂output. cell, by: the cell, in reading order, that was nudged, and by how much; `input` is as before."""

    input: Annotated[Matrix, Numbers("Input")]
    upstream: Annotated[Matrix, Numbers("")]
    size: Annotated[int, Whole("Window size", 1, 64)] = 2
    stride: Annotated[int, Whole("Stride", 1, 64)] = 2
    padding: Annotated[int, Whole("Padding", 0, 64)] = 0
    kind: Annotated[str, OneOf("Kind", KINDS)] = "max"
    cell: Annotated[int, Whole("", 0, 4095)] = 0
    by: Annotated[float, Real("")] = 0.0


def make(settings: Pooled) -> Nudge:
    """The layer before and after the nudge, and what the gradient foretold."""
    window = {"kind": settings.kind, "kernel": settings.size, "stride": settings.stride, "padding": settings.padding}
    return nudge(settings.input, settings.cell, settings.by, settings.upstream, **window)


def _fit(settings: Pooled, before: Pooled) -> Pooled:
    """The gradient at the output gets the output's size; an input of another size is not nudged yet."""
    if np.shape(settings.input) != np.shape(before.input):
        settings = replace(settings, cell=0, by=0.0)
    window = pool_window(settings.size, settings.stride, settings.padding)
    return replace(settings, upstream=of_size(settings.upstream, pooled_size(window, *np.shape(settings.input))))


def _show(done: Nudge, stand: Stand[Pooled]) -> None:
    gradient = pooling_gradient(done.after, done.gradient.upstream)
    scene = pooling_board(done.after, signed=bool(done.after.image.min() < 0))
    grids = {
        "upstream": Grid("Gradient at the output", gradient.upstream, editable=True),
        "gradient": Grid("Gradient at the input", gradient.image, late=True),
    }
    scene = replace(scene, grids={**scene.grids, **grids}, extra=("upstream", "→", "gradient"))
    steps(stand, scene, own={"input": lambda edit: _changes(done, stepper.changed(done.after.image, edit))})
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _show_buttons(done, stand)
    right.markdown(_in_words(done))


def _in_words(done: Nudge) -> str:
    _, row, col = done.cell
    if done.slope is None:
        return "Nudge a cell: raise or lower it by 1, here or in the grid, and watch the output."
    agreed = (
        ": they agree."
        if np.isclose(done.slope, done.predicted)
        else ". They differ: another cell became the maximum on the way, and a gradient tells of small changes only."
    )
    return (
        f"Row {row}, column {col}: **{written(done.old, 6)} → {written(done.new, 6)}**.  \n"
        f"Output before: **{_text(done.before.output[0])}**, after: **{_text(done.after.output[0])}**.  \n"
        f"Measured slope of L = Σ gradient · output: ({written(done.losses[1], 6)} − "
        f"{bracketed(written(done.losses[0], 6))}) / "
        f"({written(done.new, 6)} − {bracketed(written(done.old, 6))}) = **{written(done.slope, 6)}**.  \n"
        f"The gradient there, before: **{written(done.predicted, 6)}**{agreed}"
    )


def _text(values: np.ndarray) -> str:
    return "; ".join(" ".join(written(value, 6) for value in row) for row in values)


def _show_buttons(done: Nudge, stand: Stand[Pooled]) -> None:
    """− value + for each cell, as they stand in the input."""
    image = done.after.image[0]
    if image.size > MOST_BUTTONS:
        st.caption("Click a cell of the input and type: the newest change is the nudge.")
        return
    for row, values in enumerate(image):
        for col, (column, value) in enumerate(zip(st.columns(len(values), gap="small"), values, strict=True)):
            with column.container(horizontal=True, gap="small", vertical_alignment="center"):
                _button(done, stand, row, col, -1)
                st.markdown(f"**{written(value, 6)}**", width="content")
                _button(done, stand, row, col, 1)


def _button(done: Nudge, stand: Stand[Pooled], row: int, col: int, by: int) -> None:
    label, key = signed(by), stand.key(f"nudge {row} {col} {by}")
    st.button(label, key=key, on_click=partial(_raise, done, stand, (0, row, col), by))


def _raise(done: Nudge, stand: Stand[Pooled], cell: tuple[int, int, int], by: int) -> None:
    stand.change(**_changes(done, raised(done.after.image, cell, by)))


def _changes(done: Nudge, image: np.ndarray) -> Mapping[str, Any]:
    """The settings that a changed input means: the newest change is the nudge."""
    base, cell, by = last_nudge(done.before.image, done.after.image, image)
    return {"input": as_matrix(base[0]), "cell": cell, "by": by}


PATCH = Pooled(matrix("6 8; 3 5"), matrix("1"))
EXHIBITS = (
    Exhibit(
        "D2",
        "Through pooling",
        "The output's gradient is 1. How much of it does each of 6, 8, 3 and 5 receive? Raise the 6 to 7, then the 8 to 9.",
        "All of it goes to the maximum, 8; nothing to the others. With 7 for 6 the output stays 8, slope 0; with 9 for 8 it "
        "is 9, slope 1. Raise the 6 as far as 9 and it becomes the maximum itself: a gradient only tells of small changes. "
        "An average gives each of its four cells a quarter.",
        PATCH,
        make,
        _show,
        {
            "max": PATCH,
            "average": replace(PATCH, kind="average"),
            "four windows": Pooled(matrix("1 1 1 4; 2 6 5 8; 3 2 1 0; 1 1 3 5"), matrix("1 2; 3 4")),
        },
        fit=_fit,
        predicted=Number("the 8 gets", lambda nudge: nudge.gradient.image.max()),
    ),
)
