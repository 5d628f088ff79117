"""J2: the rule of thumb, and beside it what was measured on this machine. Knows words and the screen."""

from dataclasses import dataclass
from typing import Annotated

import streamlit as st

from explorer.predictions import Choice
from explorer.settings.fields import OneOf
from explorer.study.decision import RULES, SMALL, Row, decision_table
from explorer.study.decision import Measured as Found
from explorer.training.settings import STUDENTS
from explorer.ui.exhibit import Exhibit
from explorer.ui.plain import plain
from explorer.ui.shows import covered
from explorer.ui.stand import Stand
from explorer.words import counted

DOMAINS = ("handwriting", "photographs", "drawings")
NOT_SAID = ""
CASES = tuple(f"{'few' if row.small else 'many'}, {'alike' if row.similar else 'different'}" for row in RULES)
SHOWN = 3  # measurements of a row
AS_GOOD = 0.005  # in accuracy
HELP = "Alike means: the same kind of pictures as those the network was trained on."


@dataclass(frozen=True)
class Decided:
    """own_domain: what the user says the own classes show, since nobody else can know."""

    own_domain: Annotated[
        str,
        OneOf(
            "What do your own classes show?",
            (NOT_SAID, *DOMAINS),
            lambda name: name or "I cannot say",
            HELP,
            few=True,
            wide=4,
        ),
    ] = NOT_SAID


def make(settings: Decided) -> tuple[Row, ...]:
    """Four rows, from the runs and studies on this machine."""
    said = settings.own_domain
    return tuple(decision_table(says={"own": said, "folder": said} if said else {}))


def _show(rows: tuple[Row, ...], stand: Stand[Decided]) -> None:
    head = st.columns([1.1, 1.6, 2.6])
    for column, words in zip(head, ("Your task", "Rule of thumb", "Measured here"), strict=True):
        column.markdown(f"**{words}**")
    hidden = covered(stand, "Show the rule of thumb", "Predict first: beside it stands what was measured.")
    for row in rows:
        with st.container(border=True):
            _show_row(row, stand, hidden=hidden)
    st.caption(
        f"Few: at most {SMALL} training pictures a class. From the runs and studies on this machine, the newest first; ✓ where "
        "the rule named the best student, or one as good."
    )
    if not any(row.measured for row in rows):
        st.info(
            "Nothing has been measured here yet: train three students of your own classes, or measure, and come back."
        )


def _show_row(row: Row, stand: Stand[Decided], *, hidden: bool) -> None:
    left, middle, right = st.columns([1.1, 1.6, 2.6], vertical_alignment="center")
    left.markdown(f"**{'Few' if row.small else 'Many'}** pictures, **{'alike' if row.similar else 'different'}**")
    middle.markdown("?" if hidden else row.rule)
    with right:
        if not row.measured:
            st.caption("not measured yet")
        elif hidden:
            st.caption(f"{counted(len(row.measured), 'measurement')}: shown with the rule")
            return
        for one in row.measured[:SHOWN]:
            st.markdown(_words(row, one))
        if len(row.measured) > SHOWN:
            with st.expander(f"{len(row.measured) - SHOWN} more", key=stand.key(f"more {row.key}")):
                for one in row.measured[SHOWN:]:
                    st.markdown(_words(row, one))


def _words(row: Row, measured: Found) -> str:
    agrees = ""
    if row.expects in measured.accuracies:
        as_good = measured.accuracies[measured.best] - measured.accuracies[row.expects] <= AS_GOOD
        agrees = "✓ " if as_good else "✗ "
    others = ", ".join(
        f"{STUDENTS[name].lower()} {value:.0%}"
        for name, value in sorted(measured.accuracies.items(), key=lambda item: -item[1])
        if name != measured.best
    )
    seeds = f", {counted(measured.seeds, 'repetition')}" if measured.seeds > 1 else ""
    best = f"**{STUDENTS[measured.best]} {measured.accuracies[measured.best]:.0%}**"
    return (
        f"{agrees}{best}, {others}  \n:gray[{plain(measured.on)}; {counted(measured.count, 'picture')} a class{seeds}]"
    )


EXHIBITS = (
    Exhibit(
        "J2",
        "Which one when",
        "Few or many pictures, like or unlike what the network was trained on: which student would you choose in each of the "
        "four cases, and in which of them is none any good?",
        "Few and alike: last layers only. Many and alike: fine-tune deeper. Many and different: from scratch is worth it. Few "
        "and different: nothing is good, collect more. That is a rule of thumb; the table beside it is what was measured here.",
        Decided(),
        make,
        _show,
        order=3,
        any_of=("own_domain",),
        hidden=("Collect more data",),
        predicted=Choice("None is good", CASES, "few, different"),
    ),
)
