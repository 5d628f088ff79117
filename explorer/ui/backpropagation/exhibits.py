"""The exhibits of the Backpropagation page: what each opens with, asks and answers. Knows numbers and words; draws nothing."""

import dataclasses
from dataclasses import dataclass

from explorer.layers.pooling import KINDS
from explorer.ui.address import Matrix, choice_codec, matrix, matrix_codec, number_codec, whole_codec
from explorer.ui.exhibits import Exhibit

CODECS = {
    "input": matrix_codec,
    "kernel": matrix_codec,
    "upstream": matrix_codec,
    "stride": whole_codec(1, 64),
    "padding": whole_codec(0, 64),
    "dilation": whole_codec(1, 64),
    "weight": whole_codec(1, 4096),
    "rate": number_codec,
    "kind": choice_codec(*KINDS),
    "size": whole_codec(1, 64),
    "cell": whole_codec(0, 4095),
    "by": number_codec,
}


@dataclass(frozen=True)
class Settings:
    """All that decides one step back through one layer, a convolution (D1, D3) or pooling (D2).

    upstream: ∂L/∂output. weight: counted from 1; rate: γ. cell, by: of the pooled input the cell, in reading order, that
    was nudged, and by how much; `input` is what it was before.
    """

    input: Matrix
    upstream: Matrix
    kernel: Matrix = ((1.0,),)
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    weight: int = 4
    rate: float = 0.1
    kind: str = "max"
    size: int = 2
    cell: int = 0
    by: float = 0.0


THREE = matrix("1 2 3; 4 5 6; 7 8 9")
SHARED = Settings(THREE, matrix("1 2; -1 1"), matrix("1 2; 3 4"))
PATCH = Settings(matrix("6 8; 3 5"), matrix("1"), stride=2)
FOUR = Settings(matrix("1 1 1 4; 2 6 5 8; 3 2 1 0; 1 1 3 5"), matrix("1 2; 3 4"), stride=2)

_ALL = (
    Exhibit(
        "D1",
        "A shared weight",
        "The last weight, w4, lies on 5, 6, 8 and 9 in turn; ∂L/∂output is 1, 2, −1, 1 there. What is ∂L/∂w4?",
        "1·5 + 2·6 − 1·8 + 1·9 = 18: as if each position had its own copy of w4 (a, b, c, d), and the copies' gradients were "
        "added. With γ = 0.1 the weight goes from 4 to 4 − 0.1·18 = 2.2. Every weight of the kernel fills up in the same way.",
        SHARED,
    ),
    Exhibit(
        "D2",
        "Through pooling",
        "The output's gradient is 1. How much of it does each of 6, 8, 3 and 5 receive? Raise the 6 to 7, then the 8 to 9.",
        "All of it goes to the maximum, 8; nothing to the others. With 7 for 6 the output stays 8, slope 0; with 9 for 8 it "
        "is 9, slope 1. Raise the 6 as far as 9 and it becomes the maximum itself: a gradient only tells of small changes. "
        "An average gives each of its four cells a quarter.",
        PATCH,
        {
            "max": PATCH,
            "average": dataclasses.replace(PATCH, kind="average"),
            "four windows": FOUR,
        },
    ),
    Exhibit(
        "D3",
        "Back to the input",
        "The middle cell, 5, lies once under each weight. What is ∂L/∂5, if ∂L/∂output is 1 2 over −1 1?",
        "1·4 + 2·3 − 1·2 + 1·1 = 9. Every output cell stamps the kernel, times its own gradient, onto the cells it came from; "
        "overlaps add. That is a transposed convolution: the padded gradient under the kernel turned by 180°.",
        SHARED,
        {"plain": SHARED, "stride 2": dataclasses.replace(FOUR, kernel=matrix("1 2; 3 4")),
         "padding 1": dataclasses.replace(SHARED, padding=1, upstream=matrix("1 0 0 2; 0 1 -1 0; 0 2 1 0; 3 0 0 1"))},
    ),
)  # fmt: skip

EXHIBITS: dict[str, Exhibit] = {exhibit.id: exhibit for exhibit in _ALL}
