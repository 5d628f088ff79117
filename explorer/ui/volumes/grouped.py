"""C18: kernels that see only some of the channels, stepped, and what that saves. Knows numbers, words and the screen."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.figures.stages import stages_figure
from explorer.layers.convolution import Walkthrough, convolve
from explorer.layers.grids import small_numbers
from explorer.layers.grouped import Groupings, channels_seen, compare_groupings
from explorer.predictions import Number
from explorer.settings.fields import Numbers, Switch, Whole
from explorer.settings.written import Volume, as_plain
from explorer.ui.exhibit import Exhibit
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, steps
from explorer.ui.stand import Stand
from explorer.ui.volumes.layer import SIZES_IN, board


@dataclass(frozen=True)
class Grouped:
    """A small layer that is stepped, as many maps as channels, and a larger one that is counted. mixed: its 1×1 is stepped."""

    input: Annotated[Volume, Numbers("Input", 3, SIZES_IN)]
    groups: Annotated[int, Whole("Groups", 1, 4096, "Of both layers. As many as channels: depthwise.")] = 2
    size: Annotated[int, Whole("Kernel, k×k", 1, 15, "Of both layers.")] = 3
    mixed: Annotated[bool, Switch("Then a 1×1")] = False
    seed: Annotated[int, Whole("Kernels’ seed", 0, 10**6)] = 1
    channels: Annotated[int, Whole("Counted: Cin", 1, 4096)] = 32
    features: Annotated[int, Whole("Counted: Cout", 1, 4096)] = 64
    side: Annotated[int, Whole("Counted: map, n×n", 1, 4096)] = 28


def make(chosen: Grouped) -> tuple[Walkthrough, Groupings]:
    """What is stepped, and what is counted. Raises ExplorerError for groups that do not divide both layers' channels."""
    cin, groups, k = len(chosen.input), chosen.groups, chosen.size
    counts = compare_groupings(k, chosen.channels, chosen.features, groups, chosen.side, chosen.side)
    walk = convolve(chosen.input, small_numbers((cin, max(1, cin // groups), k, k), chosen.seed), groups=groups)
    if chosen.mixed:
        walk = convolve(walk.output, small_numbers((cin, cin, 1, 1), chosen.seed, -1, 1))
    return walk, counts


def _show(made: tuple[Walkthrough, Groupings], stand: Stand[Grouped]) -> None:
    walk, counts = made
    drawn, cin = board(walk), len(walk.image)
    given = ("kernel", "input")[: 1 + stand.settings.mixed]  # by the seed, and by the first of both layers: not by hand
    fixed = {name: replace(drawn.grids[name], editable=False, names=None) for name in given}
    steps(stand, replace(drawn, grids=drawn.grids | fixed))
    left, *columns = st.columns([1.3, 1, 1, 1], gap="medium")
    seen = {"1: its kernel sees that channel": channels_seen(cin, cin, walk.groups).astype(np.float64)}
    names, rows = [f"channel {i}" for i in range(cin)], [f"map {i}" for i in range(cin)]
    chart(stand, stages_figure(seen, names, dark=is_dark(), rows=rows, apart=False), "seen", left)
    if not stand.revealed:
        return columns[0].caption("Predict first: the costs stand here once you step or reveal the answer.")
    for column, cost in zip(columns, (counts.full, counts.grouped, counts.separable), strict=True):
        column.metric(f"Weights, {cost.name}", f"{cost.weights:,}", border=True)
        column.markdown(f"{cost.weights_sum}  \nMultiply-adds {cost.multiply_sum}")
    return st.markdown(f"Separable against full: {counts.ratio_formula}, of the weights as of the multiply-adds.")


TWO = Grouped(as_plain(small_numbers((4, 5, 5), seed=2, low=0, high=5)))
DEPTHWISE = replace(TWO, groups=4)
EXHIBITS = (
    Exhibit(
        "C18",
        "Grouped and depthwise",
        "A full 3×3 from 32 to 64 channels has 18,432 weights: every kernel sees every channel. How many are left in two "
        "groups? And if each channel is convolved by itself and a 1×1 then mixes them?",
        "In two groups each kernel sees half of the channels: 9,216. Depthwise 3×3, then 1×1: 288 + 2,048 = 2,336, which is "
        "1/64 + 1/9 of the full one. The price: no kernel finds a pattern across groups; the 1×1 has to mix them.",
        TWO,
        make,
        _show,
        {"two groups": TWO, "depthwise": DEPTHWISE, "then 1×1": replace(DEPTHWISE, mixed=True)},
        hidden=("Multiply-adds", "2,336/18,432 = 1/64 + 1/9 = 0.1267"),
        predicted=Number("in two groups", lambda made: made[1].grouped.weights),
    ),
)
