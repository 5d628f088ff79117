"""K5: what pooling takes from a picture and what each unpooling brings back. Knows numbers and words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import streamlit as st

from explorer.figures.unpooling import pictures_figure, restored_figure
from explorer.images.picture import fit_square
from explorer.layers.pooling import KINDS
from explorer.layers.restoring import SIZES, WAYS, Restored, RoundTrip, round_trip, whole_side
from explorer.predictions import Choice
from explorer.settings.fields import OneOf
from explorer.ui.exhibit import Exhibit
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart
from explorer.ui.stand import Stand
from explorer.ui.state import MINE
from explorer.ui.subject import PICTURE, picture_or_cat
from explorer.words import counted, fixed

EXACT = "subpixel"  # that it loses nothing is no question
LOSSY = tuple(way.title for key, way in WAYS.items() if key != EXACT)


def _square(size: int) -> str:
    return f"{size}×{size}"


@dataclass(frozen=True)
class Pictured:
    """pooling, window: how the picture is pooled."""

    sample: Annotated[str, PICTURE] = MINE
    pooling: Annotated[str, OneOf("Pooling", KINDS, few=True, wide=2)] = "max"
    window: Annotated[int, OneOf("Window and stride", SIZES, _square, few=True, wide=2)] = 4


def _make(settings: Pictured) -> RoundTrip:
    pixels = picture_or_cat().pixels
    return round_trip(fit_square(pixels, whole_side(*pixels.shape[:2])), settings.window, settings.pooling)


def _show(trip: RoundTrip, stand: Stand[Pictured]) -> None:
    before, small = trip.original, np.rint(trip.pooled).astype(np.uint8)
    told = f"{_told('picture', before)} · {_told('pooled to', small)}"
    if not stand.revealed:
        st.markdown(told)
        chart(
            stand, pictures_figure({"Picture": before, "Pooled": small}, dark=is_dark()), "pictures", height="stretch"
        )
        return
    row = st.container(horizontal=True, vertical_alignment="center")
    best = closest(_lossy(trip))
    row.markdown(f"Closest is **{best.title}**, {_decibel(best.psnr)}. {told}", width="stretch")
    with row.popover("What each does, and what dB means"):
        st.markdown("\n".join(f"- **{WAYS[key].title}**: {WAYS[key].does}" for key in trip.ways))
        st.markdown(
            "PSNR = 10 · log₁₀(255² / MSE), MSE the mean of the squared differences: 20 dB where a picture is off by a tenth "
            "of white, 40 dB by a hundredth; ∞ where nothing differs."
        )
    ways = list(trip.ways.values())
    words = [_decibel(way.psnr) for way in ways]
    show_ways(restored_figure(before, ways, words, dark=is_dark(), small=small), stand)


def _told(name: str, picture: np.ndarray) -> str:
    return f"{name} {picture.shape[0]}×{picture.shape[1]}: {counted(picture.size, 'number')}"


def show_ways(figure: object, stand: Stand[Any]) -> None:
    """The ways back beside each other; on a phone they are moved sideways in their place."""
    chart(stand, figure, "ways", st.container(key="wide ways", height="stretch"), height="stretch")


def _lossy(trip: RoundTrip) -> list[Restored]:
    return [way for key, way in trip.ways.items() if key != EXACT]


def closest(ways: Iterable[Restored]) -> Restored:
    """The way whose picture differs least."""
    return max(ways, key=lambda way: way.psnr)


def _decibel(value: float) -> str:
    return "exact, ∞ dB" if value == float("inf") else f"{fixed(value, 1)} dB"


EXHIBITS = (
    Exhibit(
        "K5",
        "What is lost",
        "A picture is pooled to a sixteenth of its numbers and brought back. Which unpooling comes closest to it, and "
        "which is furthest off?",
        "On most pictures bilinear comes closest, computed or stamped: the two differ at the border only, and on a black "
        "one the stamps, which fade there, are ahead. Max unpooling is the furthest off: its maxima stand in their places, "
        "but fifteen of sixteen pixels are 0. Equal stamps that overlap show a checkerboard. Only the sub-pixel way is "
        "exact: there nothing was pooled away. Average pooling keeps more of a photograph than the maximum, but has no "
        "switches.",
        Pictured(),
        _make,
        _show,
        {"a photograph": Pictured("cat"), "a digit": Pictured("digit-3"), "a checkerboard": Pictured("checkerboard")},
        subject=True,
        rounds=True,
        any_of=("sample",),
        hidden=("Closest is",),
        predicted=Choice(
            "The closest",
            LOSSY,
            lambda trip: closest(_lossy(trip)).title,
            lambda trip: {way.title: _decibel(way.psnr) for way in _lossy(trip)},
        ),
    ),
)
