"""C6: convolution against cross-correlation. Knows numbers and words."""

import streamlit as st

from explorer.layers.algebra import commute
from explorer.layers.convolution import Walkthrough
from explorer.settings.written import matrix
from explorer.ui.convolution.kernel import OneKernel, exhibit, show_with
from explorer.ui.stand import Stand


def _show_commutation(walk: Walkthrough, stand: Stand) -> None:
    for flipped, name in ((True, "Convolution, kernel turned"), (False, "Cross-correlation, kernel as it is")):
        result = commute(walk.image[0], walk.kernel[0, 0], flipped=flipped)
        st.markdown(f"{name}: a ∗ b {'=' if result.equal else '≠'} b ∗ a, with full padding on both sides.")


EXHIBITS = (
    exhibit(
        "C6",
        "Convolution or cross-correlation",
        "Networks slide the kernel as it is. Mathematicians turn it by 180° first. When is a ∗ b the same as b ∗ a?",
        "Only with the turn. Without it one result is the other turned by 180°. A network does not care: it learns the "
        "kernel either way.",
        OneKernel(matrix("1 2 0; 0 1 3; 2 0 1"), matrix("1 2; 3 4"), flip=True),
        show=show_with(_show_commutation),
    ),
)
