"""F1 and F2: how the field grows with layers, and how with strides. Knows numbers and words."""

from dataclasses import dataclass, replace
from typing import Annotated

import streamlit as st

from explorer.layers.receptive import layers_needed
from explorer.predictions import Number
from explorer.settings.fields import Whole
from explorer.ui.receptive_field.layers import conv, pool
from explorer.ui.receptive_field.stack import MOST, Cone, Layered, exhibit, field_size, show_with
from explorer.ui.stand import Stand
from explorer.words import counted, noun


@dataclass(frozen=True)
class Wanted(Layered):
    """wanted: a field to reach."""

    wanted: Annotated[int, Whole("Field wanted", 1, MOST)] = 300


def _show_needed(cone: Cone, stand: Stand[Wanted]) -> None:
    """How many layers it takes to see a whole picture, once nobody is asked."""
    if not stand.revealed:
        return
    wanted = stand.settings.wanted
    needed = layers_needed(wanted)
    st.markdown(
        f"To see {counted(wanted, 'input')} in a row takes **{needed:,}** {noun(needed, 'layer')} of 3: "
        "N layers see 2N + 1."
    )


FOUR = Wanted((conv(3),) * 4, input=17)
POOLED = Layered((conv(3), pool(), conv(3)))
EXHIBITS = (
    exhibit(
        "F1",
        "Layers of 3",
        "Each layer looks at 3 neighbours below. How many inputs does a unit see after 4 layers? And after N?",
        "9 after four: each layer adds 2, so N layers see 2N + 1. To see all of a 300 pixels wide picture takes "
        "150 layers. Convolutions alone grow slowly.",
        FOUR,
        variants={
            "1 layer": replace(FOUR, layers=FOUR.layers[:1]),
            "2 layers": replace(FOUR, layers=FOUR.layers[:2]),
            "4 layers": FOUR,
            "7 layers": replace(FOUR, layers=FOUR.layers[:1] * 7),
        },
        show=show_with(_show_needed),
        hidden=("It sees inputs", "N layers see 2N + 1"),
        predicted=Number("inputs", field_size),
    ),
    exhibit(
        "F2",
        "Stride and pooling",
        "Three layers of 3 see 7 inputs. What if the middle one is a pooling of 2 with stride 2?",
        "8: the pooling adds only 1, but above it neighbours are 2 inputs apart (the jump), so the last layer adds "
        "2·2 = 4. LeNet-5 grows 5, 6, 14, 16 this way. Add another pooling and see what the next layer adds.",
        POOLED,
        variants={
            "pooling": POOLED,
            "no pooling": replace(POOLED, layers=(conv(3),) * 3),
            "strides": replace(POOLED, layers=(conv(3, 2), conv(3, 2)), input=19),
            "LeNet-5": Layered((conv(5), pool(), conv(5), pool()), input=32),
        },
        hidden=("It sees inputs",),
        predicted=Number("inputs", field_size),
    ),
)
