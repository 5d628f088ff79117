"""The browser components, registered once. Knows their files; not what is sent to them.

Each has a .html, .css and .js of its own under assets/components; shared.js stands before each one's JavaScript.
"""

from pathlib import Path

import streamlit as st

FILES = Path(__file__).parents[2] / "assets" / "components"


def _component(name: str):
    # Text with a newline in it is taken as the source itself, never as a path.
    return st.components.v2.component(
        f"explorer.{name}",
        html=(FILES / f"{name}.html").read_text(encoding="utf-8"),
        css=(FILES / f"{name}.css").read_text(encoding="utf-8"),
        js=(FILES / "shared.js").read_text(encoding="utf-8") + (FILES / f"{name}.js").read_text(encoding="utf-8"),
    )


pad = _component("pad")
network = _component("network")
pixels = _component("pixels")
