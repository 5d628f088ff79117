"""The exhibit of the page Why not an MLP: what it asks, answers and opens with. Knows numbers and words; draws nothing."""

from dataclasses import dataclass

from explorer.data.corner import CLASSES, HOME, LAST
from explorer.training.moved import BATCHES
from explorer.ui.address import choice_codec, whole_codec
from explorer.ui.exhibits import Exhibit

SHAPES = CLASSES
KINDS = tuple(BATCHES)
CODECS = {
    "shape": choice_codec(*SHAPES),
    "row": whole_codec(0, LAST),
    "column": whole_codec(0, LAST),
    "kind": choice_codec(*KINDS),
}


@dataclass(frozen=True)
class Settings:
    """The object that both networks are asked about, where its box begins, and what the gradient is taken of."""

    shape: str = "star"
    row: int = 14
    column: int = 16
    kind: str = KINDS[0]


FAR = Settings()
HERE = Settings(row=HOME, column=HOME)
EXHIBITS: dict[str, Exhibit[Settings]] = {
    "B2": Exhibit(
        "B2",
        "Seen in one corner only",
        "Both networks learn five shapes that always lie in the top left corner, and both name them there. Then the shapes "
        "move. Where will each still know them?",
        "The CNN everywhere: its kernels slide over the whole picture, and its last pooling keeps what was found and forgets "
        "where. The MLP in the corner only. It has a weight of its own for every pixel, and a weight's gradient is δ · pixel: "
        "where the pictures were empty nothing was learnt, so elsewhere it guesses, one in five. Try a place next to the "
        "corner, and compare the gradient of one picture with the mean of 500.",
        FAR,
        {"far away": FAR, "in the corner": HERE},
    )
}
