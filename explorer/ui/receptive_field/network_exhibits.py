"""The exhibits of Receptive field that look into a whole network: what each asks, answers and opens with. Draws nothing."""

from dataclasses import dataclass

from explorer.errors import ExplorerError
from explorer.images.samples import SAMPLES
from explorer.models.registry import MODELS
from explorer.ui.address import Codec, choice_codec, whole_codec
from explorer.ui.exhibits import Exhibit
from explorer.ui.state import MINE

_MOST = 10**6


@dataclass(frozen=True)
class NetworkSettings:
    """One unit of one network, and the picture it looks at.

    sample: a key of SAMPLES or MINE. network: a name of the registry, "" for the session's. node: a step of its graph, "" for
    the last one whose units have a field of their own. row, column: None for the middle. channel: whose map is shown (F3);
    None is the first one there, and the mean over all channels in F4.
    """

    sample: str = MINE
    network: str = ""
    node: str = ""
    row: int | None = None
    column: int | None = None
    channel: int | None = None


def _read_network(text: str) -> str:
    if text not in MODELS:
        raise ExplorerError(f"“{text[:20]}” is no network")
    return text


def _read_node(text: str) -> str:
    if text and (not text.isidentifier() or len(text) > 100):
        raise ExplorerError(f"“{text[:20]}” is no layer")
    return text


CODECS = {
    "sample": choice_codec(*SAMPLES, MINE),
    "network": Codec(_read_network),
    "node": Codec(_read_node),
    "row": whole_codec(0, _MOST),
    "column": whole_codec(0, _MOST),
    "channel": whole_codec(0, _MOST),
}

_S4 = NetworkSettings("digit-3", "lenet5", "s4")
_CONV5 = NetworkSettings("cat", "colour", "conv5")

FIELD = Exhibit(
    "F3",
    "Any unit of any network",
    "A unit of LeNet-5's last pooling layer is one number of 5×5. How many pixels of the picture can it see?",
    "16×16 of the input's 32×32: C1 sees 5, S2 6, C3 14, S4 16. Neighbours' fields are 4 pixels apart (the stride) and "
    "overlap. Units at the border of a padded network see less: part of their field is padding. And where every unit looks "
    "at the whole picture (dense, global pooling, squeeze-and-excitation), there is no box to draw.",
    _S4,
    {
        "LeNet-5": _S4,
        "VGG-16": NetworkSettings("cat", "vgg16", "features_23", 0, 0),
        "ResNet-18": NetworkSettings("cat", "resnet18", "layer3_1_relu_1", 2, 11),
        "MobileNet v3": NetworkSettings("cat", "mobilenet_v3_large", "features_4_block_3_0"),
    },
)
EFFECTIVE = Exhibit(
    "F4",
    "What really counts",
    "The unit can see every pixel of its box. If all of them counted alike, the box's middle half (a quarter of its area) "
    "would hold 25 % of the gradient. How much does it hold, and does training change that?",
    "More than 25 %: from a pixel in the middle many paths lead to the unit, from a corner only one, so that the gradient "
    "fades towards the border, about like a bell. Without training the weights leave that shape as it is; training bends it "
    "to what the picture shows. Try a layer further up, where the box is large: its rim hardly counts. After Luo, Li, Urtasun "
    "and Zemel, *Understanding the Effective Receptive Field* (2016).",
    _CONV5,
    {
        "colour, conv5": _CONV5,
        "colour, conv3": NetworkSettings("cat", "colour", "conv3"),
        "LeNet-5, C5": NetworkSettings("digit-3", "lenet5", "c5"),
        "ResNet-18": NetworkSettings("cat", "resnet18", "layer3_1_relu_1"),
    },
)
