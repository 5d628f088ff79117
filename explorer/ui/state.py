"""What a session has chosen, in one frozen record under one name. Knows choices; draws nothing.

Widgets' own keys are gone once a page is left. So each widget is drawn from the record, every time, and only what a person
does to it is written back.
"""

import dataclasses
from collections.abc import Callable
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


@dataclass(frozen=True)
class Choice:
    """One session's choices.

    source: where the picture comes from. drawing: the pad's last valid content. nonce: raised to make the pad take it.
    photo: the last valid picture of the other three sources. network: a name in the registry.
    """

    source: str = "draw"
    drawing: Drawing | None = None
    nonce: int = 0
    sample: str = "cat"
    photo: Picture | None = None
    network: str = "lenet5"

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


def choose_network(name: str) -> None:
    """Look into another network."""
    choose(network=name)


def bound(key: str, value: object, take: Callable[[object], object]) -> dict[str, object]:
    """The arguments `key` and `on_change` of a widget that shows `value`, whatever a widget of that key showed before.

    The key is set even where it has that value already: it may be that of the page which is being left, and is dropped as the
    new widget is made. take: is given what a person has chosen, before the script runs again, and nothing else.
    """
    st.session_state[key] = value

    def changed() -> None:
        if (chosen := st.session_state[key]) is not None:
            take(chosen)

    return {"key": key, "on_change": changed}
