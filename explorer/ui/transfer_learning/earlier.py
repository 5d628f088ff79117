"""Students that were trained on this machine before, those of one press of the button together. Knows runs and names."""

import contextlib

import streamlit as st

from explorer.training.settings import STUDENTS
from explorer.training.timeline import list_runs, runs_root
from explorer.ui.place import keep_runs
from explorer.ui.plain import plain
from explorer.ui.transfer_learning.keys import PAGE
from explorer.ui.transfer_learning.students import Student, describe

MOST_LISTED, MOST_GROUPS = 50, 12
BESIDE = 60.0  # seconds within which the students of one press of the button began


def choose_earlier() -> None:
    """A list that opens, and one of them to be looked at."""
    popover = st.popover("Earlier students", on_change="rerun", key=f"{PAGE} earlier")
    if not popover.open:
        return
    with popover:
        groups = _groups()
        if not groups:
            st.caption("None has been trained on this machine yet.")
        for group in groups[:MOST_GROUPS]:
            first = group[0]
            names = ", ".join(student.title.lower() for student in group)
            if st.button(
                f"{first.id[9:11]}:{first.id[11:13]}  {plain(describe(first))} ({names})",
                key=f"{PAGE} earlier {first.id}",
                width="stretch",
            ):
                keep_runs(PAGE, tuple(student.id for student in group))
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
