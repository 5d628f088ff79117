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

    grid: Annotated[str, OneOf("", GRIDS)] = "sound"


def _make(settings: Grid) -> Signal:
    return GRIDS[settings.grid]()


def _show(signal: Signal, stand: Stand[Grid]) -> None:
    kernel = signal.what_a_kernel_is if stand.revealed else ""
    st.markdown(
        f"**{signal.title}** · tensor `{signal.values.shape}`, {' × '.join(signal.axes)} · "
        f"{counted(signal.sample_rate, 'step')} a second · values: {signal.unit}. {kernel}"
    )
    chart(stand, signal_figure(signal, dark=is_dark()), stand.settings.grid, height="stretch")


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
        {title: Grid(grid) for grid, title in TITLES.items()},
    ),
)
