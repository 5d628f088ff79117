"""Up to three students in training, side by side. Knows jobs, the address and the studio; not what is made of the results."""

import contextlib
import dataclasses
from dataclasses import dataclass

import streamlit as st

from explorer.errors import ExplorerError
from explorer.live import runs as jobs
from explorer.live.runs import find_job
from explorer.training.settings import STUDENTS, RunSettings
from explorer.training.timeline import Run, list_runs, read_run, runs_root
from explorer.training.transfer import LARGE_SIDE, default_config, students
from explorer.ui import cache, studio
from explorer.ui.exhibits import change, place
from explorer.ui.side_by_side import settings_of
from explorer.ui.transfer_learning import collection as own
from explorer.ui.transfer_learning.exhibits import TASKS
from explorer.ui.transfer_learning.extractor import DEPTH_RATE, Extractor
from explorer.ui.transfer_learning.keys import PAGE, key, plain
from explorer.ui.transfer_learning.task import Task

PANELS = ("confusion",)  # the kernels of three networks would push what can be tried off the screen
MOST_LISTED = 50
BESIDE = 60.0  # seconds within which the students of one press of the button began


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


def ask_students(extractor: Extractor, task: Task) -> None:
    """Which students, and the button that begins them."""
    problem = task.problem or extractor.problem
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = place(PAGE).settings.students or tuple(STUDENTS)
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
        again = bool(place(PAGE).settings.trained)
        count = {0: "Train", 1: "Train one student", 2: "Train two students", 3: "Train three students"}[len(picked)]
        st.button(
            f"{count} again" if again and picked else count,
            type="primary",
            icon="▶",
            key=f"{PAGE} train",
            disabled=bool(problem) or not picked,
            on_click=_begin,
            args=(extractor, task, tuple(picked), VARIED if varied else "none"),
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
    if failed := st.session_state.pop(f"{PAGE} failed", None):
        st.error(plain(failed))


VARIED = "shift+rotate+scale"
HELP = {
    "last": "What is taken over stays as it is; its output is computed once for every picture, so that training is instant.",
    "fine_tune": f"Everything learns; what was taken over at {DEPTH_RATE:g} of the rate, and each layer below at that again.",
    "scratch": "The same network, all its weights random at first.",
}


def _begin(extractor: Extractor, task: Task, picked: tuple[str, ...], augmentation: str) -> None:
    """Begin the runs; the ones before make room for them."""
    try:
        config = default_config(_pictures(task), side=extractor.source.side)
        wanted = students(
            extractor.source.key,
            extractor.cut,
            task.data,
            dataclasses.replace(config, augmentation=augmentation),
            train_pictures=task.train_pictures,
            depth_rate=DEPTH_RATE,
        )
        begun = jobs.begin_together(
            [wanted[name] for name in picked], instead_of=place(PAGE).settings.trained, data_dir=task.folder
        )
    except ExplorerError as error:
        st.session_state[f"{PAGE} failed"] = str(error)
    else:
        change(PAGE, trained=begun)


def _pictures(task: Task) -> int:
    if task.data == "own":
        found = own.current()
        return max(1, sum(facts.count for facts in found.classes()) * 4 // 5)
    return task.train_pictures or len(cache.data_set(task.data, task.folder).train)


# ── the runs that are looked at ──────────────────────────────────────────────────────────────────────────────────────


def trained() -> list[Student]:
    """The students that the address names; one sentence where it names others."""
    found: list[Student] = []
    for identity in place(PAGE).settings.trained:
        try:
            settings = settings_of(identity)
        except ExplorerError as error:
            st.warning(plain(str(error)))
            continue
        if settings.transfer is None:
            st.warning(f"The run {identity} is no student of another network: choose one of the list.")
            continue
        student = Student(identity, settings)
        if found and not _same_classes(found[0], student):
            st.warning(f"The run {identity} learned other classes than the first one: look at it by itself.")
            continue
        found.append(student)
    if len(found) != len(place(PAGE).settings.trained):
        change(PAGE, trained=tuple(student.id for student in found))
    return found


def _same_classes(one: Student, other: Student) -> bool:
    """Whether both learned the same task; of a run that is not written yet only its data set is known."""
    with contextlib.suppress(ExplorerError):
        return one.run().classes == other.run().classes
    return one.settings.data == other.settings.data


def watch(shown: list[Student]) -> dict[str, int]:
    """The studio with all of them; returns where its slider rests ({} at the newest)."""
    return studio.show(
        [student.id for student in shown],
        key=f"{PAGE} studio",
        panels=PANELS,
        controls=True,
        titles={student.id: student.title for student in shown},
    )


def describe(student: Student) -> str:
    """What it took over, and for what, in words: "from LeNet-5 up to f6: digits 5–9, 50 training pictures"."""
    settings = student.settings
    pictures = f", {settings.train_pictures:,} training pictures" if settings.train_pictures else ""
    source = "one of your runs" if ":" in settings.transfer.source else settings.network_title
    if settings.transfer.source.endswith("_low"):
        source += ", digits 0–4,"
    return f"from {source} up to {settings.transfer.cut}: {TASKS.get(settings.data, settings.data)}{pictures}"


def choose_earlier() -> None:
    """Students that were trained on this machine before, those of one press of the button together."""
    popover = st.popover("Earlier students", on_change="rerun", key=f"{PAGE} earlier")
    if not popover.open:
        return
    with popover:
        groups = _groups()
        if not groups:
            st.caption("None has been trained on this machine yet.")
        for group in groups[:12]:
            first = group[0]
            names = ", ".join(student.title.lower() for student in group)
            if st.button(
                f"{first.id[9:11]}:{first.id[11:13]}  {plain(describe(first))} ({names})",
                key=f"{PAGE} earlier {first.id}",
                width="stretch",
            ):
                change(PAGE, trained=tuple(student.id for student in group))
                st.rerun(scope="app")


def _groups() -> list[list[Student]]:
    groups: list[list[Student]] = []
    for run in list_runs(runs_root(), MOST_LISTED):
        if run.settings.transfer is None:
            continue
        student = Student(run.id, run.settings)
        mates = groups[-1] if groups else []
        if mates and _together(mates[-1], student) and student.key not in [mate.key for mate in mates]:
            mates.insert(0, student)
        else:
            groups.append([student])
    for group in groups:
        group.sort(key=lambda student: list(STUDENTS).index(student.key))
    return groups


def _together(one: Student, other: Student) -> bool:
    def alike(student: Student) -> tuple:
        settings = student.settings
        return settings.transfer.source, settings.transfer.cut, settings.data, settings.train_pictures, settings.config

    with contextlib.suppress(ValueError):
        return alike(one) == alike(other) and abs(_seconds(one.id) - _seconds(other.id)) <= BESIDE
    return False


def _seconds(identity: str) -> float:
    """Of the day at which a run began, by its name."""
    clock = identity[9:15]
    return int(clock[:2]) * 3600 + int(clock[2:4]) * 60 + int(clock[4:6])
