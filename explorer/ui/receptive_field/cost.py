"""C14: the stack against the one layer that sees as much. Knows numbers and words."""

from dataclasses import dataclass, replace
from typing import Annotated

import streamlit as st

from explorer.errors import ExplorerError
from explorer.layers.stacks import StackCost, against_one_layer
from explorer.predictions import Choice
from explorer.settings.fields import Whole
from explorer.ui.plain import plain
from explorer.ui.receptive_field import stack
from explorer.ui.receptive_field.layers import conv
from explorer.ui.receptive_field.stack import MOST, Cone, Layered, exhibit
from explorer.ui.stand import Stand
from explorer.words import counted


@dataclass(frozen=True)
class Counted(Layered):
    """size, channels: of the picture that the cost is counted for."""

    size: Annotated[int, Whole("Rows and columns", 1, MOST)] = 28
    channels: Annotated[int, Whole("Channels", 1, MOST)] = 64


@dataclass(frozen=True)
class Compared:
    """The cone, and the cost of both; none where `problem` says why."""

    cone: Cone
    costs: tuple[StackCost, ...] = ()
    problem: str = ""


def make(settings: Counted) -> Compared:
    """The drawing does not need what the comparison does: only convolutions of stride 1 without holes."""
    cone = stack.make(settings)
    try:
        return Compared(cone, against_one_layer(cone.on.stages, settings.size, settings.channels))
    except ExplorerError as error:
        return Compared(cone, problem=str(error))


def _show(made: Compared, stand: Stand[Counted]) -> None:
    stack.show(made.cone, stand)
    size, channels = stand.settings.size, stand.settings.channels
    if made.problem:
        st.error(plain(made.problem))
        return
    if not stand.revealed:
        return
    st.table(
        [
            {
                "layers": " + ".join(f"{k}×{k}" for k in cost.kernels),
                "receptive field": f"{cost.field}×{cost.field}",
                "weights per channel pair": str(cost.weights),
                f"multiply-adds, {size}×{size}, {counted(channels, 'channel')}": f"{cost.multiply_adds:,}",
            }
            for cost in made.costs
        ],
        hide_index=True,
    )


def _fewer(made: Compared) -> str:
    """Which has fewer weights, in the words of the choice."""
    stacked, single = (cost.weights for cost in made.costs)
    return "equal" if stacked == single else "two 3×3" if stacked < single else "one 5×5"


TWO_THREES = Counted((conv(3), conv(3)), input=11)
EXHIBITS = (
    exhibit(
        "C14",
        "Two 3×3 against one 5×5",
        "Two layers of 3×3, or one of 5×5: which sees more, and which has fewer weights?",
        "Both see 5×5. Two layers of 3×3 have 18 weights for each pair of channels, one of 5×5 has 25; multiply-adds are "
        "in the same proportion. And between the two there is room for another activation function.",
        TWO_THREES,
        variants={
            "two of 3": TWO_THREES,
            "one of 5": replace(TWO_THREES, layers=(conv(5),)),
            "three of 3": replace(TWO_THREES, layers=(conv(3),) * 3),
        },
        make=make,
        show=_show,
        order=1,
        hidden=("It sees inputs", "multiply-adds, 28×28"),
        predicted=Choice("Fewer weights", ("two 3×3", "one 5×5", "equal"), _fewer),
    ),
)
