"""H3: every initialisation in one deep stack, and zeros in a tiny network. Knows words and the screen."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.spread import Line, spread_figure, units_figure
from explorer.layers.activation import ACTIVATIONS
from explorer.layers.initialisation import SCHEMES
from explorer.models.activations import ACTIVATION_LAYERS
from explorer.models.initialise import INITIALISATIONS
from explorer.predictions import Choice
from explorer.probe.spread import Spread
from explorer.probe.symmetry import MOST_STEPS, Symmetry, train_tiny
from explorer.settings.fields import OneOf, Real, Whole
from explorer.ui.activations.stack import Stack, activation_title, measure
from explorer.ui.exhibit import Exhibit
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, covered, duel, side_by_side
from explorer.ui.stand import Stand
from explorer.words import counted, short, written

ROWS = ("from x₁", "from x₂", "bias", "to the output")
TINY = ("tiny_steps", "tiny_activation", "tiny_scheme", "tiny_rate")
PARTS = (  # of a Spread: what is drawn, its axis
    ("activations", "spread of the activations"),
    ("gradients", "spread of the gradient"),
)


@dataclass(frozen=True)
class FirstWeights(Stack):
    """The stack is measured with every initialisation. tiny_…: the network of four hidden units beneath it."""

    activation: Annotated[str, OneOf("Activation", ACTIVATIONS, activation_title)] = "relu"
    tiny_steps: Annotated[int, Whole("Updates", 0, MOST_STEPS, slider=True)] = 100
    tiny_activation: Annotated[str, OneOf("Hidden activation", ACTIVATION_LAYERS, activation_title)] = "sigmoid"
    tiny_scheme: Annotated[str, OneOf("Beside zeros", SCHEMES, lambda key: SCHEMES[key].title)] = "xavier"
    tiny_rate: Annotated[float, Real("Learning rate", step=0.1)] = 0.5


def make(settings: FirstWeights) -> list[Spread]:
    """The same stack with every initialisation."""
    return [measure(settings, settings.activation, scheme) for scheme in INITIALISATIONS]


def _show(spreads: list[Spread], stand: Stand[FirstWeights]) -> None:
    titles = list(INITIALISATIONS.values())
    if covered(stand, "Show the spreads", "Predict first. The same 20 layers, begun in five ways."):
        st.table([_way(s) for s in spreads], hide_index=True)
        return
    row = side_by_side(stand)
    for part, axis in PARTS:
        lines = [
            Line(title, getattr(s, part), getattr(s.predicted, part), i)
            for i, (title, s) in enumerate(zip(titles, spreads, strict=True))
        ]
        chart(stand, spread_figure(lines, dark=is_dark(), y=axis), part, row, height="stretch")
    st.markdown(_theory(spreads[list(INITIALISATIONS).index("small")]))
    st.table([_row(s) for s in spreads], hide_index=True)
    st.caption(
        "Standard deviation of each layer's outputs, and of ∂L/∂(a layer's outputs), sent back from the last; layer 0 is the "
        "input. Dashed: theory, for very many units. 0 is not on a logarithmic axis."
    )


def _way(spread: Spread) -> dict[str, str]:
    """How the stack was begun."""
    scheme = spread.settings.scheme
    formula = SCHEMES[scheme].formula if scheme in SCHEMES else "uniform within ±1/√n_in"
    return {"initialisation": INITIALISATIONS[scheme], "weights": formula, "n·Var(w)": short(spread.factor)}


def _row(spread: Spread) -> dict[str, str]:
    depth = spread.settings.depth
    return {
        **_way(spread),
        "sums of layer 1": _both(spread.sums[0], spread.predicted.sums[0]),
        f"outputs of layer {depth}": _both(spread.activations[-1], spread.predicted.activations[-1]),
        "gradient at the input": _both(spread.gradients[0], spread.predicted.gradients[0]),
    }


def _theory(spread: Spread) -> str:
    variance, factor = spread.settings.deviation**2, spread.factor
    return (
        f"**Var(sum) = Var(x)·[n·Var(w)]**, layer 1 with 0.03·N(0, 1): {written(variance)}·[{spread.settings.width}·0.03²] = "
        f"{written(variance)}·{written(factor)} = **{written(variance * factor)}**, measured "
        f"**{written(spread.sums[0] ** 2)}**. "
        "Deeper, Var(x) is the mean square of what the activation lets through: of ReLU, half of Var(sum)."
    )


def _both(measured: float, theory: float) -> str:
    return f"{short(measured)} (theory {short(theory)})"


def _more(stand: Stand[FirstWeights]) -> None:
    duel(stand)
    stand.fragment(_show_zeros)  # its updates redraw no deep stack


def _show_zeros(stand: Stand[FirstWeights]) -> None:
    """Zeros beside another scheme in a network small enough to read."""
    st.markdown("### Four hidden units: do they become different?")
    try:
        settings = stand.ask(*TINY)
        rest = (settings.tiny_activation, settings.tiny_steps, settings.tiny_rate, stand.settings.seed)
        zeros, other = train_tiny("zeros", *rest), train_tiny(settings.tiny_scheme, *rest)
    except ExplorerError as error:
        st.error(str(error))
        return
    reach = float(max(np.abs(zeros.weights).max(), np.abs(other.weights).max())) or 1.0
    named = (("zeros", zeros), (SCHEMES[settings.tiny_scheme].title, other))
    for i, (column, (title, run)) in enumerate(zip(st.columns(2, gap="medium"), named, strict=True)):
        column.markdown(_tiny_words(title, run))
        chart(stand, units_figure(run.weights, ROWS, dark=is_dark(), reach=reach), f"tiny {i}", column)


def _tiny_words(title: str, run: Symmetry) -> str:
    steps = len(run.losses) - 1
    same = "all four identical" if run.distinct == 1 else counted(run.distinct, "different unit")
    still = "" if run.moved or not steps else "; no weight of theirs has moved"
    loss = f"Loss {short(run.losses[0])} → {short(run.losses[-1])}"
    return f"**{title}**, after {counted(steps, 'update')}: **{same}**{still}. {loss}"


FIRST = FirstWeights()
EXHIBITS = (
    Exhibit(
        "H3",
        "First weights",
        "Which first weights keep the numbers of 20 ReLU layers equally spread? What do weights that are all zero do?",
        "He: a sum of n has Var = Var(x)·[n·Var(w)], and ReLU throws half away, so n·Var(w) = 2 keeps the balance. "
        "Xavier's 1 suits tanh; 0.03·N(0,1) gives 100·0.03² = 0.09 and every layer shrinks. With zeros all units of a layer "
        "get the same update for ever: four units are worth one, and with ReLU or tanh not even that one learns.",
        FIRST,
        make,
        _show,
        {
            "ReLU": FIRST,
            "tanh": replace(FIRST, activation="tanh"),
            "sigmoid": replace(FIRST, activation="sigmoid"),
            "linear": replace(FIRST, activation="identity"),
        },
        more=_more,
        hidden=("**Var(sum)", "stay the same grey"),
        apart=TINY,
        predicted=Choice("Equally spread", ("He", "Xavier", "0.03·N(0,1)"), "He"),
    ),
)
