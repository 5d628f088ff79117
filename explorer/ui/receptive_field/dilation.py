"""C10: a kernel with holes, in one dimension and in two. Knows numbers and words."""

from dataclasses import replace

import numpy as np
import streamlit as st

from explorer.figures.boards import convolution_board
from explorer.layers.convolution import convolve
from explorer.layers.sizes import effective_size
from explorer.predictions import Number
from explorer.ui.receptive_field.layers import conv
from explorer.ui.receptive_field.stack import Cone, Layered, draw, exhibit, field_size, tell
from explorer.ui.shows import side_by_side, steps
from explorer.ui.stand import Stand
from explorer.words import counted, noun

LARGEST = 13  # cells of the effective kernel that the two-dimensional picture still shows readably


def _show(cone: Cone, stand: Stand[Layered]) -> None:
    """The cone, and beside it the first layer's kernel in two dimensions."""
    row = side_by_side(stand)
    with row.container(height="stretch"):
        draw(cone, stand)
        tell(cone, stand)
    with row.container(height="stretch"):
        _show_holes(stand)


def _show_holes(stand: Stand[Layered]) -> None:
    """Its holes seen in the window."""
    first = stand.settings.stack.stages[0]
    span = effective_size(first.kernel, first.dilation)
    wide = (
        f"{first.kernel}×{first.kernel} = **{counted(first.kernel**2, 'weight')}** span "
        f"{first.dilation}·({first.kernel}−1)+1 = **{span:,}** {noun(span, 'cell')} a side. "
    )
    st.markdown(
        f"**The first layer in two dimensions:** {wide if stand.revealed else ''}Point at an output cell: only the outlined "
        "cells are multiplied."
    )
    if span > LARGEST:
        st.caption(f"A window of {span}×{span} is too wide to show in numbers: choose at most {LARGEST}.")
        return
    side = span + 2
    image = np.add.outer(np.arange(side), np.arange(side)) % 5
    scene = convolution_board(convolve(image, np.ones((first.kernel, first.kernel)), dilation=first.dilation))
    fixed = {name: replace(grid, editable=False) for name, grid in scene.grids.items()}
    steps(stand, replace(scene, grids=fixed), covered=False)


HOLES = Layered((conv(3, dilation=2),), input=9)
EXHIBITS = (
    exhibit(
        "C10",
        "Dilation",
        "A kernel of 3 with a hole between neighbours. How wide is its window, and how many weights has it?",
        "d(k−1) + 1 = 2·2 + 1 = 5 cells, still with 3 weights (9 in two dimensions). Stacked with dilations 1, 2, 4 the "
        "field doubles with every layer: 3, 7, 15.",
        HOLES,
        variants={
            "dilation 1": replace(HOLES, layers=(conv(3),)),
            "dilation 2": HOLES,
            "dilation 3": replace(HOLES, layers=(conv(3, dilation=3),)),
            "1, 2, 4 stacked": replace(HOLES, layers=(conv(3), conv(3, dilation=2), conv(3, dilation=4)), input=19),
        },
        show=_show,
        hidden=("It sees inputs", "a side. Point"),
        order=1,
        predicted=Number("cells", field_size),
    ),
)
