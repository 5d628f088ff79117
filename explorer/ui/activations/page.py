"""The Activations page: functions and slopes, gradients by depth, first weights. Knows the screen; computes nothing itself."""

import numpy as np
import streamlit as st

from explorer.figures.activations import Curve, curves_figure
from explorer.figures.spread import Line, idle_figure, spread_figure
from explorer.layers.activation import Activation, normal_mean, with_slope
from explorer.probe.activation_cost import nanoseconds_per_value
from explorer.probe.spread import Spread
from explorer.training.duels import DUELS
from explorer.ui import cache
from explorer.ui.activations.exhibits import CODECS, EXHIBITS, REACH, SHOWN, Settings
from explorer.ui.activations.settings import PAGE, ask_depths, ask_functions, ask_schemes
from explorer.ui.activations.weights import QUIET, make_schemes, show_schemes, show_zeros
from explorer.ui.duel import show_duel
from explorer.ui.exhibits import choose_exhibit, mirror, place, valid
from explorer.ui.shell import is_dark
from explorer.words import counted, short, written

_X = np.linspace(-REACH, REACH, 641)


@st.fragment
def explore() -> None:
    """One exhibit: question, what it shows, settings."""
    exhibit = choose_exhibit(PAGE, EXHIBITS, CODECS)
    stage, below = st.container(), st.container()
    with below:  # asked first, shown last: what is drawn above is already what was asked for
        _ASK[exhibit.id](place(PAGE).settings)
    with stage:
        shown, made = valid(PAGE, exhibit, _MAKE[exhibit.id])
        _SHOW[exhibit.id](shown, made)
    if exhibit.id == "H3":
        show_zeros(exhibit, shown.seed)
    if exhibit.id in DUELS:
        show_duel(exhibit.id)
    mirror(PAGE, exhibit, CODECS)


# ── H1: functions and slopes ────────────────────────────────────────────────────────────────────────────────


def _make_functions(settings: Settings) -> list[Activation]:
    return [with_slope(key, settings.slope) for key in SHOWN]


def _show_functions(settings: Settings, functions: list[Activation]) -> None:
    x = np.array(settings.x)
    left, right = st.columns(2, gap="medium")
    values = [Curve(f.title, f.value(_X), float(f.value(x))) for f in functions]
    slopes = [Curve(f.title, f.slope(_X), float(f.slope(x))) for f in functions]
    for column, name, curves, span in ((left, "f(x)", values, (-1.5, 3.0)), (right, "f′(x)", slopes, (-0.1, 1.15))):
        figure = curves_figure(_X, curves, settings.x, dark=is_dark(), y=name, span=span)
        column.plotly_chart(figure, key=f"curves {name}", config=QUIET, theme=None)
    costs = nanoseconds_per_value()
    st.table(
        [
            {
                "function": f.title,
                "f(x)": f.formula,
                f"f({written(settings.x, 6)})": short(value.at),
                f"f′({written(settings.x, 6)})": short(slope.at),
                "largest slope": written(f.largest_slope, 6),
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


def _saturation(function: Activation) -> str:
    if function.saturates:
        return "on both sides"
    return "below 0" if function.slope(np.array(-1.0)) == 0 else "no"


# ── H2: gradients by depth ──────────────────────────────────────────────────────────────────────────────────


def _make_depths(settings: Settings) -> list[Spread]:
    return [cache.spread(settings.stack(key, settings.scheme)) for key in SHOWN]


def _show_depths(settings: Settings, spreads: list[Spread]) -> None:
    named = [(with_slope(s.settings.activation, settings.slope).title, s) for s in spreads]
    left, right = st.columns(2, gap="medium")
    gradients = [Line(title, s.gradients, colour=i) for i, (title, s) in enumerate(named)]
    figure = spread_figure(gradients, dark=is_dark(), y="spread of the gradient")
    left.plotly_chart(figure, key="gradients by depth", config=QUIET, theme=None)
    left.caption("Standard deviation of ∂L/∂(a layer's outputs); layer 0 is the input. 0 is not on a logarithmic axis.")
    idle = [Line(title, s.idle, colour=i) for i, (title, s) in enumerate(named) if s.idle is not None]
    figure = idle_figure(idle, dark=is_dark(), y="dead or saturated")
    right.plotly_chart(figure, key="idle by depth", config=QUIET, theme=None)
    right.caption(
        f"ReLU: units that are 0 on all {counted(named[0][1].inputs, 'input')}. "
        "Sigmoid and tanh: values whose slope is below 1/20 of the largest."
    )
    st.table([_depth_row(title, s) for title, s in named], hide_index=True)


def _depth_row(title: str, spread: Spread) -> dict[str, str]:
    depth, (first, last) = spread.settings.depth, (spread.gradients[0], spread.gradients[-1])
    units = depth * spread.settings.width
    if spread.dead is not None:
        idle = f"{spread.dead.sum():,} of {counted(units, 'unit')} dead"
    elif spread.saturated is not None:
        idle = f"{spread.saturated.mean():.1%} of the values saturated"
    else:
        idle = "none can die"
    return {
        "activation": title,
        f"gradient at layer {depth}": short(last),
        "at the input": short(first),
        "a layer multiplies it by": short((first / last) ** (1 / depth)),
        "dead or saturated": idle,
    }


_MAKE = {"H1": _make_functions, "H2": _make_depths, "H3": make_schemes}
_SHOW = {"H1": _show_functions, "H2": _show_depths, "H3": show_schemes}
_ASK = {"H1": ask_functions, "H2": ask_depths, "H3": ask_schemes}
