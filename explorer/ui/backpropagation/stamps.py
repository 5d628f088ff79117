"""D3: the gradient at the input, stamp by stamp. Knows numbers and words."""

from dataclasses import replace

import streamlit as st

from explorer.figures.boards import input_gradient_board
from explorer.layers.backward import agrees_with_full_convolution
from explorer.predictions import Number
from explorer.settings.written import matrix
from explorer.ui.backpropagation.convolution import KERNEL, THREE, UPSTREAM, Convolved, Gradients, fit, make
from explorer.ui.exhibit import Exhibit
from explorer.ui.shows import steps
from explorer.ui.stand import Stand


def _show(made: Gradients, stand: Stand[Convolved]) -> None:
    gradient, oracle = made
    # a transposed convolution's input is the gradient at the output
    steps(stand, input_gradient_board(gradient, oracle.image[0]), {"input": "upstream"})
    if gradient.walk.padded.border.any():
        st.markdown("The hatched border is padding: it belongs to no input cell, so what is stamped there is dropped.")
    agrees = agrees_with_full_convolution(gradient)
    if agrees is None:
        st.markdown("With a stride, the gradient's cells are stamped that far apart: zeros lie between them.")
    else:
        st.markdown(
            "In one go: pad ∂L/∂output by the kernel's size − 1, turn the kernel by 180°, convolve. "
            f"The same: **{'yes' if agrees else 'no'}**."
        )


PLAIN = Convolved(THREE, KERNEL, UPSTREAM)
FOUR = matrix("1 1 1 4; 2 6 5 8; 3 2 1 0; 1 1 3 5")
EXHIBITS = (
    Exhibit(
        "D3",
        "Back to the input",
        "The middle cell, 5, lies once under each weight. What is ∂L/∂5, if ∂L/∂output is 1 2 over −1 1?",
        "1·4 + 2·3 − 1·2 + 1·1 = 9. Every output cell stamps the kernel, times its own gradient, onto the cells it came from; "
        "overlaps add. That is a transposed convolution: the padded gradient under the kernel turned by 180°.",
        PLAIN,
        make,
        _show,
        {
            "plain": PLAIN,
            "stride 2": Convolved(FOUR, KERNEL, matrix("1 2; 3 4"), stride=2),
            "padding 1": replace(PLAIN, padding=1, upstream=matrix("1 0 0 2; 0 1 -1 0; 0 2 1 0; 3 0 0 1")),
        },
        fit=fit,
        predicted=Number("∂L/∂5", lambda made: made[0].image[0, 1, 1]),
    ),
)
