"""Up to three students in training, side by side. Knows which runs they are; not what is made of the results."""

import contextlib
import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.errors import ExplorerError
from explorer.live.runs import find_job
from explorer.training.recordings import recorded
from explorer.training.settings import STUDENTS, RunSettings
from explorer.training.timeline import Run, read_run, runs_root
from explorer.training.transfer import LARGE_SIDE, default_config, students
from explorer.ui import cache, runs, shows
from explorer.ui.place import change, place
from explorer.ui.plain import plain
from explorer.ui.runs import settings_of
from explorer.ui.stand import Stand
from explorer.ui.transfer_learning import collection as own
from explorer.ui.transfer_learning.extractor import DEPTH_RATE, Extractor
from explorer.ui.transfer_learning.keys import PAGE, key
from explorer.ui.transfer_learning.settings import TASKS
from explorer.ui.transfer_learning.task import Task
from explorer.words import counted, written

PANELS = ("confusion",)  # the kernels of three networks would push what can be tried off the screen


@dataclass(frozen=True)
class Student:
    """One run that is looked at."""

    id: str
    settings: RunSettings

    @property
    def key(self) -> str:
        """Of STUDENTS."""
        return self.settings.transfer.student

    @property
    def title(self) -> str:
        """As one reads it."""
        return STUDENTS[self.key]

    @property
    def live(self) -> bool:
        """Whether it is being trained by this server."""
        job = find_job(self.id)
        return job is not None and job.live

    def run(self) -> Run:
        """Raises ExplorerError while it is not written yet."""
        return read_run(runs_root(), self.id)


def ask_students(extractor: Extractor, task: Task, *, again: bool) -> DeltaGenerator:
    """Which students, and the button that begins them; returns their row. again: whether some are shown already."""
    problem = task.problem or extractor.problem
    row = st.container(horizontal=True, vertical_alignment="center")
    with row:
        chosen = place(PAGE).settings.students
        picked = [
            name
            for name, title in STUDENTS.items()
            if st.checkbox(title, name in chosen, key=f"{key('student')} {name}", help=HELP[name])
        ]
        varied = st.checkbox(
            "Vary the pictures",
            place(PAGE).settings.varied,
            key=key("varied"),
            help="Each batch is newly shifted, "
            "turned and scaled. Frozen layers are then computed in every step: the first student is no longer instant.",
        )
        change(PAGE, students=tuple(picked), varied=varied)
        count = {0: "Train", 1: "Train one student", 2: "Train two students", 3: "Train three students"}[len(picked)]
        st.button(
            f"{count} again" if again and picked else count,
            type="primary",
            icon="▶",
            key=f"{PAGE} train",
            disabled=bool(problem) or not picked,
            on_click=runs.begin,
            args=(PAGE, lambda: _wishes(extractor, task, tuple(picked), VARIED if varied else "none"), task.folder),
        )
        if not picked:
            st.caption("Choose at least one student.")
    if problem:
        st.info(plain(problem))
    elif extractor.source.side > LARGE_SIDE and set(picked) - {"last"}:
        st.caption(
            f"{extractor.source.side}×{extractor.source.side} pixels are many: on a processor, fine-tuning and from scratch "
            "take minutes; last layers only does not."
        )
    if failed := runs.problem(PAGE):
        st.error(plain(failed))
    return row


VARIED = "shift+rotate+scale"
HELP = {
    "last": "What is taken over stays as it is; its output is computed once for every picture, so that training is instant.",
    "fine_tune": f"Everything learns; what was taken over at {written(DEPTH_RATE, 6)} of the rate, and each layer "
    "below at that again.",
    "scratch": "The same network, all its weights random at first.",
}


def _wishes(extractor: Extractor, task: Task, picked: tuple[str, ...], augmentation: str) -> list[RunSettings]:
    config = default_config(_pictures(task), side=extractor.source.side)
    wanted = students(
        extractor.source.key,
        extractor.cut,
        task.data,
        dataclasses.replace(config, augmentation=augmentation),
        train_pictures=task.train_pictures,
        depth_rate=DEPTH_RATE,
    )
    return [wanted[name] for name in picked]


def _pictures(task: Task) -> int:
    if task.data == "own":
        found = own.current()
        return max(1, sum(facts.count for facts in found.classes()) * 4 // 5)
    return task.train_pictures or len(cache.data_set(task.data, task.folder).train)


# ── the runs that are looked at ──────────────────────────────────────────────────────────────────────────────────────


def trained() -> list[Student]:
    """The students that the address names, or that were begun here; one sentence where it names others."""
    return [Student(name, settings_of(name)) for name in runs.shown(PAGE, _fits)]


def recorded_students(stand: Stand) -> list[Student]:
    """Those that come with the application, until there are others; where which one wins is asked, once that is revealed."""
    if stand.exhibit.id == "J1" and shows.covered(stand, "Show three students", "As they learned ten of each digit."):
        return []
    return [Student(name, settings_of(name)) for name in recorded(stand.exhibit.id)]


def _fits(name: str, before: Sequence[str]) -> str:
    student = Student(name, settings_of(name))
    if student.settings.transfer is None:
        return "it is no student of another network"
    if before and not _same_classes(Student(before[0], settings_of(before[0])), student):
        return "it learned other classes than the first one"
    return ""


def _same_classes(one: Student, other: Student) -> bool:
    """Whether both learned the same task; of a run that is not written yet only its data set is known."""
    with contextlib.suppress(ExplorerError):
        return one.run().classes == other.run().classes
    return one.settings.data == other.settings.data


def watch(stand: Stand, shown: list[Student]) -> runs.Rest:
    """The studio with all of them; returns where its slider rests ({} at the newest)."""
    return shows.runs(stand, {student.id: student.title for student in shown}, PANELS)


def describe(student: Student) -> str:
    """What it took over, and for what, in words: "from LeNet-5 up to f6: digits 5–9, 50 training pictures"."""
    settings = student.settings
    pictures = f", {counted(settings.train_pictures, 'training picture')}" if settings.train_pictures else ""
    source = "one of your runs" if ":" in settings.transfer.source else settings.network_title
    if settings.transfer.source.endswith("_low"):
        source += ", digits 0–4,"
    return f"from {source} up to {settings.transfer.cut}: {TASKS.get(settings.data, settings.data)}{pictures}"
