"""The home page's exhibit: a picture on the left, the whole network on the right. Knows the screen; computes nothing."""

import streamlit as st

from explorer.errors import ExplorerError
from explorer.images.samples import example_digit
from explorer.probe.stages import stage_of
from explorer.ui import cache
from explorer.ui.network_view import look, read_spot, show_network
from explorer.ui.pickers import pick_network, pick_picture
from explorer.ui.state import choose

FEATURE_MAPS = "pages/feature_maps.py"


@st.fragment
def draw_and_look() -> None:
    """Choose a picture, see every layer answer. A fragment: a stroke reruns this function and nothing else."""
    left, right = st.columns([1, 2.7], gap="medium")
    with left:
        chosen = pick_picture()
        name = pick_network()
        problem = st.empty()
    if message := st.session_state.pop("pad_error", None):
        problem.error(message)
    picture, note = chosen.picture, ""
    if picture is None:
        picture, note = example_digit(), "an example, until you draw or choose a picture"
    try:
        recording, maps, steps = look(name, picture)
    except ExplorerError as error:
        problem.error(str(error))
        picture, note = example_digit(), "an example"
        recording, maps, steps = look(name, picture)
    with right:
        state = show_network(
            name,
            maps,
            key="home_network",
            steps=steps,
            recording=recording,
            note=note or picture.name,
            follow="Open in Feature maps",
        )
    if spot := read_spot(state.followed, maps):
        stage = stage_of(cache.facts(name), spot.layer)
        before = stage.layer.name == spot.layer
        choose(layer=stage.layer.name, view="before" if before else "after", channel=spot.channel)
        st.switch_page(FEATURE_MAPS)
