"""The exhibits of the page Compare activations: what each asks, answers and opens with. Knows numbers and words."""

import dataclasses
from dataclasses import dataclass

from explorer.data.datasets import with_targets
from explorer.errors import ExplorerError
from explorer.images.samples import SAMPLES
from explorer.probe.embedding import METHODS
from explorer.ui.address import Codec, choice_codec, whole_codec
from explorer.ui.compare_activations.sides import side_codec
from explorer.ui.exhibits import Exhibit
from explorer.ui.state import MINE

FIRST = ""  # a side's first layer
COMPARED = tuple(name for name in with_targets("classes") if name not in ("folder", "own"))  # whose folders are known


@dataclass(frozen=True)
class Settings:
    """a, b: the sides as `sides.read_side` has them; their layers and pictures. data: what is averaged, compared, embedded.

    channel: the one whose averages are shown. plane: a method of METHODS.
    """

    a: str = "lenet5"
    b: str = "lenet5.random"
    a_layer: str = "relu3"
    b_layer: str = "relu3"
    a_picture: str = "digit-3"
    b_picture: str = "digit-3"
    data: str = "digits"
    channel: int = 0
    plane: str = "pca"


def _read_layer(text: str) -> str:
    if len(text) > 100:
        raise ExplorerError("That is no layer's name")
    return text


CODECS = {
    "a": side_codec,
    "b": side_codec,
    "a_layer": Codec(_read_layer),
    "b_layer": Codec(_read_layer),
    "a_picture": choice_codec(*SAMPLES, MINE),
    "b_picture": choice_codec(*SAMPLES, MINE),
    "data": choice_codec(*COMPARED),
    "channel": whole_codec(0, 4095),
    "plane": choice_codec(*METHODS),
}
_TRAINED = Settings()
_DEEP = Settings(a_layer="relu6", b_layer="relu6")
EXHIBITS: dict[str, Exhibit[Settings]] = {
    "G5": Exhibit(
        "G5",
        "Pixels against features",
        "Each point is a picture of a digit, coloured by its class. On the left it lies where its pixels put "
        "it; beside it where a "
        "layer's features do. In which plane are the classes further apart, and is that so before training?",
        "Trained features put a class's pictures together: the last hidden layer names the nearest "
        "neighbour's class right more "
        "often than pixels do, most visibly in the plane of PCA. Random features do not: of the 84 numbers "
        "of that layer the "
        "untrained network makes less than the pixels were worth. The gain was learned; t-SNE looks tidy "
        "even for pixels, so "
        "trust the numbers under the planes.",
        _DEEP,
        {"last hidden layer": _DEEP, "first maps": dataclasses.replace(_DEEP, a_layer="s2", b_layer="s2")},
    ),
    "Maps": Exhibit(
        "Maps",
        "of two sides",
        "The same picture, the same layer, two networks: one trained, one with random weights. Can you tell "
        "from the maps alone "
        "which is which?",
        "Look for maps that answer to one thing only (an edge in one direction, a corner) and are quiet "
        "elsewhere: those are "
        "learned. Random kernels blur or copy the picture. Try two digits in one network: early maps follow "
        "the ink, late ones "
        "the class.",
        _TRAINED,
        {
            "trained, random": _TRAINED,
            "a 3, an 8": dataclasses.replace(_TRAINED, b="lenet5", b_picture="digit-8"),
            "two layers": dataclasses.replace(_TRAINED, b="lenet5", a_layer="relu1", b_layer="relu3"),
        },
    ),
    "Averages": Exhibit(
        "Averages",
        "of each class",
        "One channel's map, averaged over all pictures of a class. Can the digit still be recognised, and in "
        "which layers?",
        "In the first layer the averages look like blurred digits: the channel keeps places. Deeper, places "
        "get coarse and the "
        "averages differ in strength instead: the channel has begun to count what is there.",
        _TRAINED,
        {
            "first layer": dataclasses.replace(_TRAINED, a_layer="relu1", b_layer="relu1"),
            "second": _TRAINED,
            "last hidden": _DEEP,
        },
    ),
    "Similarity": Exhibit(
        "Similarity",
        "of layers",
        "Every layer of one network against every layer of the other, over the same pictures: 1 where they "
        "see the pictures alike. "
        "Which layers does training change most?",
        "The last ones. The first layers of a random network already order pictures much as trained ones do; "
        "the further up, the "
        "less they agree. Compare a network with itself: 1 on the diagonal, and neighbours resemble each "
        "other. With few pictures "
        "and many features CKA is too high, so compare numbers of one drawing only. After Kornblith et al. (2019).",
        _TRAINED,
        {"trained, random": _TRAINED, "with itself": dataclasses.replace(_TRAINED, b="lenet5")},
    ),
}
