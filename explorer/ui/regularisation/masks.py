"""H5: dropout, mask by mask, in both conventions. Knows numbers, words and the screen."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.figures.convergence import Estimate, convergence_figure
from explorer.figures.stages import masks_figure, stages_figure
from explorer.layers.checks import whole_number
from explorer.layers.dropout import CONVENTIONS, MOST_MASKS, Dropout, draw_masks, drop
from explorer.predictions import Number
from explorer.probe.spread import MOST_SEED
from explorer.settings.fields import Real, Whole
from explorer.settings.written import Matrix, matrix
from explorer.ui.exhibit import Exhibit
from explorer.ui.regularisation.table import Table, unit_names
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, covered, duel, side_by_side
from explorer.ui.stand import Stand
from explorer.words import bracketed, counted, short, written

STEPS_SHOWN = 12  # masks that are drawn one by one
UNITS = Whole("Units", 1, 8)
OUTPUTS = Table(
    "**Outputs w of one layer.** Change any number.",
    counts=(UNITS, None),
    titles=lambda count: ["output w"],
    upright=True,
    fill=1.0,
)


@dataclass(frozen=True)
class Masks:
    """outputs: one row, a number a unit. unit: the one followed. keep: p. masks: training steps that are averaged."""

    outputs: Annotated[Matrix, OUTPUTS]
    unit: Annotated[int, Whole("Unit followed", 0, UNITS.high - 1)] = 0
    keep: Annotated[float, Real("Keep with p", step=0.1)] = 0.5
    masks: Annotated[int, Whole("Training steps", 1, MOST_MASKS)] = 2000
    seed: Annotated[int, Whole("Seed", 0, MOST_SEED)] = 0


def make(settings: Masks) -> tuple[Dropout, Dropout]:
    """The same masks in both conventions."""
    (row,) = settings.outputs
    whole_number(settings.unit, "Unit followed", 0, len(row) - 1)
    masks = draw_masks(len(row), settings.keep, settings.masks, settings.seed)
    return tuple(drop(row, masks, settings.keep, convention) for convention in CONVENTIONS)


def _show(made: tuple[Dropout, Dropout], stand: Stand[Masks]) -> None:
    """The first steps one by one, training and use in both conventions, and the mean over all steps."""
    classic, inverted = made
    names, unit = unit_names(classic.values.size), stand.settings.unit
    row = side_by_side(stand)
    with row.container(height="stretch"):
        shown = slice(0, STEPS_SHOWN)
        st.markdown("**Classic, in training:** every step another thinned-out layer. Blank is dropped.")
        figure = masks_figure(classic.training[shown], classic.masks[shown], names, dark=is_dark())
        chart(stand, figure, "masks", height="stretch")
    with row.container(height="stretch"):
        if covered(stand, "Show the averages", "Predict first. Each row beside is one training step."):
            return
        w, p, name = classic.values[unit], stand.settings.keep, names[unit]
        st.markdown(
            f"**On average:** E = p·w = {written(p, 6)} · {bracketed(written(w, 6))} = "
            f"**{written(classic.expectation[unit])}** for {name}. "
            f"Over {counted(len(classic.masks), 'step')} it was {written(classic.means[-1, unit])}."
        )
        estimates = [
            Estimate("classic", classic.means[:, unit], classic.expectation[unit]),
            Estimate("inverted", inverted.means[:, unit], inverted.expectation[unit]),
        ]
        figure = convergence_figure(
            estimates, dark=is_dark(), x="training steps averaged", y=f"mean output of {name}", log=True
        )
        chart(stand, figure, "means", height="stretch")
    st.markdown(
        "**Classic** leaves training as it is and multiplies by p in use. **Inverted** divides by p in training and leaves use "
        f"as it is: PyTorch's nn.Dropout(p={short(classic.torch_probability)}), whose p is the probability to drop. "
        "Dashed: the output in use. Both use the same masks."
    )
    stages = {
        "w": np.array([found.values for found in made]),
        "step 1, in training": np.array([found.training[0] for found in made]),
        f"mean of {counted(len(classic.masks), 'step')}": np.array([found.means[-1] for found in made]),
        "in use": np.array([found.use for found in made]),
    }
    conventions = [found.convention for found in made]
    figure = stages_figure(stages, names, dark=is_dark(), chosen=unit, rows=conventions, apart=False)
    chart(stand, figure, "stages", height=140)


def _fit(asked: Masks, before: Masks) -> Masks:
    """With fewer units one of those that are left is followed."""
    units = len(asked.outputs[0])
    return replace(asked, unit=min(asked.unit, units - 1)) if units < len(before.outputs[0]) else asked


def _redraw(settings: Masks) -> Masks:
    return replace(settings, seed=settings.seed + 1)


HALF = Masks(matrix("4 -2 1 3"))
EXHIBITS = (
    Exhibit(
        "H5",
        "Dropout",
        "In each training step each unit is kept with probability p = 0.5, otherwise it gives 0. What does a unit whose "
        "output is 4 hand on, on average over many steps? And what must happen in use, when all are kept?",
        "p · 4 = 2 on average. The next layer has learned with that, so in use every output is multiplied by p. Inverted "
        "dropout divides by p in training instead, and in use nothing is left to do. PyTorch inverts, and its p is the "
        "probability to drop: nn.Dropout(0.2) keeps with 0.8.",
        HALF,
        make,
        _show,
        {"p = 0.5": HALF, "p = 0.8": replace(HALF, keep=0.8)},
        acts={"Redraw masks": _redraw},
        more=duel,
        hidden=("**On average:**", "divides by p in training and"),
        fit=_fit,
        predicted=Number("on average", lambda made: made[0].expectation[0]),
    ),
)
