"""The picture whose maps a run's viewers see. Knows the choice and the channels; not how a frame is made."""

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.live.channel import channel
from explorer.training.frames import Viewer
from explorer.ui.state import choice


def pin_picture(runs: Sequence[str]) -> None:
    """Choose a test picture of the runs, or this session's own picture, for everybody who watches."""
    with st.popover("Pin another picture"):
        st.markdown("Its feature maps are shown for every moment of the run, to everybody who watches.")
        number = st.number_input("Test picture", min_value=0, max_value=999, step=1, key="pinned picture")
        st.button("Pin the test picture", on_click=_pin_test_picture, args=(tuple(runs), number), width="stretch")
        own = choice().picture
        st.button(
            "Pin my own picture",
            on_click=_pin_own,
            args=(tuple(runs),),
            disabled=own is None,
            width="stretch",
            help="The one you drew or chose on the page CNN Explorer." if own is None else own.name,
        )


def _pin_test_picture(runs: Sequence[str], number: int) -> None:
    _pin(runs, lambda viewer: viewer.test_picture(int(number)))


def _pin_own(runs: Sequence[str]) -> None:
    pixels = choice().picture.pixels
    _pin(runs, lambda viewer: (viewer.arrange(pixels), None))


def _pin(runs: Sequence[str], picture_of: Callable[[Viewer], tuple[np.ndarray, int | None]]) -> None:
    for run in runs:
        try:
            one = channel(run)
            one.pin(*picture_of(one.viewer()))
        except ExplorerError as error:
            st.toast(str(error))
