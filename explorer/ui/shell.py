"""What every page begins with. Knows titles and the wait for the heavy imports; imports nothing heavy itself.

The shell of a page is on the screen before torch is imported; the first script run starts that import in the
background.
"""

import importlib
import sys
import threading
from pathlib import Path

import streamlit as st

from explorer.ui.plain import plain

_HEAVY = ("torch", "cv2", "explorer.models.registry", "explorer.ui.home.whole_network")
ASSETS = Path(__file__).parents[2] / "assets"
_STYLE = f"<style>{(ASSETS / 'frame.css').read_text('utf-8')}</style><i class='explorer-style'></i>"
ICON = ASSETS / "icon.svg"
UNTIL_PAINTED = 0.1  # seconds: importing holds Python's lock, and the shell has to reach the browser first
_TOLD = "explorer.title"  # title and sentence of the page on the screen
_started = threading.Lock()
_loaded = threading.Event()
_problems: list[str] = []  # why the network that --model names is not there


def begin(title: str, sentence: str) -> None:
    """Wait until the libraries are loaded (once after the server's start), with the title on the screen meanwhile.

    sentence: what one does on the page, told beside its title.
    """
    name_tab(title)
    st.html(_STYLE)
    st.session_state[_TOLD] = (title, sentence)
    if not _loaded.is_set():
        until = st.empty()
        with until.container():
            st.header(title, anchor=False)
            load_in_background(after=UNTIL_PAINTED)
            with st.spinner("Loading PyTorch, about three seconds, once after the start …"):
                _loaded.wait()
        until.empty()
    st.set_page_config(page_icon=ICON)  # last: it imports Pillow and NumPy, a tenth of a second of the start
    for problem in _problems:
        st.error(plain(problem))


def told() -> tuple[str, str]:
    """Title and sentence of the page on the screen."""
    return st.session_state[_TOLD]


def name_exhibit(title: str) -> None:
    """Let the tab say which exhibit of the page is on the screen."""
    name_tab(title, told()[0])


def name_tab(*parts: str) -> None:
    """What the browser's tab says, the narrowest first, since a tab shows only the beginning."""
    st.set_page_config(page_title=" · ".join(dict.fromkeys(filter(None, (*parts, "CNN Explorer")))))


def is_dark() -> bool:
    """Whether the viewer's theme is a dark one."""
    return st.context.theme.type == "dark"


def load_in_background(*, after: float = 0.0) -> None:
    """Start importing what the pages need in so many seconds; once a process, whoever asks first."""
    timer = threading.Timer(after, _load)
    timer.daemon = True
    timer.start()


def _add_own_network() -> None:
    """`streamlit run app.py -- --model package.module:factory`"""
    names = ("explorer.models.own", "explorer.probe.trial", "explorer.errors")
    own, trial, errors = (importlib.import_module(name) for name in names)
    try:
        own.add_from(sys.argv[1:], trial.tried)
    except errors.ExplorerError as error:
        _problems.append(str(error))


def _load() -> None:
    if not _started.acquire(blocking=False):
        return
    try:
        for name in _HEAVY:
            importlib.import_module(name)
        # The bundled networks answer in a millisecond on one thread. Two wait for each other while the browser keeps a
        # core busy: one stroke in twenty then took 187 ms instead of 69. The large ones gain nothing from a second thread
        # beside the server either: on two cores in use ResNet-18 took 50 ms on one and 223 on two, ResNet-152 0.5 s and 0.8.
        importlib.import_module("torch").set_num_threads(1)
        if any(argument.startswith("--model") for argument in sys.argv[1:]):
            _add_own_network()
    finally:
        _loaded.set()  # a page that imports the broken module itself then shows the reason
