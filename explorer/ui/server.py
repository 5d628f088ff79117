"""What happens when the server starts and stops. Knows the process; not pages, not sessions."""

import contextlib
from collections.abc import AsyncIterator

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from explorer.ui.shell import load_in_background

WITHOUT_VISITORS = 3.0  # seconds


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Begin the heavy imports when nobody has opened a page yet: the first page begins them itself, once it is painted."""
    # st.navigation says the same, but only once a page has run: until then a visitor who opens a page by its own address
    # would get Streamlit's old menu, made from the folder's file names.
    PagesManager.uses_pages_directory = False
    load_in_background(after=WITHOUT_VISITORS)
    yield
