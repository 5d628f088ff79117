"""The browser components, registered once. Knows their files; not what is sent to them.

Each has a .html, .css and .js of its own under assets/components; shared.js and the files a component names stand before
its own JavaScript.
"""

from pathlib import Path

import streamlit as st

FILES = Path(__file__).parents[2] / "assets" / "components"


def _component(name: str, *parts: str):
    def read(file: str) -> str:
        return (FILES / file).read_text(encoding="utf-8")

    # Text with a newline in it is taken as the source itself, never as a path.
    source = "\n".join(read(f"{part}.js") for part in ("shared", *parts, name))
    return st.components.v2.component(f"explorer.{name}", html=read(f"{name}.html"), css=read(f"{name}.css"), js=source)


address_bar = _component("address_bar")
pad = _component("pad")
network = _component("network", "network_layout")
pixels = _component("pixels")
stepper = _component("stepper", "grid", "stepper_geometry", "stepper_layout", "stepper_links", "stepper_panel")
compare = _component("compare", "compare_panel")
_STUDIO = (
    "studio_link",
    "studio_bar",
    "studio_curves",
    "studio_panels",
    "studio_views",
    "studio_scenes",
    "studio_time",
)
studio = _component("studio", *_STUDIO)
patches = _component("patches")
unit_map = _component("unit_map")
webcam = _component("webcam")
pictures = _component("pictures")
