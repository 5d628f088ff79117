"""Localisation: one extractor, a class and a box, two losses and their weights. Knows the screen; computes nothing itself."""

import dataclasses

import streamlit as st

from explorer.figures.hourglass import heads_figure
from explorer.models.trainable import build
from explorer.probe.facts import NetworkFacts, describe
from explorer.training.recipes import find_recipe
from explorer.training.settings import RunSettings
from explorer.ui import cache, side_by_side
from explorer.ui.exhibits import change, choose_exhibit, mirror, place
from explorer.ui.localisation.answers import ask_networks
from explorer.ui.localisation.exhibits import CODECS, DATA, EXHIBITS, NETWORK, PAGE, VARIANTS, WEIGHTS, Settings
from explorer.ui.shell import is_dark
from explorer.words import written

QUIET = {"displayModeBar": False}
REFRESH = 3.0  # seconds between two looks at what is still being trained
CLASSES = 5
HEADS = {"class_head": "class: five logits", "box_head": "box: cx, cy, w, h"}
BOTH_ZERO = "With both weights 0 there is nothing to learn from: give one of them more."


@st.fragment
def explore() -> None:
    """The question, the network, both weights, the training, and a picture of one's own."""
    exhibit = choose_exhibit(PAGE, EXHIBITS, CODECS)
    runs = side_by_side.runs_of(PAGE, belongs)
    left, right = st.columns([1.1, 2], gap="large", vertical_alignment="center")
    with left:
        _ask_weights()
    with right:
        st.plotly_chart(
            heads_figure(network_facts(), HEADS, dark=is_dark()), key=f"{PAGE} heads", theme=None, config=QUIET
        )
    rest = side_by_side.show(PAGE, runs, title, panels=("scenes", "maps") if len(runs) == 1 else ("scenes",))
    if not runs:
        st.info("No run is shown yet. Press **Train**: boxes move onto their shapes within seconds.")
    ask_networks(runs, rest, REFRESH if side_by_side.any_live(runs) else None)
    mirror(PAGE, exhibit, CODECS)


def belongs(settings: RunSettings) -> bool:
    """Whether a run is one of this page's."""
    return settings.design.network == NETWORK and settings.data == DATA


def title(settings: RunSettings) -> str:
    """A run's name above its card: what its losses weigh at first."""
    return f"class × {written(settings.config.class_weight, 6)}, box × {written(settings.config.box_weight, 6)}"


def network_facts() -> NetworkFacts:
    """The layers of the network with two heads."""
    design = find_recipe(NETWORK).design
    return cache.kept("localiser's facts", (), _make=lambda: describe(build(design, 1, CLASSES), (1, 32, 32)))


def _ask_weights() -> None:
    """Both weights for the next run, and the buttons that begin it."""
    settings: Settings = place(PAGE).settings
    token = place(PAGE).token
    st.markdown("loss = **class weight** · cross-entropy + **box weight** · smooth L1 of the box")
    chosen = {}
    for name, words in (("class_weight", "Class weight"), ("box_weight", "Box weight")):
        chosen[name] = st.select_slider(
            f"{words} of the next run",
            WEIGHTS,
            value=getattr(settings, name),
            format_func=lambda value: written(value, 6),
            key=f"{PAGE} {name} {token}",
        )
    change(PAGE, **chosen)
    nothing = not any(chosen.values())
    one, three = st.columns(2)
    one.button(
        "Train",
        type="primary",
        icon="▶",
        disabled=nothing,
        key=f"{PAGE} begin",
        on_click=side_by_side.begin,
        args=(PAGE, lambda: [_wish(place(PAGE).settings)]),
        width="stretch",
    )
    three.button(
        "Train all three",
        key=f"{PAGE} begin three",
        on_click=side_by_side.begin,
        args=(PAGE, lambda: [_wish(each) for each in VARIANTS.values()]),
        help="Both losses, the class's alone, the box's alone: side by side, from the same first weights.",
        width="stretch",
    )
    if nothing:
        st.caption(BOTH_ZERO)
    else:
        st.caption("While a run trains, the sliders on its card act at once.")


def _wish(settings: Settings) -> RunSettings:
    """One thread: runs beside each other share the machine with those who watch."""
    recipe = find_recipe(NETWORK)
    weights = {"class_weight": settings.class_weight, "box_weight": settings.box_weight}
    return RunSettings(recipe.design, DATA, dataclasses.replace(recipe.config, threads=1, **weights))
