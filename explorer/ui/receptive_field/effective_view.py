"""How much each pixel counts for a unit (F4), trained beside untrained. Knows the screen; computes nothing itself."""

import streamlit as st
from torch import nn

from explorer.errors import ExplorerError
from explorer.figures.field import heat_on_picture
from explorer.models.registry import find
from explorer.probe.effective import EffectiveField, effective_field
from explorer.probe.graph import Node
from explorer.probe.spans import Box
from explorer.ui import cache
from explorer.ui.networks import RANDOM
from explorer.ui.numbers import short
from explorer.ui.plain import plain
from explorer.ui.receptive_field.network import Seen
from explorer.ui.shell import is_dark


def show_effective(seen: Seen, node: Node, at: tuple[int, int]) -> None:
    """The unit's gradient on the picture, with the weights there are and with random ones, and the shares."""
    box = seen.known[node.name].box(*at)
    if box is None:
        st.error(plain(f"What {node.name} sees is not known: choose a layer before it."))
        return
    sides = [] if seen.loaded.random else [("Trained", seen.loaded.network, seen.weights)]
    sides.append(("Random weights", cache.random_network(seen.name), (seen.name, RANDOM)))
    try:
        found = [(title, _effective(seen, network, weights, node, at, box)) for title, network, weights in sides]
    except ExplorerError as error:
        st.error(plain(str(error)))
        return
    columns = st.columns(2, gap="medium")
    for column, (title, one) in zip(columns, found, strict=False):
        with column:
            st.markdown(f"**{title}**" + (f" · {seen.loaded.weights}" if title == "Trained" else ""))
            figure = heat_on_picture(seen.pixels, one.values, box, dark=is_dark(), name=title, height=340)
            st.plotly_chart(figure, key=f"effective {title}", theme=None, config={"displayModeBar": False})
            st.markdown(_shares(one))
    if seen.loaded.random:
        columns[1].markdown("**Trained**")
        columns[1].info(f"{find(seen.name).title} has {RANDOM} here: fetch or upload trained ones to compare.")
    st.caption(
        f"How much each pixel changes the mean over all channels in row {at[0]}, column {at[1]} (|gradient|, summed over the "
        f"input's channels). Outlined: all that the unit can see, {box[2] - box[0]}×{box[3] - box[1]}."
    )


def _effective(
    seen: Seen, network: nn.Module, weights: tuple[object, ...], node: Node, at: tuple[int, int], box: Box
) -> EffectiveField:
    def make() -> EffectiveField:
        steps = cache.steps_of(weights, _network=network, _shape=tuple(seen.inputs.shape[1:]))
        return effective_field(steps, seen.inputs, node.name, *at, box)

    return cache.kept("effective field", (*weights, seen.key[-1], node.name, *at), _make=make)


def _shares(one: EffectiveField) -> str:
    if one.centre is None:
        return "No pixel changes this unit here: its gradient is 0 everywhere."
    rows, columns = one.box[2] - one.box[0], one.box[3] - one.box[1]
    return (
        f"Middle half: **{one.centre:.0%}** of the gradient. 90 % of it lie within "
        f"**{short(one.side * rows)}×{short(one.side * columns)}** of {rows}×{columns} pixels."
    )
