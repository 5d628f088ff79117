"""I1: whole networks drawn and counted, beside what their authors reported. Knows the screen and words; computes nothing."""

from dataclasses import dataclass
from typing import Annotated

import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.architectures import cost_figure
from explorer.models.published import PEOPLE, PUBLISHED
from explorer.models.registry import MODELS
from explorer.probe.facts import NetworkFacts, in_words, shape_text
from explorer.probe.folding import Drawing, fold
from explorer.probe.paddings import padding_text
from explorer.settings.fields import OneOf, Word
from explorer.ui import cache
from explorer.ui.architectures.graph import show_graph
from explorer.ui.exhibit import Exhibit
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart
from explorer.ui.stand import Stand
from explorer.words import counted, fixed

GRAPH_HEIGHT = 640  # pixels of the graph's window
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

    network: Annotated[str, OneOf("", MODELS)] = "resnet152"
    unfolded: Annotated[tuple[str, ...], _Blocks("block", r"[\w.…]{1,400}", many=MOST_UNFOLDED)] = ()


def make(settings: Whole) -> tuple[Drawing, NetworkFacts]:
    """The drawing, and what is counted. Raises ExplorerError for a network whose steps cannot be followed."""
    with st.spinner(f"Following {MODELS[settings.network].title}, a second or two …"):
        return fold(cache.graph(settings.network), settings.unfolded), cache.facts(settings.network)


def _show(made: tuple[Drawing, NetworkFacts], stand: Stand[Whole]) -> None:
    drawing, facts = made
    unfolded = stand.settings.unfolded
    _ask_network(stand)
    left, right = st.columns([1.15, 1], gap="medium")
    with left, st.container(height=GRAPH_HEIGHT, border=True):
        show_graph(
            stand,
            drawing,
            f"{stand.settings.network} {unfolded}",
            lambda key: stand.change(unfolded=(*unfolded, key)[-MOST_UNFOLDED:]),
        )
    with right:
        _show_totals(facts)
        chart(stand, cost_figure(facts, dark=is_dark()), "costs")
    _show_authors()
    with st.expander(f"All {counted(len(facts.layers), 'layer')} as a table"):
        st.dataframe(layer_rows(facts), hide_index=True, height=420)


def _ask_network(stand: Stand[Whole]) -> None:
    """Which network, and the blocks that a click has unfolded, each to be folded again."""
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    stand.choose(left, "network", "Network", list(MODELS), lambda name: MODELS[name].title)
    unfolded = stand.settings.unfolded
    key = stand.key(f"unfolded {unfolded}")
    right.multiselect(
        "Unfolded blocks",
        unfolded,
        default=unfolded,
        key=key,
        placeholder="click a shaded box to unfold it",
        on_change=lambda: stand.change(unfolded=tuple(st.session_state[key])),
    )


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


_WITH_FIGURES = (
    "alexnet",
    "vgg16",
    "inception_v3",
    "resnet152",
)  # of their authors, which stand beside the measured ones
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
        {MODELS[name].title: Whole(name) for name in _WITH_FIGURES},
        forgets={"network": ("unfolded",)},
    ),
)
