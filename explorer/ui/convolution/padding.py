"""C7 and C17: padding's sizes, and what it does at the border. Knows numbers and words."""

from dataclasses import replace

import numpy as np

from explorer.predictions import Cell, Number
from explorer.settings.written import as_matrix, matrix
from explorer.ui.convolution.kernel import SIZE, OneKernel, exhibit

VALID = OneKernel(as_matrix(np.add.outer(np.arange(8), np.arange(8)) % 4), matrix("0 1 0; 1 1 1; 0 1 0"))
FLAT = OneKernel(as_matrix(np.full((6, 6), 5.0)), matrix("-1 -1 -1; -1 8 -1; -1 -1 -1"), padding=1)

EXHIBITS = (
    exhibit(
        "C7",
        "Valid and same padding",
        "An 8×8 input and a 3×3 kernel. How large is the feature map without padding? And with one ring of zeros?",
        "6×6 without (‘valid’), 8×8 with padding 1 (‘same’).",
        VALID,
        variants={"valid: padding 0": VALID, "same: padding 1": replace(VALID, padding=1)},
        hidden=SIZE,
        predicted=Number("rows without", lambda walk: walk.output.shape[1]),
    ),
    exhibit(
        "C17",
        "What padding does at the border",
        "The input is flat: every cell is 5. The kernel finds edges. Where will it find some?",
        "Along the border: next to zeros, 5 is an edge that the picture does not have. Reflect and replicate padding "
        "continue the picture instead, and the edge is gone.",
        FLAT,
        variants={mode: replace(FLAT, mode=mode) for mode in ("zeros", "reflect", "replicate")},
        predicted=Cell(
            "Click a cell where it will.",
            "output",
            lambda walk: {(int(r), int(c)) for _, r, c in np.argwhere(walk.output)},
        ),
    ),
)
