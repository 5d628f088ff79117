"""I1: whole networks drawn and counted, beside what their authors reported. Knows the screen and words; computes nothing."""

from dataclasses import dataclass
from typing import Annotated

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.errors import ExplorerError
from explorer.figures.architectures import cost_figure
from explorer.models.published import PEOPLE, PUBLISHED
from explorer.models.registry import MODELS
from explorer.predictions import Choice
from explorer.probe.facts import NetworkFacts, in_words, shape_text
from explorer.probe.folding import Drawing, fold
from explorer.probe.paddings import padding_text
from explorer.settings.fields import OneOf, Word
from explorer.ui import cache
from explorer.ui.architectures.graph import show_graph
from explorer.ui.exhibit import Exhibit
from explorer.ui.frame import filling
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart
from explorer.ui.stand import Stand
from explorer.words import fixed

COSTS = 520  # pixels of the stage's width: what the layers cost, beside the network
MOST_UNFOLDED = 40


class _Blocks(Word):
    """Names of blocks; a block that the network does not have is no fault."""

    def write(self, value: tuple[str, ...]) -> str:
        return ",".join(value)

    def read(self, text: str) -> tuple[str, ...]:
        value = tuple(text.split(",")) if text else ()
        if "" in value:
            raise ExplorerError(f"“{text[:20]}” names no blocks")
        self.check(value)
        return value

    def drawn(self, st):
        """Any names, by Hypothesis' strategies."""
        return st.lists(st.from_regex(rf"\A(?:{self.pattern})\Z"), max_size=self.many, unique=True).map(tuple)


@dataclass(frozen=True)
class Whole:
    """Which network is drawn, and which of its blocks are unfolded."""

    network: Annotated[str, OneOf("", MODELS)] = "lenet5"  # there at once; the large ones take a second or two
    unfolded: Annotated[tuple[str, ...], _Blocks("block", r"[\w.…]{1,400}", many=MOST_UNFOLDED)] = ()


def make(settings: Whole) -> Drawing:
    """The drawing. Raises ExplorerError for a network whose steps cannot be followed."""
    with st.spinner(f"Following {MODELS[settings.network].title}, a second or two …"):
        return fold(cache.graph(settings.network), settings.unfolded)


def _show(drawing: Drawing, stand: Stand[Whole]) -> None:
    """The drawing first; what is counted, which takes longer, beside it as soon as it is there."""
    name, unfolded = stand.settings.network, stand.settings.unfolded
    row = _ask_network(stand)
    left, right = filling("network", "stretch", COSTS)
    with left:
        show_graph(
            stand,
            drawing,
            f"{name} {unfolded}",
            lambda key: stand.change(unfolded=(*unfolded, key)[-MOST_UNFOLDED:]),
        )
    with right:
        with st.spinner(f"Measuring {MODELS[name].title}, a second or two …"):
            facts = cache.facts(name)
        _show_totals(facts)
        chart(stand, cost_figure(facts, dark=is_dark()), "costs", height="stretch")
    _offer_tables(facts, stand, row)


def _ask_network(stand: Stand[Whole]) -> DeltaGenerator:
    """Which network, and the blocks that a click has unfolded, each to be folded again; returns their row."""
    row = st.container(horizontal=True, vertical_alignment="center", gap="small")
    stand.choose(
        row,
        "network",
        "Network",
        list(MODELS),
        lambda name: MODELS[name].title,
        label_visibility="collapsed",
        width=240,
    )
    unfolded = stand.settings.unfolded
    key = stand.key(f"unfolded {unfolded}")
    row.multiselect(
        "Unfolded blocks",
        unfolded,
        label_visibility="collapsed",
        default=unfolded,
        key=key,
        placeholder="click a shaded box to unfold it",
        on_change=lambda: stand.change(unfolded=tuple(st.session_state[key])),
    )
    return row


def _offer_tables(facts: NetworkFacts, stand: Stand[Whole], row: DeltaGenerator) -> None:
    """The network's layers as a table, and what the authors of four networks reported."""
    with row.popover("Layers"):
        st.dataframe(layer_rows(facts), hide_index=True, height=420, width=900)
    reported = row.popover("Reported", key=stand.key("reported"), on_change="rerun")
    if reported.open:  # four large networks are measured for it
        with reported:
            _show_authors()


def _show_totals(facts: NetworkFacts) -> None:
    weighted = sum(1 for layer in facts.layers if layer.macs)
    first, second, third = st.columns([1.3, 1.5, 1])
    first.metric("Parameters", short(facts.parameters), help=f"{facts.parameters:,}")
    macs = facts.macs
    second.metric("Multiply-adds", short(macs), help=f"{macs:,} for one input of {shape_text(facts.input)}")
    third.metric("Weight layers", weighted, help="Convolutions and dense layers, those beside skips included.")


def short(count: int) -> str:
    """60192808 → "60.2 M"."""
    for size, unit in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if count >= size:
            return f"{fixed(count / size, 1)} {unit}"
    return str(count)


def _show_authors() -> None:
    with st.spinner("Measuring four networks, some four seconds, once …"):
        rows = [
            {
                "network": one.title,
                "year": str(one.year),
                "top-5 error": one.error,
                "parameters": one.parameters,
                "measured": short(cache.facts(one.model).parameters),
                "multiply-adds": short(cache.facts(one.model).macs),
                "training": one.training,
            }
            for one in PUBLISHED
        ]
    st.table(rows, hide_index=True)
    st.caption(f"As their authors reported it, and what is counted here (measured, multiply-adds). {PEOPLE}")


def layer_rows(facts: NetworkFacts) -> list[dict[str, object]]:
    """The layer table: what a cell holds is text, or a number that can be sorted by."""
    return [
        {
            "layer": layer.name,
            "kind": in_words(layer),
            "output": shape_text(layer.output),
            "stride": "×".join(map(str, layer.stride)) if layer.stride else "",
            "padding": padding_text(layer.padding),
            "parameters": layer.parameters,
            "multiply-adds": layer.macs,
            "receptive field": "×".join(map(str, layer.receptive_field.size)) if layer.receptive_field else "",
        }
        for layer in facts.rows
    ]


_OFFERED = (
    "lenet5",
    "alexnet",
    "vgg16",
    "inception_v3",
    "resnet152",
)  # the first of all, then those with published figures
EXHIBITS = (
    Exhibit(
        "I1",
        "Whole networks",
        "VGG-16 has 16 layers with weights and ResNet-152 has 156. Which of the two has more parameters?",
        "VGG-16, by far: 138 million against 60 million. Three quarters of VGG's lie in its first dense layer, "
        "25,088 × 4,096 weights; ResNet averages its last maps and needs one small dense layer. Multiply-adds go the other way "
        "about: a dense weight is used once, a kernel's weight once for every place.",
        Whole(),
        make,
        _show,
        {MODELS[name].title: Whole(name) for name in _OFFERED},
        forgets={"network": ("unfolded",)},
        predicted=Choice("More parameters", ("VGG-16", "ResNet-152"), "VGG-16"),
    ),
)
