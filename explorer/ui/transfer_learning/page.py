"""Transfer learning: the exhibits and what they are made of. Knows the screen; computes nothing itself."""

import streamlit as st

from explorer.errors import ExplorerError
from explorer.ui.exhibits import change, choose_exhibit, mirror, place
from explorer.ui.plain import plain
from explorer.ui.transfer_learning.cuts import show_cuts
from explorer.ui.transfer_learning.exhibits import CODECS, EXHIBITS
from explorer.ui.transfer_learning.extractor import ask_extractor, show_plan
from explorer.ui.transfer_learning.keys import PAGE
from explorer.ui.transfer_learning.results import show_numbers, show_reasons
from explorer.ui.transfer_learning.students import ask_students, choose_earlier, describe, trained, watch
from explorer.ui.transfer_learning.studies import show_study
from explorer.ui.transfer_learning.table import show_table
from explorer.ui.transfer_learning.task import Task, ask_own, ask_task
from explorer.ui.transfer_learning.try_it import show_try_it

_KEPT = f"{PAGE} trained in"


def explore() -> None:
    """One exhibit: its question, and what answers it."""
    exhibit = choose_exhibit(PAGE, EXHIBITS, CODECS)
    try:
        _show(exhibit.id)
    except ExplorerError as error:
        st.error(plain(str(error)))
    mirror(PAGE, exhibit, CODECS)


def _show(exhibit: str) -> None:
    if exhibit == "J2":
        show_table()
        return
    _come_back(exhibit)
    task = _ask(exhibit)
    st.markdown("**2 · What is taken over**" if exhibit == "J4" else "**What is taken over**")
    extractor = ask_extractor()
    show_plan(extractor, task.classes)
    if exhibit == "J4":
        st.markdown("**3 · Train, and try**")
    ask_students(extractor, task)
    shown = trained()
    with st.container(horizontal=True, vertical_alignment="center"):
        choose_earlier()
        if shown:
            st.caption(f"Beneath: {describe(shown[0])}.")
    if shown:
        rest = watch(shown)
        show_numbers(shown, rest)
        show_try_it(shown, rest)
        show_reasons(shown, rest)
    if exhibit == "J1":
        show_study(extractor, task)
    elif exhibit == "J3":
        show_cuts(extractor, task)
    st.session_state[f"{_KEPT} {exhibit}"] = place(PAGE).settings.trained


def _ask(exhibit: str) -> Task:
    if exhibit == "J4":
        st.markdown("**1 · Your classes**")
        return ask_own()
    return ask_task()


def _come_back(exhibit: str) -> None:
    """Whoever looked at another exhibit finds the students again that were shown here."""
    kept = st.session_state.get(f"{_KEPT} {exhibit}", ())
    if kept and not place(PAGE).settings.trained:
        change(PAGE, trained=kept)
