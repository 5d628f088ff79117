"""The page's exhibits A1 to A4: pixels, planes, normalisation, other grids. Knows the screen; computes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from explorer.figures.histogram import histogram_figure
from explorer.figures.signals import signal_figure
from explorer.images.picture import Picture
from explorer.images.samples import load_sample
from explorer.images.signals import Signal, audio, eeg, video
from explorer.images.tensors import Histogram, histogram, normalise_centred, normalise_standard, planes
from explorer.models.feeding import CIFAR10_MEAN, CIFAR10_STD, MNIST_MEAN, MNIST_STD
from explorer.ui.images_are_tensors.pixels_view import Pixel, show_pixels
from explorer.ui.pickers import look_at_sample, pick_picture
from explorer.ui.shell import is_dark
from explorer.ui.state import choice
from explorer.words import counted, fixed

FIRST = "cat"  # the sample that is looked at until a picture is drawn or chosen
CIRCLES = "red-circle"
INK = {"R": "red", "G": "green", "B": "blue"}  # Streamlit's names for coloured words
QUIET = {"displayModeBar": False}

EXHIBITS = {
    "A1": "A grey picture is a matrix: 0 is black, 255 is white.",
    "A2": "A colour picture is a tensor of height × width × 3: its planes R, G and B, apart and together.",
    "A3": "Normalisation and what it does to the histogram.",
    "A4": "The same on other grids: sound, brain waves, video.",
}


@dataclass(frozen=True)
class Scheme:
    """What a network's makers subtract and divide by, for x / 255, one number a plane."""

    title: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    used_by: str


GREY_SCHEMES = (Scheme("MNIST", MNIST_MEAN, MNIST_STD, "LeNet-5 here"),)
COLOUR_SCHEMES = (
    Scheme("CIFAR-10", CIFAR10_MEAN, CIFAR10_STD, "the colour network here"),
    Scheme("ImageNet", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225), "torchvision's networks"),
)
GRIDS: dict[str, Callable[[], Signal]] = {"Sound": audio, "Brain waves": eeg, "Video": video}


def show() -> None:
    """The whole page below its title."""
    _pictures()
    _other_grids()
    with st.expander("Exhibits on this page"):
        st.table([{"id": name, "what is shown": words} for name, words in EXHIBITS.items()], hide_index=True)


@st.fragment
def _pictures() -> None:
    """A1 to A3 about the chosen picture. A fragment: a click on a pixel leaves the rest of the page alone."""
    left, right = st.columns([1, 2.7], gap="medium")
    with left:
        picture = pick_picture().picture
        if picture is None:
            picture = load_sample(FIRST)
            st.caption("The cat is shown until you draw or choose a picture.")
        _ask_about_circles()
    with right:
        _heading("Numbers in a grid", "A1", "A2")
        pixel = show_pixels(picture, key="pixels")
    _normalisation(picture, pixel)


def _heading(words: str, *exhibits: str) -> None:
    badges = " ".join(f":gray-badge[{name}]" for name in exhibits)
    st.markdown(f"#### {words} {badges}")


# ── A2: predict, then reveal ─────────────────────────────────────────────────────────────────────────


def _ask_about_circles() -> None:
    with st.container(border=True):
        st.markdown("**Predict.** A red circle lies among green and blue ones on white. Which are dark in plane R?")
        guess = st.radio(
            "Dark in plane R",
            ["the red one", "the green and the blue ones"],
            index=None,
            key="circles_guess",
            label_visibility="collapsed",
        )
        if guess:
            right = guess != "the red one"
            st.markdown(
                f"{'Yes' if right else 'No'}: R is 220 in the red circle, but 20 and 60 in the others. "
                "White has all of R, G and B, 255 each: on white, red nearly vanishes from plane R. "
                "Press R under the picture and look."
            )
        if not (choice().source == "sample" and choice().sample == CIRCLES):
            st.button("Show that picture", on_click=look_at_sample, args=(CIRCLES,), width="stretch")


# ── A3 ───────────────────────────────────────────────────────────────────────────────────────────────


def _normalisation(picture: Picture, pixel: Pixel) -> None:
    _heading("Normalised for a network", "A3")
    scheme = _pick_scheme(GREY_SCHEMES if picture.pixels.ndim == 2 else COLOUR_SCHEMES)
    row, column = pixel
    st.caption(f"Formulas with the numbers of the pixel in row {row}, column {column}: click another one above.")
    raw = picture.pixels
    one = raw[row : row + 1, column : column + 1]
    ways: tuple[tuple[str, str, Scheme | None, Callable[[np.ndarray], np.ndarray]], ...] = (
        ("x", "{x}", None, lambda x: x),
        ("x/255 − 0.5", "{x}/255 − 0.5 = {y}", None, normalise_centred),
        (
            "(x/255 − mean)/std",
            "({x}/255 − {mean})/{std} = {y}",
            scheme,
            partial(normalise_standard, mean=scheme.mean, std=scheme.std),
        ),
    )
    titles = ("Raw", "Centred", f"Standardised for {scheme.title}")
    for place, title, (unit, form, of, change) in zip(st.columns(3, gap="medium"), titles, ways, strict=True):
        values, ends = change(raw), change(_ends(raw))
        counts = _histograms(values, raw)
        with place:
            st.markdown(f"**{title}: {unit}**")
            st.plotly_chart(
                histogram_figure(counts, dark=is_dark(), unit=unit, span=(float(ends.min()), float(ends.max()))),
                key=f"histogram {unit}",
                theme=None,
                config=QUIET,
            )
            st.markdown("  \n".join(_substitute(form, one, change(one), of)))
            st.markdown(_table(counts, digits=0 if values.dtype == np.uint8 else 3))
    with st.expander("What changes, and what does not"):
        st.markdown(
            "The shape of each histogram stays: every value is shifted and scaled alike, only the axis is another one. "
            "Centred values lie on both sides of zero, so that weights are pushed both ways while learning. "
            "A trained network must get the same mean and standard deviation as in its training: with another "
            "picture's brightness, its first layer answers to numbers it has never seen."
        )


def _pick_scheme(schemes: tuple[Scheme, ...]) -> Scheme:
    """The scheme for the third histogram; without a choice where the picture's planes leave only one."""
    if len(schemes) == 1:
        st.caption(f"Mean and standard deviation of {schemes[0].title}, for {schemes[0].used_by}.")
        return schemes[0]
    title = st.segmented_control(
        "Mean and standard deviation",
        [scheme.title for scheme in schemes],
        format_func={scheme.title: f"{scheme.title} ({scheme.used_by})" for scheme in schemes}.__getitem__,
        key="scheme_widget",
        default=schemes[0].title,
        required=True,
    )
    return next(scheme for scheme in schemes if scheme.title == title)


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


def _substitute(form: str, x: np.ndarray, y: np.ndarray, scheme: Scheme | None) -> list[str]:
    """The formula with one pixel's numbers, a line a plane, in the plane's colour. x, y: (1, 1) or (1, 1, 3)."""
    lines = []
    for i, (name, plane) in enumerate(zip(planes(x).names, _planes(x), strict=True)):
        values = {"x": plane.item(), "y": fixed(_planes(y)[i].item(), 3)}
        if scheme:
            values |= {"mean": fixed(scheme.mean[i], 4), "std": fixed(scheme.std[i], 4)}
        text = form.format(**values)
        lines.append(f":{INK[name]}[**{name}**] {text}" if name in INK else text)
    return lines


def _table(counts: dict[str, Histogram], digits: int) -> str:
    """Each plane's minimum, maximum, mean and standard deviation as a Markdown table."""
    head = "| plane | min | max | mean | std |\n|---|--:|--:|--:|--:|\n"
    rows = []
    for name, found in counts.items():
        edges = [fixed(value, digits) for value in (found.minimum, found.maximum)]
        middle = [fixed(value, max(1, digits)) for value in (found.mean, found.std)]
        label = f":{INK[name]}[**{name}**]" if name in INK else name
        rows.append(f"| {label} | {' | '.join(edges + middle)} |")
    return head + "\n".join(rows)


# ── A4 ───────────────────────────────────────────────────────────────────────────────────────────────


@st.fragment
def _other_grids() -> None:
    _heading("Other grids, the same operation", "A4")
    title = st.segmented_control(
        "Grid", list(GRIDS), key="grid_widget", default="Sound", required=True, label_visibility="collapsed"
    )
    signal = GRIDS[title]()
    left, right = st.columns([1, 3], gap="medium")
    with left:
        st.markdown(f"**{signal.title}**")
        st.markdown(f"Tensor: `{signal.values.shape}`  \n{' × '.join(signal.axes)}")
        st.markdown(f"{counted(signal.sample_rate, 'step')} a second; values: {signal.unit}")
        st.markdown(signal.what_a_kernel_is)
    with right:
        st.plotly_chart(signal_figure(signal, dark=is_dark()), key=f"grid_{title}", theme=None, config=QUIET)
