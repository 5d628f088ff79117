"""The Backpropagation page: gradients through one layer, every setting open. Knows the screen; computes nothing itself."""

from dataclasses import replace

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.layers.backward import (
    Nudge,
    SharedWeight,
    agrees_with_full_convolution,
    last_nudge,
    nudge,
    raised,
    shared_weight,
)
from explorer.layers.convolution import convolve
from explorer.layers.gradients import ConvolutionGradient, convolution_gradient, pooling_gradient, sgd_step
from explorer.layers.grids import resized
from explorer.layers.pooling import KINDS, pool_window, pooled_size
from explorer.layers.sizes import Window
from explorer.probe.autograd import AutogradGradients, convolution_gradients
from explorer.ui import stepper
from explorer.ui.address import as_matrix
from explorer.ui.backpropagation.exhibits import CODECS, EXHIBITS, Settings
from explorer.ui.exhibits import STAYS, Exhibit, change, choose_exhibit, mirror, place, rest_at, valid
from explorer.ui.scenes import Grid, Scene, gradient_scene, input_gradient_scene, pooling_scene
from explorer.words import bracketed, counted, signed, written

PAGE = "backpropagation"
MOST_BUTTONS = 16  # cells of the input that get buttons of their own
MOST_LISTED = 9  # copies of a weight that are written out


@st.fragment
def explore() -> None:
    """One exhibit: question, stepper, what belongs to it alone, settings."""
    exhibit = choose_exhibit(PAGE, EXHIBITS, CODECS)
    stage, below = st.container(), st.container()
    with below:  # asked first, shown last: what is drawn above is already what was asked for
        _ask_settings(exhibit, place(PAGE).settings, place(PAGE).token)
    with stage:
        _try(exhibit)


@st.fragment
def _try(exhibit: Exhibit[Settings]) -> None:
    """The stepper and what follows from it. A fragment within the page's: an edited cell redraws no setting."""
    make, show = _MAKE_AND_SHOW[exhibit.id]
    _, made = valid(PAGE, exhibit, make)
    show(*made)
    mirror(PAGE, exhibit, CODECS)


def _step_through(scene: Scene) -> None:
    here = place(PAGE)
    stepper.show(
        scene,
        key="backpropagation_stepper",
        token=f"{here.exhibit} {here.token}",
        step=min(here.step, scene.grids[scene.roles["place"]].values.size - 1),
        covered=here.step == 0,
        on_edit=_take_edit,
        on_step=lambda step: rest_at(PAGE, step),
    )


def _take_edit(edit: stepper.Edit) -> None:
    settings = place(PAGE).settings
    # a transposed convolution's input is the gradient at the output
    name = "upstream" if edit.grid == "input" and place(PAGE).exhibit == "D3" else edit.grid
    if name == "input" and place(PAGE).exhibit == "D2":
        return _nudge_to(stepper.changed(_shown().after.image, edit))
    return change(PAGE, **{name: as_matrix(stepper.changed(np.array([getattr(settings, name)]), edit)[0])})


# ── D1, D3: a convolution ───────────────────────────────────────────────────────────────────────────────────


def _gradient(settings: Settings) -> tuple[ConvolutionGradient, AutogradGradients]:
    geometry = {"stride": settings.stride, "padding": settings.padding, "dilation": settings.dilation}
    gradient = convolution_gradient(convolve(settings.input, settings.kernel, **geometry), settings.upstream)
    walk = gradient.walk
    return gradient, convolution_gradients(walk.image, walk.kernel, walk.bias, gradient.upstream, **geometry)


def _weight(settings: Settings) -> tuple[ConvolutionGradient, AutogradGradients, SharedWeight]:
    gradient, oracle = _gradient(settings)
    return gradient, oracle, shared_weight(gradient, settings.weight, settings.rate)


def _show_weight(gradient: ConvolutionGradient, oracle: AutogradGradients, weight: SharedWeight) -> None:
    scene = gradient_scene(gradient, oracle.kernel[0, 0])
    updated = sgd_step(gradient.walk.kernel, gradient.kernel, weight.rate)[0]
    kernels = (
        Grid("Kernel w", gradient.walk.kernel[0], editable=True),
        Grid("Kernel after one step", updated, late=True),
    )
    grids = dict(zip(("kernel", "updated"), kernels, strict=True))
    _step_through(replace(scene, grids={**scene.grids, **grids}, extra=("kernel", "− γ · ∂L/∂w =", "updated")))
    st.markdown(weight.update[0])
    with st.expander(
        f"Reveal the {counted(len(weight.copies), 'term')} of {weight.name}, and its new value", key="terms of D1"
    ):
        more = f" … and {len(weight.copies) - MOST_LISTED} more" if len(weight.copies) > MOST_LISTED else ""
        st.markdown(" ;  ".join(weight.copies[:MOST_LISTED]) + more)
        st.markdown(f"{weight.name} ← {weight.update[1]}")


def _show_stamps(gradient: ConvolutionGradient, oracle: AutogradGradients) -> None:
    _step_through(input_gradient_scene(gradient, oracle.image[0]))
    if gradient.walk.padded.border.any():
        st.markdown("The hatched border is padding: it belongs to no input cell, so what is stamped there is dropped.")
    agrees = agrees_with_full_convolution(gradient)
    if agrees is None:
        st.markdown("With a stride, the gradient's cells are stamped that far apart: zeros lie between them.")
    else:
        st.markdown(
            "In one go: pad ∂L/∂output by the kernel's size − 1, turn the kernel by 180°, convolve. "
            f"The same: **{'yes' if agrees else 'no'}**."
        )


# ── D2: pooling ─────────────────────────────────────────────────────────────────────────────────────────────


def _nudged(settings: Settings) -> tuple[Nudge]:
    window = {"kind": settings.kind, "kernel": settings.size, "stride": settings.stride, "padding": settings.padding}
    return (nudge(settings.input, settings.cell, settings.by, settings.upstream, **window),)


def _show_nudge(done: Nudge) -> None:
    gradient = pooling_gradient(done.after, done.gradient.upstream)
    scene = pooling_scene(done.after, signed=bool(done.after.image.min() < 0))
    grids = {
        "upstream": Grid("Gradient at the output", gradient.upstream, editable=True),
        "gradient": Grid("Gradient at the input", gradient.image, late=True),
    }
    _step_through(replace(scene, grids={**scene.grids, **grids}, extra=("upstream", "→", "gradient")))
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _show_buttons(done.after.image[0])
    with right:
        _, row, col = done.cell
        if done.slope is None:
            st.markdown("Nudge a cell: raise or lower it by 1, here or in the grid, and watch the output.")
            return
        st.markdown(
            f"Row {row}, column {col}: **{written(done.old, 6)} → {written(done.new, 6)}**.  \n"
            f"Output before: **{_text(done.before.output[0])}**, after: **{_text(done.after.output[0])}**.  \n"
            f"Measured slope of L = Σ gradient · output: ({written(done.losses[1], 6)} − "
            f"{bracketed(written(done.losses[0], 6))}) / "
            f"({written(done.new, 6)} − {bracketed(written(done.old, 6))}) = **{written(done.slope, 6)}**.  \n"
            f"The gradient there, before: **{written(done.predicted, 6)}**"
            + (": they agree." if np.isclose(done.slope, done.predicted) else ". They differ: another cell became the "
               "maximum on the way, and a gradient tells of small changes only.")
        )  # fmt: skip


def _text(values: np.ndarray) -> str:
    return "; ".join(" ".join(written(value, 6) for value in row) for row in values)


def _show_buttons(image: np.ndarray) -> None:
    """− value + for each cell, as they stand in the input."""
    if image.size > MOST_BUTTONS:
        st.caption("Click a cell of the input and type: the newest change is the nudge.")
        return
    for row, values in enumerate(image):
        for col, (column, value) in enumerate(zip(st.columns(len(values), gap="small"), values, strict=True)):
            with column.container(horizontal=True, gap="small", vertical_alignment="center"):
                _button(row, col, -1)
                st.markdown(f"**{written(value, 6)}**", width="content")
                _button(row, col, 1)


def _button(row: int, col: int, by: int) -> None:
    st.button(
        signed(by),
        key=f"nudge {row} {col} {by}",
        on_click=lambda: _nudge_to(raised(_shown().after.image, (0, row, col), by)),
    )


def _shown() -> Nudge:
    """What is on the screen: the settings, or the last that could be computed."""
    try:
        return _nudged(place(PAGE).settings)[0]
    except ExplorerError:
        return _nudged(place(PAGE).last_valid or EXHIBITS["D2"].settings)[0]


def _nudge_to(image: np.ndarray) -> None:
    now = _shown()
    base, cell, by = last_nudge(now.before.image, now.after.image, image)
    change(PAGE, input=as_matrix(base[0]), cell=cell, by=by)


_MAKE_AND_SHOW = {"D1": (_weight, _show_weight), "D2": (_nudged, _show_nudge), "D3": (_gradient, _show_stamps)}


# ── settings ────────────────────────────────────────────────────────────────────────────────────────────────


def _ask_settings(exhibit: Exhibit[Settings], settings: Settings, token: int) -> None:
    """Every setting as a widget; impossible ones are answered by the computation, not forbidden here."""

    def ask(label: str, value: float) -> float:
        return next(columns).number_input(label, value=value, key=f"backpropagation {label} {token}")

    def ask_shape(name: str, values: tuple) -> tuple[int, int]:
        return ask(f"{name} rows", len(values)), ask(f"{name} columns", len(values[0]))

    pooling = exhibit.id == "D2"
    with st.expander("Settings", expanded=True):
        columns = iter([*st.columns(6), *(() if pooling else st.columns(6))])
        input_shape = ask_shape("Input", settings.input)
        if pooling:
            size = ask("Window size", settings.size)
        else:
            kernel_shape = ask_shape("Kernel", settings.kernel)
        wanted = {name: ask(name.capitalize(), getattr(settings, name)) for name in ("stride", "padding")}
        if pooling:
            kind = next(columns).selectbox(
                "Kind", KINDS, KINDS.index(settings.kind), key=f"backpropagation kind {token}"
            )
            wanted |= {"size": size, "kind": kind}
        else:
            wanted["dilation"] = ask("Dilation", settings.dilation)
        if exhibit.id == "D1":
            wanted["weight"] = ask("Weight, counted from 1", settings.weight)
            wanted["rate"] = ask("Learning rate γ", settings.rate)
    change(PAGE, **wanted)
    try:
        if input_shape != np.shape(settings.input):
            change(PAGE, input=as_matrix(resized(settings.input, input_shape, "Input")), cell=0, by=0.0)
        if not pooling and kernel_shape != np.shape(settings.kernel):
            change(PAGE, kernel=as_matrix(resized(settings.kernel, kernel_shape, "Kernel")))
    except ExplorerError as error:
        st.error(f"{error} {STAYS}")
    _fit_upstream(pooling)


def _fit_upstream(pooling: bool) -> None:
    """The gradient at the output gets the output's size; new cells are 1. Impossible sizes are told elsewhere."""
    now = place(PAGE).settings
    try:
        if pooling:
            shape = pooled_size(pool_window(now.size, now.stride, now.padding), *np.shape(now.input))
        else:
            window = Window(np.shape(now.kernel), now.stride, now.padding, now.dilation)
            shape = window.output_size(*np.shape(now.input))
        if shape != np.shape(now.upstream):
            change(PAGE, upstream=as_matrix(resized(now.upstream, shape, "Gradient at the output", fill=1)))
    except ExplorerError:
        return
