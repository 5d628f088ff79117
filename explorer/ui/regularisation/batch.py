"""H4: batch normalisation of a batch, step by step, and in a deep stack. Knows numbers, words and the screen."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.figures.convergence import Estimate, convergence_figure
from explorer.figures.stages import stages_figure
from explorer.layers.checks import whole_number
from explorer.layers.normalisation import (
    ALPHA,
    EPSILON,
    MOST_BATCHES,
    Averages,
    Normalised,
    moving_averages,
    noisy_batches,
    normalise_batch,
    normalise_in_use,
)
from explorer.models.activations import ACTIVATION_LAYERS
from explorer.models.initialise import INITIALISATIONS
from explorer.predictions import Number
from explorer.probe.spread import MOST_DEPTH, MOST_SEED, MOST_WIDTH
from explorer.settings.fields import OneOf, Real, Whole
from explorer.settings.written import Matrix, matrix
from explorer.ui.exhibit import Exhibit
from explorer.ui.regularisation import by_depth
from explorer.ui.regularisation.table import Table, unit_names
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, covered, duel, side_by_side
from explorer.ui.stand import Stand
from explorer.words import added, bracketed, counted, written

AVERAGES = 190  # pixels: how they move is seen at a glance
WHEN = {"training": "in training", "use": "in use"}
BATCH = "**A batch:** a row for each picture, a column for each unit. Change any number."
SIZES = (Whole("Pictures", 1, 20), Whole("Units", 1, 6))
BEFORE = "Of the training before: batches like this one, with noise."
MOMENTUM = "PyTorch calls α “momentum”; 0.1 unless set."


@dataclass(frozen=True)
class Normalisation:
    """batch: a row a picture, a column a unit. unit: the one whose formulas are written out. gamma, beta: of every unit.

    when: by the batch's own statistics, or by moving averages. batches, alpha, noise, seed: of the training before: batches
    like this one, with noise in each unit's standard deviations. depth to scheme: the deep stack with and without it.
    """

    batch: Annotated[Matrix, Table(BATCH, counts=SIZES)]
    unit: Annotated[int, Whole("Unit shown", 0, SIZES[1].high - 1)] = 0
    gamma: Annotated[float, Real("γ", step=0.1)] = 1.0
    beta: Annotated[float, Real("β", step=0.1)] = 0.0
    epsilon: Annotated[float, Real("ε")] = EPSILON
    when: Annotated[str, OneOf("Normalised as", WHEN, WHEN.get, few=True, wide=2)] = "training"
    batches: Annotated[int, Whole("Batches", 0, MOST_BATCHES, BEFORE)] = 60
    alpha: Annotated[float, Real("α", step=0.05, help=MOMENTUM)] = ALPHA
    noise: Annotated[float, Real("Noise, in σ of a unit", step=0.1)] = 0.3
    seed: Annotated[int, Whole("Seed", 0, MOST_SEED)] = 0
    depth: Annotated[int, Whole("Layers", 1, MOST_DEPTH)] = 20
    width: Annotated[int, Whole("Units in each", 2, MOST_WIDTH)] = 100
    activation: Annotated[str, OneOf("Activation", ACTIVATION_LAYERS)] = "tanh"
    scheme: Annotated[str, OneOf("Initialisation", INITIALISATIONS, INITIALISATIONS.get)] = "small"


def make(settings: Normalisation) -> tuple[Normalised, list[Normalised], list[Averages]]:
    """The batch as it is shown, the batches before it, the averages before and after each of those."""
    layer = (settings.gamma, settings.beta, settings.epsilon)
    whole_number(settings.unit, "Unit shown", 0, len(settings.batch[0]) - 1)
    noisy = noisy_batches(settings.batch, settings.batches, settings.noise, settings.seed)
    before = [normalise_batch(values, *layer) for values in noisy]
    averages = moving_averages(before, len(settings.batch[0]), settings.alpha)
    if settings.when == "training":
        return normalise_batch(settings.batch, *layer), before, averages
    return normalise_in_use(settings.batch, averages[-1], *layer), before, averages


def _show(made: tuple[Normalised, list[Normalised], list[Averages]], stand: Stand[Normalisation]) -> None:
    """The four steps side by side, one unit's formulas, and how the moving averages came about."""
    step, before, averages = made
    unit, names = stand.settings.unit, unit_names(step.mean.size)
    if covered(stand, "Show the numbers", "Predict first. Then show the numbers, or change one."):
        figure = stages_figure({"x": step.values}, names, dark=is_dark(), chosen=unit)
        chart(stand, figure, "batch", side_by_side(stand, "batch"), height="stretch")
        return
    stages = {
        "x": step.values,
        "x − μ": step.centred,
        "x̂ = (x − μ) / √(σ² + ε)": step.normalised,
        "y = γ·x̂ + β": step.output,
    }
    source = "moving averages of μ and σ²" if step.in_use else "μ and σ² of this batch"
    st.markdown(f"**Normalised {WHEN[stand.settings.when]}, by {source}.** The framed unit's formulas are below.")
    figure = stages_figure(stages, names, dark=is_dark(), chosen=unit)
    chart(stand, figure, "stages", side_by_side(stand, "stages"), height="stretch")
    st.markdown(_formulas(step, unit))
    seen = {"mean": [batch.mean[unit] for batch in before], "variance": [batch.unbiased[unit] for batch in before]}
    row = st.container(horizontal=True, gap="medium")
    for name, sign in (("mean", "μ"), ("variance", "σ²")):
        line = np.array([getattr(average, name)[unit] for average in averages])
        figure = convergence_figure(
            [Estimate(f"moving average {sign}", line)],
            dark=is_dark(),
            x="batches seen",
            y=f"{name} of {names[unit]}",
            first=0,
            single=("of each batch", np.array(seen[name])),
        )
        chart(stand, figure, name, row, height=AVERAGES)
    st.caption(
        f"μ ← α·mean + (1 − α)·μ with α = {written(stand.settings.alpha)}, which PyTorch calls momentum, from μ = 0 and "
        f"σ² = 1: after {counted(len(before), 'batch')} μ = {written(averages[-1].mean[unit])}, σ² = "
        f"{written(averages[-1].variance[unit])}. As in PyTorch a batch's variance goes into the average without bias, divided "
        "by one less than the number of pictures; the formula above divides by their number."
    )


def _formulas(step: Normalised, unit: int) -> str:
    values = step.values[:, unit]
    first, mean, variance = values[-1], step.mean[unit], step.variance[unit]
    if step.in_use:
        lines = [f"μ = {written(mean)},  σ² = {written(variance)} from training; this batch is not asked"]
    else:
        listed = added(written(value, 6) for value in values)
        lines = [
            f"μ = ({listed}) / {step.count} = **{written(mean)}**,  σ² = mean of (x − μ)² = **{written(variance)}**"
        ]
    normalised = written(step.normalised[-1, unit])
    product = f"{written(step.gamma[unit], 6)} · {bracketed(normalised)}"
    lines.append(
        f"last row: x̂ = ({written(first, 6)} − {bracketed(written(mean))}) / √({written(variance)} + "
        f"{written(step.epsilon)}) = **{normalised}**,  y = {added([product, written(step.beta[unit], 6)])} = "
        f"**{written(step.output[-1, unit])}**"
    )
    return "  \n".join(lines)


def _fit(asked: Normalisation, before: Normalisation) -> Normalisation:
    """A table with fewer units shows one of those that are left."""
    units = len(asked.batch[0])
    return replace(asked, unit=min(asked.unit, units - 1)) if units < len(before.batch[0]) else asked


def _more(stand: Stand[Normalisation]) -> None:
    duel(stand)
    stand.fragment(by_depth.show_depth)


TRAINED = Normalisation(matrix("2 120 0.1; 4 80 -0.1; 4 100 0; 4 110 0.2; 5 90 -0.2; 5 100 0; 7 60 0.1; 9 140 -0.1"))
EXHIBITS = (
    Exhibit(
        "H4",
        "Batch normalisation",
        "Three units answer eight pictures on very different scales. Unit 0 has mean 5 and variance 4: what becomes of "
        "its 9? And what would become of a picture that comes alone?",
        "(9 − 5)/√4 = 2: afterwards every unit has mean 0 and standard deviation 1 (a hair less, because of ε), then γ and "
        "β choose a scale and place anew. A value alone is its own mean: 0, whatever it was. So in use the mean and "
        "variance are not the batch's but moving averages from training. Try “in use” and change one number: the other "
        "rows stay. In training they all move.",
        TRAINED,
        make,
        _show,
        {"in training": TRAINED, "in use": replace(TRAINED, when="use")},
        more=_more,
        apart=by_depth.ASKED,
        hidden=("x̂ = (", "divided by one less"),
        fit=_fit,
        predicted=Number("the 9", lambda made: made[0].output[-1, 0], near=0.001),
    ),
)
