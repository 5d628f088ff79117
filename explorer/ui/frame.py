"""The frame of every page: one row, the stage, the settings beside it, one line below. Knows places; nothing that stands there.

assets/frame.css gives the places their sizes; the frame's browser component opens and closes the settings, shares the address
and leads to stage mode, all without the server.
"""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.ui import components
from explorer.ui.shell import told


@dataclass(frozen=True)
class Frame:
    """Containers to draw in. bar: the row; stage: the exhibit; settings: beside it, closed until asked for; line: below."""

    bar: DeltaGenerator
    stage: DeltaGenerator
    settings: DeltaGenerator
    line: DeltaGenerator


def frame() -> Frame:
    """The page's places, in their order on the screen, with the title at the beginning of the row."""
    bar = st.container(horizontal=True, vertical_alignment="center", gap="small", key="bar")
    floor = st.container(horizontal=True, key="floor")
    places = Frame(
        bar,
        floor.container(key="stage"),
        floor.container(key="settings"),
        st.container(horizontal=True, vertical_alignment="center", gap="small", key="line"),
    )
    title, sentence = told()
    bar.header(title, anchor=False, help=sentence, width="content")
    return places


def filling(name: str, *widths: int | str) -> list[DeltaGenerator]:
    """Places side by side that take the height which the rest of the stage leaves; below each other on a phone.

    name: the row's, among all on the screen. widths: pixels, or "stretch" for what is left.
    """
    row = st.container(horizontal=True, height="stretch", key=f"fill {name}")
    return [row.container(width=width, height="stretch") for width in widths]


def controls(page: str, first: str = "", *, settings: bool) -> None:
    """The end of the row: Settings, where there are some, Share and the stage mode. first: the exhibit that needs no name."""
    st.space("stretch")
    components.frame(key=f"frame of {page}", data={"first": first, "settings": settings}, width="content")
