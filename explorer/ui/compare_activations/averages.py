"""Averages: one channel's mean map for each class, of both sides. Knows words; computes nothing itself."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.figures.compare import MOST_TILES, sides_figure
from explorer.probe.averages import ClassAverages, class_averages
from explorer.settings.fields import Whole
from explorer.ui import cache
from explorer.ui.compare_activations.both import Sides, TwoLayers, forms, kept_under, pictures_for, sides_of
from explorer.ui.compare_activations.choices import DATA
from explorer.ui.exhibit import Exhibit
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, side_by_side
from explorer.ui.stand import Stand
from explorer.words import counted


@dataclass(frozen=True)
class Averaged(TwoLayers):
    """data: what is averaged. channel: the one that is shown."""

    data: Annotated[str, DATA] = "digits"
    channel: Annotated[int, Whole("", 0, 4095)] = 0


@dataclass(frozen=True)
class Averages:
    """Of both sides, over so many pictures."""

    sides: Sides
    averages: tuple[ClassAverages, ClassAverages]
    pictures: int
    classes: tuple[str, ...]


def make(settings: Averaged) -> Averages:
    """Each side's averages, computed once."""
    sides = sides_of(settings)
    pictures, classes = pictures_for(sides, settings.data)
    with st.spinner(f"Averaging {counted(len(pictures), 'picture')} …", show_time=True):
        averages = tuple(
            cache.kept_large(
                "class averages",
                kept_under(side, settings.data, pictures, layer),
                _make=lambda side=side, layer=layer: class_averages(
                    side.network, side.inputs(pictures), pictures.labels, len(classes), layer, side.layout(layer)
                ),
            )
            for side, layer in zip(sides, (settings.a_layer, settings.b_layer), strict=True)
        )
    return Averages(sides, averages, len(pictures), classes)


def _show(made: Averages, stand: Stand[Averaged]) -> None:
    counts = [average.means.shape[1] for average in made.averages]
    most = max(counts) - 1
    at_once, below = side_by_side(stand), st.container(horizontal=True, vertical_alignment="center", gap="medium")
    channel = stand.number(below.container(width=160), "channel", f"Channel, 0 to {most}", most)
    channels = [min(channel, count - 1) for count in counts]
    shown = [average.means[:, at] for average, at in zip(made.averages, channels, strict=True)]
    layers = (stand.settings.a_layer, stand.settings.b_layer)
    titles = tuple(
        f"{side}:<br>{layer}, channel {at}"
        for side, layer, at in zip(("first", "second"), layers, channels, strict=True)
    )
    signed = any(float(np.nanmin(values)) < 0 for values in shown)
    names = [f"class {name}" for name in made.classes]
    figure = sides_figure(*shown, names, titles=titles, signed=signed, dark=is_dark())
    chart(stand, figure, at=at_once, height="stretch")
    order = ", ".join(made.classes[:MOST_TILES])
    note = "" if shown[0].shape == shown[1].shape else " No difference is shown: the two layers' shapes do not agree."
    below.caption(
        f"In reading order: {order}. {counted(made.pictures, 'test picture')}; one colour scale for both "
        f"sides.{note}{forms(made.sides)}"
    )


_SECOND = Averaged()
EXHIBITS = (
    Exhibit(
        "Averages",
        "Averages of each class",
        "One channel's map, averaged over all pictures of a class. Can the digit still be recognised, and in "
        "which layers?",
        "In the first layer the averages look like blurred digits: the channel keeps places. Deeper, places "
        "get coarse and the averages differ in strength instead: the channel has begun to count what is there.",
        _SECOND,
        make,
        _show,
        {
            "first layer": replace(_SECOND, a_layer="relu1", b_layer="relu1"),
            "second": _SECOND,
            "last hidden": replace(_SECOND, a_layer="relu6", b_layer="relu6"),
        },
        order=2,
    ),
)
