"""What a unit was made of, and what it goes into: shares, windows, and units to go on with. Knows records; computes nothing."""

import numpy as np
import streamlit as st

from explorer.figures.provenance import shares_figure, window_figure
from explorer.probe.feeding_units import feeds
from explorer.probe.provenance import Provenance
from explorer.probe.terms import Terms, Unit
from explorer.ui.provenance.run import Looked, Looking, go
from explorer.ui.provenance.words import exact, feed_text, term_text, unit_text
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart
from explorer.ui.stand import Stand
from explorer.words import counted

MOST_GRIDS = 3
MOST_BUTTONS = 6


def largest(part: Provenance) -> Terms | None:
    """The terms of the node that gives most of them."""
    return max(part.terms, key=lambda terms: terms.products.size) if part.terms else None


def show_shares(part: Provenance, stand: Stand[Looking]) -> None:
    """What each channel below adds."""
    terms = largest(part)
    # not where terms share a channel: they are no channels' shares
    apart = terms is not None and len(set(terms.channels.tolist())) == len(terms.sums) > 1
    if apart and part.rule == "sum":
        word = "channel" if terms.at.shape[-1] > 1 else "unit"
        st.markdown(f"**What each {word} below adds**")
        chart(stand, shares_figure(terms, word=word, dark=is_dark()), "shares", height="stretch")


def show_windows(looked: Looked, part: Provenance, stand: Stand[Looking]) -> None:
    """The strongest channels' windows, where the unit was made of any."""
    terms = largest(part)
    if terms is not None and max(terms.products.shape[1:]) > 1 and part.rule in ("sum", "largest"):
        _show_windows(looked, terms, part, stand)


def show_ways_down(looked: Looked, part: Provenance, stand: Stand[Looking]) -> None:
    """The strongest terms as buttons."""
    if not part.terms:
        return
    st.markdown("**Go down to one of its parts**")
    offered = [(group, spot) for group in part.terms for spot in group.strongest(MOST_BUTTONS)]
    offered.sort(key=lambda pair: -abs(float(pair[0].products[pair[1]])))
    units = [
        (group.unit(*spot), term_text(looked.graph, group, spot, part.rule)) for group, spot in offered[:MOST_BUTTONS]
    ]
    _offer(looked, units, "down", stand)


def _show_windows(looked: Looked, terms: Terms, part: Provenance, stand: Stand[Looking]) -> None:
    order = np.argsort(-np.abs(terms.sums), kind="stable")[:MOST_GRIDS]
    count = len(terms.sums)
    st.markdown(
        "**The window**"
        if count == 1
        else f"**The window in the {len(order)} strongest of {counted(count, 'channel')}**"
    )

    def take(told: object) -> None:
        whole = isinstance(told, list | tuple) and [int(part) for part in told if isinstance(part, int | float)]
        if whole and len(whole) == 3 and (unit := terms.unit(*whole)):
            go(stand, looked, unit)

    figure = window_figure(terms, [int(group) for group in order], dark=is_dark())
    chart(stand, figure, f"window {part.unit.node} {part.unit.at}", clicked=take)


def show_feeds(looked: Looked, stand: Stand[Looking]) -> None:
    """The units above that would change most without this number, once they are asked for."""
    if not stand.toggle(st, "feeds", "What it feeds"):
        return
    found = feeds(looked.run, looked.unit)
    if not found:
        st.markdown("Nothing: it is what the network puts out.")
    for feed in found:
        st.markdown(f"{feed_text(looked.graph, feed)}. Without this number these would change most:")
        units = [(above, f"{unit_text(looked.graph, above)}: {exact(owed)}") for above, owed in feed.strongest[:3]]
        _offer(looked, units, f"up {feed.node}", stand)


def _offer(looked: Looked, units: list[tuple[Unit, str]], name: str, stand: Stand[Looking]) -> None:
    """Each unit as a button that leads there."""
    for index, (unit, text) in enumerate(units):
        key, where = stand.key(f"{name} {index}"), (stand, looked, unit)
        st.button(text, key=key, width="stretch", on_click=go, args=where)
