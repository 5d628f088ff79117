"""F4: how much each pixel counts for a unit, trained beside untrained. Knows words; computes nothing itself."""

from dataclasses import dataclass

import streamlit as st
from torch import nn

from explorer.errors import ExplorerError
from explorer.figures.field import heat_on_picture
from explorer.models.registry import find
from explorer.probe.effective import EffectiveField, effective_field
from explorer.probe.spans import Box
from explorer.ui import cache
from explorer.ui.exhibit import Exhibit
from explorer.ui.networks import RANDOM
from explorer.ui.plain import plain
from explorer.ui.receptive_field.unit import PLACES, OneUnit, Seen, look, pick
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, side_by_side
from explorer.ui.stand import Stand
from explorer.words import short

TRAINED = "Trained"


@dataclass(frozen=True)
class Counts:
    """sides: title → the unit's gradient on the picture; none where `problem` says why. box: all that it can see."""

    seen: Seen
    box: Box | None = None
    sides: dict[str, EffectiveField] | None = None
    problem: str = ""


def make(settings: OneUnit) -> Counts:
    """The unit, and its gradient with the weights there are and with random ones. Another layer may have one."""
    seen = look(settings, _CONV5.node)
    box = seen.field.box(*seen.at)
    if box is None:
        return Counts(seen, problem=f"What {seen.node.name} sees is not known: choose a layer before it.")
    networks = {} if seen.loaded.random else {TRAINED: (seen.loaded.network, seen.weights)}
    networks["Random weights"] = (cache.random_network(seen.name), (seen.name, RANDOM))
    try:
        sides = {title: _effective(seen, network, weights, box) for title, (network, weights) in networks.items()}
    except ExplorerError as error:
        return Counts(seen, problem=str(error))
    return Counts(seen, box, sides)


def _effective(seen: Seen, network: nn.Module, weights: tuple[object, ...], box: Box) -> EffectiveField:
    def make() -> EffectiveField:
        steps = cache.steps_of(weights, _network=network, _shape=tuple(seen.inputs.shape[1:]))
        return effective_field(steps, seen.inputs, seen.node.name, *seen.at, box)

    return cache.kept("effective field", (*weights, seen.key[-1], seen.node.name, *seen.at), _make=make)


def _show(made: Counts, stand: Stand[OneUnit]) -> None:
    """The gradient of each side, and the shares."""
    seen, box = made.seen, made.box
    pick(seen, stand)
    if made.problem:
        st.error(plain(made.problem))
        return
    row = side_by_side(stand)
    for title, one in made.sides.items():
        with row.container(height="stretch"):
            st.markdown(f"**{title}**" + (f" · {plain(seen.loaded.weights)}" if title == TRAINED else ""))
            figure = heat_on_picture(seen.pixels, one.values, box, dark=is_dark(), name=title)
            chart(stand, figure, f"effective {title}", height="stretch")
            st.markdown(_shares(one))
    if seen.loaded.random:
        other = row.container(height="stretch")
        other.markdown(f"**{TRAINED}**")
        other.info(f"{plain(find(seen.name).title)} has {RANDOM} here: fetch or upload trained ones to compare.")
    row, column = seen.at
    st.caption(
        f"How much each pixel changes the mean over all channels in row {row}, column {column} (|gradient|, summed over the "
        f"input's channels). Outlined: all that the unit can see, {box[2] - box[0]}×{box[3] - box[1]}."
    )


def _shares(one: EffectiveField) -> str:
    if one.centre is None:
        return "No pixel changes this unit here: its gradient is 0 everywhere."
    rows, columns = one.box[2] - one.box[0], one.box[3] - one.box[1]
    return (
        f"Middle half: **{one.centre:.0%}** of the gradient. 90 % of it lie within "
        f"**{short(one.side * rows)}×{short(one.side * columns)}** of {rows}×{columns} pixels."
    )


_CONV5 = OneUnit("cat", "colour", "conv5")
EXHIBITS = (
    Exhibit(
        "F4",
        "What really counts",
        "The unit can see every pixel of its box. If all of them counted alike, the box's middle half (a quarter of its area) "
        "would hold 25 % of the gradient. How much does it hold, and does training change that?",
        "More than 25 %: from a pixel in the middle many paths lead to the unit, from a corner only one, so that the gradient "
        "fades towards the border, about like a bell. Without training the weights leave that shape as it is; training bends "
        "it to what the picture shows. Try a layer further up, where the box is large: its rim hardly counts. After Luo, Li, "
        "Urtasun and Zemel, *Understanding the Effective Receptive Field* (2016).",
        _CONV5,
        make,
        _show,
        {
            "colour, conv5": _CONV5,
            "colour, conv3": OneUnit("cat", "colour", "conv3"),
            "LeNet-5, C5": OneUnit("digit-3", "lenet5", "c5"),
            "ResNet-18": OneUnit("cat", "resnet18", "layer3_1_relu_1"),
        },
        subject=True,
        forgets={"network": ("node", *PLACES[:2]), "node": PLACES[:2]},
        order=2,
    ),
)
