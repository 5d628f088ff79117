"""The Unpooling page: cell by cell, on a picture, through a network. Knows which exhibit is shown how; draws none itself."""

import streamlit as st

from explorer.ui.exhibits import Exhibit, choose_exhibit, mirror, place, valid
from explorer.ui.unpooling import grids
from explorer.ui.unpooling.encoder import show_encoder
from explorer.ui.unpooling.exhibits import CODECS, EXHIBITS
from explorer.ui.unpooling.pictures import show_picture

PAGE = grids.PAGE
_MAKE = {"K2": grids.make_fixed, "K3": grids.make_switched, "K4": grids.make_stamped}
_SHOW = {"K2": grids.show_fixed, "K3": grids.show_switched, "K4": grids.show_stamped}
_ASK = {"K2": grids.ask_fixed, "K3": grids.ask_switched, "K4": grids.ask_stamped}
_WHOLE = {"K5": show_picture, "K5b": show_encoder}


@st.fragment
def explore() -> None:
    """One exhibit: question, what it shows, settings."""
    exhibit = choose_exhibit(PAGE, EXHIBITS, CODECS)
    if exhibit.id in _WHOLE:
        _WHOLE[exhibit.id]()
        mirror(PAGE, exhibit, CODECS)
        return
    stage, below = st.container(), st.container()
    with below:  # asked first, shown last: what is drawn above is already what was asked for
        _ASK[exhibit.id](place(PAGE).settings, place(PAGE).token)
    with stage:
        _try(exhibit)


@st.fragment
def _try(exhibit: Exhibit) -> None:
    """The stepper and what follows from it. A fragment within the page's: an edited cell redraws no setting."""
    _, made = valid(PAGE, exhibit, _MAKE[exhibit.id])
    _SHOW[exhibit.id](*made)
    mirror(PAGE, exhibit, CODECS)
