"""What an exhibit looks at: the session's picture and network, and the address's part in them. Knows choices; shows nothing.

For pages whose settings have `sample` (a key of SAMPLES, or MINE) and `network` (a name of the registry, "" for the session's).
"""

import streamlit as st
import torch

from explorer.errors import ExplorerError
from explorer.models.registry import find
from explorer.ui.exhibits import change, place
from explorer.ui.network_view import example_for
from explorer.ui.pickers import look_at_sample
from explorer.ui.state import MINE, choice, choose_network


def take_over(page: str) -> None:
    """Let an address or a variant that was just loaded choose the session's picture and network."""
    settings, token = place(page).settings, place(page).token
    if st.session_state.get(f"{page} taken") == token:
        return
    st.session_state[f"{page} taken"] = token
    if settings.sample != MINE:
        look_at_sample(settings.sample)
    if settings.network:
        choose_network(settings.network)


def sample_now() -> str:
    """What an address can say of the session's picture."""
    return choice().sample if choice().source == "sample" else MINE


def follow(page: str, network: str, **meaningless: object) -> None:
    """Write down which picture and network are looked at. meaningless: settings that go back to these with another network."""
    if place(page).settings.network not in ("", network):
        change(page, **meaningless)
    change(page, network=network, sample=sample_now())


def inputs_of(network: str) -> tuple[torch.Tensor, str]:
    """The session's picture as the network's input (1, C, H, W); the example where there is none.

    The example too where the picture cannot be an input: then one sentence says why, else "".
    """
    feeding = find(network).feeding
    try:
        return feeding.preprocess((choice().picture or example_for(network)).pixels), ""
    except ExplorerError as error:
        return feeding.preprocess(example_for(network).pixels), str(error)
