"""A badly initialised deep stack without and with batch normalisation, before any training. Knows the screen; no batch."""

from dataclasses import replace

import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.spread import Line, spread_figure
from explorer.probe.spread import Spread, StackSettings
from explorer.ui import cache
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, side_by_side
from explorer.ui.stand import Stand
from explorer.words import counted, short

ASKED = ("depth", "width", "activation", "scheme")
PARTS = {"activations": "spread of the outputs", "gradients": "spread of the gradients"}


def show_depth(stand: Stand) -> None:
    """Both stacks: what is left of the spread, and of the gradient. The settings are those of ASKED, and `seed`."""
    st.markdown("### A badly initialised deep stack")
    st.markdown("**Predict:** many layers, weights far too small. What is left of the input's spread at the end?")
    try:
        without, with_norm = spreads(replace(stand.ask(*ASKED), seed=stand.settings.seed))
    except ExplorerError as error:
        st.error(f"{error} The example is shown.")
        without, with_norm = spreads(stand.exhibit.settings)
    row = side_by_side(stand, "depth")
    for part, words in PARTS.items():
        lines = [
            Line("without", getattr(without, part)),
            Line("with batch normalisation", getattr(with_norm, part), colour=1),
        ]
        chart(stand, spread_figure(lines, dark=is_dark(), y=words), f"depth {part}", row, height="stretch")
    left = f"{short(without.activations[-1])} without, {short(with_norm.activations[-1])} with"
    st.caption(
        f"Standard deviation over all units and {counted(without.inputs, 'input')}, layer 0 is the input; the gradient is sent "
        f"back from the last layer. Outputs of layer {without.settings.depth}: {left}."
    )


def spreads(settings: object) -> tuple[Spread, Spread]:
    """The stack without and with batch normalisation, from the same first weights."""
    stack = StackSettings(
        depth=settings.depth,
        width=settings.width,
        activation=settings.activation,
        scheme=settings.scheme,
        seed=settings.seed,
    )
    return cache.spread(stack), cache.spread(replace(stack, batch_norm=True))
