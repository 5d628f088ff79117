"""H7: a frozen network that still changes, because its batch normalisation trains on. Knows numbers, words and the screen."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.figures.convergence import Estimate, convergence_figure
from explorer.layers.drift import Drift, let_drift
from explorer.layers.normalisation import ALPHA, MOST_BATCHES, moved_formula
from explorer.predictions import Choice
from explorer.settings.fields import OneOf, Real, Whole
from explorer.settings.written import Matrix, matrix
from explorer.ui.exhibit import Exhibit
from explorer.ui.regularisation.batch import SIZES
from explorer.ui.regularisation.table import Table
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, covered, side_by_side
from explorer.ui.stand import Stand
from explorer.words import counted, fixed


@dataclass(frozen=True)
class Frozen:
    """batch: passes the frozen layer, `batches` times. watched: one value, of every unit, asked throughout."""

    batch: Annotated[Matrix, Table("**New pictures:** a row for each. Unit 0 is drawn.", counts=SIZES)]
    watched: Annotated[float, Real("Watched input", step=0.5)] = 2.5
    mode: Annotated[str, OneOf("Mode of the frozen layer", ("training", "evaluation"), few=True, wide=2)] = "training"
    batches: Annotated[int, Whole("Batches", 0, MOST_BATCHES)] = 30
    alpha: Annotated[float, Real("Momentum α", 0, 1, "PyTorch's: the share of the new batch.", step=0.05)] = ALPHA


def make(chosen: Frozen) -> Drift:
    """The layer (γ 1, β 0, averages 0 and 1) while batches pass it; in evaluation mode it rests."""
    watched, times = np.full((1, len(chosen.batch[0])), chosen.watched), chosen.batches
    if chosen.mode == "training":
        return let_drift([chosen.batch] * times, watched, alpha=chosen.alpha)
    rest = let_drift([], watched)
    return replace(rest, averages=rest.averages * (times + 1), watched=rest.watched * (times + 1))


def _show(drift: Drift, stand: Stand[Frozen]) -> None:
    chosen, before, after = stand.settings, fixed(drift.before[0, 0], 4), fixed(drift.after[0, 0], 4)
    if covered(stand, "Let the batches pass", f"Before the first batch {fixed(chosen.watched, 4)} becomes {before}."):
        return
    means, variances = (np.array([getattr(at, part)[0] for at in drift.averages]) for part in ("mean", "variance"))
    outputs = Estimate("output", np.array([at.output[0, 0] for at in drift.watched]), drift.before[0, 0])
    told = {"averages": [Estimate("mean μ", means), Estimate("variance σ²", variances)], "output": [outputs]}
    row = side_by_side(stand)
    for name, lines in told.items():
        figure = convergence_figure(lines, dark=is_dark(), x="batches passed", y=name, first=0)
        chart(stand, figure, name, row, height="stretch")
    for first in drift.batches[:1]:
        mean, variance = (moved_formula(*pair, chosen.alpha) for pair in ((0, first.mean[0]), (1, first.unbiased[0])))
        st.markdown(
            f"After 1 batch: μ = {mean}, σ² = {variance}, **{fixed(drift.watched[1].output[0, 0], 4)}** comes out."
        )
    st.markdown(
        f"Before: **{before}**. After {counted(chosen.batches, 'batch')} in {chosen.mode} mode: **{after}**. No weight "
        "has learned. The averages are buffers, which `requires_grad = False` does not reach: freezing needs `eval()`, too."
    )


LEFT = Frozen(matrix("1; 2; 3; 4"))
EXHIBITS = (
    Exhibit(
        "H7",
        "Frozen, and still changing",
        "Fine-tuning: the network below is frozen, no weight of it learns. Its batch normalisation was left in training mode "
        "while batches of 1, 2, 3, 4 pass. Does its answer to 2.5 stay?",
        "No. Every pass moves the averages, 0.9 · old + 0.1 · batch: 2.5 becomes 2.1785 after one batch, at last nearly 0. The "
        "frozen network is another one, and what was learned on top of it sees other features.",
        LEFT,
        make,
        _show,
        {"training": LEFT, "evaluation": replace(LEFT, mode="evaluation"), "α = 0.01": replace(LEFT, alpha=0.01)},
        hidden=("No weight has learned", "freezing needs `eval()`"),
        predicted=Choice("Does it stay", ("yes", "no"), "no"),
    ),
)
