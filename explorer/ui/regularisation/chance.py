"""Dropout (H5) and augmentation (H6) on the Regularisation page. Knows the screen; computes nothing itself."""

from contextlib import suppress

import numpy as np
import streamlit as st

from explorer.data.augment import AUGMENTATIONS
from explorer.data.variations import variations
from explorer.errors import ExplorerError
from explorer.figures.convergence import Estimate, convergence_figure
from explorer.figures.stages import masks_figure, stages_figure
from explorer.figures.versions import versions_sheet
from explorer.images.samples import load_sample
from explorer.layers.checks import whole_number
from explorer.layers.dropout import CONVENTIONS, Dropout, draw_masks, drop
from explorer.models.feeding import PHOTOS
from explorer.models.registry import find
from explorer.ui.exhibits import STAYS, change, place
from explorer.ui.pickers import look_at_sample, pick_picture
from explorer.ui.regularisation.exhibits import MOST_OUTPUTS, PAGE, Masks, Versions
from explorer.ui.regularisation.widgets import QUIET, key, number, numbers_table, unit_names
from explorer.ui.shell import is_dark
from explorer.ui.state import choice
from explorer.words import counted, short, written

FIRST = "cat"  # the sample that is looked at until a picture is drawn or chosen
STEPS_SHOWN = 12  # masks that are drawn one by one

# ── H5: masks ───────────────────────────────────────────────────────────────────────────────────────────────


def ask_masks(settings: Masks) -> None:
    """Outputs, the probability to keep, how many masks, which unit is followed, and new masks by seed."""
    units = len(settings.outputs[0])
    st.markdown("**Outputs w of one layer.** Change any number.")
    column = tuple((value,) for value in settings.outputs[0])
    typed = numbers_table("outputs", column, ["output w"])
    change(PAGE, outputs=(tuple(value for (value,) in typed),))
    columns = st.columns(2)
    number(columns[0], "Units", units, step=1, on_change=_take_units)
    unit = number(columns[1], "Unit followed", settings.unit, step=1)
    keep = number(columns[0], "Keep with p", settings.keep, step=0.1)
    masks = number(columns[1], "Training steps", settings.masks, step=500)
    columns = st.columns(2, vertical_alignment="bottom")
    seed = number(columns[0], "Seed", settings.seed, step=1)
    change(PAGE, unit=unit, keep=keep, masks=masks, seed=seed)
    columns[1].button("Redraw masks", on_click=_redraw, width="stretch")
    try:
        _wanted_units()
    except ExplorerError as error:
        st.error(f"{error} {STAYS}")


def _wanted_units() -> int:
    return whole_number(st.session_state[key("Units")], "Number of units", 1, MOST_OUTPUTS)


def _take_units() -> None:
    with suppress(ExplorerError):  # told where the box stands
        count, settings = _wanted_units(), place(PAGE).settings
        row = (*settings.outputs[0], *(1.0,) * count)[:count]
        change(PAGE, load=True, outputs=(row,), unit=min(settings.unit, count - 1))


def _redraw() -> None:
    change(PAGE, load=True, seed=place(PAGE).settings.seed + 1)


def make_masks(settings: Masks) -> tuple[Dropout, Dropout]:
    """The same masks in both conventions."""
    (row,) = settings.outputs
    whole_number(settings.unit, "Unit followed", 0, len(row) - 1)
    masks = draw_masks(len(row), settings.keep, settings.masks, settings.seed)
    return tuple(drop(row, masks, settings.keep, convention) for convention in CONVENTIONS)


def show_masks(settings: Masks, classic: Dropout, inverted: Dropout) -> None:
    """The first steps one by one, training and use in both conventions, and the mean over all steps."""
    names, unit = unit_names(classic.values.size), settings.unit
    left, right = st.columns([1, 1.25], gap="medium")
    with left:
        shown = slice(0, STEPS_SHOWN)
        st.markdown("**Classic, in training:** every step another thinned-out layer. Blank is dropped.")
        figure = masks_figure(classic.training[shown], classic.masks[shown], names, dark=is_dark())
        st.plotly_chart(figure, key="masks", config=QUIET, theme=None)
    with right:
        w, p, name = classic.values[unit], settings.keep, names[unit]
        st.markdown(
            f"**On average:** E = p·w = {written(p, 6)} · {written(w, 6)} = **{written(classic.expectation[unit])}** "
            f"for {name}. "
            f"Over {counted(len(classic.masks), 'step')} it was {written(classic.means[-1, unit])}."
        )
        estimates = [
            Estimate("classic", classic.means[:, unit], classic.expectation[unit]),
            Estimate("inverted", inverted.means[:, unit], inverted.expectation[unit]),
        ]
        figure = convergence_figure(
            estimates, dark=is_dark(), x="training steps averaged", y=f"mean output of {name}", log=True
        )
        st.plotly_chart(figure, key="means", config=QUIET, theme=None)
        st.caption("Dashed: the output in use. Both conventions use the same masks.")
    st.markdown(
        "**Classic** leaves training as it is and multiplies by p in use. **Inverted** divides by p in training and leaves use "
        f"as it is: PyTorch's nn.Dropout(p={short(classic.torch_probability)}), whose p is the probability to drop."
    )
    both = (classic, inverted)
    stages = {
        "w": np.array([found.values for found in both]),
        "step 1, in training": np.array([found.training[0] for found in both]),
        f"mean of {counted(len(classic.masks), 'step')}": np.array([found.means[-1] for found in both]),
        "in use": np.array([found.use for found in both]),
    }
    figure = stages_figure(
        stages, names, dark=is_dark(), chosen=unit, rows=[found.convention for found in both], apart=False
    )
    st.plotly_chart(figure, key="stages", config=QUIET, theme=None)


# ── H6: versions ────────────────────────────────────────────────────────────────────────────────────────────


def ask_versions(settings: Versions) -> None:
    """The picture, which augmentations in which order, how many versions, and new ones by seed."""
    _take_sample_of_address()
    if pick_picture().picture is None:
        st.caption("The cat is shown until you draw or choose a picture.")
    change(PAGE, sample=choice().sample if choice().source == "sample" else None)
    names = [name for name in AUGMENTATIONS if name != "none"]
    chosen = st.multiselect(
        "Varied by, in this order",
        names,
        default=[name for name in settings.augmentation.split("+") if name in names],
        key=key("augmentation"),
    )
    columns = st.columns(2)
    versions = number(columns[0], "Versions", settings.versions, step=6)
    seed = number(columns[1], "Seed", settings.seed, step=1)
    change(PAGE, augmentation="+".join(chosen) or "none", versions=versions, seed=seed)
    st.button("New versions", on_click=_redraw, width="stretch")


def make_versions(settings: Versions) -> tuple[np.ndarray, np.ndarray]:
    """The picture at the network's size, 32×32, and its versions."""
    chosen = choice().picture
    feeding = find(choice().network).feeding if chosen else PHOTOS
    image = feeding.arrange((chosen or load_sample(FIRST)).pixels).image
    return image, variations(image, settings.augmentation, settings.versions, settings.seed)


def show_versions(settings: Versions, image: np.ndarray, versions: np.ndarray) -> None:
    """The original beside the grid."""
    left, right = st.columns([1, 5], gap="medium")
    with left:
        st.markdown("**As it is**")
        st.image(versions_sheet(image[None]), width="stretch")
        st.caption("32×32, as the network gets it.")
    with right:
        steps = ", then ".join(settings.augmentation.split("+"))
        st.markdown(f"**{counted(len(versions), 'version')}:** {steps}. The same seed draws the same ones again.")
        st.image(versions_sheet(versions), width="stretch")


def _take_sample_of_address() -> None:
    """A sample that an address or a variant names becomes the shared choice, once."""
    seen, here = f"{PAGE} sample taken at", place(PAGE)
    if st.session_state.get(seen) == here.token:
        return
    st.session_state[seen] = here.token
    sample = here.settings.sample
    if sample and not (choice().source == "sample" and choice().sample == sample):
        look_at_sample(sample)
