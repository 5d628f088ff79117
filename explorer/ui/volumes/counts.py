"""B1, B3 and B4: what layers of any size cost, once somebody has guessed. Knows numbers and words."""

from dataclasses import dataclass
from typing import Annotated

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.figures.costs import cost_figure
from explorer.layers.comparison import Comparison, compare_layers, neuron_weights
from explorer.layers.sizes import dense_formula, output_formula, parameter_formula
from explorer.predictions import Number
from explorer.settings.fields import Whole
from explorer.ui.exhibit import Exhibit
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, covered
from explorer.ui.stand import Stand
from explorer.words import about, counted, memory, times

MOST = 10**12
COVER = "Show the numbers", "Guess first, as a power of ten. Then show the numbers, or change a size in the settings."


@dataclass(frozen=True)
class Inputs:
    """The picture that one neuron is connected to."""

    rows: Annotated[int, Whole("Input rows", 1, MOST)]
    cols: Annotated[int, Whole("Input columns", 1, MOST)]
    channels: Annotated[int, Whole("Input channels", 1, MOST)]


@dataclass(frozen=True)
class Sizes(Inputs):
    """An imagined layer, only counted. window: the kernel's rows and columns; maps: output channels; margin: padding."""

    window: Annotated[int, Whole("Kernel, k×k", 1, 4096)]
    margin: Annotated[int, Whole("Padding", 0, 4096)]
    maps: Annotated[int, Whole("Feature maps", 1, MOST)]


def _count_neuron(inputs: Inputs) -> int:
    return neuron_weights(inputs.rows, inputs.cols, inputs.channels)


def _show_neuron(weights: int, stand: Stand[Inputs]) -> None:
    sizes = stand.settings
    with _large():
        hidden = covered(stand, *COVER)
        st.metric("Weights of one neuron", "?" if hidden else f"{weights:,}")
        if hidden:
            return
        st.markdown(
            f"rows·columns·channels = {sizes.rows:,}·{sizes.cols:,}·{sizes.channels:,} = **{weights:,}**, "
            "one bias beside them. A hidden layer has hundreds or thousands of such neurons."
        )


def _large() -> DeltaGenerator:
    """A place in the middle of the stage for the few numbers that are all there is to see."""
    return st.container(height="stretch", vertical_alignment="center", key="large")


def _compare(sizes: Sizes) -> Comparison:
    return compare_layers(sizes.rows, sizes.cols, sizes.channels, sizes.window, sizes.maps, padding=sizes.margin)


def _show_comparison(cost: Comparison, stand: Stand[Sizes]) -> None:
    if not stand.revealed:
        with _large():
            covered(stand, *COVER)
            for column, title in zip(st.columns(2), ("Convolution", "Fully connected"), strict=True):
                column.metric(f"{title}, parameters", "?", border=True)
        return
    sizes = stand.settings
    shape = "×".join(f"{n:,}" for n in cost.input_shape), "×".join(f"{n:,}" for n in cost.output_shape)
    left, right, ratio = st.columns([1, 1, 1])
    with left:
        st.metric("Convolution, parameters", f"{cost.convolution.parameters:,}", border=True)
        st.markdown(
            f"(k·k·Cin+1)·Cout = {parameter_formula(sizes.window, sizes.window, sizes.channels, sizes.maps)}  \n"
            f"{counted(cost.convolution.weights, 'weight')}"
        )
    with right:
        st.metric("Fully connected, parameters", f"{cost.dense.parameters:,}", border=True)
        st.markdown(
            f"(inputs+1)·outputs = {dense_formula(cost.inputs, cost.outputs)}  \n"
            f"{cost.inputs:,}×{cost.outputs:,} = {counted(cost.dense.weights, 'weight')}, about {about(cost.dense.weights)}"
        )
    with ratio:
        fewer = cost.times_fewer >= 1  # a wide kernel on a small input has more
        by = times(cost.times_fewer if fewer else 1 / cost.times_fewer)
        st.metric(f"The convolution has {'fewer' if fewer else 'more'} weights by", f"about {by}", border=True)
        size = output_formula(sizes.rows, sizes.window, 1, sizes.margin)
        st.markdown(
            f"From {shape[0]} to {shape[1]}; in memory {memory(cost.convolution.bytes)} against "
            f"{memory(cost.dense.bytes)}  \nRows {size}"
        )
    costs = {
        name: {"parameters": layer.parameters, "multiply-adds of one pass": layer.multiply_adds}
        for name, layer in {"convolution": cost.convolution, "fully connected": cost.dense}.items()
    }
    chart(stand, cost_figure(costs, dark=is_dark()), height="stretch")


COLOUR = Inputs(300, 300, 3)
EXHIBITS = (
    Exhibit(
        "B1",
        "One fully connected neuron",
        "One neuron is connected to every number of a 300×300 colour picture. How many weights has it?",
        "300·300·3 = 270,000, and that is one neuron of one layer.",
        COLOUR,
        _count_neuron,
        _show_neuron,
        {"300×300×3": COLOUR, "28×28×1": Inputs(28, 28, 1), "1080×1920×3": Inputs(1080, 1920, 3)},
        order=3,
        predicted=Number("weights", lambda weights: weights),
    ),
    Exhibit(
        "B3",
        "Against fully connected",
        "From 300×300 to 300×300: how many parameters has one 5×5 kernel, and how many a fully connected layer?",
        "5·5 + 1 = 26, against (90,000 + 1)·90,000 = 8,100,090,000, which is 8.1×10⁹.",
        Sizes(300, 300, 1, window=5, margin=2, maps=1),
        _compare,
        _show_comparison,
        order=3,
        predicted=Number("one kernel", lambda cost: cost.convolution.parameters),
    ),
    Exhibit(
        "B4",
        "The same for volumes",
        "From 32×32×3 to 28×28×64 with kernels of 5×5. How many times fewer weights has the convolution?",
        "About 32,000 times: 5·5·3·64 = 4,800 weights (4,864 with the biases) against 3,072 · 50,176 = 154,140,672.",
        Sizes(32, 32, 3, window=5, margin=0, maps=64),
        _compare,
        _show_comparison,
        order=3,
        predicted=Number("times", lambda cost: cost.dense.weights / cost.convolution.weights, near=0.1),
    ),
)
