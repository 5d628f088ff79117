"""What the students are to learn: own classes, a data set, or a folder. Knows widgets and what is on this machine."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from explorer.data.datasets import DATA_SETS, describe_data_set
from explorer.errors import ExplorerError
from explorer.ui.place import change, place
from explorer.ui.plain import plain
from explorer.ui.transfer_learning import collection as own
from explorer.ui.transfer_learning.classes import show_classes
from explorer.ui.transfer_learning.keys import PAGE, folder_of, key
from explorer.ui.transfer_learning.settings import MOST_COUNT, TASKS

_FOLDER = "explorer.transfer folder"
INSTEAD = {"mnist_high": "digits_high"}  # where there is no copy


@dataclass(frozen=True)
class Task:
    """data: a key of DATA_SETS. folder: where it lies, None for the usual place. classes: how many, 0 where nobody knows yet.

    pictures: to learn from, a class; 0 for all. problem: why it cannot be learned from, with the remedy; "" where it can.
    """

    data: str
    folder: Path | None
    classes: int
    pictures: int = 0
    problem: str = ""

    @property
    def train_pictures(self) -> int | None:
        """For RunSettings."""
        return self.pictures * self.classes or None


def ask_own() -> Task:
    """The user's own classes, with all that changes them."""
    collection = show_classes()
    if collection is None:
        return Task("own", None, 0, problem="Add two classes first, and some pictures to each.")
    problem = collection.problem()
    if warning := "" if problem else collection.warning():
        st.warning(plain(warning))
    return Task("own", collection.folder, len(collection.classes()), problem=problem)


def ask_task() -> Task:
    """One of the tasks, and how many pictures of each class."""
    known = [name for name in TASKS if name in DATA_SETS]
    wanted = place(PAGE).settings.data
    if not _is_here(wanted) and wanted in INSTEAD:
        st.caption(f"{TASKS[wanted]} are not on this machine: {TASKS[INSTEAD[wanted]]} are taken instead.")
        wanted = INSTEAD[wanted]
    known = [name for name in known if name == wanted or _is_here(name)]
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        data = st.pills(
            "New task",
            known,
            default=wanted if wanted in known else known[0],
            format_func=TASKS.__getitem__,
            key=key("task"),
            required=True,
        )
    with right:
        count = st.number_input(
            "Training pictures a class",
            min_value=1,
            max_value=MOST_COUNT,
            value=place(PAGE).settings.count or None,
            placeholder="all",
            key=key("count"),
            help="So many of each class, evenly. The test pictures are always all of them.",
        )
    change(PAGE, data=data, count=count or 0)
    try:
        folder = _folder_of(data)
    except ExplorerError as error:
        return Task(data, None, 0, count or 0, str(error))
    facts = describe_data_set(data, folder)
    return Task(data, folder, facts.classes or 0, count or 0, _problem(data, folder, facts.found))


def _is_here(name: str) -> bool:
    return name in ("own", "folder") or (name in DATA_SETS and describe_data_set(name).found)


def _folder_of(data: str) -> Path | None:
    if data == "own":
        collection = own.current()
        return collection.folder if collection else None
    if data != "folder":
        return None
    path = st.text_input(
        "Its folder, with one sub-folder of pictures for each class",
        st.session_state.get(_FOLDER, ""),
        placeholder="a path on the machine that runs this",
        key=key("folder"),
    )
    st.session_state[_FOLDER] = path
    return folder_of(path)


def _problem(data: str, folder: Path | None, found: bool) -> str:
    if data == "own":
        return own.current().problem() if folder else "There are no classes yet: make some in the exhibit J4."
    if data == "folder" and folder is None:
        return "Name the folder first."
    remedy = "name one with a sub-folder of pictures for each class" if data == "folder" else "choose another task"
    return "" if found else f"There are no such pictures on this machine: {remedy}."
