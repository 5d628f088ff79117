"""The front door: page configuration and navigation. Nothing is computed here."""

from pathlib import Path

import streamlit as st

from explorer.ui.shell import load_in_background

st.set_page_config(
    page_title="CNN Explorer", page_icon=str(Path(__file__).parent / "assets" / "icon.png"), layout="wide"
)
load_in_background()
st.navigation(
    [
        st.Page("pages/home.py", title="CNN Explorer", default=True),
        st.Page("pages/feature_maps.py", title="Feature maps"),
        st.Page("pages/images_are_tensors.py", title="Images are tensors"),
    ],
    position="top",
).run()
