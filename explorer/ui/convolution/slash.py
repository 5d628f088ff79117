"""C3 and C4: a slash classifier, and its pattern moved. Knows numbers and words."""

from dataclasses import replace
from functools import partial

import streamlit as st

from explorer.layers.convolution import Walkthrough
from explorer.layers.equivariance import check_shift, classify_slash, roomy_shift, shift
from explorer.predictions import Choice
from explorer.settings.written import as_matrix, matrix
from explorer.ui.convolution.kernel import OneKernel, exhibit, show, show_with
from explorer.ui.stand import Stand
from explorer.words import counted, written

BACKSLASH = OneKernel(matrix("0 0 0 0; 0 0 0 0; 0 0 1 0; 0 0 0 1"), matrix("1 0; 0 1"))
SLASH = replace(BACKSLASH, input=matrix("0 0 0 0; 0 0 0 0; 0 0 0 1; 0 0 1 0"))
MOVED = replace(BACKSLASH, input=matrix("1 0 0 0; 0 1 0 0; 0 0 0 0; 0 0 0 0"))
MOVES = {"← left": (0, -1), "↑ up": (-1, 0), "↓ down": (1, 0), "→ right": (0, 1)}  # by rows and columns


def _show_maximum(walk: Walkthrough, stand: Stand) -> None:
    verdict = classify_slash(walk.image, walk.kernel)
    st.markdown(
        f"Maximum of the feature map: **{written(verdict.maximum, 6)}**, at row {verdict.position[0]}, column "
        f"{verdict.position[1]}. "
        f"Threshold {written(verdict.threshold, 6)}: this is **{'a backslash' if verdict.is_backslash else 'no backslash'}**."
    )


def _show_shift(walk: Walkthrough, stand: Stand) -> None:
    show(walk, stand)
    for column, (name, (down, right)) in zip(st.columns([1, 1, 1, 1, 4]), MOVES.items(), strict=False):
        stand.button(column, name, partial(_moved, down=down, right=right))
    if not stand.revealed:
        return
    down, right = roomy_shift(walk.image)
    check = check_shift(walk.image, walk.kernel, down, right)
    st.markdown(
        f"Shift {counted(abs(down), 'row')} {'up' if down < 0 else 'down'} and {counted(abs(right), 'column')} to the "
        f"{'left' if right < 0 else 'right'}, then convolve, equals convolve, then shift: "
        f"**{'yes' if check.agree else 'no'}**. "
        f"Maximum before and after the shift: **{written(check.maxima[0], 6)}** and **{written(check.maxima[1], 6)}**."
    )


def _moved(settings: OneKernel, down: int, right: int) -> OneKernel:
    return replace(settings, input=as_matrix(shift((settings.input,), down, right)[0]))


EXHIBITS = (
    exhibit(
        "C3",
        "A slash classifier",
        "One kernel, then the maximum of the feature map. Which input gives the larger maximum: \\ or / ?",
        "The backslash gives 2, the slash only 1: a threshold between them tells the two apart.",
        BACKSLASH,
        variants={"backslash \\": BACKSLASH, "slash /": SLASH},
        show=show_with(_show_maximum),
        hidden=("Maximum of the feature map",),
        predicted=Choice("Larger maximum", ("\\", "/", "equal"), "\\"),
    ),
    exhibit(
        "C4",
        "Shift the pattern",
        "Move the pattern to another place. What happens to the feature map, and what to its maximum?",
        "The feature map moves along (translation equivariance); the maximum stays 2 (invariance), "
        "as long as the pattern stays inside.",
        BACKSLASH,
        variants={"bottom right": BACKSLASH, "top left": MOVED},
        show=_show_shift,
        hidden=("Maximum before and after",),
        predicted=Choice("What changes", ("map and maximum", "the map alone", "neither"), "the map alone"),
    ),
)
