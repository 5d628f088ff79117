"""The Feature maps page: any layer's maps, and for a chosen one the kernel that made it. Knows the screen only."""

from collections.abc import Callable

import numpy as np
import streamlit as st
from safetensors.torch import save

from explorer.figures.maps import kernel_figure, map_figure, picture_figure
from explorer.figures.tiles import tile_png
from explorer.probe.facts import in_words, shape_text
from explorer.probe.kernels import kernel_of
from explorer.probe.maps import LayerMaps, layer_maps, only_channels
from explorer.probe.overview import channels_shown
from explorer.probe.recording import Recording, record
from explorer.probe.stages import Stage, stages
from explorer.ui import cache
from explorer.ui.network_view import all_layers, is_small, look_or_example, show_network
from explorer.ui.networks import current
from explorer.ui.pickers import pick_network, pick_picture
from explorer.ui.plain import plain, shortened
from explorer.ui.shell import is_dark
from explorer.ui.state import VIEWS, bound, choice, choose
from explorer.words import counted, fixed

CANVAS = "feature_maps"  # the canvas's key, under which the clicked map lies in the session
CELLS, MOST_CHANNELS = 600_000, 64  # drawn of one layer of a large network, unless channels are chosen
VIEW_TITLES = {"before": "Before", "after": "After", "both": "Both"}
POOLING = {"MaxPool2d": "the largest of a window there", "AvgPool2d": "the mean of a window there"}


@st.fragment
def explore() -> None:
    """Choose picture, network, layer and channels on the left; see the maps, then one map's making, on the right."""
    left, right = st.columns([1, 2.7], gap="medium")
    with left:
        chosen = pick_picture()
        name = pick_network()
    with right:
        stage, channels = _pick_layer(name)
    source = _source(name, stage)
    picture, recording, maps, steps, problem = look_or_example(
        name, chosen.picture, None if is_small(name) else _recorded(stage, source), _chooser(stage, source, channels)
    )
    if problem:
        left.error(plain(problem))

    by_name = {layer.facts.name: layer for layer in maps}
    names = _names(stage, choice().view)
    shown = tuple(only_channels(by_name[layer], channels) if is_small(name) else by_name[layer] for layer in names)
    channel = choice().channel if choice().channel in shown[0].channels else shown[0].channels[0]
    with right:
        show_network(
            name,
            shown,
            key=CANVAS,
            recording=recording,
            note=picture.name,
            whole=maps,
            tall=True,
            pinned=(shown[0].facts.name, channel),
            take=lambda spot: choose(channel=spot.channel),
            invitation="Point at a map for its numbers. Click one to see how it was made.",
        )
        _show_making(name, stage, source, by_name, channel, steps[-1].pixels)
        _offer_files(name, recording, shown)


def _source(name: str, stage: Stage) -> str | None:
    """The layer whose maps the stage's layer takes as they are; None where that is a sum, a concatenation or the input."""
    taken = cache.taken_from(name)
    return taken.get(stage.layer.name) if taken else None


def _recorded(stage: Stage, source: str | None) -> list[str]:
    return [layer for layer in (source, *_names(stage, "both")) if layer]


def _chooser(
    stage: Stage, source: str | None, channels: list[int]
) -> Callable[[str, Recording], tuple[LayerMaps, ...]]:
    """Of a small network every map; of a large one the stage's, with the chosen channels or the first of them."""

    def choose_maps(name: str, recording: Recording) -> tuple[LayerMaps, ...]:
        if is_small(name):
            return all_layers(name, recording)
        wanted = _recorded(stage, source)
        maps = layer_maps(
            recording,
            cache.facts(name),
            lambda layer: (
                range(layer.output[0])
                if layer.name == source
                else channels or range(channels_shown(layer.output, cells=CELLS, most=MOST_CHANNELS))
            ),
        )
        return tuple(layer for layer in maps if layer.facts.name in wanted)

    return choose_maps


def _pick_layer(name: str) -> tuple[Stage, list[int]]:
    """The layer with its activation, and the channels to show (none named: all of them)."""
    known = {stage.layer.name: stage for stage in stages(cache.facts(name), cache.taken_from(name))}
    layer = choice().layer if choice().layer in known else next(iter(known))
    first, second, third = st.columns([1.3, 1, 1])
    first.selectbox(
        "Layer",
        list(known),
        format_func=lambda key: _title(known[key]),
        help=plain(layer) if shortened(layer) != layer else None,
        **bound("layer_widget", layer, lambda layer: choose(layer=layer, channel=0)),
    )
    stage = known[layer]
    if stage.activation:
        second.segmented_control(
            f"Before or after {stage.activation.type}",
            VIEWS,
            format_func=VIEW_TITLES.__getitem__,
            required=True,
            width="stretch",
            **bound("view_widget", choice().view, lambda view: choose(view=view)),
        )
    channels = third.multiselect(
        "Channels",
        range(stage.layer.output[0]),
        key=f"channels of {name} {layer}",
        placeholder=_placeholder(name, stage),
    )
    return stage, channels


def _placeholder(name: str, stage: Stage) -> str:
    if is_small(name):
        return "all of them"
    count = channels_shown(stage.layer.output, cells=CELLS, most=MOST_CHANNELS)
    return "all of them" if count == stage.layer.output[0] else f"the first {count}"


def _title(stage: Stage) -> str:
    return f"{shortened(stage.layer.name)} · {in_words(stage.layer)} · {shape_text(stage.layer.output)}"


def _names(stage: Stage, view: str) -> list[str]:
    """The layers to show of a stage."""
    if stage.activation is None:
        return [stage.layer.name]
    both = [stage.layer.name, stage.activation.name]
    return {"before": both[:1], "after": both[1:], "both": both}[view]


def _show_making(
    name: str, stage: Stage, source: str | None, maps: dict[str, LayerMaps], channel: int, pixels: np.ndarray
) -> None:
    """The network's input, the kernel and the chosen channel, before and after its activation, side by side."""
    dark, layer = is_dark(), stage.layer
    dense = layer.type == "Linear"
    st.markdown(f"**How {'unit' if dense else 'channel'} {channel} of {plain(layer.name)} was made**")
    kernel = kernel_of(current(name).network, layer.name, channel)
    made = [maps[layer.name]] + ([maps[stage.activation.name]] if stage.activation else [])
    if layer.type in POOLING and source in maps:  # reads one channel of it, so that one stands where a kernel would
        made.insert(0, maps[source])
    columns = st.columns([1] * ((2 if kernel else 1) + len(made)))
    with columns[0]:
        st.caption("The network's input")
        _chart(picture_figure(pixels, dark=dark), "making_input")
    if kernel:
        planes, height, width = kernel.weights.shape
        weights = f"Its {counted(planes, 'weight')}" if dense else f"Its kernel: {planes} × {height}×{width} weights"
        with columns[1]:
            st.caption(f"{weights}, bias {fixed(kernel.bias, 4)}")
            _chart(kernel_figure(kernel.weights, dark=dark), "making_kernel")
    for number, (column, shown) in enumerate(zip(columns[-len(made) :], made, strict=True)):
        values = shown.values[shown.channels.index(channel)]
        with column:
            rule = f": {POOLING[layer.type]}" if layer.type in POOLING and shown.facts is layer else ""
            st.caption(f"{plain(shown.facts.name)}, {in_words(shown.facts)}{rule}")
            if values.size == 1:
                st.metric("value", fixed(values.item(), 4), label_visibility="collapsed")
            else:
                figure = map_figure(values, signed=shown.signed, dark=dark, name=f"channel {channel}")
                _chart(figure, f"making_map_{number}")


def _chart(figure: object, key: str) -> None:
    st.plotly_chart(figure, key=key, config={"displayModeBar": False}, theme=None)


def _offer_files(name: str, recording: Recording, shown: tuple[LayerMaps, ...]) -> None:
    """The shown maps as a picture, and every layer's numbers as tensors."""
    dark = is_dark()
    columns = st.columns(len(shown) + 1)
    for column, layer in zip(columns, shown, strict=False):
        column.download_button(
            f"{plain(layer.facts.name)} as PNG",
            lambda layer=layer: tile_png(layer, dark=dark),
            file_name=f"{name}_{layer.facts.name}.png",
            mime="image/png",
            on_click="ignore",
            width="stretch",
        )
    columns[-1].download_button(
        "All layers as tensors (safetensors)",
        lambda: _all_tensors(name, recording),
        file_name=f"{name}_activations.safetensors",
        mime="application/octet-stream",
        on_click="ignore",
        width="stretch",
    )


def _all_tensors(name: str, recording: Recording) -> bytes:
    """Every layer's output as safetensors. Of a large network not all are there: they are recorded when somebody asks."""
    if not is_small(name):
        recording = record(current(name).network, recording.input)
    return save({key: tensor.contiguous() for key, tensor in recording.tensors().items()})
