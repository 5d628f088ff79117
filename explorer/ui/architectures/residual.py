"""I3: gradients with and without skips, and a trained block's sum. Knows the screen and words; computes nothing itself."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.figures.maps import map_figure
from explorer.figures.spread import Line, spread_figure
from explorer.images.samples import load_sample
from explorer.models.registry import MODELS
from explorer.predictions import Choice
from explorer.probe.facts import shape_text
from explorer.probe.recording import record
from explorer.probe.residual import FACTORS, MOST_DEPTH, MOST_SEED, DeepSettings, TwoStacks
from explorer.settings.fields import OneOf, Switch, Whole
from explorer.ui import cache
from explorer.ui.exhibit import Exhibit
from explorer.ui.frame import filling
from explorer.ui.networks import current
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, covered
from explorer.ui.stand import Stand
from explorer.words import added, fixed, short, written

SCHEMES = {"default": "PyTorch's own", "xavier": "Xavier", "he": "He"}
RESIDUAL = ("resnet18", "maxpool", "layer1.0.bn2", "layer1.0")  # the network, what goes in, F(x), what comes out
CHANNELS = 64  # of that block


@dataclass(frozen=True)
class Skip:
    """The deep stacks, and the channel of ResNet-18's first block that is shown."""

    depth: Annotated[int, Whole("Layers", 1, MOST_DEPTH, slider=True)] = 50
    scheme: Annotated[str, OneOf("First weights", tuple(FACTORS), SCHEMES.__getitem__)] = "default"
    batch_norm: Annotated[bool, Switch("Batch norm")] = False
    seed: Annotated[int, Whole("Seed", 0, MOST_SEED)] = 0
    channel: Annotated[int, Whole("", 0, CHANNELS - 1)] = 0


@dataclass(frozen=True, eq=False)
class Sum:
    """One channel of a residual block: float32 (H, W) each; output is after the block's last ReLU."""

    x: np.ndarray
    change: np.ndarray
    output: np.ndarray
    random: bool

    @property
    def error(self) -> float:
        """The largest difference between ReLU(x + F(x)) and what the block put out."""
        return float(np.abs(np.maximum(self.x + self.change, 0) - self.output).max())


def make(settings: Skip) -> tuple[TwoStacks, Sum]:
    """Both stacks' gradients, and the block's sum on the cat."""
    name, *layers = RESIDUAL
    loaded = current(name)
    recording = record(loaded.network, MODELS[name].feeding.preprocess(load_sample("cat").pixels), layers)
    maps = (recording.outputs[layer][0, settings.channel].numpy() for layer in layers)
    deep = DeepSettings(settings.depth, scheme=settings.scheme, batch_norm=settings.batch_norm, seed=settings.seed)
    return cache.two_stacks(deep), Sum(*maps, loaded.random)


def _show(made: tuple[TwoStacks, Sum], stand: Stand[Skip]) -> None:
    stacks, parts = made
    left, right = filling("sum", "stretch", "stretch")
    with left:
        _show_gradients(stacks, stand)
    with right:
        _show_sum(parts, stand)


def _show_gradients(stacks: TwoStacks, stand: Stand[Skip]) -> None:
    if covered(stand, "Show the gradients", "Predict first. Beside: what one residual block adds.", in_place=True):
        return
    lines = [
        Line("x + F(x)", stacks.residual, stacks.residual_theory, colour=0),
        Line("F(x) alone", stacks.plain, stacks.plain_theory, colour=1),
    ]
    chart(stand, spread_figure(lines, dark=is_dark(), y="spread of the gradient"), "gradients", height="stretch")
    theory = "" if stand.settings.batch_norm else " Dashed: theory."
    st.caption(
        f"Standard deviation of ∂L/∂x by layer, measured; 0 is the input, at layer {stand.settings.depth} it is 1.{theory} At "
        f"the input: {short(stacks.residual[0])} with the skip, {short(stacks.plain[0])} without."
    )


def _show_sum(parts: Sum, stand: Stand[Skip]) -> None:
    row = st.container(horizontal=True, vertical_alignment="center")
    marked = ", random weights" if parts.random else ""
    channel = stand.settings.channel
    row.markdown(f"**ResNet-18's first block, channel {channel}**{marked}: output = ReLU(x + F(x))", width="stretch")
    stand.number(row, "channel", "Channel", CHANNELS - 1, label_visibility="collapsed", width=130)
    drawn = (("x", parts.x, False), ("F(x)", parts.change, True), ("ReLU(x + F(x))", parts.output, False))
    for column, (title, values, signed) in zip(filling("maps", *["stretch"] * 3), drawn, strict=True):
        column.caption(f"{title}, {shape_text(values.shape)}")
        figure = map_figure(values, signed=signed, dark=is_dark(), name=title)
        chart(stand, figure, f"sum {title}", column, height="stretch")
    passed = np.abs(parts.change) * (parts.output > 0)  # where there is something to see after the ReLU
    row, column = np.unravel_index(int((passed if passed.any() else np.abs(parts.change)).argmax()), parts.x.shape)
    x, inner = float(parts.x[row, column]), float(parts.change[row, column])
    st.markdown(
        f"Row {row}, column {column}: {added([fixed(x, 3), fixed(inner, 3)])} = {fixed(x + inner, 3)}, after ReLU "
        f"**{fixed(float(parts.output[row, column]), 3)}**."
    )
    st.caption(f"Over the whole map the largest difference between sum and output is {written(parts.error, 1)}.")


EXHIBITS = (
    Exhibit(
        "I3",
        "Residual block",
        "A gradient goes back through 50 layers whose weights are small. What is left of it at the first, and what if every "
        "layer adds its output to its input?",
        "Almost nothing without: every layer multiplies its mean square by n·Var(w)/2, with PyTorch's own weights by 1/6. "
        "With output = x + F(x), the derivative is 1 + F′: the 1 carries the gradient through, however small F′ is. It can "
        "also grow, by 1 + n·Var(w)/2 a layer; ResNets keep that small by batch normalisation inside F.",
        Skip(),
        make,
        _show,
        {
            "PyTorch's own": Skip(),
            "He": Skip(scheme="he"),
            "He and batch norm": Skip(scheme="he", batch_norm=True),
        },
        hidden=("with the skip, ",),
        predicted=Choice("Without the sum", ("nearly all", "half", "almost nothing"), "almost nothing"),
    ),
)
