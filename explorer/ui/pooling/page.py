"""The Pooling page: a window that keeps one number, every setting open. Knows the screen; computes nothing itself."""

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.errors import ExplorerError
from explorer.figures.shift import changes_figure, maps_figure
from explorer.layers.equivariance import compare_under_shift, moved_cells, moved_whole, shift
from explorer.layers.grids import resized_volume
from explorer.layers.pooled_sizes import PooledVolume, pooled_volume
from explorer.layers.pooling import KINDS, Pooling, pool
from explorer.layers.presets import PRESETS
from explorer.ui import stepper
from explorer.ui.address import as_matrix, as_plain
from explorer.ui.exhibits import STAYS, Exhibit, change, choose_exhibit, mirror, place, rest_at, revealed, valid
from explorer.ui.pooling.exhibits import CODECS, MOST_SHIFT, Settings, exhibits
from explorer.ui.scenes import pooling_scene
from explorer.ui.shell import is_dark
from explorer.ui.state import drawn_digit
from explorer.words import counted, noun

PAGE = "pooling"
QUIET = {"displayModeBar": False}
COLOURS = ("red", "green", "blue")


@st.fragment
def explore() -> None:
    """One exhibit: question, what it shows, settings."""
    found = exhibits()
    exhibit = choose_exhibit(PAGE, found, CODECS)
    if exhibit.id == "E3":
        _ask_shift(place(PAGE).settings, place(PAGE).token)
    stage, below = st.container(), st.container()
    with below:  # asked first, shown last: what is drawn above is already what was asked for
        _ASK[exhibit.id](place(PAGE).settings, place(PAGE).token)
    with stage:
        _try(exhibit)


@st.fragment
def _try(exhibit: Exhibit[Settings]) -> None:
    """The stepper and what follows from it. A fragment within the page's: an edited cell redraws no setting."""
    _, made = valid(PAGE, exhibit, _MAKE[exhibit.id])
    shown = not exhibit.hidden or revealed(PAGE, exhibit)
    (_SHOW if shown else _COVERED)[exhibit.id](*made)
    mirror(PAGE, exhibit, CODECS)


# ── E1, E2: the stepper ─────────────────────────────────────────────────────────────────────────────────────


def _pool(settings: Settings) -> Pooling:
    return pool(
        settings.input,
        settings.kind,
        settings.size,
        settings.stride,
        settings.padding,
        ceil_mode=settings.ceil,
        count_include_pad=settings.count_pad,
    )


def _volume(settings: Settings, rows: int, cols: int, channels: int) -> PooledVolume:
    return pooled_volume(rows, cols, channels, settings.size, settings.stride, settings.padding, settings.ceil)


def _make_steps(settings: Settings) -> tuple[Pooling, PooledVolume]:
    channels, rows, cols = np.shape(settings.input)
    return _pool(settings), _volume(settings, rows, cols, channels)


def _make_channels(settings: Settings) -> tuple[Pooling, PooledVolume, PooledVolume]:
    return *_make_steps(settings), _volume(settings, settings.rows, settings.cols, settings.channels)


def _show_steps(pooling: Pooling, volume: PooledVolume) -> None:
    here, channels = place(PAGE), len(pooling.image)
    names = None
    if channels > 1:
        names = COLOURS if channels == len(COLOURS) else [f"channel {i}" for i in range(channels)]
    stepper.show(
        pooling_scene(pooling, names=names, signed=bool(pooling.image.min() < 0)),
        key="pooling_stepper",
        token=f"{here.exhibit} {here.token}",
        step=min(here.step, len(pooling) - 1),
        covered=here.step == 0,
        on_edit=lambda edit: change(PAGE, input=as_plain(stepper.changed(np.array(place(PAGE).settings.input), edit))),
        on_step=lambda step: rest_at(PAGE, step),
    )
    st.markdown(f"Output size: {' ;  '.join(volume.formulas)}")


def _show_channels(pooling: Pooling, own: PooledVolume, volume: PooledVolume) -> None:
    _show_steps(pooling, own)
    st.markdown(
        f"A whole volume: **{volume}**, and {counted(volume.numbers[0], 'number')} "
        f"{noun(volume.numbers[0], 'becomes', 'become')} **{volume.numbers[1]:,}**.  \n"
        f"{' ;  '.join(volume.formulas)} ;  the {counted(volume.after[2], 'channel')} {noun(volume.after[2], 'stays', 'stay')}."
    )


def _cover_channels(pooling: Pooling, own: PooledVolume, volume: PooledVolume) -> None:
    _show_steps(pooling, own)


# ── E3: shifts ──────────────────────────────────────────────────────────────────────────────────────────────


def _make_shift(settings: Settings) -> tuple:
    shifts = range(MOST_SHIFT + 1)
    responses = compare_under_shift(settings.input, PRESETS[settings.kernel].kernel, shifts, settings.size)
    return settings, [shift(settings.input, right=amount) for amount in shifts], responses


def _show_shift(settings: Settings, inputs: list, responses: tuple) -> None:
    at = settings.shift
    moved = moved_cells(at, settings.size)
    changes = ", ".join(f"{response.layer} **{response.changes[at]:.0%}**" for response in responses)
    if moved is None:
        note = f"No multiple of the stride {settings.size}: the strided outputs are not merely moved, their numbers differ."
    else:
        whole = all(moved_whole(response, at, moved) for response in responses if response.layer != "convolution")
        rest = "unchanged" if whole else "unchanged but at the border, where the picture is pushed out or in"
        by = counted(moved, "cell")
        note = f"A multiple of the stride {settings.size}: the strided outputs have moved on by {by}, {rest}."
    st.markdown(f"Changed by: {changes}.  \n{note if at else 'Above and below the same: nothing is shifted yet.'}")
    right = _show_maps(inputs, responses, at)
    with right:
        st.plotly_chart(changes_figure(responses, at, dark=is_dark()), key="shift_lines", config=QUIET, theme=None)
        st.caption(
            "Change: the length of the difference from the unshifted output, as a share of that output's length."
        )


def _show_maps(inputs: list, responses: tuple, at: int) -> DeltaGenerator:
    """The layers' maps, unshifted and shifted; returns the column beside them."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.plotly_chart(maps_figure(inputs, responses, at, dark=is_dark()), key="shift_maps", config=QUIET, theme=None)
        st.caption("Above unshifted, below shifted. Each layer has its own colours, the same above and below.")
    return right


def _cover_shift(settings: Settings, inputs: list, responses: tuple) -> None:
    """Before anybody has guessed: no share and no curve."""
    with _show_maps(inputs, responses, settings.shift):
        st.caption("Predict first: how much each layer changes is shown once you shift, or reveal the answer.")


# ── settings ────────────────────────────────────────────────────────────────────────────────────────────────


def _key(name: str, token: int) -> str:
    return f"pooling {name} {token}"


def _ask_steps(settings: Settings, token: int) -> None:
    """Every setting as a widget; impossible ones are answered by the computation, not forbidden here."""
    with st.expander("Settings", expanded=True):
        _ask_window(settings, token, st.columns(6, vertical_alignment="bottom"))


def _ask_channels(settings: Settings, token: int) -> None:
    with st.expander("Settings", expanded=True):
        columns = st.columns(6)
        for column, name, label in zip(
            columns, ("rows", "cols", "channels"), ("Volume rows", "Volume columns", "Volume channels"), strict=False
        ):
            value = column.number_input(label, value=getattr(settings, name), step=1, key=_key(name, token))
            change(PAGE, **{name: value})
        planes = columns[3].number_input(
            "Channels in the grid", value=len(settings.input), step=1, key=_key("planes", token)
        )
        _ask_window(settings, token, st.columns(6, vertical_alignment="bottom"), planes)


def _ask_window(settings: Settings, token: int, columns: list, planes: int | None = None) -> None:
    _, tall, wide = np.shape(settings.input)
    rows = columns[0].number_input("Input rows", value=tall, step=1, key=_key("tall", token))
    cols = columns[1].number_input("Input columns", value=wide, step=1, key=_key("wide", token))
    size = columns[2].number_input("Window size", value=settings.size, step=1, key=_key("size", token))
    stride = columns[3].number_input("Stride", value=settings.stride, step=1, key=_key("stride", token))
    padding = columns[4].number_input("Padding", value=settings.padding, step=1, key=_key("padding", token))
    kind = columns[5].selectbox("Kind", KINDS, index=KINDS.index(settings.kind), key=_key("kind", token))
    columns = st.columns([2, 2, 1], vertical_alignment="bottom")
    ceil = columns[0].toggle(
        "Keep a last window that hangs over (ceil mode)", value=settings.ceil, key=_key("ceil", token)
    )
    count_pad = columns[1].toggle(
        "An average counts the padding (count_include_pad)", value=settings.count_pad, key=_key("count_pad", token)
    )
    if planes is None:
        columns[2].button("Use my drawing, 28×28", width="stretch", on_click=_take_drawing)
    change(PAGE, size=size, stride=stride, padding=padding, kind=kind, ceil=ceil, count_pad=count_pad)
    shape = (len(settings.input) if planes is None else planes, rows, cols)
    try:
        if shape != np.shape(settings.input):
            change(PAGE, input=as_plain(resized_volume(settings.input, shape, "Input")))
    except ExplorerError as error:
        st.error(f"{error} {STAYS}")


def _ask_shift(settings: Settings, token: int) -> None:
    columns = st.columns([3, 1, 1, 1], vertical_alignment="bottom")
    amount = columns[0].slider("Shift to the right, in pixels", 0, MOST_SHIFT, settings.shift, key=_key("shift", token))
    size = columns[1].number_input("Window and stride", value=settings.size, step=1, key=_key("window", token))
    names = list(PRESETS)
    kernel = columns[2].selectbox(
        "Kernel of the convolutions",
        names,
        index=names.index(settings.kernel),
        format_func=lambda key: PRESETS[key].title,
        key=_key("kernel", token),
    )
    columns[3].button("Use my drawing, 28×28", width="stretch", on_click=_take_drawing)
    change(PAGE, shift=amount, size=size, kernel=kernel)


def _take_drawing() -> None:
    change(PAGE, load=True, input=(as_matrix(drawn_digit()),))


_MAKE = {"E1": _make_steps, "E2": _make_channels, "E3": _make_shift}
_SHOW = {"E1": _show_steps, "E2": _show_channels, "E3": _show_shift}
_COVERED = {"E2": _cover_channels, "E3": _cover_shift}
_ASK = {"E1": _ask_steps, "E2": _ask_channels, "E3": lambda settings, token: None}
