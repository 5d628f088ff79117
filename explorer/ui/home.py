"""The home page's exhibit: a picture on the left, the whole network on the right. Knows the screen; computes nothing."""

import streamlit as st

from explorer.probe.overview import last_layer
from explorer.probe.stages import stage_of
from explorer.ui import cache
from explorer.ui.network_view import look_or_example, read_spot, show_network
from explorer.ui.pickers import pick_network, pick_picture
from explorer.ui.plain import plain
from explorer.ui.state import choose

FEATURE_MAPS = "pages/feature_maps.py"


@st.fragment
def draw_and_look() -> None:
    """Choose a picture, see every layer answer. A fragment: a stroke reruns this function and nothing else."""
    left, right = st.columns([1, 2.7], gap="medium")
    with left:
        chosen = pick_picture()
        name = pick_network()
        picture, recording, maps, steps, problem = look_or_example(name, chosen.picture)
        if problem:
            st.error(plain(problem))
    with right:
        state = show_network(
            name,
            maps,
            key="home_network",
            steps=steps,
            recording=recording,
            note=picture.name if chosen.picture else "an example, until you draw or choose a picture",
            follow="Open in Feature maps",
        )
    if spot := read_spot(state.followed, maps):
        layer = last_layer(cache.facts(name), spot.layer)  # of a block, what stands at its end
        stage = stage_of(cache.facts(name), layer.name, cache.taken_from(name))
        before = stage.layer.name == layer.name
        channel = spot.channel if spot.channel < layer.output[0] else 0
        choose(layer=stage.layer.name, view="before" if before else "after", channel=channel)
        st.switch_page(FEATURE_MAPS)
