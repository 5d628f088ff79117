"""H6: augmentation, one picture in many versions. Knows words and the screen."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.data.augment import varied
from explorer.data.variations import MOST_VERSIONS, variations
from explorer.figures.versions import versions_sheet
from explorer.models.feeding import PHOTOS
from explorer.models.registry import find
from explorer.probe.spread import MOST_SEED
from explorer.settings.fields import Whole
from explorer.ui.exhibit import Exhibit
from explorer.ui.shows import duel, side_by_side
from explorer.ui.stand import Stand
from explorer.ui.state import MINE, choice
from explorer.ui.subject import PICTURE, picture_now, picture_or_cat, say_cat
from explorer.words import counted

ORIGINAL = 200  # pixels across


@dataclass(frozen=True)
class Versions:
    """Versions of the session's picture, or of the sample, as the seed draws them."""

    augmentation: Annotated[str, varied("Varied by, in this order", wide=2.0)] = "flip+shift+rotate"
    versions: Annotated[int, Whole("Versions", 1, MOST_VERSIONS)] = 24
    seed: Annotated[int, Whole("Seed", 0, MOST_SEED)] = 0
    sample: Annotated[str, PICTURE] = MINE


def make(settings: Versions) -> tuple[np.ndarray, np.ndarray]:
    """The picture at the network's size, 32×32, and its versions."""
    spec = find(choice().network)
    feeding = spec.feeding if picture_now() and spec.shipped else PHOTOS  # what is trained here takes 32×32
    image = feeding.arrange(picture_or_cat().pixels).image
    return image, variations(image, settings.augmentation, settings.versions, settings.seed)


def _show(made: tuple[np.ndarray, np.ndarray], stand: Stand[Versions]) -> None:
    """The original beside the grid."""
    image, versions = made
    row = side_by_side(stand)
    with row.container(height="stretch", width=ORIGINAL):
        st.markdown("**As it is**")
        st.image(versions_sheet(image[None]), width="stretch", alt="The original")
        st.caption("32×32, as the network gets it.")
        say_cat()
    with row.container(height="stretch"):
        steps = ", then ".join(stand.settings.augmentation.split("+"))
        st.markdown(f"**{counted(len(versions), 'version')}:** {steps}. The same seed draws the same ones again.")
        st.image(versions_sheet(versions), width="stretch", alt="Its versions")


def _redraw(settings: Versions) -> Versions:
    return replace(settings, seed=settings.seed + 1)


PHOTO = Versions()
EXHIBITS = (
    Exhibit(
        "H6",
        "Augmentation",
        "One picture, 24 versions. In which of them has the label stayed true? Would you flip a handwritten 2?",
        "All of these are still the cat. A flipped 2 is no 2: what may be varied depends on what is in the picture. "
        "Flips and shifts by up to 4 pixels alone make up to 2 · 81 = 162 pictures of one: a small set lasts longer.",
        PHOTO,
        make,
        _show,
        {
            "the cat": replace(PHOTO, sample="cat"),
            "its colours": replace(PHOTO, augmentation="colour", sample="cat"),
            "a 2, flipped": replace(PHOTO, augmentation="flip", sample="digit-2"),
            "a 2, strokes": replace(PHOTO, augmentation="strokes", sample="digit-2"),
        },
        acts={"New versions": _redraw},
        more=duel,
        subject=True,
    ),
)
