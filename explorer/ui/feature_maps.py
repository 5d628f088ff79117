"""The Feature maps page: any layer's maps, and for a chosen one the kernel that made it. Knows the screen only."""

import numpy as np
import streamlit as st
from safetensors.torch import save

from explorer.figures.maps import kernel_figure, map_figure, picture_figure
from explorer.figures.tiles import tile_png
from explorer.probe.facts import in_words, shape_text
from explorer.probe.kernels import kernel_of
from explorer.probe.maps import LayerMaps, only_channels
from explorer.probe.recording import Recording
from explorer.probe.stages import Stage, stages
from explorer.ui import cache
from explorer.ui.network_view import look_or_example, read_spot, show_network
from explorer.ui.pickers import pick_network, pick_picture, seed
from explorer.ui.shell import is_dark
from explorer.ui.state import VIEWS, choice, choose

CANVAS = "feature_maps"  # the canvas's key, under which the clicked map lies in the session
VIEW_TITLES = {"before": "Before", "after": "After", "both": "Both"}
POOLING = {"MaxPool2d": "the largest of a window there", "AvgPool2d": "the mean of a window there"}


@st.fragment
def explore() -> None:
    """Choose picture, network, layer and channels on the left; see the maps, then one map's making, on the right."""
    left, right = st.columns([1, 2.7], gap="medium")
    with left:
        chosen = pick_picture()
        name = pick_network()
        picture, recording, maps, steps, problem = look_or_example(name, chosen.picture)
        if problem:
            st.error(problem)
    with right:
        stage, channels = _pick_layer(name)

    by_name = {layer.facts.name: layer for layer in maps}
    shown = tuple(only_channels(by_name[layer], channels) for layer in _names(stage, choice().view))
    if spot := read_spot(st.session_state.get(CANVAS, {}).get("chosen"), shown):
        choose(channel=spot.channel)
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
            invitation="Point at a map for its numbers. Click one to see how it was made.",
        )
        _show_making(name, stage, by_name, channel, steps[-1].pixels)
        _offer_files(name, recording, shown)


def _pick_layer(name: str) -> tuple[Stage, list[int]]:
    """The layer with its activation, and the channels to show (none named: all of them)."""
    known = {stage.layer.name: stage for stage in stages(cache.facts(name))}
    if st.session_state.get("layer_widget") not in known:
        st.session_state["layer_widget"] = choice().layer if choice().layer in known else next(iter(known))
    first, second, third = st.columns([1.3, 1, 1])
    layer = first.selectbox("Layer", list(known), key="layer_widget", format_func=lambda key: _title(known[key]))
    if layer != choice().layer:
        choose(layer=layer, channel=0)
    stage = known[layer]
    if stage.activation:
        seed("view_widget", choice().view)
        view = second.segmented_control(
            f"Before or after {stage.activation.type}",
            VIEWS,
            format_func=VIEW_TITLES.__getitem__,
            key="view_widget",
            required=True,
            width="stretch",
        )
        choose(view=view or choice().view)
    channels = third.multiselect(
        "Channels", range(stage.layer.output[0]), key=f"channels of {name} {layer}", placeholder="all of them"
    )
    return stage, channels


def _title(stage: Stage) -> str:
    return f"{stage.layer.name} · {in_words(stage.layer)} · {shape_text(stage.layer.output)}"


def _names(stage: Stage, view: str) -> list[str]:
    """The layers to show of a stage."""
    if stage.activation is None:
        return [stage.layer.name]
    both = [stage.layer.name, stage.activation.name]
    return {"before": both[:1], "after": both[1:], "both": both}[view]


def _show_making(name: str, stage: Stage, maps: dict[str, LayerMaps], channel: int, pixels: np.ndarray) -> None:
    """The network's input, the kernel and the chosen channel, before and after its activation, side by side."""
    dark, layer = is_dark(), stage.layer
    dense = layer.type == "Linear"
    st.markdown(f"**How {'unit' if dense else 'channel'} {channel} of {layer.name} was made**")
    kernel = kernel_of(cache.network(name), layer.name, channel)
    made = [maps[layer.name]] + ([maps[stage.activation.name]] if stage.activation else [])
    if layer.type in POOLING:  # reads one channel of the layer before, so that one stands where a kernel would
        made.insert(0, _before(maps, layer.name))
    columns = st.columns([1] * ((2 if kernel else 1) + len(made)))
    with columns[0]:
        st.caption("The network's input")
        _chart(picture_figure(pixels, dark=dark), "making_input")
    if kernel:
        planes, height, width = kernel.weights.shape
        weights = f"Its {planes} weights" if dense else f"Its kernel: {planes} × {height}×{width} weights"
        with columns[1]:
            st.caption(f"{weights}, bias {kernel.bias:.4f}".replace("-", "−"))
            _chart(kernel_figure(kernel.weights, dark=dark), "making_kernel")
    for column, layer_maps in zip(columns[-len(made) :], made, strict=True):
        values = layer_maps.values[channel]
        with column:
            rule = f": {POOLING[layer.type]}" if layer.type in POOLING and layer_maps.facts is layer else ""
            st.caption(f"{layer_maps.facts.name}, {in_words(layer_maps.facts)}{rule}")
            if values.size == 1:
                st.metric("value", f"{values.item():.4f}".replace("-", "−"), label_visibility="collapsed")
            else:
                figure = map_figure(values, signed=layer_maps.signed, dark=dark, name=f"channel {channel}")
                _chart(figure, f"making_{layer_maps.facts.type}")


def _before(maps: dict[str, LayerMaps], name: str) -> LayerMaps:
    """The layer that comes before `name`."""
    names = list(maps)
    return maps[names[names.index(name) - 1]]


def _chart(figure: object, key: str) -> None:
    st.plotly_chart(figure, key=key, config={"displayModeBar": False}, theme=None)


def _offer_files(name: str, recording: Recording, shown: tuple[LayerMaps, ...]) -> None:
    """The shown maps as a picture, and every layer's numbers as tensors."""
    dark = is_dark()
    columns = st.columns(len(shown) + 1)
    for column, layer in zip(columns, shown, strict=False):
        column.download_button(
            f"{layer.facts.name} as PNG",
            lambda layer=layer: tile_png(layer, dark=dark),
            file_name=f"{name}_{layer.facts.name}.png",
            mime="image/png",
            on_click="ignore",
            width="stretch",
        )
    columns[-1].download_button(
        "All layers as tensors (safetensors)",
        lambda: save({name: tensor.contiguous() for name, tensor in recording.tensors().items()}),
        file_name=f"{name}_activations.safetensors",
        mime="application/octet-stream",
        on_click="ignore",
        width="stretch",
    )
