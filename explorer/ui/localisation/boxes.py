"""K6: one extractor, a class and a box, two losses and their weights. Knows words and the screen."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated

import streamlit as st

from explorer.figures.hourglass import heads_figure
from explorer.models.trainable import build
from explorer.probe.facts import NetworkFacts, describe
from explorer.settings.fields import OneOf, Whole
from explorer.training.recipes import find_recipe
from explorer.training.recordings import recorded
from explorer.training.settings import RunSettings
from explorer.ui import cache
from explorer.ui.exhibit import Exhibit
from explorer.ui.localisation.answers import DATA, NETWORK, show_answers
from explorer.ui.place import place
from explorer.ui.runs import OTHER, begin, settings_of, shown
from explorer.ui.scene_picker import ask_about
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, runs
from explorer.ui.stand import Stand
from explorer.words import written

CLASS_WEIGHT, BOX_WEIGHT = find_recipe(NETWORK).config.class_weight, find_recipe(NETWORK).config.box_weight
WEIGHTS = tuple(sorted({0.0, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, CLASS_WEIGHT, BOX_WEIGHT}))  # of a slider
EXAMPLES = 5  # pictures to click; 0 is what the user drew, one more what was uploaded
CLASSES = 5
HEADS = {"class_head": "class: five logits", "box_head": "box: cx, cy, w, h"}
ASKED = ("class_weight", "box_weight")


def _weight(label: str) -> OneOf:
    return OneOf(label, WEIGHTS, lambda value: written(value, 6), slider=True, wide=6)


@dataclass(frozen=True)
class Weighed:
    """What both losses of the next run are multiplied by, and which picture is asked about (0: the drawing)."""

    class_weight: Annotated[float, _weight("Class weight of the next run")] = CLASS_WEIGHT
    box_weight: Annotated[float, _weight("Box weight of the next run")] = BOX_WEIGHT
    scene: Annotated[int, Whole("", 0, EXAMPLES + 1)] = 1


def make(settings: Weighed) -> NetworkFacts:
    """The layers of the network with two heads."""
    design = find_recipe(NETWORK).design
    return cache.kept("localiser's facts", (), _make=lambda: describe(build(design, 1, CLASSES), (1, 32, 32)))


def _show(layers: NetworkFacts, stand: Stand[Weighed]) -> None:
    """The network, both weights, the training, and a picture of one's own."""
    training, asking, built = st.tabs(["In training", "Ask it", "One extractor, two heads"], key=stand.key("tabs"))
    names = shown(stand.page, _fits) or recorded(stand.exhibit.id)
    with training:
        _ask_weights(stand)
        titles = {name: _title(settings_of(name)) for name in names}
        rest = runs(stand, titles, ("scenes", "maps") if len(names) == 1 else ("scenes",))
    with asking:
        ask_about(
            stand,
            names,
            partial(show_answers, names, rest),
            data=DATA,
            examples=EXAMPLES,
            hint="Draw one shape",
            empty="Draw or upload a circle, a square, a triangle, a cross or a star: its box is put here at once.",
            upload=True,
        )
    with built:
        st.markdown("loss = **class weight** · cross-entropy + **box weight** · smooth L1 of the box")
        chart(stand, heads_figure(layers, HEADS, dark=is_dark()), "heads", height="stretch")


def _fits(name: str, before: Sequence[str]) -> str:
    settings = settings_of(name)
    return "" if settings.design.network == NETWORK and settings.data == DATA else OTHER


def _title(settings: RunSettings) -> str:
    """What a run's losses weigh at first, above its card."""
    return f"class × {written(settings.config.class_weight, 6)}, box × {written(settings.config.box_weight, 6)}"


def _ask_weights(stand: Stand[Weighed]) -> None:
    """Both weights for the next run, and the buttons that begin it."""
    left, right, buttons = st.columns([1, 1, 1.2], gap="medium", vertical_alignment="bottom")
    with left:
        stand.ask("class_weight")
    with right:
        settings = stand.ask("box_weight")
    nothing = not (settings.class_weight or settings.box_weight)
    with buttons.container(horizontal=True):
        st.button(
            "Train",
            type="primary",
            icon="▶",
            disabled=nothing,
            key=stand.key("begin"),
            on_click=begin,
            args=(stand.page, lambda: [_wish(place(stand.page).settings)]),
            help="Boxes move onto their shapes within seconds. While a run trains, the sliders on its card act at once.",
        )
        st.button(
            "Train all three",
            key=stand.key("begin three"),
            on_click=begin,
            args=(stand.page, lambda: [_wish(each) for each in VARIANTS.values()]),
            help="Both losses, the class's alone, the box's alone: side by side, from the same first weights.",
        )
    if nothing:
        st.caption("With both weights 0 there is nothing to learn from: give one of them more.")


def _wish(settings: Weighed) -> RunSettings:
    """One thread: runs beside each other share the machine with those who watch."""
    recipe = find_recipe(NETWORK)
    weights = {name: getattr(settings, name) for name in ASKED}
    return RunSettings(recipe.design, DATA, dataclasses.replace(recipe.config, threads=1, **weights))


OPENING = Weighed()
VARIANTS = {
    "both": OPENING,
    "box weight 0": replace(OPENING, box_weight=0.0),
    "class weight 0": replace(OPENING, class_weight=0.0),
}
EXHIBITS = (
    Exhibit(
        "K6",
        "What is it, and where?",
        "One extractor, two heads: one names the shape, the other puts a box (middle, width, height) round it. Both losses "
        "are added, each times a weight. What happens to the box when its loss weighs nothing? And to the class, when only "
        "the box counts?",
        "With box weight 0 no gradient reaches the box's head. Its weights stay as chance made them, but the numbers that "
        "reach it do not: the extractor learns for the class alone, and the boxes drift off. Mean IoU fell from 28 % to 7 % "
        "while 97 % of the names came right. With class weight 0 the boxes fit (84 %) and the names are guesses, one in five. "
        "With both, one extractor serves both heads: 82 % and 94 %. Set a weight back while it trains, and the head that slept "
        "catches up. Smooth L1 on four numbers below 1 is small beside a cross-entropy; therefore the box's "
        f"weight opens at {written(BOX_WEIGHT, 6)}.",
        OPENING,
        make,
        _show,
        VARIANTS,
        apart=ASKED,
    ),
)
