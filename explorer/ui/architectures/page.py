"""The Architectures page: whole networks drawn and counted, an Inception block, a residual block. Knows the screen only."""

import streamlit as st

from explorer.figures.architectures import cost_figure
from explorer.models.published import PEOPLE, PUBLISHED
from explorer.models.registry import MODELS
from explorer.probe.facts import NetworkFacts, in_words, shape_text
from explorer.probe.folding import Drawing, fold
from explorer.probe.paddings import padding_text
from explorer.ui import cache
from explorer.ui.architectures.blocks import (
    ask_inception,
    ask_skip,
    make_inception,
    make_skip,
    show_graph,
    show_inception,
    show_skip,
)
from explorer.ui.architectures.exhibits import CODECS, EXHIBITS, MOST_UNFOLDED, NetworkSettings
from explorer.ui.exhibits import change, choose_exhibit, mirror, place, valid
from explorer.ui.shell import is_dark
from explorer.words import counted, fixed

PAGE = "architectures"
GRAPH_HEIGHT = 640  # pixels of the graph's window
QUIET = {"displayModeBar": False}


@st.fragment
def explore() -> None:
    """One exhibit: question, settings, what it shows."""
    exhibit = choose_exhibit(PAGE, EXHIBITS, CODECS)
    _ASK[exhibit.id](place(PAGE).settings, place(PAGE).token)
    settings, made = valid(PAGE, exhibit, _MAKE[exhibit.id])
    _SHOW[exhibit.id](settings, *made)
    mirror(PAGE, exhibit, CODECS)


# ── I1: whole networks ──────────────────────────────────────────────────────────────────────────────────────


def _ask_network(settings: NetworkSettings, token: int) -> None:
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    key = f"architecture {token}"
    left.selectbox(
        "Network",
        list(MODELS),
        index=list(MODELS).index(settings.network),
        format_func=lambda key: MODELS[key].title,
        key=key,
        on_change=lambda: change(PAGE, load=True, network=st.session_state[key], unfolded=()),
    )
    open_key = f"unfolded {token} {settings.unfolded}"
    right.multiselect(
        "Unfolded blocks",
        settings.unfolded,
        default=settings.unfolded,
        key=open_key,
        placeholder="click a shaded box to unfold it",
        on_change=lambda: change(PAGE, unfolded=tuple(st.session_state[open_key])),
    )


def _make_network(settings: NetworkSettings) -> tuple[Drawing, NetworkFacts]:
    with st.spinner(f"Following {MODELS[settings.network].title}, a second or two …"):
        return fold(cache.graph(settings.network), settings.unfolded), cache.facts(settings.network)


def _show_network(settings: NetworkSettings, drawing: Drawing, facts: NetworkFacts) -> None:
    left, right = st.columns([1.15, 1], gap="medium")
    with left, st.container(height=GRAPH_HEIGHT, border=True):
        # a new chart for every state: what was clicked in the last one is not clicked in this one
        show_graph(
            drawing,
            f"graph {settings.network} {settings.unfolded}",
            lambda key: change(PAGE, unfolded=(*settings.unfolded, key)[-MOST_UNFOLDED:]),
        )
    with right:
        _show_totals(facts)
        st.plotly_chart(cost_figure(facts, dark=is_dark()), key="costs", config=QUIET, theme=None)
    _show_authors()
    with st.expander(f"All {counted(len(facts.layers), 'layer')} as a table"):
        st.dataframe(layer_rows(facts), hide_index=True, height=420)


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


_ASK = {"I1": _ask_network, "I2": ask_inception, "I3": ask_skip}
_MAKE = {"I1": _make_network, "I2": make_inception, "I3": make_skip}
_SHOW = {"I1": _show_network, "I2": show_inception, "I3": show_skip}
