"""Where an exhibit is shown: what it may ask, change and know of its place. Knows widgets; no exhibit, no frame."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.errors import ExplorerError
from explorer.settings import record
from explorer.ui import settings as telling
from explorer.ui.exhibit import Exhibit
from explorer.ui.place import change, change_to, mirror, place
from explorer.ui.plain import plain
from explorer.ui.rounds import asked_about
from explorer.ui.state import bound

S = TypeVar("S")


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
        ask = at.select_slider if slider else at.segmented_control if few else at.selectbox
        how |= {"required": True} if few else {}
        ask(label, options, format_func=title, **self._bound(name, now), **how)
        return now

    def number(self, at: DeltaGenerator, name: str, label: str, most: int, usual: int = 0, **how: Any) -> int:
        """One setting as a whole number from 0 to `most`; None and what is not there are the usual one. how: Streamlit's."""
        now = getattr(self.settings, name)
        now = now if now is not None and 0 <= now <= most else usual
        how |= {"step": 1, "disabled": most == 0, "help": f"0 to {most:,}"}
        at.number_input(label, 0, most, **how, **self._bound(name, now))
        return now

    def several(self, at: DeltaGenerator, name: str, label: str, options: Sequence, placeholder: str) -> None:
        """One setting as some of many options, each once; none chosen is said by the placeholder."""
        now = [one for one in getattr(self.settings, name) if one in options]
        at.multiselect(
            label, options, placeholder=placeholder, label_visibility="collapsed", **self._bound(name, now, tuple)
        )

    def toggle(self, at: DeltaGenerator, name: str, label: str) -> bool:
        """One setting as a switch among what is shown."""
        now = getattr(self.settings, name)
        at.toggle(label, **self._bound(name, now))
        return now

    def ask(self, *names: str) -> S:
        """Draw the widgets of those settings here, among what is shown; returns the present settings.

        Raises ExplorerError for the first of `names` that cannot be: they are the exhibit's `apart`.
        """
        ask(self.page, self.exhibit, names, {})
        settings = place(self.page).settings
        record.check(settings, only=names)
        return settings

    def fragment(self, show: Callable[["Stand[S]"], None], every: float | None = None) -> None:
        """Draw something that redraws nothing else. every: seconds after which it is drawn again by itself."""
        st.fragment(_draw_apart, run_every=every)(self, show)

    def _bound(self, name: str, now: Any, as_setting: Callable[[Any], Any] = lambda chosen: chosen) -> dict[str, Any]:
        """The settings lead a widget of theirs; a person's choice changes them."""
        return bound(self.key(name), now, lambda chosen: self.change(**{name: as_setting(chosen)}))

    def button(self, at: DeltaGenerator, label: str, act: Callable[[S], S]) -> None:
        """A button that makes new settings of the present ones."""
        at.button(label, width="stretch", key=self.key(label), on_click=_act, args=(self.page, act))


def stand_at(page: str, exhibit: Exhibit, settings: object, revealed: bool) -> Stand:
    """The stand of those settings where the session is now. revealed: the answer is open."""
    here = place(page)
    revealed = revealed or here.step > 0 or asked_about(exhibit, here.settings) is None
    return Stand(page, exhibit, settings, here.step, here.token, revealed)


def shown(page: str, exhibit: Exhibit) -> object:
    """The settings that are shown, once `_valid` has looked for them."""
    return place(page).last_valid or exhibit.settings


def _draw_apart(stand: Stand, show: Callable[[Stand], None]) -> None:
    if place(stand.page).exhibit != stand.exhibit.id:  # still to come when another was chosen
        return
    with said():
        show(stand_at(stand.page, stand.exhibit, shown(stand.page, stand.exhibit), stand.revealed))
    mirror(stand.page, stand.exhibit)


@contextmanager
def said() -> Iterator[None]:
    """What cannot be shown is one sentence in its place."""
    try:
        yield
    except ExplorerError as error:
        st.error(plain(str(error)))


def ask(
    page: str, exhibit: Exhibit, names: tuple[str, ...], acts: Mapping[str, Callable], room: int = telling.IN_A_ROW
) -> None:
    """The widgets of those settings, and beneath them what else makes new ones."""
    here = place(page)
    new, as_asked = telling.ask(here.settings, names, f"{page} {here.exhibit} {here.token}", exhibit.fit, room)
    if new != here.settings:
        change_to(page, new, load=not as_asked)
        if not as_asked:
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
        st.toast(plain(str(error)))
        return
    change_to(page, new, load=True)
