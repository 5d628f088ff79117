"""The exhibits of Receptive field: what each opens with, asks and answers. Knows numbers and words; draws nothing."""

import re
from dataclasses import dataclass, replace

from explorer.errors import ExplorerError
from explorer.figures.receptive import MOST_LAYERS
from explorer.layers.receptive import Stack, Stage, stack
from explorer.ui.address import Codec, whole_codec
from explorer.ui.exhibits import Exhibit
from explorer.ui.receptive_field.network_exhibits import CODECS as NETWORK_CODECS
from explorer.ui.receptive_field.network_exhibits import EFFECTIVE, FIELD

Layer = tuple[str, int, int, int, int]  # kind, kernel, stride, padding, dilation: as typed, perhaps impossible
_LAYER = re.compile(r"([cp])(\d{1,4})\.(\d{1,4})\.(\d{1,4})\.(\d{1,4})")
_KINDS = {"c": "conv", "p": "pool"}
_MOST = 10**9


@dataclass(frozen=True)
class Settings:
    """All that is on the page.

    layers: from the input upwards. input: its units. level, unit: whose cone is drawn; None is the top level, its middle
    unit. wanted: a field to reach (F1). size, channels: of the picture that the cost is counted for (C14).
    """

    layers: tuple[Layer, ...]
    input: int = 16
    level: int | None = None
    unit: int | None = None
    wanted: int = 300
    size: int = 28
    channels: int = 64

    @property
    def stack(self) -> Stack:
        """The layers on the input; raises ExplorerError where they do not fit."""
        if not self.layers:
            raise ExplorerError("There is no layer left: add one.")
        return stack([Stage(*layer) for layer in self.layers], self.input)

    def chosen(self, on: Stack) -> tuple[int, int]:
        """The chosen level and unit, (level, unit), of that stack."""
        level = len(on.stages) if self.level is None else self.level
        middle = (on.sizes[level] - 1) // 2 if 0 <= level < len(on.sizes) else 0
        return level, middle if self.unit is None else self.unit


def layer_text(layer: Layer) -> str:
    """One layer as it stands in the address.

    >>> layer_text(("conv", 3, 1, 0, 2))
    'c3.1.0.2'
    """
    kind, *numbers = layer
    return kind[0] + ".".join(str(number) for number in numbers)


def read_layers(text: str) -> tuple[Layer, ...]:
    """The layers of c3.1.0.1~p2.2.0.1: kind, kernel, stride, padding, dilation. Raises ExplorerError for other text."""
    parts = text.split("~")
    found = [_LAYER.fullmatch(part) for part in parts[: MOST_LAYERS + 1]]
    if len(parts) > MOST_LAYERS or not all(found):
        raise ExplorerError(f"give 1 to {MOST_LAYERS} layers as c3.1.0.1~p2.2.0.1: kernel, stride, padding, dilation")
    return tuple((_KINDS[match[1]], *(int(match[i]) for i in range(2, 6))) for match in found)


_level = whole_codec(0, _MOST)
CODECS = {
    "layers": Codec(read_layers, lambda layers: "~".join(layer_text(layer) for layer in layers)),
    "input": whole_codec(1, _MOST),
    "level": _level,
    "unit": _level,
    "wanted": whole_codec(1, _MOST),
    "size": whole_codec(1, _MOST),
    "channels": whole_codec(1, _MOST),
    **NETWORK_CODECS,
}


def conv(kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> Layer:
    """A convolution as a setting."""
    return ("conv", kernel, stride, padding, dilation)


def pool(kernel: int = 2, stride: int = 2) -> Layer:
    """A pooling as a setting."""
    return ("pool", kernel, stride, 0, 1)


FOUR = Settings((conv(3),) * 4, input=17)
POOLED = Settings((conv(3), pool(), conv(3)))
HOLES = Settings((conv(3, dilation=2),), input=9)
TWO_THREES = Settings((conv(3), conv(3)), input=11)

_ALL = (
    Exhibit(
        "F1",
        "Layers of 3",
        "Each layer looks at 3 neighbours below. How many inputs does a unit see after 4 layers? And after N?",
        "9 after four: each layer adds 2, so N layers see 2N + 1. To see all of a 300 pixels wide picture takes "
        "150 layers. Convolutions alone grow slowly.",
        FOUR,
        {
            "1 layer": replace(FOUR, layers=FOUR.layers[:1]),
            "2 layers": replace(FOUR, layers=FOUR.layers[:2]),
            "4 layers": FOUR,
            "7 layers": replace(FOUR, layers=FOUR.layers[:1] * 7),
        },
    ),
    Exhibit(
        "F2",
        "Stride and pooling",
        "Three layers of 3 see 7 inputs. What if the middle one is a pooling of 2 with stride 2?",
        "8: the pooling adds only 1, but above it neighbours are 2 inputs apart (the jump), so the last layer adds "
        "2·2 = 4. LeNet-5 grows 5, 6, 14, 16 this way. Add another pooling and see what the next layer adds.",
        POOLED,
        {
            "pooling": POOLED,
            "no pooling": replace(POOLED, layers=(conv(3),) * 3),
            "strides": replace(POOLED, layers=(conv(3, 2), conv(3, 2)), input=19),
            "LeNet-5": Settings((conv(5), pool(), conv(5), pool()), input=32),
        },
    ),
    Exhibit(
        "C10",
        "Dilation",
        "A kernel of 3 with a hole between neighbours. How wide is its window, and how many weights has it?",
        "d(k−1) + 1 = 2·2 + 1 = 5 cells, still with 3 weights (9 in two dimensions). Stacked with dilations 1, 2, 4 the "
        "field doubles with every layer: 3, 7, 15.",
        HOLES,
        {
            "dilation 1": replace(HOLES, layers=(conv(3),)),
            "dilation 2": HOLES,
            "dilation 3": replace(HOLES, layers=(conv(3, dilation=3),)),
            "1, 2, 4 stacked": replace(HOLES, layers=(conv(3), conv(3, dilation=2), conv(3, dilation=4)), input=19),
        },
    ),
    Exhibit(
        "C14",
        "Two 3×3 against one 5×5",
        "Two layers of 3×3, or one of 5×5: which sees more, and which has fewer weights?",
        "Both see 5×5. Two layers of 3×3 have 18 weights for each pair of channels, one of 5×5 has 25; multiply-adds are "
        "in the same proportion. And between the two there is room for another activation function.",
        TWO_THREES,
        {
            "two of 3": TWO_THREES,
            "one of 5": replace(TWO_THREES, layers=(conv(5),)),
            "three of 3": replace(TWO_THREES, layers=(conv(3),) * 3),
        },
    ),
    FIELD,
    EFFECTIVE,
)

EXHIBITS: dict[str, Exhibit] = {exhibit.id: exhibit for exhibit in _ALL}
