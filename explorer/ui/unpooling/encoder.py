"""K5b: from a trained network's maps back to pixels, with each kind of unpooling. Knows numbers and words."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.figures.unpooling import pictures_figure, restored_figure
from explorer.layers.restoring import Restored, restored
from explorer.models.registry import find
from explorer.predictions import Choice
from explorer.probe.deconvnet import ALL, UNPOOLINGS, Fit, fit, passes, project, run_down, strongest
from explorer.settings.fields import Switch
from explorer.ui import cache
from explorer.ui.exhibit import Exhibit
from explorer.ui.networks import current
from explorer.ui.plain import plain
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart
from explorer.ui.stand import Stand
from explorer.ui.state import MINE, choice
from explorer.ui.subject import NETWORK, PICTURE, inputs_of, picture_now
from explorer.ui.unpooling.pictures import closest, show_ways
from explorer.ui.unpooling.where import STRONGEST, Channels, WayBack, usual_layer
from explorer.words import counted, fixed


@dataclass(frozen=True)
class Encoded:
    """channel: ALL, STRONGEST or one."""

    sample: Annotated[str, PICTURE] = MINE
    network: Annotated[str, NETWORK] = ""
    layer: Annotated[str, WayBack()] = ""
    channel: Annotated[int, Channels()] = ALL
    rectify: Annotated[bool, Switch("ReLUs on the way back", wide=2)] = True


@dataclass(frozen=True, eq=False)
class WaysBack:
    """seen: what the network saw, as pixels. note: why that is not the session's picture, or "". random: its weights are.

    go_back: goes down through the network and back, which takes a while, and keeps what came of it.
    """

    seen: np.ndarray
    note: str
    random: bool
    layer: str
    go_back: Callable[[], "Found"]


@dataclass(frozen=True, eq=False)
class Found:
    """channel: ALL or one. ways: by a key of UNPOOLINGS, the way back and how it fits."""

    channel: int
    ways: Mapping[str, tuple[Restored, Fit]]

    @property
    def told(self) -> dict[str, str]:
        """How close each way comes, by its title."""
        return {
            way.title: f"r {_number(close.correlation)} · {_number(close.psnr, 1)} dB"
            for way, close in self.ways.values()
        }

    @property
    def best(self) -> str:
        """The title of the way that comes closest."""
        return closest(way for way, _ in self.ways.values()).title


def _make(settings: Encoded) -> WaysBack:
    name = settings.network or choice().network
    with st.spinner("Opening the network …", show_time=True):
        graph, loaded = cache.graph(name), current(name)
    inputs, note = inputs_of(name)
    layer = settings.layer or usual_layer(graph)
    passes(graph, layer)  # says where there is no way back
    seen = find(name).feeding.display(inputs)

    def project_all() -> Found:
        recording = run_down(loaded.network, graph, inputs, layer)
        at = strongest(recording, layer) if settings.channel == STRONGEST else settings.channel
        found = {}
        for key, unpooling in UNPOOLINGS.items():
            close = fit(seen, project(loaded.network, recording, layer, at, key, rectify=settings.rectify))
            maps = recording.outputs[layer][0]
            numbers = maps.numel() if at == ALL else maps[at].numel()
            found[key] = restored(unpooling.title, seen.astype(float), close.pixels, numbers), close
        return Found(at, found)

    def go_back() -> Found:
        key = (name, loaded.key, hashlib.sha256(seen.tobytes()).hexdigest(), layer, settings.channel, settings.rectify)
        with st.spinner("Down through the network and back, four times …", show_time=True):
            return cache.kept_large("deconvnet", key, _make=project_all)

    return WaysBack(seen, note, loaded.random, layer, go_back)


def _show(back: WaysBack, stand: Stand[Encoded]) -> None:
    if back.note:
        st.error(plain(back.note))
    notes = ["These weights are random: nobody has trained them."] if back.random else []
    if not stand.revealed:
        if picture_now() is None:
            notes.append("An example digit is looked at until you draw or choose a picture.")
        if notes:
            st.caption(" ".join(notes))
        chart(stand, pictures_figure({"What the network sees": back.seen}, dark=is_dark()), "seen", height="stretch")
        return
    found = back.go_back()
    ways, told = [way for way, _ in found.ways.values()], found.told
    which = "all channels" if found.channel == ALL else f"channel {found.channel} alone"
    notes.append(f"From {plain(back.layer)}, {which}: {counted(ways[0].numbers, 'number')}.")
    row = st.container(horizontal=True, vertical_alignment="center")
    row.markdown(f"Closest is **{found.best}**, {told[found.best]}. {' '.join(notes)}", width="stretch")
    with row.popover("What each does"):
        st.markdown("\n".join(f"- **{one.title}**: {one.does}" for one in UNPOOLINGS.values()))
        st.markdown(
            "Each way back is shown after the best scale and offset (least squares); r is its correlation with the picture. "
            "In between each convolution is a transposed convolution with the same kernels and no bias. With switches and "
            "without the ReLUs this is exactly how a gradient goes back through a network that has none."
        )
    show_ways(restored_figure(back.seen, ways, list(told.values()), dark=is_dark()), stand)


def _number(value: float, digits: int = 2) -> str:
    return "none" if value != value else fixed(value, digits)


EXHIBITS = (
    Exhibit(
        "K5b",
        "Back through a network",
        "A trained network has turned the picture into maps. They go back to pixels through the same kernels, turned "
        "round; nothing is learned. Undone in which way does pooling bring back most of the picture?",
        "It matters more with every pooling. After one, nearest is at least as close as the switches on most pictures; after "
        "two it depends on the picture. After three, max unpooling alone still puts edges where they were: the maps no "
        "longer say where, the switches do. The zeros that cost so much on the picture itself are filled here by the "
        "kernels' stamps. After Zeiler and Fergus, *Visualizing and Understanding Convolutional Networks* (2014).",
        Encoded(),
        _make,
        _show,
        {
            "a digit": Encoded("digit-3", "lenet5", "c5"),
            "one pooling": Encoded("astronaut", "colour", "pool1"),
            "three poolings": Encoded("astronaut", "colour", "pool3"),
        },
        subject=True,
        rounds=True,
        any_of=("sample", "network", "layer"),
        hidden=("Closest is",),
        predicted=Choice(
            "The closest",
            tuple(unpooling.title for unpooling in UNPOOLINGS.values()),
            lambda back: back.go_back().best,
            lambda back: back.go_back().told,
        ),
        forgets={"network": ("layer", "channel")},
    ),
)
