"""H1: activation functions and their slopes. Knows words and the screen."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.figures.activations import Curve, curves_figure
from explorer.layers.activation import LEAKY_SLOPE, Activation, normal_mean, with_slope
from explorer.models.activations import ACTIVATION_LAYERS
from explorer.predictions import Number
from explorer.probe.activation_cost import nanoseconds_per_value
from explorer.settings.fields import Real
from explorer.ui.exhibit import Exhibit
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, covered, side_by_side
from explorer.ui.stand import Stand
from explorer.words import short, written

REACH = 8.0  # the curves are drawn from −REACH to REACH
_X = np.linspace(-REACH, REACH, 641)


@dataclass(frozen=True)
class Functions:
    """x: the point that is read. slope: leaky ReLU's a."""

    x: Annotated[float, Real("Read the functions at x", -REACH, REACH, step=0.05, slider=True)] = 2.0
    slope: Annotated[float, Real("Leaky slope a", step=0.01)] = LEAKY_SLOPE


def make(settings: Functions) -> list[Activation]:
    """Every activation of a network, leaky ReLU with its slope."""
    return [with_slope(key, settings.slope) for key in ACTIVATION_LAYERS]


def _show(functions: list[Activation], stand: Stand[Functions]) -> None:
    x = np.array(stand.settings.x)
    row = side_by_side(stand)
    values = [Curve(f.title, f.value(_X), float(f.value(x))) for f in functions]
    slopes = [Curve(f.title, f.slope(_X), float(f.slope(x))) for f in functions]

    def draw(name: str, curves: list[Curve], span: tuple[float, float]) -> None:
        figure = curves_figure(_X, curves, float(x), dark=is_dark(), y=name, span=span)
        chart(stand, figure, name, height="stretch")

    with row.container(height="stretch"):
        draw("f(x)", values, (-1.5, 3.0))
    with row.container(height="stretch"):
        hidden = covered(stand, "Show the slopes", "Predict first. Where is each curve steepest?", in_place=True)
        if not hidden:
            draw("f′(x)", slopes, (-0.1, 1.15))
    costs = nanoseconds_per_value()
    st.table(
        [
            {
                "function": f.title,
                "f(x)": f.formula,
                f"f({written(x, 6)})": short(value.at),
                **_slopes(f, slope.at, x, hidden=hidden),
                "mean output": short(round(normal_mean(f.value), 3) + 0.0),
                "zero-centred": "yes" if f.zero_centred else "no",
                "saturates": _saturation(f),
                "cost of one value": f"{f.cost}; {written(costs[f.key], 2)} ns",
            }
            for f, value, slope in zip(functions, values, slopes, strict=True)
        ],
        hide_index=True,
    )
    st.caption(
        "Mean output: for inputs from N(0, 1). Nanoseconds: PyTorch on this machine, one thread, the best of 20 tries."
    )


def _slopes(function: Activation, at: float, x: np.ndarray, *, hidden: bool) -> dict[str, str]:
    """What the table says of slopes; while they are asked, the place where it will stand, so that the table stays as it is."""
    told = {f"f′({written(x, 6)})": short(at), "largest slope": written(function.largest_slope, 6)}
    return dict.fromkeys(told, "?") if hidden else told


def _saturation(function: Activation) -> str:
    if function.saturates:
        return "on both sides"
    return "below 0" if function.slope(np.array(-1.0)) == 0 else "no"


READ = Functions()
EXHIBITS = (
    Exhibit(
        "H1",
        "Functions and slopes",
        "Where is the slope of the sigmoid largest, and how large is it there? What is left of it at x = 5?",
        "At 0, where it is 0.25: σ′ = σ·(1 − σ). At 5 it is 0.0066: the sigmoid is saturated and lets hardly any gradient "
        "through; tanh, with slope 1 at 0, is saturated even sooner. ReLU has slope 1 for every positive x and 0 for every "
        "negative one; leaky ReLU keeps a little there (a = 1 would be a straight line). The sigmoid's and ReLU's outputs are "
        "never negative, so the next layer's inputs are not centred at zero.",
        READ,
        make,
        _show,
        {
            "x = 0": replace(READ, x=0.0),
            "x = 2": READ,
            "x = 5": replace(READ, x=5.0),
            "a = 0.2": replace(READ, slope=0.2),
        },
        predicted=Number("largest slope", lambda shown: shown[0].largest_slope),
    ),
)
