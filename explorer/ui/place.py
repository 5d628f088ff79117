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
from explorer.ui import settings as telling
from explorer.ui.exhibit import Exhibit
from explorer.ui.fields import Whole

S = TypeVar("S")
_STEP = Whole("Step", 0, 1_000_000)
RUNS = "runs"  # of the address: the names of the runs that are shown, joined by dots; they are no settings
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
    parts = {"exhibit": exhibit.id} | telling.write(settings, exhibit.settings)
    return parts | ({"step": str(step)} if step else {}) | ({RUNS: ".".join(runs)} if runs else {})


def read_address(parts: Mapping[str, str], exhibits: Mapping[str, Exhibit]) -> tuple[Place, str]:
    """The place that an address describes, and a note about what could not be read ("" where all could)."""
    problems = []
    exhibit = exhibits.get(parts.get("exhibit", next(iter(exhibits))))
    if exhibit is None:
        problems.append(f"there is no exhibit “{parts['exhibit'][:20]}” on this page")
        exhibit = next(iter(exhibits.values()))
    told = {name: text for name, text in parts.items() if name not in ("exhibit", "step", RUNS)}
    settings, unread = telling.read(told, exhibit.settings)
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


def arrive(page: str, exhibits: Mapping[str, Exhibit]) -> Place:
    """Where this session stands on the page. Its first call reads the address and says in one note what it could not read."""
    if _key(page) not in st.session_state:
        st.session_state[_key(page)], problem = read_address(st.query_params.to_dict(), exhibits)
        if problem:
            st.warning(f"Not everything in the address could be read ({problem}). The rest is shown as it opens.")
    return place(page)


def place(page: str) -> Place:
    """Where this session stands on the page; it has to have arrived there."""
    return st.session_state[_key(page)]


def load(page: str, exhibit: Exhibit, settings: object) -> None:
    """Go to an exhibit with these settings, from its first step."""
    now = place(page)
    kept = now.last_valid if now.exhibit == exhibit.id else None
    st.session_state[_key(page)] = Place(exhibit.id, settings, 0, now.token + 1, kept, now.runs)


def change(page: str, *, load: bool = False, **settings: Any) -> None:
    """Change some settings; load=True makes the widgets take them over (an edit in the browser does not need that)."""
    now = place(page)
    new = dataclasses.replace(now.settings, **settings)
    st.session_state[_key(page)] = dataclasses.replace(now, settings=new, token=now.token + load)


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


def mirror(page: str, exhibit: Exhibit) -> None:
    """Let the browser's address say what is on the screen."""
    here = place(page)
    parts = write_address(exhibit, here.settings, here.step, here.runs.get(exhibit.id, ()))
    if parts != st.query_params.to_dict():
        st.query_params.from_dict(parts)
