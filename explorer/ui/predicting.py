"""Predictions on a page: asked beside the question, judged when it is revealed, and counted. Knows widgets; no exhibit.

A session's predictions are its own: they are in no address, on no disk, and on nobody else's screen. The first of an exhibit
(of each of its rounds) counts, and is asked once: whoever has seen an answer predicts nothing.
"""

from collections.abc import Callable

import streamlit as st

from explorer.errors import ExplorerError
from explorer.predictions import Cell, Choice, Number, Verdict
from explorer.ui.exhibit import Exhibit
from explorer.ui.rounds import round_at, round_key, settings_asked

_MADE = "explorer.predictions"
WIDTH = 150  # pixels of a number
FEW = 3  # options that find room side by side
LIST = 220  # pixels of a list of more


def is_wanted(page: str, exhibit: Exhibit) -> bool:
    """Whether a prediction can still be made."""
    return exhibit.predicted is not None and judged(page, exhibit) is None


def judged(page: str, exhibit: Exhibit) -> Verdict | None:
    """How the prediction of that exhibit went, once it was made."""
    return st.session_state.get(_MADE, {}).get((page, exhibit.id, round_at(page, exhibit)))


def ask(page: str, exhibit: Exhibit, label: str, reveal: Callable[[], None]) -> None:
    """Where one predicts, and the button that reveals. A form: what is typed is sent with the button, or by Enter."""
    predicted, key = exhibit.predicted, _key(page, exhibit)

    def act() -> None:
        _judge(page, exhibit)
        reveal()

    with st.form("prediction", border=False, width="content"):
        row = st.container(horizontal=True, vertical_alignment="center", gap="small")
        with row:
            if isinstance(predicted, Number):
                how = {"value": None, "step": None, "format": "%g", "placeholder": predicted.label}
                st.number_input(predicted.label, key=key, width=WIDTH, label_visibility="collapsed", **how)
            elif isinstance(predicted, Choice) and len(predicted.options) > FEW:
                how = {"index": None, "placeholder": predicted.label, "width": LIST}
                st.selectbox(predicted.label, predicted.options, key=key, label_visibility="collapsed", **how)
            elif isinstance(predicted, Choice):
                st.segmented_control(predicted.label, predicted.options, key=key, label_visibility="collapsed")
            else:
                st.markdown(f"*{predicted.label}*", width="content")
            st.form_submit_button(label, key="reveal", on_click=act)


def asked_grid(page: str, exhibit: Exhibit) -> str | None:
    """The grid in which a cell is to be clicked, while that is still wanted."""
    return exhibit.predicted.grid if is_wanted(page, exhibit) and isinstance(exhibit.predicted, Cell) else None


def clicked_cell(page: str, exhibit: Exhibit) -> tuple[int, int] | None:
    """The cell (row, column) that was clicked last."""
    return st.session_state.get(_key(page, exhibit))


def keep_cell(page: str, exhibit: Exhibit, cell: tuple[int, int]) -> None:
    """That cell was clicked; another may be, until the answer is open."""
    st.session_state[_key(page, exhibit)] = cell


def tell_tally(page: str) -> None:
    """How many of the page's predictions were right."""
    made = [verdict.right for (where, *_), verdict in st.session_state.get(_MADE, {}).items() if where == page]
    text = f"{sum(made)} of {len(made)} right"
    help = "Your predictions on this page since you opened the app. Nobody else sees them, and nothing keeps them."
    with st.container(key="tally", width="content"):
        st.caption(text, help=help, width="content")


def _key(page: str, exhibit: Exhibit) -> str:
    return round_key("prediction", page, exhibit)


def _judge(page: str, exhibit: Exhibit) -> None:
    """Judge what was predicted by what the question asks about, if anything was."""
    guess, round = st.session_state.get(_key(page, exhibit)), round_at(page, exhibit)
    if guess is None:
        return
    try:
        constant = not callable(exhibit.predicted.truth)  # which needs nothing
        made = None if constant else exhibit.make(settings_asked(page, exhibit))
        verdict = exhibit.predicted.judge(made, guess)
    except ExplorerError:
        return  # what is asked about cannot be made here: the stage says why
    st.session_state.setdefault(_MADE, {})[page, exhibit.id, round] = verdict
