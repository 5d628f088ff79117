"""Receptive field: layers one by one, and what a unit sees through them. Knows the screen; computes nothing itself."""

from dataclasses import replace

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.receptive import MOST_LAYERS, receptive_figure, stage_text
from explorer.layers.convolution import convolve
from explorer.layers.receptive import KINDS, Stack, field_formula, layers_needed
from explorer.layers.sizes import effective_size
from explorer.layers.stacks import against_one_layer
from explorer.ui import stepper
from explorer.ui.exhibits import change, choose_exhibit, mirror, place, rest_at, valid
from explorer.ui.receptive_field.effective_view import show_effective
from explorer.ui.receptive_field.exhibits import CODECS, EXHIBITS, Layer, Settings, conv, pool
from explorer.ui.receptive_field.field_view import show_field
from explorer.ui.receptive_field.network import choose_unit
from explorer.ui.receptive_field.network_exhibits import NetworkSettings
from explorer.ui.scenes import convolution_scene
from explorer.ui.shell import is_dark
from explorer.words import counted, noun

PAGE = "receptive_field"
CHART = "receptive_chart"
LARGEST_HOLES = 13  # cells of the effective kernel that the two-dimensional picture still shows readably
_HEADS = ("Layer", "Kernel", "Stride", "Padding", "Dilation")


@st.fragment
def explore() -> None:
    """One exhibit: question, layers, the drawing, the table and formula, and what belongs to it alone."""
    exhibit = choose_exhibit(PAGE, EXHIBITS, CODECS)
    if isinstance(exhibit.settings, NetworkSettings):
        _look_into_a_network(exhibit.id)
        mirror(PAGE, exhibit, CODECS)
        return
    left, right = st.columns([1.15, 2], gap="medium")
    with left:
        _show_layers()
    with right:
        settings, (figure, on) = valid(PAGE, exhibit, _drawn)
        level, unit = settings.chosen(on)
        _say_field(on, level, unit)
        st.plotly_chart(
            figure,
            key=f"{CHART} {place(PAGE).token}",
            on_select=_take_click,
            selection_mode="points",
            theme=None,
            config={"displayModeBar": False},
        )
        _show_unit(on, level, unit)
    with left:
        st.table(_table(on), hide_index=True)
    _BELONGS[exhibit.id](on, settings)
    mirror(PAGE, exhibit, CODECS)


def _look_into_a_network(name: str) -> None:
    """F3 and F4: picture and network on the left; layer, unit, and what it sees on the right."""
    left, right = st.columns([1, 2.7], gap="medium")
    with left:
        try:
            seen, node, at = choose_unit(by_channel=name == "F3", beside=right)
        except ExplorerError as error:
            right.error(str(error))
            return
    with right:
        (show_field if name == "F3" else show_effective)(seen, node, at)


def _drawn(settings: Settings) -> tuple[object, Stack]:
    on = settings.stack
    return receptive_figure(on, *settings.chosen(on), dark=is_dark()), on


def _say_field(on: Stack, level: int, unit: int) -> None:
    """The formula with the numbers, and where the chosen unit's inputs lie."""
    lowest = on.intervals(level, unit)[-1]
    sees = f"inputs {lowest.first} to {lowest.last}" if lowest.count else "no input"
    gaps = f", {lowest.count:,} of them: the others lie in gaps" if lowest.has_gaps else ""
    cut = f"; {'the rest' if lowest.count else 'all'} of its field is padding" if lowest.clipped else ""
    where = f"layer {level}, unit {unit}" if level else f"input {unit}"
    st.markdown(
        f"**Receptive field of {where}:** {field_formula(on.stages[:level])} inputs  \n"
        f"It sees {sees}{gaps}{cut}. Each layer adds (window − 1) · jump."
        if level
        else f"**Input {unit}** sees only itself: the receptive field is 1."
    )


def _table(on: Stack) -> list[dict[str, object]]:
    names = ["input", *(stage_text(stage) for stage in on.stages)]
    rows = zip(names, on.sizes, on.fields, strict=True)
    return [
        {"level": f"{i} {name}", "units": size, "field": field.size, "jump": field.jump, "start": field.start}
        for i, (name, size, field) in enumerate(rows)
    ]


# ── layers and the chosen unit ──────────────────────────────────────────────────────────────────────────────


def _key(name: str) -> str:
    return f"{PAGE} {name} {place(PAGE).token}"


def _show_layers() -> None:
    """A row of boxes for each layer, from the input upwards; impossible numbers are answered where they are computed."""
    settings = place(PAGE).settings
    widths = [1.25, 1, 1, 1, 1, 0.5]
    for column, head in zip(st.columns(widths, gap="xxsmall"), _HEADS, strict=False):
        column.caption(head)
    layers = []
    for i, (kind, *numbers) in enumerate(settings.layers):
        columns = st.columns(widths, gap="xxsmall", vertical_alignment="center")
        kept = columns[0].selectbox(
            f"Kind of layer {i + 1}",
            KINDS,
            index=KINDS.index(kind),
            key=_key(f"kind {i}"),
            label_visibility="collapsed",
        )
        typed = (
            column.number_input(
                f"{head} of layer {i + 1}", value=number, step=1, key=_key(f"{head} {i}"), label_visibility="collapsed"
            )
            for column, head, number in zip(columns[1:5], _HEADS[1:], numbers, strict=True)
        )
        layers.append((kept, *typed))
        columns[5].button(
            "✕", key=_key(f"remove {i}"), help=f"Remove layer {i + 1}", width="stretch", on_click=_remove, args=(i,)
        )
    columns = st.columns([1, 1, 1], vertical_alignment="bottom")
    full = len(layers) >= MOST_LAYERS
    for column, layer, title in zip(columns, (conv(3), pool()), ("Add conv 3", "Add pool 2, s 2"), strict=False):
        column.button(title, disabled=full, width="stretch", key=_key(title), on_click=_add, args=(layer,))
    units = columns[2].number_input("Input units", value=settings.input, step=1, key=_key("input"))
    if (tuple(layers), units) != (settings.layers, settings.input):
        change(PAGE, layers=tuple(layers), input=units, level=None, unit=None)


def _add(layer: Layer) -> None:
    change(PAGE, load=True, layers=(*place(PAGE).settings.layers, layer), level=None, unit=None)


def _remove(at: int) -> None:
    layers = place(PAGE).settings.layers
    change(PAGE, load=True, layers=layers[:at] + layers[at + 1 :], level=None, unit=None)


def _show_unit(on: Stack, level: int, unit: int) -> None:
    """The chosen unit as numbers. Their keys name what is drawn, so that a click on another unit renews them."""
    columns = st.columns([1, 1, 2], vertical_alignment="bottom")
    drawn = f"{level} {unit} {len(on.stages)}"
    for column, name, value in zip(columns, ("level", "unit"), (level, unit), strict=False):
        column.number_input(
            name.capitalize(),
            value=value,
            step=1,
            key=_key(f"{name} {drawn}"),
            on_change=_take_unit,
            args=(name, drawn, level),
        )
    columns[2].caption("Click a unit in the drawing, or type its level (0 is the input) and its number.")


def _take_unit(name: str, drawn: str, level: int) -> None:
    typed = st.session_state[_key(f"{name} {drawn}")]
    if name == "level":
        change(PAGE, level=typed, unit=None)
    else:
        change(PAGE, level=level, unit=typed)


def _take_click() -> None:
    """Take the clicked unit; what the browser sends is checked when it is drawn."""
    points = st.session_state[f"{CHART} {place(PAGE).token}"]["selection"]["points"]
    where = points[0].get("customdata") if points else None
    if isinstance(where, list | tuple) and len(where) == 2 and all(type(number) is int for number in where):
        change(PAGE, level=where[0], unit=where[1])


# ── what belongs to one exhibit alone ───────────────────────────────────────────────────────────────────────


def _show_needed(on: Stack, settings: Settings) -> None:
    """F1: how many layers it takes to see a whole picture."""
    columns = st.columns([1, 3], vertical_alignment="bottom")
    wanted = columns[0].number_input("Field wanted", value=settings.wanted, step=1, key=_key("wanted"))
    try:
        columns[1].markdown(
            f"To see {counted(wanted, 'input')} in a row takes **{layers_needed(wanted):,}** "
            f"{noun(layers_needed(wanted), 'layer')} of 3: N layers see 2N + 1."
        )
    except ExplorerError as error:
        columns[1].error(str(error))
        return
    change(PAGE, wanted=wanted)


def _show_nothing(on: Stack, settings: Settings) -> None:
    """F2: the drawing says it all."""


def _show_holes(on: Stack, settings: Settings) -> None:
    """C10: the first layer's kernel in two dimensions, its holes seen in the window."""
    first = on.stages[0]
    span = effective_size(first.kernel, first.dilation)
    st.markdown(
        f"#### The first layer in two dimensions\n{first.kernel}×{first.kernel} = "
        f"**{counted(first.kernel**2, 'weight')}** span "
        f"{first.dilation}·({first.kernel}−1)+1 = **{span:,}** {noun(span, 'cell')} a side. Point at an output cell: "
        "only the outlined cells "
        "are multiplied."
    )
    if span > LARGEST_HOLES:
        st.caption(f"A window of {span}×{span} is too wide to show in numbers: choose at most {LARGEST_HOLES}.")
        return
    side = span + 2
    image = np.add.outer(np.arange(side), np.arange(side)) % 5
    walk = convolve(image, np.ones((first.kernel, first.kernel)), dilation=first.dilation)
    scene = convolution_scene(walk)
    fixed = {name: replace(grid, editable=False) for name, grid in scene.grids.items()}
    stepper.show(
        replace(scene, grids=fixed),
        key="receptive_stepper",
        token=f"{first.kernel} {first.dilation}",
        step=min(place(PAGE).step, len(walk) - 1),
        on_step=lambda step: rest_at(PAGE, step),
    )


def _show_cost(on: Stack, settings: Settings) -> None:
    """C14: the stack against the one layer that sees as much."""
    st.markdown("#### The same field, the cost of each")
    columns = st.columns([1, 1, 4], vertical_alignment="top")
    size = columns[0].number_input("Rows and columns", value=settings.size, step=1, key=_key("size"))
    channels = columns[1].number_input("Channels", value=settings.channels, step=1, key=_key("channels"))
    try:
        costs = against_one_layer(on.stages, size, channels)
    except ExplorerError as error:
        columns[2].error(str(error))
        return
    change(PAGE, size=size, channels=channels)
    columns[2].table(
        [
            {
                "layers": " + ".join(f"{k}×{k}" for k in cost.kernels),
                "receptive field": f"{cost.field}×{cost.field}",
                "weights per channel pair": str(cost.weights),
                f"multiply-adds, {size}×{size}, {counted(channels, 'channel')}": f"{cost.multiply_adds:,}",
            }
            for cost in costs
        ],
        hide_index=True,
    )


_BELONGS = {"F1": _show_needed, "F2": _show_nothing, "C10": _show_holes, "C14": _show_cost}
