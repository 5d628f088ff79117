"""Similarity: each layer of the first side against each of the second. Knows words; computes nothing itself."""

from dataclasses import dataclass, replace
from typing import Annotated

import streamlit as st

from explorer.figures.compare import similarity_figure
from explorer.predictions import Choice
from explorer.probe.similarity import Similarity, layer_grams, similarity
from explorer.ui import cache
from explorer.ui.compare_activations.both import Sides, forms, kept_under, pictures_for, sides_of
from explorer.ui.compare_activations.choices import DATA, SideOf
from explorer.ui.exhibit import Exhibit
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, side_by_side
from explorer.ui.stand import Stand
from explorer.words import counted

FEW = 200  # pictures, with which CKA is too high


@dataclass(frozen=True)
class AllLayers:
    """a, b: the sides as `sides.read_side` has them. data: over which they are compared."""

    a: Annotated[str, SideOf("First side", wide=3)] = "lenet5"
    b: Annotated[str, SideOf("Second side", wide=3)] = "lenet5.random"
    data: Annotated[str, DATA] = "digits"


def make(settings: AllLayers) -> tuple[Sides, Similarity]:
    """CKA of each layer of the first side with each of the second."""
    sides = sides_of(settings)
    pictures, _ = pictures_for(sides, settings.data)
    with st.spinner(f"Comparing layers over {counted(len(pictures), 'picture')} …", show_time=True):
        grams = [
            cache.kept_large(
                "grams",
                kept_under(side, settings.data, pictures),
                _make=lambda side=side: layer_grams(side.network, side.inputs(pictures), side.layers),
            )
            for side in sides
        ]
        return sides, similarity(*grams)


def _show(made: tuple[Sides, Similarity], stand: Stand[AllLayers]) -> None:
    sides, found = made
    figure = similarity_figure(found, titles=(sides[0].title, sides[1].title), dark=is_dark())
    chart(stand, figure, at=side_by_side(stand), height="stretch")
    st.caption(
        f"Linear CKA over {counted(found.pictures, 'test picture')}: 1 where the layers see them alike (up to "
        "rotation and scale), 0 where they have nothing in common."
        + (" So few pictures make every number too high." if found.pictures < FEW else "")
        + forms(sides)
    )


EXHIBITS = (
    Exhibit(
        "Similarity",
        "Similarity of layers",
        "Every layer of one network against every layer of the other, over the same pictures: 1 where they "
        "see the pictures alike. Which layers does training change most?",
        "The last ones. The first layers of a random network already order pictures much as trained ones do; "
        "the further up, the less they agree. Compare a network with itself: 1 on the diagonal, and neighbours resemble each "
        "other. With few pictures and many features CKA is too high, so compare numbers of one drawing only. After Kornblith "
        "et al. (2019).",
        AllLayers(),
        make,
        _show,
        {"trained, random": AllLayers(), "with itself": replace(AllLayers(), b="lenet5")},
        order=3,
        predicted=Choice("Changed most", ("the first", "the last"), "the last"),
    ),
)
