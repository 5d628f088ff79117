"""Unpooling cell by cell: without memory (K2), with switches (K3), by stamps (K4). Knows the screen; computes nothing."""

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.maps import map_figure
from explorer.figures.unpooling import overlaps_figure
from explorer.layers.grids import resized, resized_volume
from explorer.layers.pooling import pool
from explorer.layers.transposed import Stamping, transpose_convolve
from explorer.layers.unpooling import (
    FIXED,
    FixedStamping,
    MaxUnpooling,
    OverlapPattern,
    away_from_border,
    fixed_stamping,
    overlap_pattern,
    overlap_table,
    stamped_formula,
    unpool_with_switches,
)
from explorer.ui import stepper
from explorer.ui.address import as_matrix, as_plain
from explorer.ui.exhibits import STAYS, change, place, rest_at
from explorer.ui.scenes import Scene
from explorer.ui.shell import is_dark
from explorer.ui.unpooling.exhibits import Fixed, Stamped, Switched
from explorer.ui.unpooling.scenes import fixed_scene, overlap_scene, switches_scene
from explorer.words import counted, noun, short

PAGE = "unpooling"
QUIET = {"displayModeBar": False}
KIND_TITLES = {"nearest": "nearest", "bilinear": "bilinear", "subpixel": "sub-pixel"}
FLAT = 12  # rows and columns of the flat input whose stamps are shown whole
TABLE = overlap_table(range(1, 9), range(1, 5))


def _step_through(scene: Scene, steps: int) -> None:
    here = place(PAGE)
    stepper.show(
        scene,
        key="unpooling_stepper",
        token=f"{here.exhibit} {here.token}",
        step=min(here.step, steps - 1),
        covered=here.step == 0,
        on_edit=_take_edit,
        on_step=lambda step: rest_at(PAGE, step),
    )


def _take_edit(edit: stepper.Edit) -> None:
    now = getattr(place(PAGE).settings, edit.grid)
    flat = edit.grid == "kernel"
    new = as_plain(stepper.changed(np.array([now] if flat else now), edit))
    change(PAGE, **{edit.grid: new[0] if flat else new})


# ── K2: without memory ──────────────────────────────────────────────────────────────────────────────────────


def make_fixed(settings: Fixed) -> tuple[FixedStamping]:
    return (fixed_stamping(settings.input, settings.kind, settings.factor),)


def show_fixed(fixed: FixedStamping) -> None:
    _step_through(fixed_scene(fixed), len(fixed.stamping))
    torchs = {
        "nearest": f"F.interpolate(x, scale_factor={fixed.factor})",
        "bilinear": f'F.interpolate(x, scale_factor={fixed.factor}, mode="bilinear")',
        "subpixel": f"F.pixel_shuffle(x, {fixed.factor})",
    }
    ring = (
        " The hatched ring repeats the input's edge, so that nothing fades there." if fixed.kind == "bilinear" else ""
    )
    st.markdown(f"The same as PyTorch's `{torchs[fixed.kind]}`.{ring}")


def ask_fixed(settings: Fixed, token: int) -> None:
    _, tall, wide = np.shape(settings.input)
    with st.expander("Settings", expanded=True):
        columns = st.columns(6)
        rows = _ask(columns[0], "Input rows", tall, token)
        cols = _ask(columns[1], "Input columns", wide, token)
        factor = _ask(columns[2], "Factor", settings.factor, token)
        kind = columns[3].selectbox(
            "Kind", FIXED, FIXED.index(settings.kind), format_func=KIND_TITLES.get, key=_key("kind", token)
        )
    change(PAGE, kind=kind, factor=factor)
    _resize((factor**2 if kind == "subpixel" else 1, rows, cols))


# ── K3: switches ────────────────────────────────────────────────────────────────────────────────────────────


def make_switched(settings: Switched) -> tuple[MaxUnpooling]:
    return (unpool_with_switches(pool(settings.input, "max", settings.size), settings.values),)


def show_switched(unpooling: MaxUnpooling) -> None:
    _step_through(switches_scene(unpooling), len(unpooling))
    _, height, width = unpooling.output.shape
    st.markdown(
        f"A switch is a cell's number in reading order, row · {width} + column, 0 to {height * width - 1}. "
        f"Kept: {counted(unpooling.values.size, 'switch')} for {counted(unpooling.output.size, 'cell')}."
    )


def ask_switched(settings: Switched, token: int) -> None:
    _, tall, wide = np.shape(settings.input)
    with st.expander("Settings", expanded=True):
        columns = st.columns([1, 1, 1, 1.5, 1.5], vertical_alignment="bottom")
        rows = _ask(columns[0], "Input rows", tall, token)
        cols = _ask(columns[1], "Input columns", wide, token)
        size = _ask(columns[2], "Window and stride", settings.size, token)
        columns[3].button("Values: the maxima", width="stretch", on_click=_take_maxima)
    change(PAGE, size=size)
    _resize((1, rows, cols))
    _fit_values()


def _fit_values() -> None:
    """The values get the pooled input's size; new cells are 0. Impossible sizes are told elsewhere."""
    now = place(PAGE).settings
    try:
        shape = pool(now.input, "max", now.size).output.shape
        if shape != np.shape(now.values):
            change(PAGE, values=as_plain(resized_volume(now.values, shape, "Values")))
    except ExplorerError:
        return


def _take_maxima() -> None:
    now = place(PAGE).settings
    try:
        change(PAGE, load=True, values=as_plain(pool(now.input, "max", now.size).output))
    except ExplorerError:  # told where the settings are computed
        return


# ── K4: stamps that overlap ─────────────────────────────────────────────────────────────────────────────────


def make_stamped(settings: Stamped) -> tuple[Stamping, OverlapPattern, Stamping]:
    window = {"stride": settings.stride, "padding": settings.padding, "output_padding": settings.extra}
    stamping = transpose_convolve(settings.input, settings.kernel, **window)
    flat = transpose_convolve(np.ones((FLAT, FLAT)), settings.kernel, **window)
    return stamping, overlap_pattern(settings.kernel, settings.stride), flat


def show_stamped(stamping: Stamping, pattern: OverlapPattern, flat: Stamping) -> None:
    _step_through(overlap_scene(stamping), len(stamping))
    sizes = zip(
        stamping.image.shape[1:], stamping.kernel.shape[2:], stamping.stride, stamping.padding,
        stamping.output_padding, strict=True,
    )  # fmt: skip
    formulas = dict.fromkeys(stamped_formula(*axis) for axis in sizes)
    st.markdown(
        f"Output size (n−1)·s − 2p + k + output padding: {' ;  '.join(formulas)}. What falls on the hatched border is cut off."
    )
    with st.expander("When does the pattern vanish?", expanded=place(PAGE).step > 0, key=f"{PAGE} vanish"):
        left, right = st.columns([3, 2], gap="medium")
        with left:
            st.markdown(_verdict(pattern, flat))
            at = (stamping.kernel.shape[2], stamping.stride[0])
            st.plotly_chart(overlaps_figure(TABLE, at, dark=is_dark()), key="overlaps", config=QUIET, theme=None)
        with right:
            st.markdown(f"A flat input, {FLAT}×{FLAT} ones, comes out of this kernel as:")
            shown = map_figure(flat.output[0], signed=bool(flat.output.min() < 0), dark=is_dark(), name="output")
            st.plotly_chart(shown, key="flat", config=QUIET, theme=None)


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
        sums = f"{_number(pattern.sums.min())} to {_number(pattern.sums.max())}"
        verdict = f"with these weights they add up to {sums}: **a checkerboard**"
    if inner is None:
        return f"Here every cell is near the border, where stamps are missing. Further in: {counts}, {verdict}."
    rows, cols = inner
    return (
        f"Away from the border (rows {rows.start}–{rows.stop - 1}, columns {cols.start}–{cols.stop - 1} on the right): "
        f"{counts}, {verdict}. Nearer to it stamps are missing."
    )


def _number(value: float) -> str:
    return short(value)


def ask_stamped(settings: Stamped, token: int) -> None:
    _, tall, wide = np.shape(settings.input)
    with st.expander("Settings", expanded=True):
        columns = st.columns(7)
        rows = _ask(columns[0], "Input rows", tall, token)
        cols = _ask(columns[1], "Input columns", wide, token)
        down = _ask(columns[2], "Kernel rows", len(settings.kernel), token)
        across = _ask(columns[3], "Kernel columns", len(settings.kernel[0]), token)
        stride = _ask(columns[4], "Stride", settings.stride, token)
        padding = _ask(columns[5], "Padding", settings.padding, token)
        extra = _ask(columns[6], "Output padding", settings.extra, token)
    change(PAGE, stride=stride, padding=padding, extra=extra)
    _resize((1, rows, cols))
    try:
        if (down, across) != np.shape(settings.kernel):
            change(PAGE, kernel=as_matrix(resized(settings.kernel, (down, across), "Kernel", fill=1)))
    except ExplorerError as error:
        st.error(f"{error} {STAYS}")


# ── settings ────────────────────────────────────────────────────────────────────────────────────────────────


def _key(name: str, token: int) -> str:
    return f"{PAGE} {name} {token}"


def _ask(column, label: str, value: int, token: int) -> int:
    return column.number_input(label, value=value, step=1, key=_key(label, token))


def _resize(shape: tuple[int, int, int]) -> None:
    try:
        now = place(PAGE).settings.input
        if shape != np.shape(now):
            change(PAGE, input=as_plain(resized_volume(now, shape, "Input")))
    except ExplorerError as error:
        st.error(f"{error} {STAYS}")
