"""The collection of own classes that a session fills. Knows the address's part and the session; draws nothing.

A collection is made with its first class, so that looking at the page leaves nothing on the disk.
"""

import streamlit as st

from explorer.data.collections import Collection, new_collection, open_collection
from explorer.errors import ExplorerError
from explorer.ui.place import change, place
from explorer.ui.transfer_learning.keys import PAGE

_CURRENT, _TARGET, _SAID = "explorer.collection", "explorer.collection target", "explorer.collection said"


def current() -> Collection | None:
    """The address's collection, else the session's; None while there is none. Raises ExplorerError for one that is gone."""
    identity = place(PAGE).settings.collection or st.session_state.get(_CURRENT, "")
    if not identity:
        return None
    found = open_collection(identity)
    _take(identity)
    return found


def names() -> tuple[str, ...]:
    """What the current collection's classes are called; none while there is none. Raises as `current` does."""
    found = current()
    return tuple(facts.name for facts in found.classes()) if found else ()


def choose(identity: str) -> None:
    """Look at another collection, "" at a new one. It is made when it gets a class."""
    st.session_state.pop(_TARGET, None)
    _take(identity)


def begin() -> Collection:
    """The current collection, made where there is none."""
    try:
        found = current()
    except ExplorerError:  # of an address; its place is taken by a new one
        found = None
    if found is None:
        found = new_collection()
        _take(found.id)
    return found


def _take(identity: str) -> None:
    st.session_state[_CURRENT] = identity
    if place(PAGE).settings.collection != identity:
        change(PAGE, collection=identity)


def target(collection: Collection) -> str | None:
    """The class that pictures are added to: the chosen one while it is there, else the first."""
    known = [facts.id for facts in collection.classes()]
    chosen = st.session_state.get(_TARGET)
    return chosen if chosen in known else known[0] if known else None


def aim(class_id: str) -> None:
    """Add pictures to this class from now on."""
    st.session_state[_TARGET] = class_id


def say(text: str, *, problem: bool = False) -> None:
    """Keep a sentence until it has been shown, where pictures are added."""
    st.session_state[_SAID] = (text, problem)


def said() -> tuple[str, bool] | None:
    """The sentence that waits, once."""
    return st.session_state.pop(_SAID, None)
