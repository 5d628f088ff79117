"""How pictures get into a class: webcam, drawing, files, a folder of this machine. Knows widgets; decodes nothing itself.

Files come in batches, shrunk by the browser: Streamlit's own uploader takes half an hour for five thousand.
"""

import contextlib
import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from explorer.data.collections import MOST_PICTURES, Added, Collection
from explorer.data.folder_set import SUFFIXES
from explorer.errors import ExplorerError
from explorer.images.decode import MAX_BYTES, decode
from explorer.images.shots import Batch, read_batch, read_shots
from explorer.images.strokes import read_drawing
from explorer.ui import components
from explorer.ui.pickers import PAD_SIDE
from explorer.ui.plain import plain
from explorer.ui.transfer_learning import collection as own
from explorer.ui.transfer_learning.keys import folder_of

WAYS = {"webcam": "Webcam", "draw": "Draw", "files": "Files", "folder": "Folder"}
_WAY, _DROP, _NONCE, _DRAWING = (f"explorer.adding {name}" for name in ("way", "drop", "nonce", "drawing"))
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
        _keep_from(
            collection, class_id, name, lambda: (shot.pixels for shot in read_shots(st.session_state[key].shots))
        )

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
                _keep_from(collection, class_id, name, lambda: iter([drawing.pixels]))
                st.session_state[_DRAWING] = None
                st.session_state[_NONCE] = st.session_state.get(_NONCE, 0) + 1
            st.rerun(scope="app")


def _files(collection: Collection, class_id: str, name: str) -> None:
    key = "adding files"
    drop = st.session_state.get(_DROP)

    def take() -> None:
        try:
            batch = read_batch(st.session_state[key].batch)
        except ExplorerError as error:
            own.say(str(error), problem=True)
            return
        if batch:
            _keep_batch(collection, batch)

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


@dataclass(frozen=True)
class _Drop:
    """What has become so far of all files that were chosen at once. number: of the last batch."""

    id: str
    number: int = 0
    kept: int = 0
    doubled: int = 0
    refused: int = 0
    problems: tuple[str, ...] = ()


def _keep_batch(collection: Collection, batch: Batch) -> None:
    """Keep a batch in the class it was chosen for, and say what has become of the whole drop."""
    drop = st.session_state.get(_DROP)
    if drop is None or drop.id != batch.drop:
        drop = _Drop(batch.drop)
    drop = dataclasses.replace(drop, number=batch.number)
    st.session_state[_DROP] = drop  # also where it fails: the browser waits for it
    names = {facts.id: facts.name for facts in collection.classes()}
    problems: list[str] = []
    try:
        added = collection.add_pictures(batch.target, _decoded(batch.files, problems))
    except ExplorerError as error:
        own.say(plain(str(error)), problem=True)
        return
    drop = dataclasses.replace(
        drop,
        kept=drop.kept + added.kept,
        doubled=drop.doubled + added.doubled,
        problems=drop.problems + tuple(problems),
    )
    if added.refused:  # the rest is not even sent
        drop = dataclasses.replace(drop, refused=batch.chosen - drop.kept - drop.doubled - len(drop.problems))
    st.session_state[_DROP] = drop
    _tell(names.get(batch.target, ""), Added(drop.kept, drop.doubled, drop.refused), drop.problems)


def _folder(collection: Collection, class_id: str, name: str) -> None:
    with st.form("adding folder", border=False):
        path = st.text_input("A folder on the machine that runs this", placeholder="its path", key="adding path")
        pressed = st.form_submit_button(f"Add its pictures to “{plain(name)}”", width="stretch")
    if not pressed:
        return
    try:
        folder = folder_of(path)
        files = _pictures_in(folder) if folder else []
        if not files:
            raise ExplorerError("There are no pictures in that folder: name one with picture files in it.")
    except (ExplorerError, OSError) as error:
        told = str(error) if isinstance(error, ExplorerError) else "That folder cannot be looked into: name another."
        own.say(told, problem=True)
        st.rerun(scope="app")
    problems: list[str] = []
    with st.spinner(f"Reading {len(files):,} pictures …", show_time=True):
        try:
            added = collection.add_pictures(
                class_id, _decoded(((file.name, _bytes_of(file)) for file in files), problems)
            )
            _tell(name, added, problems)
        except ExplorerError as error:
            own.say(plain(str(error)), problem=True)
    st.rerun(scope="app")


def _pictures_in(folder: Path) -> list[Path]:
    """The picture files of a folder by their names; no more than could be kept twice over."""
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    return files[: 2 * MOST_PICTURES]


def _bytes_of(file: Path) -> bytes | None:
    """None for what cannot be read, is too large, or would never end, as a pipe would."""
    with contextlib.suppress(OSError):
        if file.is_file() and file.stat().st_size <= MAX_BYTES:
            return file.read_bytes()
    return None


def _decoded(files: Iterable[tuple[str, bytes | None]], problems: list[str]) -> Iterator[np.ndarray]:
    """Decode one after the other; what cannot be read leaves a sentence in `problems`."""
    for name, data in files:
        try:
            if data is None:
                raise ExplorerError(f"“{name}” is no picture of at most {MAX_BYTES // 2**20} MB.")
            yield decode(data, name).pixels
        except ExplorerError as error:
            problems.append(str(error))


def _keep_from(collection: Collection, class_id: str, name: str, pictures: Callable[[], Iterable[np.ndarray]]) -> None:
    """Keep the pictures and leave the sentence about it for the next run of the page."""
    try:
        added = collection.add_pictures(class_id, pictures())
    except ExplorerError as error:
        own.say(plain(str(error)), problem=True)
        return
    _tell(name, added, ())


def _tell(name: str, added: Added, problems: Sequence[str]) -> None:
    words = f"{added.kept:,} added to “{name}”." if added.kept and not added.refused else ""
    unread = ""
    if problems:
        rest = f" {len(problems) - 1:,} other files could not be read either." if len(problems) > 1 else ""
        unread = problems[0] + rest
    own.say(
        plain(" ".join(part for part in (words, added.message, unread) if part)),
        problem=bool(added.refused or problems),
    )
