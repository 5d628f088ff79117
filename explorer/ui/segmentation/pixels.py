"""K1: networks that name every pixel, trained side by side, and what they cost. Knows words and the screen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated

import streamlit as st

from explorer.figures.hourglass import hourglass_figure
from explorer.models.segmenters import SEGMENTERS
from explorer.predictions import Choice
from explorer.probe.facts import NetworkFacts
from explorer.settings.fields import OneOf, SomeOf, Whole
from explorer.training.recordings import is_recorded, recorded
from explorer.ui.exhibit import Exhibit
from explorer.ui.place import place
from explorer.ui.runs import OTHER, begin, refresh, settings_of, shown
from explorer.ui.scene_picker import ask_about
from explorer.ui.segmentation.answers import show_answers
from explorer.ui.segmentation.networks import DATA, TITLES, facts, reached, wish
from explorer.ui.segmentation.table import COSTS, show_standings
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, covered, runs
from explorer.ui.stand import Stand

MOST = 3  # that are trained at once
TABS = ("In training", "Ask them", "Layer by layer", "What it costs")
EXAMPLES = 6  # scenes to click; 0 is what the user drew


class Networks(SomeOf):
    """One to three of the five; an address leaves out what all their names begin with."""

    def write(self, value: tuple[str, ...]) -> str:
        return ".".join(name.removeprefix("seg_") for name in value)

    def read(self, text: str) -> tuple[str, ...]:
        return super().read(".".join(f"seg_{name}" for name in text.split(".") if name))

    def drawn(self, st):
        """Any that can be chosen: a strategy for tests."""
        return st.lists(st.sampled_from(list(self.options)), min_size=1, max_size=MOST, unique=True).map(tuple)


@dataclass(frozen=True)
class Trained:
    """The networks to be trained, which scene is asked about (0: the drawing), and which cost the chart is over."""

    networks: Annotated[tuple[str, ...], Networks("", SEGMENTERS, MOST, 1)] = ("seg_full", "seg_nearest", "seg_skip")
    scene: Annotated[int, Whole("", 0, EXAMPLES)] = 1
    cost: Annotated[str, OneOf("", COSTS)] = COSTS[0]


def make(settings: Trained) -> dict[str, NetworkFacts]:
    """The layers of the chosen networks, by title."""
    return {TITLES[name]: facts(name) for name in settings.networks}


def _show(layers: dict[str, NetworkFacts], stand: Stand[Trained]) -> None:
    """The training of the chosen networks; then a scene of one's own, their layers, and what they cost.

    What came of the recorded runs, and what it cost, is what is asked: first their layers alone are to be seen.
    """
    own = shown(stand.page, _fits)
    names = own or recorded(stand.exhibit.id)
    trained = bool(own) or not all(is_recorded(one.run.id) for one in reached().values())
    asked = not trained and not stand.revealed
    training, asking, built, cost = st.tabs(TABS, default=TABS[2] if asked else TABS[0], key=stand.key("tabs"))
    rest = {}
    with training:
        _choose(stand)
        if trained or not covered(
            stand, "Show the training", "Recorded: full size, nearest up-sampling, and with skips."
        ):
            rest = runs(stand, {name: TITLES[settings_of(name).design.network] for name in names}, ("scenes",))
    with asking:
        if trained or not covered(stand, "Show their answers", "To scenes that they never saw, or that you draw."):
            ask_about(
                stand,
                names,
                partial(show_answers, names, rest),
                data=DATA,
                examples=EXAMPLES,
                hint="Draw one to three shapes",
                empty="Draw circles, squares, triangles, crosses or stars; every network answers while you draw.",
            )
    with built:
        chart(stand, hourglass_figure(layers, dark=is_dark()), "hourglass", height="stretch")
        words = "Height is rows, width is channels; beneath each layer rows × columns × channels."
        if "seg_unpool" in stand.settings.networks:
            words += " Remembered positions, number by number: [Unpooling](unpooling?exhibit=K3)."
        st.caption(words)
    with cost:  # the very thing that is asked
        if trained or not covered(stand, "Show the cost", "Of all five, and what came of it."):
            stand.fragment(show_standings, refresh(names))


def _fits(name: str, before: Sequence[str]) -> str:
    settings = settings_of(name)
    return "" if settings.design.network in TITLES and settings.data == DATA else OTHER


def _choose(stand: Stand[Trained]) -> None:
    """The networks for the next training, and the button that begins it."""
    key = stand.key(f"networks {stand.token}")

    def take() -> None:
        if 1 <= len(st.session_state[key]) <= MOST:
            stand.change(networks=tuple(st.session_state[key]))

    row = st.container(horizontal=True, vertical_alignment="center")
    chosen = row.pills(
        "Networks to train side by side, up to three",
        list(TITLES),
        default=stand.settings.networks,
        format_func=TITLES.__getitem__,
        selection_mode="multi",
        key=key,
        on_change=take,
        label_visibility="collapsed",
        width="stretch",
    )
    fits = 1 <= len(chosen) <= MOST
    row.button(
        "Train",
        type="primary",
        icon="▶",
        disabled=not fits,
        key=stand.key("begin"),
        on_click=begin,
        args=(stand.page, lambda: [wish(name) for name in place(stand.page).settings.networks]),
        help="These networks side by side: first shapes after seconds, all done in some minutes.",
    )
    if not fits:
        row.caption("Choose one network at least." if not chosen else f"{MOST} fit side by side: take one out.")


OPENING = Trained()
EXHIBITS = (
    Exhibit(
        "K1",
        "A class for every pixel",
        "The answer is as large as the picture: a class for each of 32×32 pixels. So why not simply keep full size all the "
        "way, and never pool? What will that cost, and how good will it be, beside a network that pools?",
        "It costs five times as much, 30.9 against 6.1 million multiply-adds a picture, and here it does worst: 75 % mean IoU "
        "against 79 % with nearest up-sampling (one run each). All five have six 3×3 convolutions. Without pooling "
        "the last of them sees 13×13 pixels, less than a large shape: inside a square it cannot know what it is in. After two "
        "poolings they see 34×34. What pooling loses is *where*: nearest up-sampling gives blocky borders. Max unpooling "
        "puts values back at remembered positions, transposed convolutions learn how to fill, and skips lay the fine maps "
        "beside the coarse ones: 82 %.",
        OPENING,
        make,
        _show,
        {
            "full or hourglass": OPENING,
            "ways up": replace(OPENING, networks=("seg_nearest", "seg_unpool", "seg_transposed")),
            "skips or not": replace(OPENING, networks=("seg_transposed", "seg_skip")),
        },
        hidden=("Asked: Full size", "Cost, and what came of it"),
        predicted=Choice("Full size is", ("better", "as good", "worse"), "worse"),
    ),
)
