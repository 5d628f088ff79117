"""G4: any layer's maps, and for a chosen one the kernel that made it. Knows the screen only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from safetensors.torch import save
from streamlit.delta_generator import DeltaGenerator

from explorer.figures.maps import kernel_figure, map_figure, picture_figure
from explorer.figures.tiles import tile_png
from explorer.probe.facts import in_words, shape_text
from explorer.probe.kernels import kernel_of
from explorer.probe.kinds import kind_of
from explorer.probe.maps import LayerMaps, layer_maps, only_channels
from explorer.probe.overview import channels_shown
from explorer.probe.recording import Recording, record
from explorer.probe.stages import Stage, stages
from explorer.ui import cache
from explorer.ui.exhibit import Exhibit
from explorer.ui.feature_maps.settings import VIEW_TITLES, OneLayer
from explorer.ui.frame import filling
from explorer.ui.network_view import all_layers, is_small, look_or_example, show_network
from explorer.ui.networks import current
from explorer.ui.plain import plain, unlabelled
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart
from explorer.ui.stand import Stand
from explorer.ui.state import choice
from explorer.words import counted, fixed, shortened

CANVAS = "feature_maps"  # the canvas's key, under which the clicked map lies in the session
MAKING, INPUT = 420, 160  # pixels of the stage's width: how one map was made, beside all of them; the input within it
CELLS, MOST_CHANNELS = 600_000, 64  # drawn of one layer of a large network, unless channels are chosen


@dataclass(frozen=True)
class Looked:
    """What the network made of the picture, and which of it is shown. source: whose maps the layer takes as they are."""

    name: str
    known: dict[str, Stage]
    stage: Stage
    channels: tuple[int, ...]
    source: str | None
    note: str
    problem: str
    recording: Recording
    maps: tuple[LayerMaps, ...]
    pixels: np.ndarray


def make(settings: OneLayer) -> Looked:
    """Run the network once, and keep the maps of the chosen layer, or of its first where it has no such layer."""
    name = settings.network
    known = {stage.layer.name: stage for stage in stages(cache.facts(name), cache.taken_from(name))}
    stage = known.get(settings.layer) or next(iter(known.values()))
    channels = tuple(channel for channel in settings.channels if channel < stage.layer.output[0])
    source = _source(name, stage)
    picture, recording, maps, steps, problem = look_or_example(
        name,
        choice().picture,
        None if is_small(name) else _recorded(stage, source),
        _chooser(stage, source, channels),
    )
    return Looked(name, known, stage, channels, source, picture.name, problem, recording, maps, steps[-1].pixels)


def show(looked: Looked, stand: Stand[OneLayer]) -> None:
    """Layer and channels to choose, the maps on the canvas, and how one of them was made."""
    if looked.problem:
        st.error(plain(looked.problem))
    pickers = st.container(horizontal=True, vertical_alignment="center", gap="small")
    view = _pick(looked, stand, pickers)
    by_name = {layer.facts.name: layer for layer in looked.maps}
    names = _names(looked.stage, view)
    small = is_small(looked.name)
    shown = tuple(only_channels(by_name[layer], looked.channels) if small else by_name[layer] for layer in names)
    wanted = stand.settings.channel
    channel = wanted if wanted in shown[0].channels else shown[0].channels[0]
    with pickers.popover("Download"):
        _offer_files(looked.name, looked.recording, shown)
    canvas, making = filling("maps", "stretch", MAKING)
    with canvas:
        show_network(
            looked.name,
            shown,
            key=CANVAS,
            recording=looked.recording,
            note=looked.note,
            whole=looked.maps,
            tall=True,
            pinned=(shown[0].facts.name, channel),
            take=lambda spot: stand.change(channel=spot.channel),
            invitation="Point at a map for its numbers. Click one to see how it was made.",
        )
    with making:
        _show_making(looked, by_name, channel, stand)


def _source(name: str, stage: Stage) -> str | None:
    """The layer whose maps the stage's layer takes as they are; None where that is a sum, a concatenation or the input."""
    taken = cache.taken_from(name)
    return taken.get(stage.layer.name) if taken else None


def _recorded(stage: Stage, source: str | None) -> list[str]:
    return [layer for layer in (source, *_names(stage, "both")) if layer]


def _chooser(
    stage: Stage, source: str | None, channels: Sequence[int]
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


def _pick(looked: Looked, stand: Stand[OneLayer], at: DeltaGenerator) -> str:
    """The layer, before or after its activation, and the channels (none named: all of them); returns what of it is shown."""
    stage, layer = looked.stage, looked.stage.layer
    stand.choose(
        at,
        "layer",
        "Layer",
        list(looked.known),
        lambda key: _title(looked.known[key]),
        **unlabelled(layer.name),
    )
    view = stand.settings.view
    if stage.activation:
        view = stand.choose(
            at,
            "view",
            f"Before or after {stage.activation.type}",
            list(VIEW_TITLES),
            VIEW_TITLES.__getitem__,
            few=True,
            label_visibility="collapsed",
        )
    stand.several(at, "channels", "Channels", range(layer.output[0]), _placeholder(looked.name, stage))
    return view


def _placeholder(name: str, stage: Stage) -> str:
    if is_small(name):
        return "all channels"
    count = channels_shown(stage.layer.output, cells=CELLS, most=MOST_CHANNELS)
    return "all channels" if count == stage.layer.output[0] else f"the first {counted(count, 'channel')}"


def _title(stage: Stage) -> str:
    return f"{shortened(stage.layer.name)} · {in_words(stage.layer)} · {shape_text(stage.layer.output)}"


def _names(stage: Stage, view: str) -> list[str]:
    """The layers to show of a stage."""
    if stage.activation is None:
        return [stage.layer.name]
    both = [stage.layer.name, stage.activation.name]
    return {"before": both[:1], "after": both[1:], "both": both}[view]


def _show_making(looked: Looked, maps: dict[str, LayerMaps], channel: int, stand: Stand) -> None:
    """The network's input, the kernel and the chosen channel, before and after its activation, two by two."""
    name, stage, source = looked.name, looked.stage, looked.source
    dark, layer = is_dark(), stage.layer
    dense = layer.type == "Linear"
    st.markdown(f"**How {'unit' if dense else 'channel'} {channel} of {plain(layer.name)} was made**")
    kernel = kernel_of(current(name).network, layer.name, channel)
    made = [maps[layer.name]] + ([maps[stage.activation.name]] if stage.activation else [])
    of_window = kind_of(layer.type).of_window
    if of_window and source in maps:  # reads one channel of it, so that one stands where a kernel would
        made.insert(0, maps[source])
    places = filling("making 0", INPUT if kernel else "stretch", "stretch")
    if bool(kernel) + len(made) > 1:
        places += filling("making 1", "stretch", "stretch")
    with places.pop(0):
        st.caption("The network's input")
        chart(stand, picture_figure(looked.pixels, dark=dark), "input", height="stretch")
    if kernel:
        planes, height, width = kernel.weights.shape
        weights = counted(planes, "weight") if dense else f"Kernel {planes} × {height}×{width}"
        with places.pop(0):
            st.caption(f"{weights}, bias {fixed(kernel.bias, 4)}")
            chart(stand, kernel_figure(kernel.weights, dark=dark), "kernel", height="stretch")
    for number, (column, shown) in enumerate(zip(places, made, strict=False)):
        values = shown.values[shown.channels.index(channel)]
        with column:
            rule = f": {of_window}" if of_window and shown.facts is layer else ""
            st.caption(f"{plain(shown.facts.name)}, {in_words(shown.facts)}{rule}")
            if values.size == 1:
                st.metric("value", fixed(values.item(), 4), label_visibility="collapsed")
            else:
                figure = map_figure(values, signed=shown.signed, dark=dark, name=f"channel {channel}")
                chart(stand, figure, f"map {number}", height="stretch")


def _offer_files(name: str, recording: Recording, shown: tuple[LayerMaps, ...]) -> None:
    """The shown maps as a picture, and every layer's numbers as tensors."""
    dark = is_dark()
    for layer in shown:
        st.download_button(
            f"{plain(layer.facts.name)} as PNG",
            lambda layer=layer: tile_png(layer, dark=dark),
            file_name=f"{name}_{layer.facts.name}.png",
            mime="image/png",
            on_click="ignore",
            width="stretch",
        )
    st.download_button(
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


EXHIBITS = (
    Exhibit(
        "G4",
        "Learned kernels and their maps",
        "Each kernel of the first layer was made by training alone. What does each look for, and where in your picture "
        "will its map be bright?",
        "Mostly edges in one direction, strokes, and with three channels contrasts of colour: where the picture under the "
        "kernel looks like the kernel, the map is bright; where it looks like its opposite, the map is dark, and the "
        "activation cuts that away. Before training kernels are noise, and their maps are blurred copies of the picture.",
        OneLayer(),
        make,
        show,
        subject=True,
        forgets={"network": ("layer", "channels", "channel"), "layer": ("channels", "channel")},
    ),
)
