"""A picture's pixels as grids of numbers, in the browser. Knows the message to it and what comes back; draws nothing.

What is looked at is settings: a pixel's text is its row, its column and the picture's shape (64.64.128x128x3), so that in
another picture it means nothing; LOOKS are the component's switches.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import streamlit as st

from explorer.figures.histogram import PLANE_COLOURS
from explorer.images.picture import Picture
from explorer.images.tensors import planes
from explorer.live import wire
from explorer.settings.fields import OneOf, Word
from explorer.typed import cell
from explorer.ui import components
from explorer.ui.stand import Stand
from explorer.ui.state import MINE
from explorer.ui.subject import PICTURE
from explorer.words import counted

Pixel = tuple[int, int]  # row, column
LOOKS = {"plane": ("RGB", "R", "G", "B"), "paint": ("hue", "grey"), "planes": ("apart", "together")}
_PIXEL = r"(\d{1,5})\.(\d{1,5})\.([\dx]{3,20})"
KEY = "pixels"


@dataclass(frozen=True)
class Looked:
    """pixel: the clicked one, "" the middle. plane: of the whole picture; paint, planes: of the region's planes."""

    sample: Annotated[str, PICTURE] = MINE
    pixel: Annotated[str, Word("pixel", _PIXEL)] = ""
    plane: Annotated[str, OneOf("", LOOKS["plane"])] = "RGB"
    paint: Annotated[str, OneOf("", LOOKS["paint"])] = "hue"
    planes: Annotated[str, OneOf("", LOOKS["planes"])] = "apart"


def show_pixels(picture: Picture, stand: Stand[Any]) -> None:
    """Draw the picture, its region and the region's planes; what is clicked there becomes settings (of a `Looked`)."""

    def hear_pixel() -> None:
        stand.change(pixel=pixel_text(chosen_pixel(st.session_state[KEY].get("pixel"), picture), picture))

    def hear_look() -> None:
        sent = st.session_state[KEY].get("look")
        looks = sent.items() if isinstance(sent, Mapping) else ()
        stand.change(**{name: to for name, to in looks if to in LOOKS.get(name, ())})

    opening = _opening(picture, stand)
    components.pixels(
        key=KEY,
        data=message(picture, opening, stand.token),
        on_pixel_change=hear_pixel,
        on_look_change=hear_look,
        height="stretch",
    )


def _opening(picture: Picture, stand: Stand[Looked]) -> Looked:
    """The settings as they were when the browser was last told them: with these settings loaded, or a picture of this shape.

    It then knows better: what was clicked since is no reason to send all pixels again.
    """
    kept, now = stand.key("opening"), (stand.token, _shape(picture))
    if KEY not in st.session_state or st.session_state.get(kept, (None,))[0] != now:
        st.session_state[kept] = now, stand.settings
    return st.session_state[kept][1]


def message(picture: Picture, opening: Looked | None = None, token: int = 0) -> bytes:
    """What the browser is sent: all pixels as they are, so that every number shown is true.

    The same picture makes the same bytes, whatever was clicked: Streamlit then sends nothing again. opening: what it
    begins with, when the token or the picture's shape is another one.
    """
    height, width = picture.pixels.shape[:2]
    names = planes(picture.pixels).names
    opening = opening or Looked()
    row, column = pixel_of(opening.pixel, picture)
    header = {
        "title": f"{shape_text(picture)}: {picture.name}",  # the shape first: a long name is cut
        "label": f"{picture.name}, {counted(height, 'row')} and {counted(width, 'column')} of pixels from 0 to 255.",
        "hint": "Point at a cell; click it to choose it.",
        "names": names,
        "rows": height,
        "columns": width,
        "planes": len(names),
        "shape": _shape(picture),
        "token": token,
        "chosen": {"row": row, "column": column},
        "look": {name: getattr(opening, name) for name in LOOKS},
        "ink": {theme: [colours[name] for name in names] for theme, colours in PLANE_COLOURS.items()},
    }
    return wire.pack(header, [picture.pixels])


def chosen_pixel(sent: object, picture: Picture) -> Pixel:
    """The pixel that a browser sent, {row, column, shape}; the middle one if it sent none of this picture."""
    if isinstance(sent, Mapping) and sent.get("shape") == _shape(picture):
        found = cell((sent.get("row"), sent.get("column")), picture.pixels.shape[:2])
        return found or middle(picture)
    return middle(picture)


def pixel_of(text: str, picture: Picture) -> Pixel:
    """The pixel that a setting names; the middle one if it names none of this picture."""
    found = re.fullmatch(_PIXEL, text)
    if not found or found[3] != _plain_shape(picture):
        return middle(picture)
    return chosen_pixel({"row": int(found[1]), "column": int(found[2]), "shape": _shape(picture)}, picture)


def pixel_text(pixel: Pixel, picture: Picture) -> str:
    """The setting that names a pixel of this picture: 3.4.10x20 in one of 10×20 pixels."""
    return f"{pixel[0]}.{pixel[1]}.{_plain_shape(picture)}"


def middle(picture: Picture) -> Pixel:
    """The pixel right below and right of the picture's centre."""
    height, width = picture.pixels.shape[:2]
    return height // 2, width // 2


def shape_text(picture: Picture) -> str:
    """The tensor's shape as it is written, with what the axes are left to the reader: 300×451×3."""
    return "×".join(str(length) for length in picture.pixels.shape)


def _plain_shape(picture: Picture) -> str:
    return shape_text(picture).replace("×", "x")


def _shape(picture: Picture) -> str:
    return f"{shape_text(picture)} {picture.pixels.ndim}"
