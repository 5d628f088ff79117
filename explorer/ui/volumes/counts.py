"""Counting on the Volumes page: what layers of any size cost. Knows the screen; computes nothing itself."""

from functools import partial

import streamlit as st

from explorer.figures.costs import cost_figure
from explorer.layers.comparison import Comparison, compare_layers, neuron_weights
from explorer.layers.sizes import dense_formula, output_formula, parameter_formula
from explorer.ui.exhibits import Exhibit, change, place, valid
from explorer.ui.shell import is_dark
from explorer.ui.volumes.exhibits import Sizes
from explorer.words import about, counted, memory, times

PLOTLY = {"displayModeBar": False}


def ask_sizes(page: str, exhibit: Exhibit[Sizes]) -> None:
    """The sizes as number boxes; impossible ones are answered by the computation."""
    here = place(page)
    labels = {"rows": "Input rows", "cols": "Input columns", "channels": "Input channels"}
    if exhibit.id != "B1":
        labels |= {"window": "Kernel, k×k", "margin": "Padding", "maps": "Feature maps"}
    columns = st.columns(6)
    wanted = {
        name: column.number_input(
            label, value=getattr(here.settings, name), step=1, key=f"{page} {exhibit.id} {name} {here.token}"
        )
        for column, (name, label) in zip(columns, labels.items(), strict=False)
    }
    change(page, **wanted)


def show_counts(page: str, exhibit: Exhibit[Sizes]) -> None:
    """The numbers, hidden until they are asked for or a size is changed."""
    shown, _ = valid(page, exhibit, partial(_count, exhibit))
    covered = f"covered {page} {exhibit.id}"
    if shown == exhibit.settings and st.session_state.get(covered, True):
        st.button("Show the numbers", key=f"uncover {page} {exhibit.id}", on_click=_uncover, args=(covered,))
        st.caption("Guess first, as a power of ten. Then show the numbers, or change a size below.")
        return
    st.session_state[covered] = False
    _SHOW.get(exhibit.id, _show_comparison)(shown)


def _uncover(covered: str) -> None:
    st.session_state[covered] = False


def _count(exhibit: Exhibit[Sizes], sizes: Sizes) -> Comparison | int:
    if exhibit.id == "B1":
        return neuron_weights(sizes.rows, sizes.cols, sizes.channels)
    return compare_layers(sizes.rows, sizes.cols, sizes.channels, sizes.window, sizes.maps, padding=sizes.margin)


def _show_neuron(sizes: Sizes) -> None:
    weights = neuron_weights(sizes.rows, sizes.cols, sizes.channels)
    st.metric("Weights of one neuron", f"{weights:,}")
    st.markdown(
        f"rows·columns·channels = {sizes.rows:,}·{sizes.cols:,}·{sizes.channels:,} = **{weights:,}**, one bias beside them. "
        "A hidden layer has hundreds or thousands of such neurons."
    )


def _show_comparison(sizes: Sizes) -> None:
    cost = compare_layers(sizes.rows, sizes.cols, sizes.channels, sizes.window, sizes.maps, padding=sizes.margin)
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
    layers = {"convolution": cost.convolution, "fully connected": cost.dense}
    figure = cost_figure(
        {
            name: {"parameters": layer.parameters, "multiply-adds of one pass": layer.multiply_adds}
            for name, layer in layers.items()
        },
        dark=is_dark(),
    )
    st.plotly_chart(figure, key="cost_chart", config=PLOTLY, theme=None)


_SHOW = {"B1": _show_neuron}
