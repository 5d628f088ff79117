"""How pictures get into a class: webcam, drawing, files, a folder of this machine. Knows widgets; decodes nothing itself.

Files come in batches, shrunk by the browser: Streamlit's own uploader takes half an hour for five thousand.
"""

import contextlib

import streamlit as st

from explorer.data.collections import Collection
from explorer.errors import ExplorerError
from explorer.images.decode import MAX_BYTES
from explorer.images.shots import read_batch, read_shots
from explorer.images.strokes import read_drawing
from explorer.ui import components
from explorer.ui.pickers import PAD_SIDE
from explorer.ui.plain import plain
from explorer.ui.transfer_learning import collection as own
from explorer.ui.transfer_learning.keeping import (
    bytes_of,
    decoded,
    keep_batch,
    keep_from,
    last_drop,
    pictures_in,
    tell,
)
from explorer.ui.transfer_learning.keys import folder_of
from explorer.words import counted

WAYS = {"webcam": "Webcam", "draw": "Draw", "files": "Files", "folder": "Folder"}
_WAY, _NONCE, _DRAWING = (f"explorer.adding {name}" for name in ("way", "nonce", "drawing"))
TYPES = ["png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff"]


def way_of_adding() -> str:
    """How pictures were added last: a key of WAYS that a picture can be tried with too."""
    way = st.session_state.get(_WAY, "webcam")
    return way if way != "folder" else "files"


def show_adding(collection: Collection) -> None:
    """Which class, which way, and that way's widget."""
    classes = {facts.id: facts.name for facts in collection.classes()}
    target = own.target(collection)
    widget = (
        f"adding to {classes}"  # a new class, a new name or a removed one makes another widget; `aim` keeps its choice
    )
    if st.session_state.get(widget) != target:
        st.session_state[widget] = target
    chosen = st.pills(
        "Add pictures to",
        list(classes),
        format_func=lambda identity: plain(classes[identity]),
        key=widget,
        required=True,
        on_change=lambda: own.aim(st.session_state[widget]),
    )
    way = st.segmented_control(
        "How",
        list(WAYS),
        default=st.session_state.get(_WAY, "webcam"),
        format_func=WAYS.__getitem__,
        key="adding way",
        required=True,
        label_visibility="collapsed",
        width="stretch",
    )
    st.session_state[_WAY] = way
    {"webcam": _webcam, "draw": _draw, "files": _files, "folder": _folder}[way](collection, chosen, classes[chosen])
    if told := own.said():
        text, problem = told
        (st.error if problem else st.caption)(text)


def _webcam(collection: Collection, class_id: str, name: str) -> None:
    key = "adding webcam"

    def take() -> None:
        keep_from(collection, class_id, name, lambda: (shot.pixels for shot in read_shots(st.session_state[key].shots)))

    components.webcam(
        key=key,
        data={
            "label": f"Webcam: hold the button to take pictures of {name}",
            "hint": "Hold the button and move a little: five pictures a second.",
            "take": f"Hold to take “{name}”",
            "live": False,
        },
        on_shots_change=take,
    )


@st.fragment
def _draw(collection: Collection, class_id: str, name: str) -> None:
    """A pad of its own; each stroke runs this part of the page only."""
    key = "adding pad"
    drawing = st.session_state.get(_DRAWING)

    def take() -> None:
        with contextlib.suppress(ExplorerError):  # what cannot be read is no drawing: the button says so
            st.session_state[_DRAWING] = read_drawing(st.session_state[key].get("drawing"))

    with st.container(width=320):
        components.pad(
            key=key,
            data={
                "side": PAD_SIDE,
                "label": f"Drawing pad for {name}",
                "hint": f"Draw a “{name}” here",
                "strokes": list(drawing.strokes) if drawing else [],
                "nonce": st.session_state.get(_NONCE, 0),
            },
            on_drawing_change=take,
        )
        if st.button(f"Add it to “{plain(name)}”", type="primary", key="adding drawn", width="stretch"):
            if drawing is None:
                own.say("The pad is empty: draw something first.", problem=True)
            else:
                keep_from(collection, class_id, name, lambda: iter([drawing.pixels]))
                st.session_state[_DRAWING] = None
                st.session_state[_NONCE] = st.session_state.get(_NONCE, 0) + 1
            st.rerun(scope="app")


def _files(collection: Collection, class_id: str, name: str) -> None:
    key = "adding files"
    drop = last_drop()

    def take() -> None:
        try:
            batch = read_batch(st.session_state[key].batch)
        except ExplorerError as error:
            own.say(str(error), problem=True)
            return
        if batch:
            keep_batch(collection, batch)

    components.pictures(
        key=key,
        data={
            "label": f"Pictures of {name}: any number of PNG, JPEG, WebP, BMP, GIF or TIFF files, up to "
            f"{MAX_BYTES // 2**20} MB each. Choose them, or drop them here.",
            "target": class_id,
            "taken": drop.number if drop else 0,
            "full": drop.id if drop and drop.refused else "",
        },
        on_batch_change=take,
    )


def _folder(collection: Collection, class_id: str, name: str) -> None:
    with st.form("adding folder", border=False):
        path = st.text_input("A folder on the machine that runs this", placeholder="its path", key="adding path")
        pressed = st.form_submit_button(f"Add its pictures to “{plain(name)}”", width="stretch")
    if not pressed:
        return
    try:
        folder = folder_of(path)
        files = pictures_in(folder) if folder else []
        if not files:
            raise ExplorerError("There are no pictures in that folder: name one with picture files in it.")
    except (ExplorerError, OSError) as error:
        told = str(error) if isinstance(error, ExplorerError) else "That folder cannot be looked into: name another."
        own.say(told, problem=True)
        st.rerun(scope="app")
    problems: list[str] = []
    with st.spinner(f"Reading {counted(len(files), 'picture')} …", show_time=True):
        try:
            added = collection.add_pictures(
                class_id, decoded(((file.name, bytes_of(file)) for file in files), problems)
            )
            tell(name, added, problems)
        except ExplorerError as error:
            own.say(plain(str(error)), problem=True)
    st.rerun(scope="app")
