"""One frame for every exhibit of every page: choose, ask, make, show, reveal, and the address. Knows no exhibit."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.errors import ExplorerError
from explorer.settings import record
from explorer.ui import components
from explorer.ui import settings as telling
from explorer.ui.exhibit import Exhibit, exhibits_of
from explorer.ui.place import arrive, change, keep_valid, load, mirror, place
from explorer.ui.settings import STAYS
from explorer.ui.shell import name_exhibit
from explorer.ui.subject import pick

S = TypeVar("S")
SHARES = (1, 2.8)  # of the width: what is looked at, and the stage
SHARES_BESIDE = (1.15, 2)  # of the width: settings beside the stage, and the stage
BESIDE = 2  # ordinary columns beside the stage


@dataclass(frozen=True)
class Stand(Generic[S]):
    """Where an exhibit is shown: its page, itself, the settings that are shown (the last valid ones), and from which step.

    revealed: the answer is open, a step was taken, or something else than asked is shown. token: another one makes
    everything take the settings over anew.
    """

    page: str
    exhibit: Exhibit[S, Any]
    settings: S
    step: int
    token: int
    revealed: bool

    def key(self, name: str) -> str:
        """A widget's key, its own on this page and exhibit."""
        return f"{self.page} {self.exhibit.id} {name}"

    def change(self, **settings: Any) -> None:
        """Change some settings, as an edit on the stage does."""
        change(self.page, **settings)

    def choose(
        self,
        at: DeltaGenerator,
        name: str,
        label: str,
        options: Sequence,
        title: Callable[[Any], str] = str,
        usual: Any = None,
        **how: Any,
    ) -> Any:
        """One setting out of options that only what is shown tells (layers, classes); returns the chosen one.

        Where the settings name none of them it is the usual one, else the first. few=True: all of them side by side;
        slider=True: in their order on one.
        """
        few, slider = how.pop("few", False), how.pop("slider", False)
        now = getattr(self.settings, name)
        if now not in options:
            now = options[0] if usual is None else usual
        st.session_state[self.key(name)] = now  # the settings lead; a person's choice changes them
        ask = at.select_slider if slider else at.segmented_control if few else at.selectbox
        how |= {"required": True} if few else {}
        ask(label, options, format_func=title, key=self.key(name), on_change=self._take, args=(name,), **how)
        return now

    def number(self, at: DeltaGenerator, name: str, label: str, most: int, usual: int = 0) -> int:
        """One setting as a whole number from 0 to `most`; None and what is not there are the usual one."""
        now = getattr(self.settings, name)
        now = now if now is not None and 0 <= now <= most else usual
        st.session_state[self.key(name)] = now
        key, kept = self.key(name), f"0 to {most:,}"
        at.number_input(
            label, 0, most, step=1, key=key, on_change=self._take, args=(name,), disabled=most == 0, help=kept
        )
        return now

    def several(self, at: DeltaGenerator, name: str, label: str, options: Sequence, placeholder: str) -> None:
        """One setting as some of many options, each once; none chosen is said by the placeholder."""
        key = self.key(name)
        st.session_state[key] = [one for one in getattr(self.settings, name) if one in options]
        take = lambda: change(self.page, **{name: tuple(st.session_state[key])})  # noqa: E731
        at.multiselect(label, options, key=key, placeholder=placeholder, on_change=take)

    def toggle(self, at: DeltaGenerator, name: str, label: str) -> bool:
        """One setting as a switch among what is shown."""
        now = st.session_state[self.key(name)] = getattr(self.settings, name)
        at.toggle(label, key=self.key(name), on_change=self._take, args=(name,))
        return now

    def ask(self, *names: str) -> S:
        """Draw the widgets of those settings here, among what is shown; returns the present settings.

        Raises ExplorerError for the first of `names` that cannot be: they are the exhibit's `apart`.
        """
        _ask(self.page, self.exhibit, names, {})
        settings = place(self.page).settings
        record.check(settings, only=names)
        return settings

    def fragment(self, show: Callable[["Stand[S]"], None], every: float | None = None) -> None:
        """Draw something that redraws nothing else. every: seconds after which it is drawn again by itself."""
        st.fragment(_draw_apart, run_every=every)(self, show)

    def _take(self, name: str) -> None:
        if (chosen := st.session_state[self.key(name)]) is not None:  # a browser can empty what has to be chosen
            change(self.page, **{name: chosen})

    def button(self, at: DeltaGenerator, label: str, act: Callable[[S], S]) -> None:
        """A button that makes new settings of the present ones."""
        at.button(label, width="stretch", key=self.key(label), on_click=_act, args=(self.page, act))


def stage(page: str) -> None:
    """The page's exhibits: one is chosen, asks, is set up and shown."""
    exhibits = exhibits_of(page)
    arrive(page, exhibits)
    components.address_bar(key=f"address of {page}", data={"first": next(iter(exhibits))})
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
                _ask(page, exhibit, exhibit.beside, exhibit.acts, BESIDE)
    else:
        right = st.container()
    with right:
        _set_up(page, exhibit, revealed)
    if exhibit.more:
        with right if exhibit.subject else st.container():  # as wide as the page, where only settings stand beside
            exhibit.more(_stand(page, exhibit, _shown(page, exhibit), revealed))
        mirror(page, exhibit, exhibits_of(page))


def _set_up(page: str, exhibit: Exhibit, revealed: bool) -> None:
    if exhibit.above:
        _ask(page, exhibit, exhibit.above, {})
    there, below = st.container(), st.container()
    with below:  # asked first, shown last: what is drawn above is already what was asked for
        asked = exhibit.asked
        if asked is None:
            elsewhere = {*exhibit.above, *exhibit.beside, *exhibit.apart}
            asked = tuple(name for name in record.labelled(type(place(page).settings)) if name not in elsewhere)
        acts = {} if exhibit.beside else exhibit.acts
        if asked or acts:
            with st.expander("Settings", expanded=True):
                _ask(page, exhibit, asked, acts)
    with there:
        _show(page, exhibit, revealed)


@st.fragment
def _show(page: str, exhibit: Exhibit, revealed: bool) -> None:
    """What the settings give. A fragment within the page's: an edited cell redraws no setting."""
    made = _valid(page, exhibit)
    if made:
        settings, what = made
        exhibit.show(what, _stand(page, exhibit, settings, revealed))
    mirror(page, exhibit, exhibits_of(page))


def _stand(page: str, exhibit: Exhibit, settings: object, revealed: bool) -> Stand:
    here = place(page)
    revealed = revealed or here.step > 0 or here.settings != exhibit.settings
    return Stand(page, exhibit, settings, here.step, here.token, revealed)


def _shown(page: str, exhibit: Exhibit) -> object:
    """The settings that are shown, once `_valid` has looked for them."""
    return place(page).last_valid or exhibit.settings


def _draw_apart(stand: Stand, show: Callable[[Stand], None]) -> None:
    if place(stand.page).exhibit != stand.exhibit.id:  # still to come when another was chosen
        return
    show(_stand(stand.page, stand.exhibit, _shown(stand.page, stand.exhibit), stand.revealed))
    mirror(stand.page, stand.exhibit, exhibits_of(stand.page))


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
            st.error(f"{problem} {STAYS}")
        else:
            keep_valid(page)
        return settings, made
    st.error(str(problem))
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


def _ask(
    page: str, exhibit: Exhibit, names: tuple[str, ...], acts: Mapping[str, Callable], room: int = telling.IN_A_ROW
) -> None:
    """The widgets of those settings, and beneath them what else makes new ones."""
    here = place(page)
    new, said = telling.ask(here.settings, names, f"{page} {here.exhibit} {here.token}", exhibit.fit, room)
    if new != here.settings:
        change(page, load=not said, **{field.name: getattr(new, field.name) for field in dataclasses.fields(new)})
        if not said:
            st.rerun()  # a widget that was drawn just now says something else
    if acts:
        columns = st.columns(max(2, room - 2, len(acts)))
        for column, (label, act) in zip(columns, acts.items(), strict=False):
            column.button(label, width="stretch", on_click=_act, args=(page, act), key=f"{page} {exhibit.id} {label}")


def _act(page: str, act: Callable) -> None:
    """Take over the settings that a button makes of the present ones, or say why not."""
    try:
        new = act(place(page).settings)
    except ExplorerError as error:
        st.toast(str(error))
        return
    change(page, load=True, **{field.name: getattr(new, field.name) for field in dataclasses.fields(new)})
