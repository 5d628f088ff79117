"""The Regularisation page: batch normalisation, dropout, augmentation. Knows which exhibit is made of which parts."""

from collections.abc import Callable

import streamlit as st

from explorer.ui.duel import show_duel
from explorer.ui.exhibits import choose_exhibit, mirror, place, valid
from explorer.ui.regularisation.batch import ask_batch, make_batch, show_batch, show_depth
from explorer.ui.regularisation.chance import (
    ask_masks,
    ask_versions,
    make_masks,
    make_versions,
    show_masks,
    show_versions,
)
from explorer.ui.regularisation.exhibits import CODECS, EXHIBITS, PAGE


@st.fragment
def explore() -> None:
    """One exhibit: the question, its settings, what follows from them, and the same in training."""
    exhibit = choose_exhibit(PAGE, EXHIBITS, CODECS)
    ask, make, show = _PARTS[exhibit.id]
    left, right = st.columns([1, 2.6], gap="medium")
    with left:
        ask(place(PAGE).settings)
    with right:
        settings, made = valid(PAGE, exhibit, make)
        show(settings, *made)
    if exhibit.id == "H4":
        show_depth(exhibit)
    show_duel(exhibit.id)
    mirror(PAGE, exhibit, CODECS)


# exhibit → its settings on the screen, what they give, and that on the screen
_PARTS: dict[str, tuple[Callable, Callable, Callable]] = {
    "H4": (ask_batch, make_batch, show_batch),
    "H5": (ask_masks, make_masks, show_masks),
    "H6": (ask_versions, make_versions, show_versions),
}
