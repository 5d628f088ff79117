"""Every setting of the Activations page as a widget. Knows labels and places; computes nothing.

Impossible values are answered by the computation, not forbidden here.
"""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.layers.activation import ACTIVATIONS
from explorer.layers.initialisation import SCHEMES
from explorer.models.activations import ACTIVATION_LAYERS
from explorer.models.initialise import INITIALISATIONS
from explorer.probe.symmetry import MOST_STEPS
from explorer.ui.activations.exhibits import REACH, Settings
from explorer.ui.exhibits import change, place

PAGE = "activations"


def ask_functions(settings: Settings) -> None:
    columns = st.columns([4, 1], vertical_alignment="bottom")
    x = columns[0].slider("Read the functions at x", -REACH, REACH, float(settings.x), 0.05, key=_key("x"))
    change(PAGE, x=x, slope=_real(columns[1], "Leaky slope a", settings.slope, "slope"))


def ask_depths(settings: Settings) -> None:
    with st.expander("Settings", expanded=True):
        columns = st.columns(5, vertical_alignment="bottom")
        _ask_stack(settings, columns)
        names = list(INITIALISATIONS)
        scheme = columns[3].selectbox(
            "Initialisation", names, names.index(settings.scheme), INITIALISATIONS.get, key=_key("scheme")
        )
        slope = _real(columns[4], "Leaky slope a", settings.slope, "slope")
        columns = st.columns(5, vertical_alignment="bottom")
        bias = _real(columns[0], "Added to every bias", settings.bias, "bias", 0.5)
        steps = columns[1].number_input("Updates before measuring", value=settings.steps, step=1, key=_key("steps"))
        rate = _real(columns[2], "Learning rate of the updates", settings.rate, "rate")
        deviation = _real(columns[3], "Spread of the input", settings.deviation, "deviation", 0.5)
        batch_norm = columns[4].toggle("Batch normalisation", settings.batch_norm, key=_key("batch_norm"))
    change(
        PAGE, scheme=scheme, slope=slope, bias=bias, steps=steps, rate=rate, deviation=deviation, batch_norm=batch_norm
    )


def ask_schemes(settings: Settings) -> None:
    with st.expander("Settings", expanded=True):
        columns = st.columns(7, vertical_alignment="bottom")
        _ask_stack(settings, columns)
        names = list(ACTIVATIONS)
        activation = columns[3].selectbox(
            "Activation", names, names.index(settings.activation), _title, key=_key("activation")
        )
        slope = _real(columns[4], "Leaky slope a", settings.slope, "slope")
        deviation = _real(columns[5], "Spread of the input", settings.deviation, "deviation", 0.5)
        batch_norm = columns[6].toggle("Batch norm", settings.batch_norm, key=_key("batch_norm"))
    change(PAGE, activation=activation, slope=slope, deviation=deviation, batch_norm=batch_norm)


def ask_tiny(settings: Settings) -> None:
    columns = st.columns([3, 1, 1, 1], vertical_alignment="bottom")
    steps = columns[0].slider("Updates", 0, MOST_STEPS, settings.tiny_steps, key=_key("tiny_steps"))
    names = list(ACTIVATION_LAYERS)
    activation = columns[1].selectbox(
        "Hidden activation", names, names.index(settings.tiny_activation), _title, key=_key("tiny_activation")
    )
    names = list(SCHEMES)
    scheme = columns[2].selectbox(
        "Beside zeros", names, names.index(settings.tiny_scheme), _scheme_title, key=_key("tiny_scheme")
    )
    rate = _real(columns[3], "Learning rate", settings.tiny_rate, "tiny_rate", 0.1)
    change(PAGE, tiny_steps=steps, tiny_activation=activation, tiny_scheme=scheme, tiny_rate=rate)


def _ask_stack(settings: Settings, columns: list[DeltaGenerator]) -> None:
    """Depth, width and seed, in the first three columns."""
    depth = columns[0].number_input("Layers", value=settings.depth, step=1, key=_key("depth"))
    width = columns[1].number_input("Units a layer", value=settings.width, step=1, key=_key("width"))
    seed = columns[2].number_input("Seed", value=settings.seed, step=1, key=_key("seed"))
    change(PAGE, depth=depth, width=width, seed=seed)


def _real(column: DeltaGenerator, label: str, value: float, name: str, step: float = 0.01) -> float:
    """A box for a real number, written with as many digits as it needs."""
    return column.number_input(label, value=float(value), step=step, format="%.6g", key=_key(name))


def _key(name: str) -> str:
    return f"{PAGE} {name} {place(PAGE).exhibit} {place(PAGE).token}"


def _title(key: str) -> str:
    return "leaky ReLU" if key == "leaky" else ACTIVATIONS[key].title


def _scheme_title(key: str) -> str:
    return SCHEMES[key].title
