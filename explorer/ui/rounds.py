"""Which settings an exhibit's question asks about: those it opens with and, in rounds, each variant's. Draws nothing."""

import dataclasses

import streamlit as st

from explorer.ui.exhibit import Exhibit
from explorer.ui.place import place

OPENING = ""  # the round of what an exhibit opens with


def asked_about(exhibit: Exhibit, settings: object) -> str | None:
    """The round of those settings, a variant's name or OPENING; None where they are not what is asked about."""
    for name, variant in exhibit.variants.items():
        if settings == variant != exhibit.settings:
            return name if exhibit.rounds else None
    left_open = {name: getattr(exhibit.settings, name) for name in exhibit.any_of}
    return OPENING if dataclasses.replace(settings, **left_open) == exhibit.settings else None


def round_at(page: str, exhibit: Exhibit) -> str:
    """The round that the page's line asks: what is changed on the way belongs to the round in which it was."""
    key, found = f"round {page} {exhibit.id}", asked_about(exhibit, place(page).settings)
    if found is not None:
        st.session_state[key] = found
    return st.session_state.get(key, OPENING)


def round_key(kind: str, page: str, exhibit: Exhibit) -> str:
    """What the session keeps of that round under this kind of name."""
    return f"{kind} {page} {exhibit.id} {round_at(page, exhibit)}".rstrip()


def settings_asked(page: str, exhibit: Exhibit) -> object:
    """The settings that the page's line asks about: those on the screen, unless they have become something else."""
    now = place(page).settings
    if asked_about(exhibit, now) is not None:
        return now
    return exhibit.variants.get(round_at(page, exhibit), exhibit.settings)
