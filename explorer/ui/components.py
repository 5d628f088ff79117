"""The browser components, registered once. Knows their files; not what is sent to them.

Each has a folder under assets/components with an .html, a .css and a .js of its name; the .js imports what it needs, from its
folder and from shared/, and is linked into one source.
"""

from pathlib import Path

import streamlit as st

from explorer.ui.linking import link

FILES = Path(__file__).parents[2] / "assets" / "components"
FINGERS = (FILES / "shared" / "fingers.css").read_text(encoding="utf-8")  # after it
STRETCH = (FILES / "shared" / "stretch.css").read_text(encoding="utf-8")  # before each component's own style


def _component(name: str):
    def read(kind: str) -> str:
        return (FILES / name / f"{name}.{kind}").read_text(encoding="utf-8")

    # Text with a newline in it is taken as the source itself, never as a path.
    source = link(FILES / name / f"{name}.js")
    css = STRETCH + read("css") + FINGERS
    return st.components.v2.component(f"explorer.{name}", html=read("html"), css=css, js=source)


frame = _component("frame")
pad = _component("pad")
network = _component("network")
pixels = _component("pixels")
stepper = _component("stepper")
compare = _component("compare")
studio = _component("studio")
patches = _component("patches")
unit_map = _component("unit_map")
webcam = _component("webcam")
pictures = _component("pictures")
