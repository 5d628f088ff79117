"""One frame for every exhibit of every page: choose, ask, make, show, reveal, and the address. Knows no exhibit."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.errors import ExplorerError
from explorer.predictions import Choice
from explorer.settings import record
from explorer.ui import predicting
from explorer.ui.exhibit import Exhibit, exhibits_of
from explorer.ui.frame import Frame, controls, filling, frame
from explorer.ui.place import arrive, keep_valid, load, mirror, place
from explorer.ui.plain import plain
from explorer.ui.rounds import round_key
from explorer.ui.settings import STAYS
from explorer.ui.shell import name_exhibit
from explorer.ui.stand import ask, said, shown, stand_at
from explorer.ui.state import bound
from explorer.ui.subject import pick, subject_title

PAD = 288  # pixels of the stage's width: a large pad, beside what it feeds
IN_SETTINGS = 2  # ordinary columns side by side
FEW = 3  # variants that find room in the line


def stage(page: str) -> None:
    """The page's exhibits: one is chosen, asks, is set up and shown."""
    arrive(page)
    _stage(page)


@st.fragment
def _stage(page: str) -> None:
    places = frame()
    exhibit = _choose(page, places)
    revealed = _ask(page, exhibit, places.line)
    stand = places.stage
    with places.settings:
        _set_up(page, exhibit)
    if exhibit.pad:
        with places.stage:
            left, stand = filling("pad", PAD, "stretch")
        with left:
            pick(page)
    with stand:
        _show(page, exhibit, revealed)
        if exhibit.more:
            with said():
                exhibit.more(stand_at(page, exhibit, shown(page, exhibit), revealed))
            mirror(page, exhibit)


def _set_up(page: str, exhibit: Exhibit) -> None:
    """The settings, beside the stage: asked first, shown last, so that what is drawn is already what was asked for."""
    names = _asked(exhibit, place(page).settings)
    if names or exhibit.acts:
        ask(page, exhibit, names, exhibit.acts, IN_SETTINGS)


def _asked(exhibit: Exhibit, settings: object) -> tuple[str, ...]:
    if exhibit.asked is not None:
        return exhibit.asked
    return tuple(name for name in record.labelled(type(settings)) if name not in exhibit.apart)


@st.fragment
def _show(page: str, exhibit: Exhibit, revealed: bool) -> None:
    """What the settings give. A fragment within the page's: an edited cell redraws no setting."""
    made = _valid(page, exhibit)
    if made:
        settings, what = made
        with said():
            exhibit.show(what, stand_at(page, exhibit, settings, revealed))
    mirror(page, exhibit)


def _valid(page: str, exhibit: Exhibit) -> tuple[object, object] | None:
    """The settings that are shown and what they give: the present ones, or, with one sentence on the screen, the last valid.

    None where not even those the exhibit opens with can be shown.
    """
    here, problem = place(page), None
    for settings in (here.settings, here.last_valid, exhibit.settings):
        if settings is None:
            continue
        try:
            record.check(settings, but=exhibit.apart)
            made = exhibit.make(settings)
        except ExplorerError as error:
            problem = problem or error
            continue
        if problem:
            st.error(f"{plain(str(problem))} {STAYS}")
        else:
            keep_valid(page)
        return settings, made
    st.error(plain(str(problem)))
    return None


def _choose(page: str, places: Frame) -> Exhibit:
    """Fill the row: the exhibits to choose from, the subject, and what is done with the page. Returns the chosen exhibit."""
    exhibits, now = exhibits_of(page), place(page)
    exhibit = exhibits[now.exhibit]
    name_exhibit(exhibit.title)
    with places.bar:
        if len(exhibits) > 1:
            _choose_among(page, list(exhibits))
        if exhibit.subject and not exhibit.pad:
            with st.popover(subject_title(page), key="subject"):
                pick(page)
        controls(page, next(iter(exhibits)), settings=bool(_asked(exhibit, now.settings) or exhibit.acts))
    return exhibit


def _choose_among(page: str, names: list[str]) -> None:
    exhibits, now = exhibits_of(page), place(page).exhibit
    at = names.index(now)
    _lead_to(page, "previous", "‹", names[at - 1] if at else None)
    st.selectbox(
        "Exhibit",
        names,
        format_func=lambda name: exhibits[name].title,
        label_visibility="collapsed",
        **bound(f"exhibit of {page}", now, lambda name: _go(page, name)),
    )
    _lead_to(page, "next", "›", names[at + 1] if at + 1 < len(names) else None)
    st.markdown(f"{at + 1} of {len(names)}", width="content")


def _lead_to(page: str, key: str, sign: str, name: str | None) -> None:
    """A button to a neighbouring exhibit, or to none."""
    title = f"{key.capitalize()} exhibit: {exhibits_of(page)[name].title}" if name else None
    st.button(sign, key=key, help=title, disabled=name is None, on_click=_go, args=(page, name))


def _ask(page: str, exhibit: Exhibit, line: DeltaGenerator) -> bool:
    """Fill the line: the question, its answer on request, and the variants. Returns whether the answer is open."""
    key = round_key("answer", page, exhibit)
    revealed = st.session_state.get(key, False)
    label, turn = "Question" if revealed else "Reveal", partial(_turn, key, not revealed)
    with line:
        verdict = predicting.judged(page, exhibit)
        if revealed:
            st.markdown(f"{verdict.text} {exhibit.answer}" if verdict else exhibit.answer, width="stretch")
        else:
            st.markdown(f"**Predict:** {exhibit.question}", width="stretch")
        few = FEW - 1 if isinstance(exhibit.predicted, Choice) else FEW  # a choice takes the room of one
        at = st.popover("Examples", key="examples") if len(exhibit.variants) > few else st
        for name, settings in exhibit.variants.items():
            at.button(name, key=f"variant {page} {exhibit.id} {name}", on_click=load, args=(page, exhibit, settings))
        if verdict and revealed:
            predicting.tell_tally(page)
        if not revealed and predicting.is_wanted(page, exhibit):
            predicting.ask(page, exhibit, label, turn)
        else:
            st.button(label, key="reveal", on_click=turn)
    return revealed


def _turn(key: str, revealed: bool) -> None:
    st.session_state[key] = revealed


def _go(page: str, name: str) -> None:
    exhibit = exhibits_of(page)[name]
    load(page, exhibit, exhibit.settings)
