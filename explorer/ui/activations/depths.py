"""H2: gradients by depth, for every activation. Knows words and the screen."""

from dataclasses import dataclass, replace
from typing import Annotated

import streamlit as st

from explorer.figures.spread import Line, idle_figure, spread_figure
from explorer.layers.activation import with_slope
from explorer.models.activations import ACTIVATION_LAYERS
from explorer.models.initialise import INITIALISATIONS
from explorer.predictions import Choice
from explorer.probe.spread import MOST_STEPS, Spread
from explorer.settings.fields import OneOf, Real, Whole
from explorer.ui.activations.stack import Stack, measure
from explorer.ui.exhibit import Exhibit
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, covered, duel, side_by_side
from explorer.ui.stand import Stand
from explorer.words import counted, short


@dataclass(frozen=True)
class Depths(Stack):
    """bias: added to every bias. steps, rate: of the updates before anything is measured."""

    scheme: Annotated[str, OneOf("Initialisation", INITIALISATIONS, INITIALISATIONS.get)] = "xavier"
    bias: Annotated[float, Real("Added to every bias", step=0.5)] = 0.0
    steps: Annotated[int, Whole("Updates before measuring", 0, MOST_STEPS)] = 0
    rate: Annotated[float, Real("Learning rate of the updates", step=0.01)] = 0.1


def make(settings: Depths) -> list[Spread]:
    """The same stack with every activation."""
    updates = {"bias": settings.bias, "steps": settings.steps, "rate": settings.rate}
    return [measure(settings, key, settings.scheme, **updates) for key in ACTIVATION_LAYERS]


def _show(spreads: list[Spread], stand: Stand[Depths]) -> None:
    named = [(with_slope(s.settings.activation, s.settings.slope).title, s) for s in spreads]
    row = side_by_side(stand)
    with row.container(height="stretch"):
        hidden = covered(
            stand, "Show the gradients", "Predict first. Beside: how many units no longer answer.", in_place=True
        )
        if not hidden:
            gradients = [Line(title, s.gradients, colour=i) for i, (title, s) in enumerate(named)]
            figure = spread_figure(gradients, dark=is_dark(), y="spread of the gradient")
            chart(stand, figure, "gradients", height="stretch")
    idle = [Line(title, s.idle, colour=i) for i, (title, s) in enumerate(named) if s.idle is not None]
    chart(stand, idle_figure(idle, dark=is_dark(), y="dead or saturated"), "idle", row, height="stretch")
    st.table([_row(title, s, hidden=hidden) for title, s in named], hide_index=True)
    spread = (
        "The spread of the gradient, layer by layer down to the input, and what a layer multiplies it by come with the answer."
        if hidden
        else "Spread of the gradient: standard deviation of ∂L/∂(a layer's outputs); layer 0 is the input; 0 is not on a "
        "logarithmic axis."
    )
    st.caption(
        f"{spread} Dead: ReLUs that are 0 on all {counted(spreads[0].inputs, 'input')}. "
        "Saturated: values of sigmoid and tanh whose slope is below 1/20 of the largest."
    )


def _row(title: str, spread: Spread, *, hidden: bool) -> dict[str, str]:
    """What the table says of one activation; while its gradients are asked, the places where they will stand."""
    depth, (first, last) = spread.settings.depth, (spread.gradients[0], spread.gradients[-1])
    units = depth * spread.settings.width
    if spread.dead is not None:
        idle = f"{spread.dead.sum():,} of {counted(units, 'unit')} dead"
    elif spread.saturated is not None:
        idle = f"{spread.saturated.mean():.1%} of the values saturated"
    else:
        idle = "none can die"
    gradients = {
        f"gradient at layer {depth}": short(last),
        "at the input": short(first),
        "a layer multiplies it by": short((first / last) ** (1 / depth)),
    }
    return {"activation": title, **(dict.fromkeys(gradients, "?") if hidden else gradients), "dead or saturated": idle}


DEEP = Depths()
EXHIBITS = (
    Exhibit(
        "H2",
        "Vanishing gradients",
        "A gradient goes back through 20 layers. Which activation leaves least of it, and by how much a layer? "
        "How does a ReLU die?",
        "The sigmoid: each layer multiplies by a slope of at most 0.25, so that 20 layers leave some 10⁻¹³ of the gradient, "
        "and the first layers do not learn. A ReLU dies when its sum is negative for every input: slope 0, no gradient, no way "
        "back. A bias of −1 does it, or one update that is too large. Leaky ReLUs do not die.",
        DEEP,
        make,
        _show,
        {
            "Xavier": DEEP,
            "He": replace(DEEP, scheme="he"),
            "bias −1": replace(DEEP, scheme="he", bias=-1.0),
            "big step": replace(DEEP, scheme="he", depth=10, rate=0.1, steps=1),
        },
        more=duel,
        hidden=("Spread of the gradient:", "The sigmoid's gradients are gone"),
        predicted=Choice("Least", ("sigmoid", "tanh", "ReLU"), "sigmoid"),
    ),
)
