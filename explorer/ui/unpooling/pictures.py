"""What pooling takes from a picture and what each unpooling brings back (K5). Knows the screen; computes nothing itself."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from explorer.figures.unpooling import picture_address, restored_figure
from explorer.images.picture import fit_square
from explorer.images.samples import load_sample
from explorer.layers.pooling import KINDS
from explorer.layers.restoring import SIZES, WAYS, Restored, RoundTrip, round_trip, whole_side
from explorer.ui.exhibits import change, place
from explorer.ui.looking import sample_now, take_over
from explorer.ui.pickers import pick_picture
from explorer.ui.shell import is_dark
from explorer.words import counted, fixed

PAGE = "unpooling"
QUIET = {"displayModeBar": False}
FIRST = "cat"  # the sample that is looked at until a picture is drawn or chosen
SHOWN = 208  # pixels on the screen
EXACT = "subpixel"  # that it loses nothing is no guess


def show_picture() -> None:
    """The picture, how it is pooled, the guess, and every way back."""
    take_over(PAGE)
    left, right = st.columns([1, 3], gap="large")
    with left:
        chosen = pick_picture().picture
        if chosen is None:
            st.caption("The cat is shown until you draw or choose a picture.")
    change(PAGE, sample=sample_now())
    pixels = (chosen or load_sample(FIRST)).pixels
    square = fit_square(pixels, whole_side(*pixels.shape[:2]))
    with right:
        trip = _pooled(square)
        guess = guessed({key: way.title for key, way in WAYS.items() if key in trip.ways and key != EXACT})
    if guess:
        _show_ways(trip, guess)


def _pooled(square: np.ndarray) -> RoundTrip:
    """Ask how to pool; the picture before and after, both of one size on the screen."""
    settings, token = place(PAGE).settings, place(PAGE).token
    controls, *columns = st.columns([1.1, 1, 1], gap="large")
    kind = controls.segmented_control(
        "Pooling", KINDS, default=settings.pooling, required=True, width="stretch", key=f"{PAGE} pooling {token}"
    )
    size = controls.segmented_control(
        "Window and stride", SIZES, default=settings.window, format_func=lambda n: f"{n}×{n}", required=True,
        width="stretch", key=f"{PAGE} window {token}",
    )  # fmt: skip
    change(PAGE, pooling=kind or settings.pooling, window=size or settings.window)
    now = place(PAGE).settings
    trip = round_trip(square, now.window, now.pooling)
    small = np.rint(trip.pooled).astype(np.uint8)
    for column, picture, words in (
        (columns[0], square, f"picture {_size(square)}: {counted(square.size, 'number')}"),
        (columns[1], small, f"pooled to {_size(small)}: {counted(small.size, 'number')}"),
    ):
        column.image(picture_address(picture, SHOWN), width=SHOWN)
        column.caption(words)
    return trip


def _size(picture: np.ndarray) -> str:
    return f"{picture.shape[0]}×{picture.shape[1]}"


def guessed(ways: Mapping[str, str]) -> str | None:
    """Ask which way comes closest; None until somebody has guessed (anew after a variant is loaded)."""
    return st.pills(
        "Your guess: which comes closest to the picture?",
        list(ways),
        format_func=ways.__getitem__,
        key=f"{PAGE} guess {place(PAGE).exhibit} {place(PAGE).token}",
    )


def _show_ways(trip: RoundTrip, guess: str) -> None:
    ways = list(trip.ways.values())
    lossy = [way for key, way in trip.ways.items() if key != EXACT]
    st.markdown(verdict(lossy, trip.ways[guess], [_decibel(way.psnr) for way in lossy]))
    figure = restored_figure(trip.original, ways, [_decibel(way.psnr) for way in ways], dark=is_dark())
    st.plotly_chart(figure, key=f"{PAGE} ways", theme=None, config=QUIET)
    with st.popover("What each does, and what dB means"):
        st.markdown("\n".join(f"- **{WAYS[key].title}**: {WAYS[key].does}" for key in trip.ways))
        st.markdown(
            "PSNR = 10 · log₁₀(255² / MSE), MSE the mean of the squared differences: 20 dB where a picture is off by a tenth "
            "of white, 40 dB by a hundredth; ∞ where nothing differs."
        )


def verdict(ways: list[Restored], mine: Restored, words: list[str]) -> str:
    """Which is closest, and how close the guess was. words: what is said of each way's closeness."""
    best = max(ways, key=lambda way: way.psnr)
    said = dict(zip([way.title for way in ways], words, strict=True))
    if mine.psnr == best.psnr:
        return f"**Right: {mine.title}**, {said[mine.title]}."
    return f"Closest is **{best.title}**, {said[best.title]}; your guess, {mine.title}: {said[mine.title]}."


def _decibel(value: float) -> str:
    return "exact, ∞ dB" if value == float("inf") else f"{fixed(value, 1)} dB"
