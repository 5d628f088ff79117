"""The Volumes page: convolution over many channels, every setting open. Knows the screen; computes nothing itself."""

from functools import partial

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.rgb import rgb_figure
from explorer.layers.convolution import Walkthrough, convolve
from explorer.layers.grids import resized_volume, small_numbers
from explorer.layers.matrix import columns_difference, convolution_matrix, im2col, matrix_difference
from explorer.layers.sizes import output_formula, parameter_formula
from explorer.ui import stepper
from explorer.ui.address import as_plain
from explorer.ui.exhibits import STAYS, Exhibit, change, choose_exhibit, mirror, place, rest_at, valid
from explorer.ui.scenes import Scene, convolution_scene, with_columns, with_matrix
from explorer.ui.shell import is_dark
from explorer.ui.volumes.counts import PLOTLY, ask_sizes, show_counts
from explorer.ui.volumes.exhibits import CODECS, EXHIBITS, Layer, Sizes
from explorer.words import counted, noun, written

PAGE = "volumes"
MOST_OUTPUTS = 4096  # cells of all maps together that can still be looked at
MOST_ENTRIES = 40_000  # of a matrix that is drawn
RGB = ("red", "green", "blue")


@st.fragment
def explore() -> None:
    """One exhibit: question, stepper or counts, what belongs to it alone, settings."""
    exhibit = choose_exhibit(PAGE, EXHIBITS, CODECS)
    stage, below = st.container(), st.container()
    counted = isinstance(exhibit.settings, Sizes)
    with below:  # asked first, shown last: what is drawn above is already what was asked for
        (ask_sizes if counted else _ask_settings)(PAGE, exhibit)
    with stage:
        if counted:
            show_counts(PAGE, exhibit)
            mirror(PAGE, exhibit, CODECS)
        else:
            _show(exhibit)


@st.fragment
def _show(exhibit: Exhibit[Layer]) -> None:
    """The stepper and what follows from it. A fragment within the page's: an edited cell redraws no setting."""
    _, (walk, scene) = valid(PAGE, exhibit, partial(_scene, exhibit))
    here = place(PAGE)
    stepper.show(
        scene,
        key="volumes_stepper",
        token=f"{here.exhibit} {here.token}",
        step=min(here.step, len(walk) - 1),
        covered=here.step == 0,
        on_edit=_take_edit,
        on_step=lambda step: rest_at(PAGE, step),
    )
    if exhibit.id == "C11" and len(walk.image) == len(RGB):
        words, picture = st.columns([3, 1])
        with picture:
            st.caption("The input as a colour picture")
            st.plotly_chart(
                rgb_figure(walk.image, dark=is_dark()), key="rgb", width="content", config=PLOTLY, theme=None
            )
    else:
        words = st.container()
    with words:
        _BELONGS.get(exhibit.id, lambda walk: None)(walk)
        st.markdown(_formulas(walk))
    mirror(PAGE, exhibit, CODECS)


def _scene(exhibit: Exhibit[Layer], settings: Layer) -> tuple[Walkthrough, Scene]:
    walk = convolve(
        settings.input, settings.kernel, bias=settings.bias, stride=settings.stride, padding=settings.padding
    )
    if len(walk) > MOST_OUTPUTS:
        raise ExplorerError(
            f"The maps would have {counted(len(walk), 'cell')}: choose sizes with at most {MOST_OUTPUTS:,}."
        )
    channels, maps = walk.image.shape[0], walk.kernel.shape[0]
    scene = convolution_scene(
        walk,
        names=_names(exhibit, channels),
        outputs=[f"map {i}" for i in range(maps)] if maps > 1 else None,
        signed_input=bool((walk.image < 0).any()),
    )
    if exhibit.id == "C13":
        return walk, with_columns(scene, walk)
    if exhibit.id == "B5":
        if walk.sums.size * walk.image.size > MOST_ENTRIES:
            raise ExplorerError(
                f"The matrix would be {walk.sums.size:,}×{walk.image.size:,}: "
                f"choose sizes with at most {MOST_ENTRIES:,} entries."
            )
        return walk, with_matrix(scene, walk)
    return walk, scene


def _names(exhibit: Exhibit[Layer], channels: int) -> list[str] | None:
    if channels == 1:
        return None
    return list(RGB) if exhibit.id == "C11" and channels == 3 else [f"channel {i}" for i in range(channels)]


def _take_edit(edit: stepper.Edit) -> None:
    settings = place(PAGE).settings
    if edit.grid == "input":
        change(PAGE, input=as_plain(stepper.changed(settings.input, edit)))
    else:
        maps, depth = len(settings.kernel), len(settings.kernel[0])
        planes = stepper.changed([plane for kernel in settings.kernel for plane in kernel], edit)
        change(PAGE, kernel=as_plain(planes.reshape(maps, depth, *planes.shape[1:])))


def _formulas(walk: Walkthrough) -> str:
    """Parameters and output size with the chosen numbers substituted."""
    maps, depth, kh, kw = walk.kernel.shape
    rows = output_formula(walk.image.shape[1], kh, walk.window.stride[0], walk.window.padding[0][0])
    cols = output_formula(walk.image.shape[2], kw, walk.window.stride[1], walk.window.padding[1][0])
    named = "(Wk·Hk·Cin + 1)·Cout" if walk.has_bias else "Wk·Hk·Cin·Cout"
    return (
        f"**Parameters** {named} = {parameter_formula(kw, kh, depth, maps, walk.has_bias)}  \n"
        f"**Output** {maps} × {walk.output.shape[1]}×{walk.output.shape[2]}: rows {rows}; columns {cols}"
    )


# ── what belongs to one exhibit alone ───────────────────────────────────────────────────────────────────────


def _show_columns(walk: Walkthrough) -> None:
    columns = im2col(walk)
    (maps, depth), (_, count) = columns.weights.shape, columns.columns.shape
    st.markdown(
        f"{maps}×{depth} times {depth}×{count} gives {maps}×{count}: row = kernel, column = window. "
        f"Largest difference from the feature maps (before the bias): **{written(columns_difference(walk), 1)}**."
    )


def _show_matrix(walk: Walkthrough) -> None:
    dense = convolution_matrix(walk)
    rows, cols = dense.matrix.shape
    st.markdown(
        f"A {rows}×{cols} matrix: {counted(dense.matrix.size, 'entry')}, {dense.filled:,} inside a window, "
        f"**{dense.distinct:,}** {noun(dense.distinct, 'distinct value')} other than 0. "
        f"Matrix × flattened input against the feature map, largest difference: **{written(matrix_difference(walk), 1)}**."
    )


_BELONGS = {"C13": _show_columns, "B5": _show_matrix}


# ── settings ────────────────────────────────────────────────────────────────────────────────────────────────


def _ask_settings(page: str, exhibit: Exhibit[Layer]) -> None:
    """Every setting as a widget; impossible ones are answered by the computation, not forbidden here."""
    here = place(page)
    settings: Layer = here.settings

    def ask(column, label: str, name: str, value: int) -> int:
        return column.number_input(label, value=value, step=1, key=f"{page} {exhibit.id} {name} {here.token}")

    with st.expander("Settings", expanded=True):
        columns = st.columns(8)
        depth = ask(columns[0], "Channels in, Cin", "depth", len(settings.input))
        rows = ask(columns[1], "Input rows", "rows", len(settings.input[0]))
        cols = ask(columns[2], "Input columns", "cols", len(settings.input[0][0]))
        maps = ask(columns[3], "Maps out, Cout", "maps", len(settings.kernel))
        tall = ask(columns[4], "Kernel rows", "tall", len(settings.kernel[0][0]))
        wide = ask(columns[5], "Kernel columns", "wide", len(settings.kernel[0][0][0]))
        stride = ask(columns[6], "Stride", "stride", settings.stride)
        padding = ask(columns[7], "Padding", "padding", settings.padding)
        bias = _ask_bias(page, exhibit, settings, here.token)
        left, right, _ = st.columns([1, 1, 2])
        left.button("Random input", width="stretch", on_click=_fill, args=("input",))
        right.button("Random kernels", width="stretch", on_click=_fill, args=("kernel",))
    try:
        wanted = {"stride": stride, "padding": padding}
        wanted["input"] = as_plain(resized_volume(settings.input, (depth, rows, cols), "Input"))
        wanted["kernel"] = as_plain(resized_volume(settings.kernel, (maps, depth, tall, wide), "Kernels"))
        wanted["bias"] = None if bias is None else tuple((*bias, *[0.0] * maps)[:maps])
        change(page, **wanted)
    except ExplorerError as error:
        st.error(f"{error} {STAYS}")


def _ask_bias(page: str, exhibit: Exhibit[Layer], settings: Layer, token: int) -> list[float] | None:
    """One bias a map, each with its number; None where the layer has none."""
    columns = st.columns(8, vertical_alignment="bottom")
    if not columns[0].toggle("Biases", value=settings.bias is not None, key=f"{page} {exhibit.id} biased {token}"):
        return None
    values = settings.bias or (0.0,) * len(settings.kernel)
    return [
        columns[1 + i % 7].number_input(
            f"Bias of map {i}", value=value, step=1.0, key=f"{page} {exhibit.id} bias {i} {token}"
        )
        for i, value in enumerate(values)
    ]


def _fill(name: str) -> None:
    """Fill the input (0 to 5) or all kernels (−2 to 2) with whole numbers that one can add in one's head."""
    here = place(PAGE)
    shape = np.shape(getattr(here.settings, name))
    low, high = (0, 5) if name == "input" else (-2, 2)
    change(PAGE, load=True, **{name: as_plain(small_numbers(shape, here.token, low, high))})
