"""First weights on the Activations page: every initialisation in one deep stack, and zeros in a tiny network.

Knows the screen; computes nothing itself.
"""

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.spread import Line, spread_figure, units_figure
from explorer.layers.initialisation import SCHEMES
from explorer.models.initialise import INITIALISATIONS
from explorer.probe.spread import Spread
from explorer.probe.symmetry import Symmetry, train_tiny
from explorer.ui import cache
from explorer.ui.activations.exhibits import CODECS, Settings
from explorer.ui.activations.settings import PAGE, ask_tiny
from explorer.ui.exhibits import Exhibit, mirror, place
from explorer.ui.shell import is_dark
from explorer.words import counted, short, written

QUIET = {"displayModeBar": False}
ROWS = ("from x₁", "from x₂", "bias", "to the output")


def make_schemes(settings: Settings) -> list[Spread]:
    return [cache.spread(settings.stack(settings.activation, scheme)) for scheme in INITIALISATIONS]


def show_schemes(settings: Settings, spreads: list[Spread]) -> None:
    titles = list(INITIALISATIONS.values())
    parts = (
        (
            "activations",
            "spread of the activations",
            "Standard deviation of each layer's outputs; layer 0 is the input.",
        ),
        (
            "gradients",
            "spread of the gradient",
            "Standard deviation of ∂L/∂(a layer's outputs), sent back from the last.",
        ),
    )
    for column, (part, axis, caption) in zip(st.columns(2, gap="medium"), parts, strict=True):
        lines = [
            Line(title, getattr(s, part), getattr(s.predicted, part), i)
            for i, (title, s) in enumerate(zip(titles, spreads, strict=True))
        ]
        figure = spread_figure(lines, dark=is_dark(), y=axis)
        column.plotly_chart(figure, key=f"{part} by scheme", config=QUIET, theme=None)
        column.caption(f"{caption} Dashed: theory, for very many units. 0 is not on a logarithmic axis.")
    st.table([_scheme_row(s) for s in spreads], hide_index=True)
    st.markdown(_theory_text(settings, spreads[list(INITIALISATIONS).index("small")]))


def _scheme_row(spread: Spread) -> dict[str, str]:
    scheme, depth = spread.settings.scheme, spread.settings.depth
    formula = SCHEMES[scheme].formula if scheme in SCHEMES else "uniform within ±1/√n_in"
    return {
        "initialisation": INITIALISATIONS[scheme],
        "weights": formula,
        "n·Var(w)": short(spread.factor),
        "sums of layer 1": _both(spread.sums[0], spread.predicted.sums[0]),
        f"outputs of layer {depth}": _both(spread.activations[-1], spread.predicted.activations[-1]),
        "gradient at the input": _both(spread.gradients[0], spread.predicted.gradients[0]),
    }


def _theory_text(settings: Settings, spread: Spread) -> str:
    variance, factor = settings.deviation**2, spread.factor
    return (
        f"**Var(sum) = Var(x)·[n·Var(w)]**, layer 1 with 0.03·N(0, 1): {written(variance)}·[{spread.settings.width}·0.03²] = "
        f"{written(variance)}·{written(factor)} = **{written(variance * factor)}**, measured "
        f"**{written(spread.sums[0] ** 2)}**. "
        "Deeper, Var(x) is the mean square of what the activation lets through: of ReLU, half of Var(sum)."
    )


def _both(measured: float, theory: float) -> str:
    return f"{short(measured)} (theory {short(theory)})"


@st.fragment
def show_zeros(exhibit: Exhibit[Settings], seed: int) -> None:
    """Zeros beside another scheme in a network small enough to read. A fragment: its updates redraw no deep stack."""
    st.markdown("#### Four hidden units: do they become different?")
    ask_tiny(place(PAGE).settings)
    settings = place(PAGE).settings
    try:
        zeros, other = _make_tiny(settings, seed)
    except ExplorerError as error:
        st.error(str(error))
        return
    mirror(PAGE, exhibit, CODECS)
    reach = float(max(np.abs(zeros.weights).max(), np.abs(other.weights).max())) or 1.0
    named = (("zeros", zeros), (SCHEMES[settings.tiny_scheme].title, other))
    for i, (column, (title, run)) in enumerate(zip(st.columns(2, gap="medium"), named, strict=True)):
        column.markdown(_tiny_text(title, run))
        figure = units_figure(run.weights, ROWS, dark=is_dark(), reach=reach)
        column.plotly_chart(figure, key=f"tiny {i}", config=QUIET, theme=None)


def _make_tiny(settings: Settings, seed: int) -> tuple[Symmetry, Symmetry]:
    rest = (settings.tiny_activation, settings.tiny_steps, settings.tiny_rate, seed)
    return train_tiny("zeros", *rest), train_tiny(settings.tiny_scheme, *rest)


def _tiny_text(title: str, run: Symmetry) -> str:
    steps = len(run.losses) - 1
    same = "all four identical" if run.distinct == 1 else counted(run.distinct, "different unit")
    still = "" if run.moved or not steps else "; no weight of theirs has moved"
    loss = f"Loss {short(run.losses[0])} → {short(run.losses[-1])}"
    return f"**{title}**, after {counted(steps, 'update')}: **{same}**{still}. {loss}"
