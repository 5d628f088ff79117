"""A1 and A2: a picture as a grid of numbers, and its planes. Knows numbers and words."""

import streamlit as st

from explorer.images.picture import Picture
from explorer.predictions import Choice
from explorer.ui.exhibit import Exhibit
from explorer.ui.images_are_tensors.pixels_view import Looked, show_pixels
from explorer.ui.stand import Stand
from explorer.ui.subject import picture_or_cat

CIRCLES = "red-circle"


def picture_of(settings: Looked) -> Picture:
    """What is looked at: the session's picture, or the first sample."""
    return picture_or_cat()


def _show_planes(picture: Picture, stand: Stand[Looked]) -> None:
    if stand.revealed:
        st.markdown(
            "R is 220 in the red circle, but 20 and 60 in the others. White has all of R, G and B, 255 each: on white, red "
            "nearly vanishes from plane R. Press R under the picture and look."
        )
    show_pixels(picture, stand)


EXHIBITS = (
    Exhibit(
        "A1",
        "Numbers in a grid",
        "Each pixel of a grey picture is one number from 0 to 255. Are the large ones where it is bright, or where it is "
        "dark?",
        "Where it is bright: a grey picture is a matrix, 0 is black and 255 is white. Move the region over the picture and "
        "read it.",
        Looked(),
        picture_of,
        show_pixels,
        {"a photograph": Looked("cameraman"), "a digit": Looked("digit-3"), "a ramp": Looked("ramp")},
        subject=True,
        predicted=Choice("Large numbers", ("where it is bright", "where it is dark"), "where it is bright"),
    ),
    Exhibit(
        "A2",
        "Planes of colour",
        "A red circle lies among green and blue ones on white. Which are dark in plane R?",
        "The green and the blue ones, which have little red. A colour picture is a tensor of height × width × 3: its planes "
        "R, G and B, apart and together. White is large in all three, so that red nearly vanishes from plane R.",
        Looked(),
        picture_of,
        _show_planes,
        {"Show that picture": Looked(CIRCLES)},
        subject=True,
        hidden=("R is 220",),
        predicted=Choice("Dark in R", ("the red one", "the green and the blue"), "the green and the blue"),
    ),
)
