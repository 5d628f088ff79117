"""The decision table: the rule of thumb, and beside it what was measured on this machine. Knows widgets and rows."""

import streamlit as st

from explorer.study.decision import SMALL, Measured, Row, decision_table
from explorer.training.settings import STUDENTS
from explorer.ui.exhibits import change, place
from explorer.ui.plain import plain
from explorer.ui.transfer_learning.exhibits import DOMAINS
from explorer.ui.transfer_learning.keys import PAGE, key

SHOWN = 3  # measurements of a row
AS_GOOD = 0.005  # in accuracy
NOT_SAID = ""


def show_table() -> None:
    """Four rows; what the user's own classes show is asked, since nobody else can know."""
    offered = [NOT_SAID, *DOMAINS]
    wanted = place(PAGE).settings.own_domain
    said = st.pills(
        "What do your own classes show?",
        offered,
        default=wanted if wanted in offered else NOT_SAID,
        format_func=lambda name: name or "I cannot say",
        key=key("domain"),
        required=True,
        help="Alike means: the same kind of pictures as those the network was trained on.",
    )
    change(PAGE, own_domain=said or NOT_SAID)
    says = {"own": said, "folder": said} if said else {}
    rule = st.toggle("Show the rule of thumb", key=f"{PAGE} rule")
    rows = decision_table(says=says)
    head = st.columns([1.1, 1.6, 2.6])
    for column, words in zip(head, ("Your task", "Rule of thumb", "Measured here"), strict=True):
        column.markdown(f"**{words}**")
    for row in rows:
        with st.container(border=True):
            _show_row(row, rule)
    st.caption(
        f"Few: at most {SMALL} training pictures a class. From the runs and studies on this machine, the newest first; ✓ where "
        "the rule named the best student, or one as good."
    )
    if not any(row.measured for row in rows):
        st.info("Nothing has been measured here yet: train three students in J4, or measure in J1, and come back.")


def _show_row(row: Row, rule: bool) -> None:
    left, middle, right = st.columns([1.1, 1.6, 2.6], vertical_alignment="center")
    left.markdown(f"**{'Few' if row.small else 'Many'}** pictures, **{'alike' if row.similar else 'different'}**")
    middle.markdown(row.rule if rule else "?")
    with right:
        if not row.measured:
            st.caption("not measured yet")
        for one in row.measured[:SHOWN]:
            st.markdown(_words(row, one, rule))
        if len(row.measured) > SHOWN:
            with st.expander(f"{len(row.measured) - SHOWN} more", key=f"{PAGE} more {row.key}"):
                for one in row.measured[SHOWN:]:
                    st.markdown(_words(row, one, rule))


def _words(row: Row, measured: Measured, rule: bool) -> str:
    agrees = ""
    if rule and row.expects in measured.accuracies:
        as_good = measured.accuracies[measured.best] - measured.accuracies[row.expects] <= AS_GOOD
        agrees = "✓ " if as_good else "✗ "
    others = ", ".join(
        f"{STUDENTS[name].lower()} {value:.0%}"
        for name, value in sorted(measured.accuracies.items(), key=lambda item: -item[1])
        if name != measured.best
    )
    seeds = f", {measured.seeds} repetitions" if measured.seeds > 1 else ""
    best = f"**{STUDENTS[measured.best]} {measured.accuracies[measured.best]:.0%}**"
    return f"{agrees}{best}, {others}  \n:gray[{plain(measured.on)}; {measured.count:,} pictures a class{seeds}]"
