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
# Streamlit leaves a hand's breadth free around a wide page; a projector has none to spare.
# The empty element keeps the style among the page's own elements, as its first: by itself Streamlit would put it behind them,
# and the page would be laid out twice, the second time under somebody's first stroke.
# The address bar's component draws nothing, and takes no place.
# In a narrow column a row of choices would be cut at its end: its words come closer together instead.
_STYLE = """<style>
.stMainBlockContainer { padding: 3.75rem 2rem 3rem; }
h2 { padding: 0.25rem 0 !important; }
.stButtonGroup button { min-width: 0; padding-inline: 0.25rem; }
.stElementContainer:has(.explorer-style) { display: none; }
[class*="st-key-address-of"] { position: absolute; }
</style><i class="explorer-style"></i>"""
ICON = Path(__file__).parents[2] / "assets" / "icon.svg"
UNTIL_PAINTED = 0.1  # seconds: importing holds Python's lock, and the shell has to reach the browser first
_TITLE = "explorer.title"  # of the page on the screen
_started = threading.Lock()
_loaded = threading.Event()
_problems: list[str] = []  # why the network that --model names is not there


def begin(title: str, sentence: str) -> None:
    """Title and one or two sentences, then wait until the libraries are loaded (once after the server's start)."""
    name_tab(title)
    st.html(_STYLE)
    st.header(title, anchor=False)
    st.markdown(sentence)
    st.set_page_config(page_icon=ICON)  # last: it imports Pillow and NumPy, a tenth of a second of the start
    if not _loaded.is_set():
        load_in_background(after=UNTIL_PAINTED)
        with st.spinner("Loading PyTorch, about three seconds, once after the start …"):
            _loaded.wait()
    st.session_state[_TITLE] = title
    for problem in _problems:
        st.error(plain(problem))


def name_exhibit(title: str) -> None:
    """Let the tab say which exhibit of the page is on the screen."""
    name_tab(title, st.session_state.get(_TITLE, ""))


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
