"""Under the network's name: which weights it has, and how to get others. Knows widgets; reads no file itself."""

import math

import streamlit as st

from explorer.errors import ExplorerError
from explorer.live import downloads
from explorer.models.hub import HubFile
from explorer.models.registry import find
from explorer.ui.networks import current, forget, take, uploaded
from explorer.ui.plain import plain
from explorer.words import fixed

POLL = 0.5  # seconds between two looks at a download


def show_weights(name: str) -> None:
    """Say what weights the network is looked at with; offer a download where there are none, and an upload always."""
    spec, loaded = find(name), current(name)
    if loaded.problem:
        st.error(plain(loaded.problem))
    if loaded.random:
        st.warning("Random weights: nobody has trained this network, so that its answers mean nothing.")
        if isinstance(spec.stored, HubFile) and (not spec.has_weights() or loaded.problem):
            offer_download(name)
    # the uploader is not even loaded before somebody wants it: a page's first second has enough to load
    panel = st.expander(f"Weights: {plain(loaded.weights)}", key=f"weights panel {name}", on_change="rerun")
    if panel.open:
        with panel:
            _upload(name)


def offer_download(name: str) -> None:
    """The button that fetches torchvision's weights, or the download that is on its way."""
    file = find(name).stored
    running = downloads.find_download(file)
    if running and running.live:
        _watch(name)
        return
    if running and running.message:
        st.error(plain(running.message))
    st.button(
        f"Download torchvision's weights ({fixed(file.megabytes, 0)} MB)",
        key=f"download {name}",
        on_click=downloads.begin,
        args=(file,),
        width="stretch",
        help=f"{file.file} from download.pytorch.org into torch's hub folder, where other programs find it too.",
    )


@st.fragment(run_every=POLL)
def _watch(name: str) -> None:
    """The running download, until it is over."""
    running = downloads.find_download(find(name).stored)
    if running is None or not running.live:
        st.rerun()
    done, total = (count / 2**20 for count in (running.done, running.total))
    st.progress(min(1.0, running.done / max(1, running.total)), f"{fixed(done, 1)} of {fixed(total, 1)} MB")
    st.button("Stop the download", key=f"stop {name}", on_click=running.stop, width="stretch")


def _upload(name: str) -> None:
    """An uploader; a file that cannot be used gets one sentence, and the weights stay."""
    seen, key = f"weights seen {name}", f"weights of {name}"
    mine = uploaded(name)
    file = st.file_uploader(
        "Your own weights for it: safetensors, or a state dict (.pt, .pth)",
        type=["safetensors", "pt", "pth"],
        key=key,
        max_upload_size=_most_megabytes(name),
    )
    identity, error = st.session_state.get(seen, (None, ""))
    if file is None:
        error = ""
        st.session_state.pop(seen, None)
    elif file.file_id != identity:
        error = ""
        try:
            take(name, file.name, file.getvalue())
        except ExplorerError as problem:
            error = str(problem)
        st.session_state[seen] = (file.file_id, error)
        if not error:
            st.rerun(scope="app")
    if error:
        st.error(plain(f"{error} The weights stay as they were."))
    if mine:
        st.button("Back to its usual weights", key=f"forget {name}", on_click=forget, args=(name,), width="stretch")


def _most_megabytes(name: str) -> int:
    file = find(name).stored
    return 20 if file is None else max(20, math.ceil(1.2 * file.megabytes))
