"""A3: a picture's values as a network wants them, and their histogram. Knows numbers and words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.figures.histogram import Axis, histogram_figure
from explorer.images.picture import Picture
from explorer.images.tensors import Histogram, histogram, normalise_centred, normalise_standard, planes
from explorer.models.feeding import CIFAR10_MEAN, CIFAR10_STD, MNIST_MEAN, MNIST_STD
from explorer.predictions import Choice
from explorer.settings.fields import OneOf
from explorer.ui.exhibit import Exhibit
from explorer.ui.frame import filling
from explorer.ui.images_are_tensors.pixels_view import Looked, Pixel, pixel_of, show_pixels
from explorer.ui.images_are_tensors.planes import picture_of
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart
from explorer.ui.stand import Stand
from explorer.words import fixed

NUMBERS = 270  # pixels beside a histogram
INK = {"R": "red", "G": "green", "B": "blue"}  # Streamlit's names for coloured words


@dataclass(frozen=True)
class Scheme:
    """What a network's makers subtract and divide by, for x / 255, one number a plane."""

    title: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    used_by: str


GREY = Scheme("MNIST", MNIST_MEAN, MNIST_STD, "LeNet-5 here")
SCHEMES = {
    scheme.title: scheme
    for scheme in (
        Scheme("CIFAR-10", CIFAR10_MEAN, CIFAR10_STD, "the colour network here"),
        Scheme("ImageNet", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225), "torchvision's networks"),
    )
}


@dataclass(frozen=True)
class Scaled(Looked):
    """scheme: whose mean and standard deviation, for a colour picture; a grey one has MNIST's."""

    scheme: Annotated[str, OneOf("", SCHEMES)] = "CIFAR-10"


@dataclass(frozen=True, eq=False)
class Way:
    """One way to scale values. axis: with each plane's histogram. formulas: with one pixel's numbers, a line a plane.

    digits: that the values are written with.
    """

    title: str
    axis: Axis
    formulas: tuple[str, ...]
    digits: int


def _make(settings: Scaled) -> tuple[Picture, Pixel, Scheme, list[Way]]:
    picture = picture_of(settings)
    raw, pixel = picture.pixels, pixel_of(settings.pixel, picture)
    scheme = GREY if raw.ndim == 2 else SCHEMES[settings.scheme]
    standard = partial(normalise_standard, mean=scheme.mean, std=scheme.std)
    ways = (
        ("Raw", "x", "{x}", lambda x: x),
        ("Centred", "x/255 − 0.5", "{x}/255 − 0.5 = {y}", normalise_centred),
        (
            f"Standardised for {scheme.title}",
            "(x/255 − mean)/std",
            "({x}/255 − {mean})/{std} = {y}",
            standard,
        ),
    )
    return picture, pixel, scheme, [_way(raw, pixel, scheme, *way) for way in ways]


def _way(raw: np.ndarray, pixel: Pixel, scheme: Scheme, title: str, unit: str, form: str, change: Callable) -> Way:
    row, column = pixel
    one = raw[row : row + 1, column : column + 1]
    values, ends = change(raw), change(_ends(raw))
    digits = 0 if values.dtype == np.uint8 else 3
    formulas = tuple(_substitute(form, one, change(one), scheme))
    axis = Axis(_histograms(values, raw), unit, (float(ends.min()), float(ends.max())))
    return Way(title, axis, formulas, digits)


def _histograms(values: np.ndarray, raw: np.ndarray) -> dict[str, Histogram]:
    """A histogram for each plane of values made from the uint8 picture `raw`, both (H, W) or (H, W, 3).

    One bin for each level from the plane's lowest to its highest: other bins would hold now three levels, now four,
    and show a comb that is not in the picture.
    """
    names = planes(raw).names
    levels = [int(np.ptp(plane)) + 1 for plane in planes(raw).arrays]
    return {name: histogram(plane, bins) for name, plane, bins in zip(names, _planes(values), levels, strict=True)}


def _ends(raw: np.ndarray) -> np.ndarray:
    """Black and white with as many planes as the picture: uint8 (2, 1) or (2, 1, 3)."""
    return np.stack([np.zeros_like(raw[0, :1]), np.full_like(raw[0, :1], 255)])


def _planes(values: np.ndarray) -> list[np.ndarray]:
    return [values] if values.ndim == 2 else [values[:, :, channel] for channel in range(values.shape[2])]


def _substitute(form: str, x: np.ndarray, y: np.ndarray, scheme: Scheme) -> list[str]:
    """The formula with one pixel's numbers, a line a plane, in the plane's colour. x, y: (1, 1) or (1, 1, 3)."""
    lines = []
    for i, (name, plane) in enumerate(zip(planes(x).names, _planes(x), strict=True)):
        values = {"x": plane.item(), "y": fixed(_planes(y)[i].item(), 3)}
        values |= {"mean": fixed(scheme.mean[i], 4), "std": fixed(scheme.std[i], 4)}
        text = form.format(**values)
        lines.append(f":{INK[name]}[**{name}**] {text}" if name in INK else text)
    return lines


def _show(made: tuple[Picture, Pixel, Scheme, list[Way]], stand: Stand[Scaled]) -> None:
    picture, (row, column), scheme, ways = made
    left, right = filling("normalised", "stretch", "stretch")
    with left:
        show_pixels(picture, stand)
    with right:
        head = st.container(horizontal=True, vertical_alignment="center")
        told = f"; for {scheme.used_by}." if stand.revealed else ": click another pixel."
        head.markdown(f"With the numbers of row {row}, column {column}{told}", width="stretch")
        if stand.revealed and scheme is not GREY:
            label = "Mean and standard deviation of"
            stand.choose(head, "scheme", label, list(SCHEMES), few=True, label_visibility="collapsed")
        shown = ways if stand.revealed else ways[:1]
        curves, numbers = filling("histograms", "stretch", NUMBERS)
        chart(stand, histogram_figure([way.axis for way in shown], dark=is_dark()), at=curves, height="stretch")
        with numbers.container(height="stretch", vertical_alignment="distribute"):
            for way in shown:
                with st.container(gap=None):
                    apart = " · " if way is ways[0] else "  \n"  # raw numbers are short
                    st.markdown(apart.join((f"**{way.title}**", *(f":small[{line}]" for line in way.formulas))))
                    st.markdown(_table(way.axis.counts, way.digits))


def _table(counts: Mapping[str, Histogram], digits: int) -> str:
    """Each plane's minimum, maximum, mean and standard deviation as a Markdown table, a line a plane."""
    fields = {"minimum": digits, "maximum": digits, "mean": max(1, digits), "std": max(1, digits)}
    rows = [["", "min", "max", "mean", "std"], ["---", *["--:"] * len(fields)]]
    for name, found in counts.items():
        plane = f":{INK[name]}[**{name}**]" if name in INK else name
        rows.append([plane, *(fixed(getattr(found, field), shown) for field, shown in fields.items())])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


EXHIBITS = (
    Exhibit(
        "A3",
        "Normalised for a network",
        "A network is given x/255 minus a mean, divided by a standard deviation. What becomes of the histogram's shape?",
        "It stays: every value is shifted and scaled alike, only the axis is another one. "
        "Centred values lie on both sides of zero, so that weights are pushed both ways while learning. "
        "A trained network must get the same mean and standard deviation as in its training: with another "
        "picture's brightness, its first layer answers to numbers it has never seen.",
        Scaled(),
        _make,
        _show,
        subject=True,
        predicted=Choice("The shape", ("stays", "becomes a bell"), "stays"),
    ),
)
