"""H8: batch normalisation's four traps, each beside what one might have meant. Knows numbers, words and the screen."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.figures.stages import stages_figure
from explorer.layers.batch_traps import Traps, walk_traps
from explorer.layers.normalisation import ALPHA, Averages, moved_formula
from explorer.predictions import Number
from explorer.settings.fields import Real
from explorer.settings.written import Matrix, matrix
from explorer.ui.exhibit import Exhibit
from explorer.ui.regularisation.batch import SIZES
from explorer.ui.regularisation.table import Table, unit_names
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, covered, side_by_side
from explorer.ui.stand import Stand
from explorer.words import fixed, written


@dataclass(frozen=True)
class Trapped:
    """batch: in training. mean, variance: the averages before it. asked_for: one more value, of every unit, afterwards."""

    batch: Annotated[Matrix, Table("**A batch:** a row for each picture. Unit 0 is written out.", counts=SIZES)]
    asked_for: Annotated[float, Real("Asked afterwards", step=0.5)] = 2.5
    alpha: Annotated[float, Real("Momentum α", 0, 1, "PyTorch's: the share of the new batch.", step=0.05)] = ALPHA
    mean: Annotated[float, Real("μ before")] = 0.0
    variance: Annotated[float, Real("σ² before", 0)] = 1.0


def make(chosen: Trapped) -> Traps:
    """The batch in training, then the value in evaluation mode. Raises ExplorerError for a batch of one."""
    units = len(chosen.batch[0])
    before = Averages(np.full(units, chosen.mean), np.full(units, chosen.variance))
    return walk_traps(chosen.batch, np.full((1, units), chosen.asked_for), before, alpha=chosen.alpha)


def _show(traps: Traps, stand: Stand[Trapped]) -> None:
    chosen, batch, after = stand.settings, traps.batch, traps.after
    hidden = covered(stand, "Show the numbers", "Predict first. Then show the numbers, or change one.")
    stages = {"x": batch.values} | ({} if hidden else {"y, by this batch’s μ and σ²": batch.output})
    figure = stages_figure(stages, unit_names(batch.mean.size), dark=is_dark())
    chart(stand, figure, "stages", side_by_side(stand), height="stretch")
    if hidden:
        return
    said, variance = [fixed(answer[0], 4) for answer in traps.answers], fixed(batch.variance[0], 4)
    biased, swapped = fixed(traps.after_biased.variance[0], 4), traps.after_swapped
    st.markdown(
        f"Unit 0: μ = {fixed(batch.mean[0], 4)}, σ² = {variance}, y = {', '.join(fixed(y, 4) for y in batch.output[:, 0])}. "
        f"The averages become **{fixed(after.mean[0], 4)}** and **{fixed(after.variance[0], 4)}**: "
        f"μ ← {moved_formula(chosen.mean, batch.mean[0], chosen.alpha)}\n"
        f"1. **Two variances.** The formula divides by {batch.count}, the average by {batch.count - 1}: σ² ← "
        f"{moved_formula(chosen.variance, batch.unbiased[0], chosen.alpha)}. With the formula’s {variance}: {biased}.\n"
        f"2. **Momentum is the new batch’s share.** If {written(chosen.alpha)} were the share that is kept, as in Keras, the "
        f"averages would be {fixed(swapped.mean[0], 4)} and {fixed(swapped.variance[0], 4)}.\n"
        f"3. **A batch of one** is its own mean: the formula leaves {written(traps.alone[0])}. PyTorch refuses it.\n"
        f"4. **Evaluation mode forgotten.** {written(chosen.asked_for)} becomes **{said[0]}** in evaluation mode, {said[1]} "
        "beside this batch in training mode, and moves the averages once more."
    )


FRESH = Trapped(matrix("1; 2; 3; 4"))
EXHIBITS = (
    Exhibit(
        "H8",
        "Batch normalisation’s traps",
        "A new layer (μ = 0, σ² = 1, momentum 0.1) sees one batch in training: 1, 2, 3, 4. What are its averages then? And "
        "what does it make of a single 2.5 in evaluation mode?",
        "The averages are 0.25 and 1.0667, still far from the batch’s 2.5 and 1.25: so 2.5, the batch’s mean, becomes 2.1785 "
        "and not 0. After one batch a new layer’s averages are mostly what it began with.",
        FRESH,
        make,
        _show,
        {"new": FRESH, "momentum 0.9": replace(FRESH, alpha=0.9), "settled": replace(FRESH, mean=2.5, variance=1.667)},
        hidden=("Two variances", "PyTorch refuses it", "−1.3416"),
        predicted=Number("2.5 becomes", lambda traps: traps.evaluated.output[0, 0], near=0.01),
    ),
)
