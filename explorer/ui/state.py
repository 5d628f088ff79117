"""What a session has chosen, in one frozen record under one name. Knows choices; draws nothing.

Widgets' own keys are gone once a page is left, so that each choice is copied here and the widget is seeded from it.
"""

import dataclasses
from dataclasses import dataclass

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.images.digits import centre_digit
from explorer.images.picture import Picture, picture
from explorer.images.samples import example_digit
from explorer.images.strokes import Drawing
from explorer.models.registry import opening

_KEY = "explorer.choice"
SOURCES = ("draw", "sample", "upload", "webcam")
MINE = "mine"  # in an address: the picture that the session looks at, which no address can carry
VIEWS = ("before", "after", "both")  # the activation function


@dataclass(frozen=True)
class Choice:
    """One session's choices.

    source: where the picture comes from. drawing: the pad's last valid content. nonce: raised to make the pad take it.
    photo: the last valid picture of the other three sources. network: a name in the registry. layer, view, channel: on
    the Feature maps page; a layer of None is that network's first; view is a key of VIEWS.
    """

    source: str = "draw"
    drawing: Drawing | None = None
    nonce: int = 0
    sample: str = "cat"
    photo: Picture | None = None
    network: str = "lenet5"
    layer: str | None = None
    view: str = "both"
    channel: int = 0

    @property
    def picture(self) -> Picture | None:
        """The picture that is looked at, or None while there is none."""
        if self.source != "draw":
            return self.photo
        return picture("your drawing", self.drawing.pixels) if self.drawing else None


def choice() -> Choice:
    """This session's choices."""
    return st.session_state.setdefault(_KEY, Choice(network=opening()))


def drawn_digit() -> np.ndarray:
    """The drawing, or the example where nothing is drawn, as MNIST's digits were centred: uint8 (28, 28)."""
    drawing = choice().drawing
    try:
        return centre_digit((drawing or example_digit()).pixels).image
    except ExplorerError:  # an eraser leaves ink that is too faint to be anything
        return centre_digit(example_digit().pixels).image


def choose(**changes: object) -> Choice:
    """Replace some of this session's choices; returns the new record."""
    st.session_state[_KEY] = dataclasses.replace(choice(), **changes)
    return st.session_state[_KEY]
