"""The Convolution page: one kernel over one input, every setting open. Knows the screen; computes nothing itself."""

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.maps import map_figure
from explorer.figures.series import series_figure
from explorer.layers.activation import ACTIVATIONS
from explorer.layers.algebra import commute
from explorer.layers.convolution import Walkthrough, convolve
from explorer.layers.equivariance import check_shift, classify_slash, roomy_shift, shift
from explorer.layers.grids import resized
from explorer.layers.padding import MODES
from explorer.layers.sizes import output_formula
from explorer.ui import stepper
from explorer.ui.address import as_matrix
from explorer.ui.convolution.exhibits import CODECS, EXHIBITS, SIZE, Settings
from explorer.ui.exhibits import STAYS, Exhibit, change, choose_exhibit, mirror, place, rest_at, revealed, valid
from explorer.ui.scenes import convolution_scene
from explorer.ui.shell import is_dark
from explorer.ui.state import drawn_digit
from explorer.words import counted, written

PAGE = "convolution"
FEW = 100  # output cells for which the symbolic terms are written out


@st.fragment
def explore() -> None:
    """One exhibit: question, stepper, formula, what belongs to it alone, settings."""
    exhibit = choose_exhibit(PAGE, EXHIBITS, CODECS)
    stage, below = st.container(), st.container()
    with below:  # asked first, shown last: what is drawn above is already what was asked for
        _ask_settings(place(PAGE).settings, place(PAGE).token)
    with stage:
        _show(exhibit)


@st.fragment
def _show(exhibit: Exhibit[Settings]) -> None:
    """The stepper and what follows from it. A fragment within the page's: an edited cell redraws no setting."""
    _, walk = valid(PAGE, exhibit, _walk)
    here = place(PAGE)
    if exhibit.hidden == SIZE and not revealed(PAGE, exhibit):
        _show_before(walk)
        mirror(PAGE, exhibit, CODECS)
        return
    stepper.show(
        convolution_scene(walk, symbols=len(walk) <= FEW and walk.kernel.size <= 9),
        key="convolution_stepper",
        token=f"{here.exhibit} {here.token}",
        step=min(here.step, len(walk) - 1),
        covered=here.step == 0,
        on_edit=_take_edit,
        on_step=lambda step: rest_at(PAGE, step),
    )
    st.markdown(_formula(walk))
    _BELONGS.get(exhibit.id, lambda walk: None)(walk)
    mirror(PAGE, exhibit, CODECS)


def _show_before(walk: Walkthrough) -> None:
    """Input and kernel alone: beside them the feature map's cells would tell its size."""
    for column, title, values in zip(
        st.columns([2, 1, 1]), ("Input", "Kernel"), (walk.image, walk.kernel[0]), strict=False
    ):
        column.markdown(f"**{title}, {'×'.join(map(str, values[0].shape))}**")
        figure = map_figure(values[0], signed=True, dark=is_dark(), name=title)
        column.plotly_chart(figure, key=f"before {title}", config={"displayModeBar": False}, theme=None)
    st.caption("Predict first: the feature map is drawn once the answer is revealed, or a setting changed.")


def _walk(settings: Settings) -> Walkthrough:
    line = len(settings.input) == 1  # one row is a signal: the kernel moves and is padded along it only
    return convolve(
        settings.input,
        settings.kernel,
        bias=settings.bias,
        stride=settings.stride,
        padding=(0, settings.padding) if line else settings.padding,
        padding_mode=settings.mode,
        dilation=settings.dilation,
        flip=settings.flip,
        activation=settings.activation,
    )


def _take_edit(edit: stepper.Edit) -> None:
    name = edit.grid
    change(PAGE, **{name: as_matrix(stepper.changed(np.array([getattr(place(PAGE).settings, name)]), edit)[0])})


def _formula(walk: Walkthrough) -> str:
    """The output's size along both axes, with the numbers substituted (C12)."""
    (top, _), (left, _) = walk.window.padding
    parts = []
    for name, n, axis, p in (("rows", walk.image.shape[1], 0, top), ("columns", walk.image.shape[2], 1, left)):
        k, s, d = (getattr(walk.window, field)[axis] for field in ("kernel", "stride", "dilation"))
        parts.append(f"{name} {output_formula(n, k, s, p, d)}")
    return "Output size ⌊(n + 2p − d(k−1) − 1)/s⌋ + 1:  " + " ;  ".join(dict.fromkeys(parts))


# ── what belongs to one exhibit alone ───────────────────────────────────────────────────────────────────────


def _show_maximum(walk: Walkthrough) -> None:
    if not revealed(PAGE, EXHIBITS["C3"]):
        return
    verdict = classify_slash(walk.image, walk.kernel)
    st.markdown(
        f"Maximum of the feature map: **{written(verdict.maximum, 6)}**, at row {verdict.position[0]}, column "
        f"{verdict.position[1]}. "
        f"Threshold {written(verdict.threshold, 6)}: this is **{'a backslash' if verdict.is_backslash else 'no backslash'}**."
    )


def _show_shift(walk: Walkthrough) -> None:
    moves = {"← left": (0, -1), "↑ up": (-1, 0), "↓ down": (1, 0), "→ right": (0, 1)}
    for column, (name, (down, right)) in zip(st.columns([1, 1, 1, 1, 4]), moves.items(), strict=False):
        moved = as_matrix(shift(walk.image, down, right)[0])
        column.button(name, width="stretch", on_click=change, args=(PAGE,), kwargs={"input": moved})
    if not revealed(PAGE, EXHIBITS["C4"]):
        return
    down, right = roomy_shift(walk.image)
    check = check_shift(walk.image, walk.kernel, down, right)
    st.markdown(
        f"Shift {counted(abs(down), 'row')} {'up' if down < 0 else 'down'} and {counted(abs(right), 'column')} to the "
        f"{'left' if right < 0 else 'right'}, then convolve, equals convolve, then shift: "
        f"**{'yes' if check.agree else 'no'}**. "
        f"Maximum before and after the shift: **{written(check.maxima[0], 6)}** and **{written(check.maxima[1], 6)}**."
    )


def _show_signal(walk: Walkthrough) -> None:
    figure = series_figure(
        {
            "signal": (np.arange(walk.image.shape[2]), walk.image[0, 0]),
            "after the kernel": (walk.col_centres, walk.output[0, 0]),
        },
        dark=is_dark(),
    )
    st.plotly_chart(figure, key="signal_chart", config={"displayModeBar": False}, theme=None)


def _show_commutation(walk: Walkthrough) -> None:
    for flipped, name in ((True, "Convolution, kernel turned"), (False, "Cross-correlation, kernel as it is")):
        result = commute(walk.image[0], walk.kernel[0, 0], flipped=flipped)
        st.markdown(f"{name}: a ∗ b {'=' if result.equal else '≠'} b ∗ a, with full padding on both sides.")


_BELONGS = {"C3": _show_maximum, "C4": _show_shift, "C5": _show_signal, "C6": _show_commutation}


# ── settings ────────────────────────────────────────────────────────────────────────────────────────────────


def _ask_settings(settings: Settings, token: int) -> None:
    """Every setting as a widget; impossible ones are answered by the computation, not forbidden here."""

    def key(name: str) -> str:
        return f"convolution {name} {token}"

    with st.expander("Settings", expanded=True):
        columns = st.columns(6)
        rows = columns[0].number_input("Input rows", value=len(settings.input), step=1, key=key("rows"))
        cols = columns[1].number_input("Input columns", value=len(settings.input[0]), step=1, key=key("cols"))
        tall = columns[2].number_input("Kernel rows", value=len(settings.kernel), step=1, key=key("tall"))
        wide = columns[3].number_input("Kernel columns", value=len(settings.kernel[0]), step=1, key=key("wide"))
        stride = columns[4].number_input("Stride", value=settings.stride, step=1, key=key("stride"))
        padding = columns[5].number_input("Padding", value=settings.padding, step=1, key=key("padding"))
        columns = st.columns(6, vertical_alignment="bottom")
        mode = columns[0].selectbox("Padding mode", MODES, index=MODES.index(settings.mode), key=key("mode"))
        dilation = columns[1].number_input("Dilation", value=settings.dilation, step=1, key=key("dilation"))
        bias = columns[2].number_input("Bias", value=settings.bias, placeholder="none", key=key("bias"))
        names = list(ACTIVATIONS)
        activation = columns[3].selectbox(
            "Activation", names, index=names.index(settings.activation), key=key("activation")
        )
        flip = columns[4].toggle("Turn the kernel by 180°", value=settings.flip, key=key("flip"))
        columns[5].button("Use my drawing, 28×28", width="stretch", on_click=_take_drawing)
    wanted = {
        "stride": stride, "padding": padding, "mode": mode, "dilation": dilation, "bias": bias,
        "activation": activation, "flip": flip,
    }  # fmt: skip
    try:
        for name, shape in (("input", (rows, cols)), ("kernel", (tall, wide))):
            values = getattr(place(PAGE).settings, name)
            if (len(values), len(values[0])) != shape:
                wanted[name] = as_matrix(resized(values, shape, name.capitalize()))
    except ExplorerError as error:
        st.error(f"{error} {STAYS}")
    change(PAGE, **wanted)


def _take_drawing() -> None:
    change(PAGE, load=True, input=as_matrix(drawn_digit()))
