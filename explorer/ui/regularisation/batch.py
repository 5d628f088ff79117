"""Batch normalisation (H4) on the Regularisation page, every setting open. Knows the screen; computes nothing itself."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.convergence import Estimate, convergence_figure
from explorer.figures.spread import Line, spread_figure
from explorer.figures.stages import stages_figure
from explorer.layers.checks import whole_number
from explorer.layers.grids import resized
from explorer.layers.normalisation import (
    Averages,
    Normalised,
    moving_averages,
    noisy_batches,
    normalise_batch,
    normalise_in_use,
)
from explorer.models.activations import ACTIVATION_LAYERS
from explorer.models.initialise import INITIALISATIONS
from explorer.probe.spread import Spread, StackSettings, measure_spread
from explorer.ui.address import as_matrix
from explorer.ui.exhibits import STAYS, Exhibit, change, place
from explorer.ui.regularisation.exhibits import MOST_ROWS, MOST_UNITS, PAGE, WHEN, Normalisation, Settings
from explorer.ui.regularisation.widgets import QUIET, key, number, numbers_table, unit_names
from explorer.ui.shell import is_dark
from explorer.words import added, bracketed, counted, short, written

WHEN_TITLES = {"training": "in training", "use": "in use"}

# ── H4: a batch, step by step ───────────────────────────────────────────────────────────────────────────────


def ask_batch(settings: Normalisation) -> None:
    """The batch as a table, its shape, the layer's constants, training or use, and the training before."""
    rows, units = np.shape(settings.batch)
    st.markdown("**A batch:** a row for each picture, a column for each unit. Change any number.")
    change(PAGE, batch=numbers_table("batch", settings.batch, unit_names(units)))
    columns = st.columns(3)
    number(columns[0], "Pictures", rows, step=1, on_change=_take_shape)
    number(columns[1], "Units", units, step=1, on_change=_take_shape)
    unit = number(columns[2], "Unit shown", settings.unit, step=1)
    try:
        _wanted_shape()
    except ExplorerError as error:
        st.error(f"{error} {STAYS}")
    columns = st.columns(3)
    gamma = number(columns[0], "γ", settings.gamma, step=0.1)
    beta = number(columns[1], "β", settings.beta, step=0.1)
    epsilon = number(columns[2], "ε", settings.epsilon, step=None)
    when = st.segmented_control(
        "Normalised as",
        WHEN,
        default=settings.when,
        format_func=WHEN_TITLES.get,
        key=key("when"),
        required=True,
        width="stretch",
    )
    st.markdown("**The training before:** batches like this one, with noise.")
    columns = st.columns(2)
    batches = number(columns[0], "Batches", settings.batches, step=10)
    alpha = number(columns[1], "α", settings.alpha, step=0.05, help="PyTorch calls α “momentum”; 0.1 unless set.")
    noise = number(columns[0], "Noise, in σ of a unit", settings.noise, step=0.1)
    seed = number(columns[1], "Seed", settings.seed, step=1)
    wanted = {"gamma": gamma, "beta": beta, "epsilon": epsilon, "alpha": alpha, "noise": noise}
    change(PAGE, when=when or settings.when, unit=unit, batches=batches, seed=seed, **wanted)


def _wanted_shape() -> tuple[int, int]:
    """Rows and columns that the boxes ask for. Raises ExplorerError where there is no such table."""
    return (
        whole_number(st.session_state[key("Pictures")], "Number of pictures", 1, MOST_ROWS),
        whole_number(st.session_state[key("Units")], "Number of units", 1, MOST_UNITS),
    )


def _take_shape() -> None:
    with suppress(ExplorerError):  # told where the boxes stand
        shape, settings = _wanted_shape(), place(PAGE).settings
        batch = as_matrix(resized(settings.batch, shape, "Batch"))
        change(PAGE, load=True, batch=batch, unit=min(settings.unit, shape[1] - 1))


def make_batch(settings: Normalisation) -> tuple[Normalised, list[Normalised], list[Averages]]:
    """The batch as it is shown, the batches before it, the averages before and after each of those."""
    layer = (settings.gamma, settings.beta, settings.epsilon)
    whole_number(settings.unit, "Unit shown", 0, len(settings.batch[0]) - 1)
    noisy = noisy_batches(settings.batch, settings.batches, settings.noise, settings.seed)
    before = [normalise_batch(values, *layer) for values in noisy]
    averages = moving_averages(before, len(settings.batch[0]), settings.alpha)
    if settings.when == "training":
        return normalise_batch(settings.batch, *layer), before, averages
    return normalise_in_use(settings.batch, averages[-1], *layer), before, averages


def show_batch(settings: Normalisation, step: Normalised, before: list[Normalised], averages: list[Averages]) -> None:
    """The four steps side by side, one unit's formulas, and how the moving averages came about."""
    unit, names = settings.unit, unit_names(step.mean.size)
    stages = {
        "x": step.values,
        "x − μ": step.centred,
        "x̂ = (x − μ) / √(σ² + ε)": step.normalised,
        "y = γ·x̂ + β": step.output,
    }
    source = "μ and σ² of this batch" if settings.when == "training" else "moving averages of μ and σ²"
    st.markdown(f"**Normalised {WHEN_TITLES[settings.when]}, by {source}.** The framed unit's formulas are below.")
    st.plotly_chart(stages_figure(stages, names, dark=is_dark(), chosen=unit), key="stages", config=QUIET, theme=None)
    st.markdown(_formulas(settings, step))
    columns = st.columns(2, gap="medium")
    seen = {"mean": [batch.mean[unit] for batch in before], "variance": [batch.unbiased[unit] for batch in before]}
    for column, name, sign in zip(columns, ("mean", "variance"), ("μ", "σ²"), strict=True):
        line = np.array([getattr(average, name)[unit] for average in averages])
        figure = convergence_figure(
            [Estimate(f"moving average {sign}", line)],
            dark=is_dark(),
            x="batches seen",
            y=f"{name} of {names[unit]}",
            first=0,
            single=("of each batch", np.array(seen[name])),
        )
        column.plotly_chart(figure, key=f"averages {name}", config=QUIET, theme=None)
    st.caption(
        f"μ ← α·mean + (1 − α)·μ with α = {written(settings.alpha)}, which PyTorch calls momentum, from μ = 0 and σ² = 1: "
        f"after {counted(settings.batches, 'batch')} μ = {written(averages[-1].mean[unit])}, σ² = "
        f"{written(averages[-1].variance[unit])}. As in PyTorch a batch's variance goes into the average without bias, divided "
        "by one less than the number of pictures; the formula above divides by their number."
    )


def _formulas(settings: Normalisation, step: Normalised) -> str:
    unit = settings.unit
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


# ── H4: by depth ────────────────────────────────────────────────────────────────────────────────────────────


def show_depth(exhibit: Exhibit[Settings]) -> None:
    """A badly initialised deep stack without and with batch normalisation, before any training."""
    st.markdown("#### A badly initialised deep stack")
    st.markdown("**Predict:** many layers, weights far too small. What is left of the input's spread at the end?")
    settings = place(PAGE).settings
    columns = st.columns(4)
    depth = number(columns[0], "Layers", settings.depth, step=1)
    width = number(columns[1], "Units in each", settings.width, step=10)
    activation = columns[2].selectbox(
        "Activation", list(ACTIVATION_LAYERS), list(ACTIVATION_LAYERS).index(settings.activation), key=key("activation")
    )
    scheme = columns[3].selectbox(
        "Initialisation",
        list(INITIALISATIONS),
        list(INITIALISATIONS).index(settings.scheme),
        format_func=INITIALISATIONS.get,
        key=key("scheme"),
    )
    change(PAGE, depth=depth, width=width, activation=activation, scheme=scheme)
    try:
        without, with_norm = spreads(place(PAGE).settings)
    except ExplorerError as error:
        st.error(f"{error} The example is shown.")
        without, with_norm = spreads(exhibit.settings)
    left, right = st.columns(2, gap="medium")
    for column, name, words in (
        (left, "activations", "spread of the outputs"),
        (right, "gradients", "spread of the gradients"),
    ):
        lines = [
            Line("without", getattr(without, name)),
            Line("with batch normalisation", getattr(with_norm, name), colour=1),
        ]
        figure = spread_figure(lines, dark=is_dark(), y=words)
        column.plotly_chart(figure, key=f"depth {name}", config=QUIET, theme=None)
    left = f"{short(without.activations[-1])} without, {short(with_norm.activations[-1])} with"
    st.caption(
        f"Standard deviation over all units and {counted(without.inputs, 'input')}, layer 0 is the input; the gradient is sent "
        f"back from the last layer. Outputs of layer {without.settings.depth}: {left}."
    )


def spreads(settings: Normalisation) -> tuple[Spread, Spread]:
    """The stack without and with batch normalisation, from the same first weights."""
    stack = StackSettings(
        depth=settings.depth,
        width=settings.width,
        activation=settings.activation,
        scheme=settings.scheme,
        seed=settings.seed,
    )
    return measure_spread(stack), measure_spread(replace(stack, batch_norm=True))
