"""Maps: one layer of each side, its picture, and the difference. Knows words; computes nothing itself."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.compare import MOST_TILES, every_of, sides_figure
from explorer.images.samples import example_digit, load_sample
from explorer.probe.facts import shape_text
from explorer.probe.maps import LayerMaps, layer_maps
from explorer.probe.recording import record
from explorer.ui.compare_activations.both import sides_of
from explorer.ui.compare_activations.choices import PICTURE, LayerOf, SideOf
from explorer.ui.compare_activations.sides import Side
from explorer.ui.exhibit import Exhibit
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, side_by_side
from explorer.ui.stand import Stand
from explorer.ui.state import MINE, choice
from explorer.words import fixed


@dataclass(frozen=True)
class TwoMaps:
    """a, b: the sides as `sides.read_side` has them, and a layer and a picture of each."""

    a: Annotated[str, SideOf("First side", wide=1)] = "lenet5"
    a_layer: Annotated[str, LayerOf("a", wide=1)] = "relu3"
    a_picture: Annotated[str, PICTURE] = "digit-3"
    b: Annotated[str, SideOf("Second side", wide=1)] = "lenet5.random"
    b_layer: Annotated[str, LayerOf("b", wide=1)] = "relu3"
    b_picture: Annotated[str, PICTURE] = "digit-3"


def make(settings: TwoMaps) -> tuple[LayerMaps, LayerMaps]:
    """Each side's maps."""
    first, second = sides_of(settings)
    return _maps(first, settings.a_picture, settings.a_layer), _maps(second, settings.b_picture, settings.b_layer)


def _maps(side: Side, picture: str, layer: str) -> LayerMaps:
    pixels = load_sample(picture).pixels if picture != MINE else (choice().picture or example_digit()).pixels
    recording = record(side.network, side.feeding.preprocess(pixels))
    maps = {found.facts.name: found for found in layer_maps(recording, side.facts)}
    if layer not in maps:
        raise ExplorerError(f"{layer} gives no maps: choose another layer.")
    found = maps[layer]
    if not np.isfinite(found.values).all():
        raise ExplorerError(f"{layer}'s maps are not numbers (NaN or infinite): choose another moment or network.")
    return found


def _show(made: tuple[LayerMaps, LayerMaps], stand: Stand[TwoMaps]) -> None:
    """Both on one scale, and their difference where the shapes agree."""
    first, second = made
    titles = tuple(
        f"{'first' if at == 0 else 'second'}:<br>{maps.facts.name}, {shape_text(maps.facts.output)}"
        for at, maps in enumerate(made)
    )
    names = [f"channel {channel}" for channel in range(max(len(first.values), len(second.values)))]
    signed = first.signed or second.signed
    figure = sides_figure(first.values, second.values, names, titles=titles, signed=signed, dark=is_dark())
    chart(stand, figure, at=side_by_side(stand), height="stretch")
    said = ["Both sides on one colour scale."]
    if first.values.shape == second.values.shape:
        apart = float(np.abs(first.values - second.values).mean())
        said.append(f"Mean difference |first − second|: {fixed(apart, 4)}.")
    else:
        said.append("No difference is shown: the two layers' shapes do not agree.")
    if max(len(first.values), len(second.values)) > MOST_TILES:
        said.append(f"The first {MOST_TILES} channels of each side are shown.")
    if (every := max(every_of(first.values), every_of(second.values))) > 1:
        said.append(f"Of large maps one row and column in {every} is drawn.")
    st.caption(" ".join(said))


_TRAINED = TwoMaps()
EXHIBITS = (
    Exhibit(
        "Maps",
        "Maps of two sides",
        "The same picture, the same layer, two networks: one trained, one with random weights. Can you tell "
        "from the maps alone which is which?",
        "Look for maps that answer to one thing only (an edge in one direction, a corner) and are quiet "
        "elsewhere: those are learned. Random kernels blur or copy the picture. Try two digits in one network: early maps "
        "follow the ink, late ones the class.",
        _TRAINED,
        make,
        _show,
        {
            "trained, random": _TRAINED,
            "a 3, an 8": replace(_TRAINED, b="lenet5", b_picture="digit-8"),
            "two layers": replace(_TRAINED, b="lenet5", a_layer="relu1", b_layer="relu3"),
        },
        order=1,
    ),
)
