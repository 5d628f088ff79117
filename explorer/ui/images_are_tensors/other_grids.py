"""A4: grids of numbers that are no pictures. Knows numbers and words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import streamlit as st

from explorer.figures.signals import signal_figure
from explorer.images.signals import Signal, audio, eeg, video
from explorer.settings.fields import OneOf
from explorer.ui.exhibit import Exhibit
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart
from explorer.ui.stand import Stand
from explorer.words import counted

GRIDS: dict[str, Callable[[], Signal]] = {"sound": audio, "eeg": eeg, "video": video}
TITLES = {"sound": "Sound", "eeg": "Brain waves", "video": "Video"}


@dataclass(frozen=True)
class Grid:
    """grid: a key of GRIDS."""

    grid: Annotated[str, OneOf("Grid", GRIDS, TITLES.__getitem__, few=True, wide=3)] = "sound"


def _make(settings: Grid) -> Signal:
    return GRIDS[settings.grid]()


def _show(signal: Signal, stand: Stand[Grid]) -> None:
    left, right = st.columns([1, 3], gap="medium")
    with left:
        st.markdown(f"**{signal.title}**")
        st.markdown(f"Tensor: `{signal.values.shape}`  \n{' × '.join(signal.axes)}")
        st.markdown(f"{counted(signal.sample_rate, 'step')} a second; values: {signal.unit}")
        st.markdown(signal.what_a_kernel_is)
    chart(stand, signal_figure(signal, dark=is_dark()), stand.settings.grid, right)


EXHIBITS = (
    Exhibit(
        "A4",
        "Other grids, the same operation",
        "Sound, brain waves and video are grids of numbers too. Along which of their axes does a kernel slide?",
        "Along those on which a neighbour is near: time in a sound and in brain waves, where it sees all channels at once; "
        "time, rows and columns in a video. It is the same operation with one, two or three directions.",
        Grid(),
        _make,
        _show,
        above=("grid",),
    ),
)
