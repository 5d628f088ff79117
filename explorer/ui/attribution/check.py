"""The check of *Which pixels matter*: do the maps notice that the weights are gone? Knows the screen; computes nothing."""

import time

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.figures.attribution import check_figure, heat_figure
from explorer.predictions import Choice
from explorer.probe.attribution import ATTRIBUTIONS, HeatMap
from explorer.probe.randomised import FAILS_FROM, Level, cascade, failing, similarities
from explorer.ui import cache
from explorer.ui.attribution.maps import (
    RANKS,
    Asked,
    Explained,
    kept_map,
    look,
    show,
    target_of,
    tell_methods,
    timed_map,
)
from explorer.ui.exhibit import Exhibit
from explorer.ui.frame import filling
from explorer.ui.place import rest_at
from explorer.ui.plain import plain
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, covered
from explorer.ui.stand import Stand
from explorer.words import duration, fixed

PATIENCE = 8.0  # seconds that the check may take without being asked for
RANK_TITLES = {"sizes": "sizes only", "signs": "with their signs"}


def _show(asked: Asked, stand: Stand[Explained]) -> None:
    """The maps, beneath them those of random weights, and whether they notice."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    (maps,) = filling("all maps", "stretch")
    with maps:
        show(asked, stand, row)
    _show_check(asked, stand, row, maps)
    with row:
        tell_methods()


def _show_check(asked: Asked, stand: Stand[Explained], row: DeltaGenerator, maps: DeltaGenerator) -> None:
    """The slider, in the row, the maps with so many random layers, and the curve of every method."""
    target = target_of(asked, stand.settings)
    levels = cache.kept("cascade", asked.key[:2], _make=lambda: cascade(asked.network, asked.inputs))
    if asked.random:
        st.caption("These weights are random already, so that there is nothing learned to lose.")
    names = ["nothing", *(level.lowest for level in levels[1:])]
    if len(names) < 2:
        st.caption("This network has no weights to lose.")
        return
    at = stand.choose(
        row,
        "level",
        "Randomised from the top down to layer",
        range(len(names)),
        names.__getitem__,
        usual=min(stand.settings.level, len(names) - 1),
        slider=True,
    )
    ranks = stand.choose(row, "ranks", "Maps are compared by", RANKS, RANK_TITLES.__getitem__, few=True)
    checked = _run_check(asked, target, levels, stand)
    if not checked:
        return
    lost = {title: series[at] for title, series in checked.items()}
    figure = heat_figure(lost, picture=asked.pixels, columns=1 + len(lost), dark=is_dark())
    chart(stand, figure, "lost", maps, height="stretch")
    if covered(
        stand, "Show what stays", "Predict first. Or move the slider: all layers from the top down to there are random."
    ):
        return
    curves = {
        title: similarities([found.values for found in series], sizes=ranks == "sizes")
        for title, series in checked.items()
    }
    st.markdown(_verdict(curves))
    chart(stand, check_figure(curves, names, at, FAILS_FROM, dark=is_dark()), "check")


def _run_check(asked: Asked, target: int, levels: tuple[Level, ...], stand: Stand) -> dict[str, list[HeatMap]] | None:
    """Every method's map at every level, with progress; None while a long check was not asked for."""
    began, room = time.monotonic(), st.empty()
    once = sum(timed_map(method, asked, target, levels[0])[1] for method in ATTRIBUTIONS)
    seconds = once * (len(levels) - 1)
    wish = (*asked.key, target)
    if seconds > PATIENCE and st.session_state.get(stand.key("wish")) != hash(wish):
        if not room.button(f"Run the check (about {duration(seconds)})", on_click=rest_at, args=(stand.page, 1)):
            return None
        room.empty()
        st.session_state[stand.key("wish")] = hash(wish)
    checked: dict[str, list[HeatMap]] = {}
    jobs = [(method, level) for level in levels for method in ATTRIBUTIONS]
    for done, (method, level) in enumerate(jobs):
        if time.monotonic() - began > 0.3:
            room.progress(
                done / len(jobs), f"{ATTRIBUTIONS[method].title}, random down to {plain(level.lowest or 'nothing')}"
            )
        found = kept_map(method, asked, target, level)
        if not isinstance(found, str):
            checked.setdefault(ATTRIBUTIONS[method].title, []).append(found)
    room.empty()
    return {title: series for title, series in checked.items() if len(series) == len(levels)}


def _verdict(curves: dict[str, np.ndarray]) -> str:
    """Which methods did not notice, with their numbers: for this picture and these random numbers."""
    stay = failing(curves)
    numbers = ", ".join(
        f"{title} {'has an empty map' if np.isnan(curve[-1]) else fixed(curve[-1], 2)}"
        for title, curve in curves.items()
    )
    if not stay:
        said = "**every map changes**"
    elif len(stay) == 1:
        said = f"**{stay[0]}** stays much as before, so that here it shows the picture more than what was learned"
    else:
        said = (
            f"**{', '.join(stay)}** stay much as before, so that here they show the picture more than what was learned"
        )
    return (
        f"With every weight random, on this picture, {said}. Similarity then: {numbers}. It fails from {FAILS_FROM} on."
    )


EXHIBITS = (
    Exhibit(
        "Check",
        "heat maps against random weights",
        "Five methods say which pixels made the network choose a class. Now its weights are replaced by "
        "random numbers, layer by "
        "layer, until it knows nothing. How many of the five maps should change, and which do?",
        "All of them should: a network that knows nothing has no reasons. A map that stays shows the picture "
        "(its edges, its ink) "
        "and not what the network learned. Whatever is multiplied by the pixel, or covers it, keeps the "
        "picture's shape, most of all "
        "where most of the picture is black: compare the drawn digit with the photograph. After Adebayo et al., "
        "*Sanity Checks for Saliency Maps* (2018).",
        Explained(),
        look,
        _show,
        {"a digit": Explained("digit-3", "lenet5"), "a photograph": Explained("cat", "colour")},
        subject=True,
        any_of=("network",),
        hidden=("With every weight random",),
        predicted=Choice("Should change", ("all", "some", "none"), "all"),
        forgets={"network": ("target", "level"), "sample": ("target",)},
    ),
)
