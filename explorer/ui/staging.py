"""One frame for every exhibit of every page: choose, ask, make, show, reveal, and the address. Knows no exhibit."""

import streamlit as st

from explorer.errors import ExplorerError
from explorer.settings import record
from explorer.ui import components
from explorer.ui.exhibit import Exhibit, exhibits_of
from explorer.ui.place import arrive, keep_valid, load, mirror, place
from explorer.ui.plain import plain
from explorer.ui.settings import STAYS
from explorer.ui.shell import name_exhibit
from explorer.ui.stand import ask, said, shown, stand_at
from explorer.ui.subject import pick

SHARES = (1, 2.8)  # of the width: what is looked at, and the stage
SHARES_BESIDE = (1.15, 2)  # of the width: settings beside the stage, and the stage
BESIDE = 2  # ordinary columns beside the stage


def stage(page: str) -> None:
    """The page's exhibits: one is chosen, asks, is set up and shown."""
    arrive(page)
    components.address_bar(key=f"address of {page}", data={"first": next(iter(exhibits_of(page)))})
    _stage(page)


@st.fragment
def _stage(page: str) -> None:
    exhibit, revealed = _choose(page)
    if exhibit.subject or exhibit.beside:
        left, right = st.columns(SHARES if exhibit.subject else SHARES_BESIDE, gap="medium")
        with left:
            if exhibit.subject:
                pick(page)
            if exhibit.beside:
                ask(page, exhibit, exhibit.beside, exhibit.acts, BESIDE)
    else:
        right = st.container()
    with right:
        _set_up(page, exhibit, revealed)
    if exhibit.more:
        wide = st.container() if not exhibit.subject else right  # as wide as the page, where only settings stand beside
        with wide, said():
            exhibit.more(stand_at(page, exhibit, shown(page, exhibit), revealed))
        mirror(page, exhibit)


def _set_up(page: str, exhibit: Exhibit, revealed: bool) -> None:
    if exhibit.above:
        ask(page, exhibit, exhibit.above, {})
    there, below = st.container(), st.container()
    with below:  # asked first, shown last: what is drawn above is already what was asked for
        asked = exhibit.asked
        if asked is None:
            elsewhere = {*exhibit.above, *exhibit.beside, *exhibit.apart}
            asked = tuple(name for name in record.labelled(type(place(page).settings)) if name not in elsewhere)
        acts = {} if exhibit.beside else exhibit.acts
        if asked or acts:
            with st.expander("Settings", expanded=True):
                ask(page, exhibit, asked, acts)
    with there:
        _show(page, exhibit, revealed)


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


def _choose(page: str) -> tuple[Exhibit, bool]:
    """Show the exhibits to choose from, the question, its answer on request, and the variants.

    Returns the chosen one, and whether its answer is open.
    """
    exhibits, now, widget = exhibits_of(page), place(page), f"exhibit of {page}"
    st.session_state[widget] = now.exhibit  # the place says which; only a person's choice changes it
    if len(exhibits) > 1:
        st.pills(
            "Exhibit",
            list(exhibits),
            format_func=lambda key: f"{key} {exhibits[key].title}",
            key=widget,
            required=True,
            on_change=_go,
            args=(page, widget),
            label_visibility="collapsed",
        )
    exhibit = exhibits[now.exhibit]
    name_exhibit(exhibit.title)
    left, right = st.columns([3, 2], vertical_alignment="center")
    left.markdown(f"**Predict:** {exhibit.question}")
    if exhibit.variants:
        columns = right.columns(len(exhibit.variants))
        for column, (name, settings) in zip(columns, exhibit.variants.items(), strict=True):
            column.button(
                name,
                key=f"variant {page} {exhibit.id} {name}",
                width="stretch",
                on_click=load,
                args=(page, exhibit, settings),
            )
    answer = st.expander("Reveal the answer", key=f"answer {page} {exhibit.id}", on_change="rerun")
    answer.markdown(exhibit.answer)
    return exhibit, bool(answer.open)


def _go(page: str, widget: str) -> None:
    exhibit = exhibits_of(page)[st.session_state[widget]]
    load(page, exhibit, exhibit.settings)
