"""The exhibits of the Convolution page: what each opens with, asks and answers. Knows numbers and words; draws nothing.

The numbers are the curriculum's; the page shows exactly them until something is changed.
"""

import dataclasses
from dataclasses import dataclass

import numpy as np

from explorer.layers.activation import ACTIVATIONS
from explorer.layers.padding import MODES
from explorer.ui.address import (
    Codec,
    Matrix,
    as_matrix,
    choice_codec,
    matrix,
    matrix_codec,
    number_codec,
    truth_codec,
    whole_codec,
)
from explorer.ui.exhibits import Exhibit

CODECS = {
    "input": matrix_codec,
    "kernel": matrix_codec,
    "bias": Codec(lambda text: None if text == "None" else number_codec.read(text)),
    "stride": whole_codec(1, 64),
    "padding": whole_codec(0, 64),
    "mode": choice_codec(*MODES),
    "dilation": whole_codec(1, 64),
    "flip": truth_codec,
    "activation": choice_codec(*ACTIVATIONS),
}


@dataclass(frozen=True)
class Settings:
    """All that decides one convolution of one plane. bias None: the layer has none."""

    input: Matrix
    kernel: Matrix
    bias: float | None = None
    stride: int = 1
    padding: int = 0
    mode: str = "zeros"
    dilation: int = 1
    flip: bool = False
    activation: str = "identity"


def _noisy_signal() -> Matrix:
    """A slow wave with noise, 28 samples, always the same."""
    at = np.arange(28)
    noise = np.random.default_rng(5).normal(0, 0.35, at.size)
    return as_matrix(np.round(np.sin(at / 4)[None] + noise, 2))


BACKSLASH = Settings(matrix("0 0 0 0; 0 0 0 0; 0 0 1 0; 0 0 0 1"), matrix("1 0; 0 1"))
SLASH = dataclasses.replace(BACKSLASH, input=matrix("0 0 0 0; 0 0 0 0; 0 0 0 1; 0 0 1 0"))
MOVED = dataclasses.replace(BACKSLASH, input=matrix("1 0 0 0; 0 1 0 0; 0 0 0 0; 0 0 0 0"))
EIGHT = as_matrix(np.add.outer(np.arange(8), np.arange(8)) % 4)
FLAT = as_matrix(np.full((6, 6), 5.0))
EDGE = matrix("-1 -1 -1; -1 8 -1; -1 -1 -1")
AVERAGE = as_matrix(np.full((1, 5), 0.2))

SIZE = ("Output size",)  # of what is asked where the feature map's size is: there the map is not drawn either

_ALL = (
    Exhibit(
        "C1",
        "The sliding window",
        "The kernel lies on the first window, 1 0 over 0 1. Multiply cell by cell and add. What comes out?",
        "1·1 + 0·2 + 0·3 + 1·4 = 5. The last window, 1 1 over 0 1, gives 1 + 2 + 4 = 7. "
        "Change any number: only the cells whose window holds it change.",
        Settings(matrix("1 0 1 1; 0 1 0 1"), matrix("1 2; 3 4")),
    ),
    Exhibit(
        "C3",
        "A slash classifier",
        "One kernel, then the maximum of the feature map. Which input gives the larger maximum: \\ or / ?",
        "The backslash gives 2, the slash only 1: a threshold between them tells the two apart.",
        BACKSLASH,
        {"backslash \\": BACKSLASH, "slash /": SLASH},
        hidden=("Maximum of the feature map",),
    ),
    Exhibit(
        "C4",
        "Shift the pattern",
        "Move the pattern to another place. What happens to the feature map, and what to its maximum?",
        "The feature map moves along (translation equivariance); the maximum stays 2 (invariance), "
        "as long as the pattern stays inside.",
        BACKSLASH,
        {"bottom right": BACKSLASH, "top left": MOVED},
        hidden=("Maximum before and after",),
    ),
    Exhibit(
        "C5",
        "One dimension",
        "The kernel is five times one fifth. What does sliding it along a noisy signal do?",
        "It replaces every sample by the mean of five: the noise shrinks, the slow wave stays. Try a kernel of 1 and −1.",
        Settings(_noisy_signal(), AVERAGE),
    ),
    Exhibit(
        "C6",
        "Convolution or cross-correlation",
        "Networks slide the kernel as it is. Mathematicians turn it by 180° first. When is a ∗ b the same as b ∗ a?",
        "Only with the turn. Without it one result is the other turned by 180°. A network does not care: it learns the "
        "kernel either way.",
        Settings(matrix("1 2 0; 0 1 3; 2 0 1"), matrix("1 2; 3 4"), flip=True),
    ),
    Exhibit(
        "C7",
        "Valid and same padding",
        "An 8×8 input and a 3×3 kernel. How large is the feature map without padding? And with one ring of zeros?",
        "6×6 without (‘valid’), 8×8 with padding 1 (‘same’).",
        Settings(EIGHT, matrix("0 1 0; 1 1 1; 0 1 0")),
        {
            "valid: padding 0": Settings(EIGHT, matrix("0 1 0; 1 1 1; 0 1 0")),
            "same: padding 1": Settings(EIGHT, matrix("0 1 0; 1 1 1; 0 1 0"), padding=1),
        },
        hidden=SIZE,
    ),
    Exhibit(
        "C8",
        "The layer in symbols",
        "Padding 1, shared weights w1…w9, one bias b, a sigmoid. Which weights meet a 1 at the first output cell?",
        "w6 + w8 + w9 + b, and w5 + w7 + w8 + b at the next. Nine neurons share ten parameters.",
        Settings(
            matrix("0 1 0; 1 1 0; 1 0 1"),
            matrix("0.1 0.2 0.3; 0.4 0.5 0.6; 0.7 0.8 0.9"),
            bias=-1.0,
            padding=1,
            activation="sigmoid",
        ),
    ),
    Exhibit(
        "C9",
        "Stride",
        "The window moves two cells at a time, so that four windows fit into 4×4. What are their sums?",
        "7 9 over 4 6: the first is 1 + 6 = 7.",
        Settings(matrix("1 1 1 4; 2 6 5 8; 3 2 1 0; 1 1 3 5"), matrix("1 0; 0 1"), stride=2),
    ),
    Exhibit(
        "C12",
        "The output's size",
        "Input 7, kernel 3, stride 2, padding 1, dilation 1. How large is the feature map?",
        "⌊(7 + 2·1 − 1·(3−1) − 1)/2⌋ + 1 = 4. Change any setting and read the formula below.",
        Settings(as_matrix(np.arange(49).reshape(7, 7) % 5), matrix("1 0 -1; 2 0 -2; 1 0 -1"), stride=2, padding=1),
        hidden=SIZE,
    ),
    Exhibit(
        "C17",
        "What padding does at the border",
        "The input is flat: every cell is 5. The kernel finds edges. Where will it find some?",
        "Along the border: next to zeros, 5 is an edge that the picture does not have. Reflect and replicate padding "
        "continue the picture instead, and the edge is gone.",
        Settings(FLAT, EDGE, padding=1),
        {mode: Settings(FLAT, EDGE, padding=1, mode=mode) for mode in ("zeros", "reflect", "replicate")},
    ),
)

EXHIBITS: dict[str, Exhibit] = {exhibit.id: exhibit for exhibit in _ALL}
