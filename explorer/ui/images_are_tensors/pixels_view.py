"""A picture's pixels as grids of numbers, in the browser. Knows the message to it and what comes back; draws nothing."""

from collections.abc import Mapping

from explorer.figures.histogram import PLANE_COLOURS
from explorer.images.picture import Picture
from explorer.images.tensors import planes
from explorer.live import wire
from explorer.ui import components

Pixel = tuple[int, int]  # row, column


def show_pixels(picture: Picture, *, key: str) -> Pixel:
    """Draw the picture, its region and the region's planes. Returns the pixel that was clicked, at first the middle one."""
    state = components.pixels(key=key, data=message(picture), on_pixel_change=lambda: None)
    return chosen_pixel(state.get("pixel"), picture)


def message(picture: Picture) -> bytes:
    """What the browser is sent: all pixels as they are, so that every number shown is true.

    The same picture makes the same bytes, whatever was clicked: Streamlit then sends nothing again.
    """
    height, width = picture.pixels.shape[:2]
    names = planes(picture.pixels).names
    row, column = middle(picture)
    header = {
        "title": f"{shape_text(picture)}: {picture.name}",  # the shape first: a long name is cut
        "label": f"{picture.name}, {height} rows and {width} columns of pixels from 0 to 255.",
        "hint": "Point at a cell; click it, and its numbers go into the formulas below.",
        "names": names,
        "rows": height,
        "columns": width,
        "planes": len(names),
        "shape": _shape(picture),
        "middle": {"row": row, "column": column},
        "ink": {theme: [colours[name] for name in names] for theme, colours in PLANE_COLOURS.items()},
    }
    return wire.pack(header, [picture.pixels])


def chosen_pixel(sent: object, picture: Picture) -> Pixel:
    """The pixel that a browser sent, {row, column, shape}; the middle one if it sent none of this picture."""
    if isinstance(sent, Mapping) and sent.get("shape") == _shape(picture):
        height, width = picture.pixels.shape[:2]
        row, column = sent.get("row"), sent.get("column")
        if type(row) is int and type(column) is int and 0 <= row < height and 0 <= column < width:
            return row, column
    return middle(picture)


def middle(picture: Picture) -> Pixel:
    """The pixel right below and right of the picture's centre."""
    height, width = picture.pixels.shape[:2]
    return height // 2, width // 2


def shape_text(picture: Picture) -> str:
    """The tensor's shape as it is written, with what the axes are left to the reader: 300×451×3."""
    return "×".join(str(length) for length in picture.pixels.shape)


def _shape(picture: Picture) -> str:
    return f"{shape_text(picture)} {picture.pixels.ndim}"
