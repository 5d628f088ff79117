"""Kernels on a picture: before and after, and a kernel as a column and a row. Knows the screen; computes nothing."""

from contextlib import suppress

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.separable import product_figure
from explorer.images.picture import Picture
from explorer.images.samples import load_sample
from explorer.layers.grids import resized
from explorer.layers.padding import MODES
from explorer.layers.pictures import VIEWS, Applied, checked_kernel, sum_of_cells
from explorer.layers.presets import PRESETS
from explorer.ui import cache
from explorer.ui.address import as_matrix
from explorer.ui.exhibits import STAYS, change, choose_exhibit, keep_valid, mirror, place
from explorer.ui.kernels_on_a_picture.compare import Edit, show_compare
from explorer.ui.kernels_on_a_picture.exhibits import (
    CODECS,
    EXHIBITS,
    VIEW_TITLES,
    Settings,
    cells_text,
    gaussian_parts,
    gaussian_text,
    kernel_of,
)
from explorer.ui.pickers import look_at_sample, pick_picture
from explorer.ui.shell import is_dark
from explorer.ui.state import choice
from explorer.words import counted, noun, written

PAGE = "kernels_on_a_picture"
FIRST = "cat"  # the sample that is looked at until a picture is drawn or chosen
OWN = "own"
OPENING = (5, 1.0)  # the Gaussian in its boxes while another kernel is shown: size, σ


@st.fragment
def explore() -> None:
    """One exhibit: the question, the picture's source, the kernel, before and after, and the two passes."""
    exhibit = choose_exhibit(PAGE, EXHIBITS, CODECS)
    _take_sample_of_address()
    left, right = st.columns([1, 3.4], gap="medium")
    with left:
        picture = _pick()
    with right:
        _show_settings(exhibit.id)
        applied, settings = _apply(picture, exhibit.settings)
        _show_result(picture, applied, settings)
    if exhibit.id == "C15":
        _show_two_passes(picture, applied, settings)
    mirror(PAGE, exhibit, CODECS)


def _apply(picture: Picture, opening: Settings) -> tuple[Applied, Settings]:
    """The kernel on the picture, and the settings that are shown: the last valid ones where the present are not."""
    settings = place(PAGE).settings
    try:
        applied = _computed(picture, settings)
        keep_valid(PAGE)
    except ExplorerError as error:
        st.error(f"{error} {STAYS}")
        settings = place(PAGE).last_valid or opening
        try:
            applied = _computed(picture, settings)
        except ExplorerError:  # valid on another picture only: a mirrored border can be too wide for this one
            settings = Settings("identity")
            applied = _computed(picture, settings)
    return applied, settings


def _computed(picture: Picture, settings: Settings) -> Applied:
    return cache.applied(picture.digest, as_matrix(kernel_of(settings.kernel)), settings.mode, _pixels=picture.pixels)


# ── the picture ─────────────────────────────────────────────────────────────────────────────────────────────


def _take_sample_of_address() -> None:
    """A sample that an address or a variant names becomes the shared choice, once."""
    seen = f"{PAGE} sample taken at"
    here = place(PAGE)
    if st.session_state.get(seen) == here.token:
        return
    st.session_state[seen] = here.token
    key = here.settings.sample
    if key and not (choice().source == "sample" and choice().sample == key):
        look_at_sample(key)


def _pick() -> Picture:
    chosen = pick_picture()
    if chosen.picture is None:
        st.caption("The cat is shown until you draw or choose a picture.")
    change(PAGE, sample=chosen.sample if chosen.source == "sample" else None)
    return chosen.picture or load_sample(FIRST)


# ── the kernel ──────────────────────────────────────────────────────────────────────────────────────────────


def _show_settings(exhibit: str) -> None:
    """Kernel, its size, padding and view; what is impossible is answered in one sentence and changes nothing."""
    settings = place(PAGE).settings
    kernel = kernel_of(settings.kernel)
    gaussian = gaussian_parts(settings.kernel)
    own = settings.kernel not in PRESETS
    own_title = f"Gaussian {gaussian[0]}×{gaussian[0]}, σ {written(gaussian[1], 6)}" if gaussian else "Your own"
    widths = [1.6, 0.8, 0.8, *([0.8, 0.8] if exhibit == "C15" else []), 1.1, 1.8]
    columns = st.columns(widths, vertical_alignment="bottom")
    columns[0].selectbox(
        "Kernel",
        [*PRESETS, OWN] if own else list(PRESETS),
        index=len(PRESETS) if own else list(PRESETS).index(settings.kernel),
        format_func=lambda name: PRESETS[name].title if name in PRESETS else own_title,
        key=_key("preset"),
        on_change=_take_preset,
    )
    boxes = {"rows": ("Rows", kernel.shape[0], 1), "columns": ("Columns", kernel.shape[1], 1)}
    if exhibit == "C15":
        size, sigma = gaussian or OPENING
        boxes |= {"size": ("Gauss size", size, 1), "sigma": ("Gauss σ", sigma, 0.5)}
    for column, (name, (label, value, step)) in zip(columns[1:], boxes.items(), strict=False):
        column.number_input(label, value=value, step=step, format=None, key=_key(name), on_change=_take_sizes)
    mode = columns[-2].selectbox("Padding", MODES, index=MODES.index(settings.mode), key=_key("mode"))
    view = columns[-1].selectbox(
        "Result shown", VIEWS, index=VIEWS.index(settings.view), format_func=VIEW_TITLES.get, key=_key("view")
    )
    change(PAGE, mode=mode, view=view)
    try:
        _wanted()
    except ExplorerError as error:
        st.error(f"{error} {STAYS}")


def _key(name: str) -> str:
    return f"{PAGE} {name} {place(PAGE).token}"


def _take_preset() -> None:
    name = st.session_state[_key("preset")]
    if name in PRESETS:
        change(PAGE, load=True, kernel=name)


def _take_sizes() -> None:
    """Take rows and columns, or the Gaussian's size and width; impossible ones are told where the boxes stand."""
    with suppress(ExplorerError):
        text = _wanted()
        if text != place(PAGE).settings.kernel:
            change(PAGE, load=True, kernel=text)


def _wanted() -> str:
    """The kernel's text that the boxes ask for. Raises ExplorerError where there is no such kernel."""
    text = place(PAGE).settings.kernel
    kernel = kernel_of(text)
    now, typed = gaussian_parts(text) or OPENING, st.session_state
    shape = typed[_key("rows")], typed[_key("columns")]
    blur = typed.get(_key("size"), now[0]), typed.get(_key("sigma"), now[1])
    if shape != kernel.shape:
        return cells_text(checked_kernel(resized(kernel, shape, "A kernel")))
    return text if blur == now else gaussian_text(*blur)


def _take_edit(edit: Edit) -> None:
    row, column, value = edit
    kernel = kernel_of(place(PAGE).settings.kernel).copy()
    if row < kernel.shape[0] and column < kernel.shape[1]:
        kernel[row, column] = value
        change(PAGE, load=True, kernel=cells_text(kernel))


# ── before and after ────────────────────────────────────────────────────────────────────────────────────────


def _show_result(picture: Picture, applied: Applied, settings: Settings) -> None:
    does = PRESETS[settings.kernel].does if settings.kernel in PRESETS else ""
    st.markdown(f"{_sum_in_words(applied.kernel, settings.view)} {does}")
    show_compare(picture, applied, settings.view, key="compare", on_edit=_take_edit)


def _sum_in_words(kernel: np.ndarray, view: str) -> str:
    """What the sum of the kernel's cells means for a flat area (C2)."""
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


def _show_two_passes(picture: Picture, applied: Applied, settings: Settings) -> None:
    """C15: the same result by a column and then a row, where the kernel is their product."""
    found = cache.two_passes(
        picture.digest, as_matrix(applied.kernel), settings.mode, _pixels=picture.pixels, _applied=applied
    )
    st.markdown("#### A column, then a row :gray-badge[C15]")
    if found.separation is None:
        st.markdown(
            f"**Not separable.** This kernel has rank {found.rank}: it takes {counted(found.rank, 'product')} column "
            "× row, added up. "
            f"One pass takes {counted(found.one_pass, 'multiplication')} per pixel and plane."
            if found.rank
            else "**Not separable.** Every cell is 0: there is nothing to separate."
        )
        return
    left, right = st.columns([1, 1.4], gap="medium", vertical_alignment="center")
    left.markdown("**Separable:** column × row gives back the kernel. Multiplications per pixel and plane:")
    for place_, label, value in zip(
        left.columns(2), ("One pass: k × k", "Two passes: k + k"), (found.one_pass, found.two_passes), strict=True
    ):
        place_.metric(label, value)
    left.markdown(
        f"Largest difference between both ways on this picture: **{written(found.largest_difference, 2)}** grey "
        "levels, the rounding "
        "of 32-bit numbers."
    )
    parts = found.separation
    right.plotly_chart(
        product_figure(parts.column, parts.row, applied.kernel, dark=is_dark()),
        key="separable",
        theme=None,
        config={"displayModeBar": False},
    )
