"""G1: a picture on the left, the whole network on the right. Knows the screen; computes nothing."""

from dataclasses import dataclass
from typing import Annotated

import streamlit as st

from explorer.probe.overview import last_layer
from explorer.probe.stages import stage_of
from explorer.ui import cache
from explorer.ui.exhibit import Exhibit
from explorer.ui.feature_maps.settings import OneLayer
from explorer.ui.network_view import Spot, look_or_example, read_spot, show_network
from explorer.ui.place import visit
from explorer.ui.plain import plain
from explorer.ui.stand import Stand
from explorer.ui.state import MINE, choice
from explorer.ui.subject import NETWORK, PICTURE

FEATURE_MAPS = "feature_maps"


@dataclass(frozen=True)
class Looking:
    """What is looked at, and through which network."""

    sample: Annotated[str, PICTURE] = MINE
    network: Annotated[str, NETWORK] = ""


def make(settings: Looking) -> tuple:
    """The picture, what the network made of it, the maps, the steps to its input, and why it is the example, if it is."""
    return look_or_example(settings.network, choice().picture)


def _show(made: tuple, stand: Stand[Looking]) -> None:
    picture, recording, maps, steps, problem = made
    if problem:
        st.error(plain(problem))
    state = show_network(
        stand.settings.network,
        maps,
        key="home_network",
        steps=steps,
        recording=recording,
        note=picture.name if choice().picture else "an example",
        follow="Open in Feature maps",
    )
    if spot := read_spot(state.followed, maps):
        _open(spot, stand.settings)


def _open(spot: Spot, settings: Looking) -> None:
    """Go on to the map on the page Feature maps."""
    facts, taken = cache.facts(settings.network), cache.taken_from(settings.network)
    layer = last_layer(facts, spot.layer)  # of a block, what stands at its end
    stage = stage_of(facts, layer.name, taken)
    view = "before" if stage.layer.name == layer.name else "after"
    channel = spot.channel if spot.channel < layer.output[0] else 0
    visit(FEATURE_MAPS, OneLayer(settings.sample, settings.network, stage.layer.name, view, (), channel))
    st.switch_page(f"pages/{FEATURE_MAPS}.py")


EXHIBITS = (
    Exhibit(
        "G1",
        "The whole network",
        "Draw a digit, or take a photograph. In which layers can you still recognise it, and from which on no longer?",
        "In the first maps: they are as fine as the picture, and each keeps what its kernel looks for, such as strokes in one "
        "direction. Every pooling halves the grid, so that further up a map only says that something is there, and roughly "
        "where. The last layers have no places at all: numbers that say how much speaks for each class.",
        Looking(),
        make,
        _show,
        subject=True,
        pad=True,
    ),
)
