"""Where a session stands on a page: which exhibit, with which settings, at which step; and that in the address.

The session holds what is on the screen; the address follows it, so that it can be kept or shared, and is read once, when
the page is opened. Knows records and the address; draws nothing.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import streamlit as st

from explorer.errors import ExplorerError
from explorer.settings import record
from explorer.settings.fields import Whole
from explorer.ui.exhibit import Exhibit, exhibits_of
from explorer.ui.plain import plain

S = TypeVar("S")
_STEP = Whole("Step", 0, 1_000_000)
_ON_SCREEN = "explorer.page"  # the page that was run last
RUNS = "runs"  # of the address: the names of the runs that are shown, joined by dots; they are no settings
STAGE = "stage"  # of the address, the browser's own: nothing but the stage is shown
MOST_NAMES = 400  # characters of all of them


@dataclass(frozen=True)
class Place(Generic[S]):
    """token: raised whenever settings are loaded anew, so that widgets take them over.

    last_valid: the newest settings that could be shown; what they show stays while others cannot be. runs: the names of the
    runs that are shown, by exhibit, so that whoever looked at another one finds them again (ui/runs.py).
    """

    exhibit: str
    settings: S
    step: int = 0
    token: int = 0
    last_valid: S | None = None
    runs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def write_address(exhibit: Exhibit, settings: object, step: int, runs: Sequence[str] = ()) -> dict[str, str]:
    """The address's parameters: the exhibit, only what differs from how it opens, and the runs that are shown."""
    parts = {"exhibit": exhibit.id} | record.write(settings, exhibit.settings)
    return parts | ({"step": str(step)} if step else {}) | ({RUNS: ".".join(runs)} if runs else {})


def read_address(parts: Mapping[str, str], exhibits: Mapping[str, Exhibit]) -> tuple[Place, str]:
    """The place that an address describes, and a note about what could not be read ("" where all could)."""
    problems = []
    exhibit = exhibits.get(parts.get("exhibit", next(iter(exhibits))))
    if exhibit is None:
        problems.append(f"there is no exhibit “{parts['exhibit'][:20]}” on this page")
        exhibit = next(iter(exhibits.values()))
    told = {name: text for name, text in parts.items() if name not in ("exhibit", "step", RUNS)}
    settings, unread = record.read(told, exhibit.settings)
    step = 0
    if "step" in parts:
        try:
            step = _STEP.read(parts["step"])
        except ExplorerError as error:
            unread.append(f"step: {error}")
    names = tuple(dict.fromkeys(name for name in parts.get(RUNS, "")[:MOST_NAMES].split(".") if name))
    place = Place(exhibit.id, settings, step, runs={exhibit.id: names} if names else {})
    return place, "; ".join(problems + unread)


def _key(page: str) -> str:
    return f"explorer.place {page}"


def _written(page: str) -> str:
    return f"explorer.address {page}"


def _told() -> dict[str, str]:
    """The address's parameters, without what is the browser's own."""
    return {name: text for name, text in st.query_params.to_dict().items() if name != STAGE}


def arrive(page: str) -> None:
    """Take the place that the address names: when a session opens the page, and when Back or Forward comes to it.

    To be called where the whole page is run, not a fragment of it: a fragment's runs may still carry the address before
    the last. What could not be read is said in one note.
    """
    told, before = _told(), st.session_state.get(_ON_SCREEN)
    st.session_state[_ON_SCREEN] = page
    if _key(page) in st.session_state:
        if told == st.session_state.get(_written(page)) or (not told and before != page):
            return  # nothing new, or the menu led here: one goes on where one was
        token = place(page).token + 1
    else:
        token = 0
    found, problem = read_address(told, exhibits_of(page))
    st.session_state[_key(page)] = dataclasses.replace(found, token=token)
    st.session_state[_written(page)] = told  # a run that begins again before the mirror reads it no second time
    if problem:
        st.warning(f"Not everything in the address could be read ({plain(problem)}). The rest is shown as it opens.")


def place(page: str) -> Place:
    """Where this session stands on the page; it has to have arrived there."""
    return st.session_state[_key(page)]


def load(page: str, exhibit: Exhibit, settings: object) -> None:
    """Go to an exhibit with these settings, from its first step."""
    now = place(page)
    kept = now.last_valid if now.exhibit == exhibit.id else None
    st.session_state[_key(page)] = Place(exhibit.id, settings, 0, now.token + 1, kept, now.runs)


def change(page: str, *, load: bool = False, forget: bool = True, **settings: Any) -> None:
    """Change some settings; load=True makes the widgets take them over (an edit in the browser does not need that).

    What the exhibit forgets with them, unless it is changed too, goes back to what it is by itself.
    """
    now = place(page)
    other = {name for name, value in settings.items() if value != getattr(now.settings, name)}
    forgets = exhibits_of(page)[now.exhibit].forgets if forget else {}
    lost = {name for cause, names in forgets.items() if cause in other for name in names}
    usual = {field.name: field.default for field in dataclasses.fields(now.settings) if field.name in lost - other}
    new = dataclasses.replace(now.settings, **settings | usual)
    st.session_state[_key(page)] = dataclasses.replace(now, settings=new, token=now.token + load)


def change_to(page: str, settings: object, *, load: bool = False) -> None:
    """Change all settings to those of another record of their kind, as `change` does."""
    changes = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    change(page, load=load, **changes)


def rest_at(page: str, step: int) -> None:
    """Remember the step that the browser rests at."""
    st.session_state[_key(page)] = dataclasses.replace(place(page), step=step)


def keep_valid(page: str) -> None:
    """The present settings could be shown: they are what is shown until others can be."""
    st.session_state[_key(page)] = dataclasses.replace(place(page), last_valid=place(page).settings)


def keep_runs(page: str, names: tuple[str, ...]) -> None:
    """Show these runs with the present exhibit from now on."""
    now = place(page)
    st.session_state[_key(page)] = dataclasses.replace(now, runs={**now.runs, now.exhibit: names})


def visit(page: str, settings: object) -> None:
    """Let another page, which has one exhibit, open with these settings. To be called before one goes there."""
    (exhibit,) = exhibits_of(page)
    token = place(page).token + 1 if _key(page) in st.session_state else 0
    st.session_state[_key(page)] = Place(exhibit, settings, token=token)


def mirror(page: str, exhibit: Exhibit) -> None:
    """Let the browser's address say what is on the screen; the first exhibit as it opens needs no words."""
    here = place(page)
    parts = write_address(exhibit, here.settings, here.step, here.runs.get(exhibit.id, ()))
    if parts == {"exhibit": next(iter(exhibits_of(page)))}:
        parts = {}
    st.session_state[_written(page)] = parts
    if parts != _told():
        st.query_params.from_dict(parts)
