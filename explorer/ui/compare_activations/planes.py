"""G5: pixels and features as points of a plane, and how often the nearest neighbour is right. Knows words; computes nothing."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.data.labelled import LabelledImages
from explorer.figures.compare import planes_figure
from explorer.probe.averages import features
from explorer.probe.embedding import METHODS, Plane, embed, neighbour_accuracy
from explorer.settings.fields import OneOf
from explorer.ui import cache
from explorer.ui.compare_activations.both import Sides, TwoLayers, forms, kept_under, pictures_for, sides_of
from explorer.ui.compare_activations.choices import DATA
from explorer.ui.compare_activations.sides import Side
from explorer.ui.exhibit import Exhibit
from explorer.ui.plain import plain
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, side_by_side
from explorer.ui.stand import Stand
from explorer.words import counted

TITLES = {"pca": "PCA", "tsne": "t-SNE"}


@dataclass(frozen=True)
class Embedded(TwoLayers):
    """data: whose pictures are the points. plane: a method of METHODS."""

    data: Annotated[str, DATA] = "digits"
    plane: Annotated[str, OneOf("Plane", METHODS, TITLES.__getitem__, few=True)] = "pca"


@dataclass(frozen=True)
class Points:
    """Of pixels or of one layer: how many numbers a picture has there, its plane, and neighbours' accuracy in all of the
    numbers and in the plane."""

    size: int
    plane: Plane
    whole: float
    near: float


@dataclass(frozen=True)
class Planes:
    """title → points."""

    sides: Sides
    points: dict[str, Points]
    labels: np.ndarray
    classes: tuple[str, ...]


def make(settings: Embedded) -> Planes:
    """The first side's pixels, and one layer's features of each side."""
    sides = sides_of(settings)
    pictures, classes = pictures_for(sides, settings.data)
    wanted = {
        "pixels": (sides[0], ""),
        f"first: {settings.a_layer}": (sides[0], settings.a_layer),
        f"second: {settings.b_layer}": (sides[1], settings.b_layer),
    }
    doing = "t-SNE moves them about, a few seconds" if settings.plane == "tsne" else "their main directions"
    with st.spinner(f"{counted(len(pictures), 'picture')}: {doing} …", show_time=True):
        points = {
            title: _points(side, layer, settings.data, pictures, settings.plane)
            for title, (side, layer) in wanted.items()
        }
    return Planes(sides, points, pictures.labels.numpy(), classes)


def _points(side: Side, layer: str, data: str, pictures: LabelledImages, method: str) -> Points:
    """Of one layer; "": of the pixels."""

    def make() -> Points:
        inputs, labels = side.inputs(pictures), pictures.labels.numpy()
        values = features(side.network, inputs, layer) if layer else inputs.flatten(1).numpy()
        plane = embed(values, method)
        return Points(
            values.shape[1], plane, neighbour_accuracy(values, labels), neighbour_accuracy(plane.points, labels)
        )

    return cache.kept("plane", (*kept_under(side, data, pictures, layer), method), _make=make)


def _show(made: Planes, stand: Stand[Embedded]) -> None:
    points, labels, sides = made.points, made.labels, made.sides
    notes = [f"{one.near:.1%} here<br>{one.whole:.1%} in all" for one in points.values()]
    planes = {title: one.plane for title, one in points.items()}
    figure = planes_figure(planes, labels, made.classes, notes=notes, dark=is_dark())
    chart(stand, figure, at=side_by_side(stand), height="stretch")
    here = ", ".join(f"{plain(title)} **{one.near:.1%}**" for title, one in points.items())
    everywhere = ", ".join(f"{plain(title)} **{one.whole:.1%}** of {one.size:,}" for title, one in points.items())
    st.markdown(f"Nearest neighbour of the same class, in the plane: {here}; in all their numbers: {everywhere}.")
    kept = ", ".join(f"{plain(title)} {plane.kept:.0%}" for title, plane in planes.items() if plane.kept is not None)
    kept = f" Share of the variance that the plane keeps: {kept}." if kept else ""
    st.caption(
        f"{counted(len(labels), 'test picture')}; guessing gives {np.square(np.bincount(labels) / len(labels)).sum():.0%}. "
        f"First: {plain(sides[0].title)}. Second: {plain(sides[1].title)}. "
        f"Pixels are what the first network is given.{kept}{forms(sides)}"
    )


_DEEP = Embedded(a_layer="relu6", b_layer="relu6")
EXHIBITS = (
    Exhibit(
        "G5",
        "Pixels against features",
        "Each point is a picture of a digit, coloured by its class. On the left it lies where its pixels put "
        "it; beside it where a layer's features do. In which plane are the classes further apart, and is that so before "
        "training?",
        "Trained features put a class's pictures together: the last hidden layer names the nearest "
        "neighbour's class right more often than pixels do, most visibly in the plane of PCA. Random features do not: of the "
        "84 numbers of that layer the untrained network makes less than the pixels were worth. The gain was learned; t-SNE "
        "looks tidy even for pixels, so trust the numbers under the planes.",
        _DEEP,
        make,
        _show,
        {"last hidden layer": _DEEP, "first maps": replace(_DEEP, a_layer="s2", b_layer="s2")},
    ),
)
