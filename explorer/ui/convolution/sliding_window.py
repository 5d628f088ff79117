"""C1, C8, C9 and C12: the window, the layer in symbols, stride, and the size that comes out. Knows numbers and words."""

import numpy as np

from explorer.predictions import Number
from explorer.settings.written import as_matrix, matrix
from explorer.ui.convolution.kernel import C9, SIZE, OneKernel, exhibit

EXHIBITS = (
    exhibit(
        "C1",
        "The sliding window",
        "The kernel lies on the first window, 1 0 over 0 1. Multiply cell by cell and add. What comes out?",
        "1·1 + 0·2 + 0·3 + 1·4 = 5. The last window, 1 1 over 0 1, gives 1 + 2 + 4 = 7. "
        "Change any number: only the cells whose window holds it change.",
        OneKernel(matrix("1 0 1 1; 0 1 0 1"), matrix("1 2; 3 4")),
        predicted=Number("the sum", lambda walk: walk.output[0, 0, 0]),
    ),
    exhibit(
        "C8",
        "The layer in symbols",
        "Padding 1, shared weights w1…w9, one bias b, a sigmoid. Which weights meet a 1 at the first output cell?",
        "w6 + w8 + w9 + b, and w5 + w7 + w8 + b at the next. Nine neurons share ten parameters.",
        OneKernel(
            matrix("0 1 0; 1 1 0; 1 0 1"),
            matrix("0.1 0.2 0.3; 0.4 0.5 0.6; 0.7 0.8 0.9"),
            bias=-1.0,
            padding=1,
            activation="sigmoid",
        ),
    ),
    exhibit(
        "C9",
        "Stride",
        "The window moves two cells at a time, so that four windows fit into 4×4. What are their sums?",
        "7 9 over 4 6: the first is 1 + 6 = 7.",
        OneKernel(C9, matrix("1 0; 0 1"), stride=2),
        predicted=Number("the first sum", lambda walk: walk.output[0, 0, 0]),
    ),
    exhibit(
        "C12",
        "The output's size",
        "Input 7, kernel 3, stride 2, padding 1, dilation 1. How large is the feature map?",
        "⌊(7 + 2·1 − 1·(3−1) − 1)/2⌋ + 1 = 4. Change any setting and read the formula below.",
        OneKernel(as_matrix(np.arange(49).reshape(7, 7) % 5), matrix("1 0 -1; 2 0 -2; 1 0 -1"), stride=2, padding=1),
        hidden=SIZE,
        predicted=Number("rows", lambda walk: walk.output.shape[1]),
    ),
)
