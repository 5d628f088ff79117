"""Segmentation: networks that name every pixel, trained side by side, and their costs. Knows the screen; computes nothing."""

import dataclasses

import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.hourglass import hourglass_figure
from explorer.models.trainable import build
from explorer.probe.facts import NetworkFacts, describe
from explorer.training.recipes import find_recipe
from explorer.training.settings import RunSettings
from explorer.ui import cache, side_by_side
from explorer.ui.exhibits import change, choose_exhibit, mirror, place
from explorer.ui.segmentation.answers import ask_networks
from explorer.ui.segmentation.exhibits import CODECS, DATA, EXHIBITS, MOST, PAGE, TITLES
from explorer.ui.segmentation.table import show_standings
from explorer.ui.shell import is_dark

QUIET = {"displayModeBar": False}
PANELS = ("scenes",)
REFRESH = 3.0  # seconds between two looks at what is still being trained
CLASSES = 6  # the background and five shapes


@st.fragment
def explore() -> None:
    """The question, the networks to choose from, their training, what they cost, and a scene of one's own."""
    exhibit = choose_exhibit(PAGE, EXHIBITS, CODECS)
    runs = side_by_side.runs_of(PAGE, belongs)
    chosen = _choose()
    with st.expander("The chosen networks, layer by layer", expanded=not runs, key=f"{PAGE} drawing {bool(runs)}"):
        _draw_networks(chosen)
    rest = side_by_side.show(PAGE, runs, title, panels=PANELS)
    if not runs:
        st.info("No run is shown yet. Press **Train**: first shapes after seconds, all done in some minutes.")
    every = REFRESH if side_by_side.any_live(runs) else None
    st.fragment(show_standings, run_every=every)()
    ask_networks(runs, rest, every)
    mirror(PAGE, exhibit, CODECS)


def belongs(settings: RunSettings) -> bool:
    """Whether a run is one of this page's."""
    return settings.design.network in TITLES and settings.data == DATA


def title(settings: RunSettings) -> str:
    """A run's name above its card."""
    return TITLES[settings.design.network]


def network_facts(name: str) -> NetworkFacts:
    """The layers of one of the five."""
    design = find_recipe(name).design
    return cache.kept("segmenter's facts", (name,), _make=lambda: describe(build(design, 1, CLASSES), (1, 32, 32)))


def _choose() -> tuple[str, ...]:
    """The networks for the next training, and the button that begins it."""
    token = place(PAGE).token
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    chosen = left.pills(
        "Networks to train side by side, up to three",
        list(TITLES),
        default=place(PAGE).settings.networks,
        format_func=TITLES.__getitem__,
        selection_mode="multi",
        key=f"{PAGE} networks {token}",
    )
    fits = 1 <= len(chosen) <= MOST
    right.button(
        "Train",
        type="primary",
        icon="▶",
        disabled=not fits,
        key=f"{PAGE} begin",
        on_click=side_by_side.begin,
        args=(PAGE, _wishes),
        width="stretch",
    )
    if fits:
        change(PAGE, networks=tuple(chosen))
    else:
        st.caption("Choose one network at least." if not chosen else f"{MOST} fit side by side: take one out.")
    return place(PAGE).settings.networks


def _wishes() -> list[RunSettings]:
    return [_wish(name) for name in place(PAGE).settings.networks]


def _wish(name: str) -> RunSettings:
    """One thread each: runs beside each other share the machine with those who watch."""
    recipe = find_recipe(name)
    return RunSettings(recipe.design, DATA, dataclasses.replace(recipe.config, threads=1))


def _draw_networks(names: tuple[str, ...]) -> None:
    try:
        facts = {TITLES[name]: network_facts(name) for name in names}
    except ExplorerError as error:
        st.error(str(error))
        return
    st.plotly_chart(hourglass_figure(facts, dark=is_dark()), key=f"{PAGE} hourglass", theme=None, config=QUIET)
    words = "Height is rows, width is channels; beneath each layer rows × columns × channels."
    if "seg_unpool" in names:
        words += " Remembered positions, number by number: [Unpooling, K3](unpooling?exhibit=K3)."
    st.caption(words)
