"""The exhibits of the Architectures page: what each opens with, asks and answers. Knows numbers and words; draws nothing."""

import re
from dataclasses import dataclass

from explorer.errors import ExplorerError
from explorer.models.registry import MODELS
from explorer.models.splits import MOST_CHANNELS, SPLITS
from explorer.probe.residual import FACTORS, MOST_DEPTH, MOST_SEED, DeepSettings
from explorer.ui.address import Codec, choice_codec, truth_codec, whole_codec
from explorer.ui.exhibits import Exhibit

MOST_UNFOLDED = 40
BLOCKS = {  # block → (network, module)
    "GoogLeNet's first": ("googlenet", "inception3a"),
    "Inception v3's first": ("inception_v3", "Mixed_5b"),
    "Inception v3's 7×7 in lines": ("inception_v3", "Mixed_6b"),
    "Inception v3's 3×3 in lines": ("inception_v3", "Mixed_7b"),
}


def _read_names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(",")) if text else ()
    if len(names) > MOST_UNFOLDED or not all(re.fullmatch(r"[\w.…]{1,120}", name) for name in names):
        raise ExplorerError(f"“{text[:20]}” names no blocks")
    return names


class _Networks:
    """One of the registry's, in which a user's own may come later."""

    @staticmethod
    def read(text: str) -> str:
        return choice_codec(*MODELS).read(text)


CODECS = {
    "network": Codec(_Networks.read),
    "unfolded": Codec(_read_names, ",".join),
    "block": choice_codec(*BLOCKS),
    "inside": truth_codec,
    "kernel": choice_codec(*SPLITS),
    "channels": whole_codec(1, MOST_CHANNELS),
    "depth": whole_codec(1, MOST_DEPTH),
    "scheme": choice_codec(*FACTORS),
    "batch_norm": truth_codec,
    "seed": whole_codec(0, MOST_SEED),
    "channel": whole_codec(0, 63),
}


@dataclass(frozen=True)
class NetworkSettings:
    """Which network is drawn, and which of its blocks are unfolded."""

    network: str = "resnet152"
    unfolded: tuple[str, ...] = ()


@dataclass(frozen=True)
class BlockSettings:
    """Which Inception block, whether its branches are shown; the kernel that is split, and its channels in and out."""

    block: str = next(iter(BLOCKS))
    inside: bool = False
    kernel: str = "5×5"
    channels: int = 64


@dataclass(frozen=True)
class SkipSettings:
    """The deep stacks, and the channel of ResNet-18's first block that is shown."""

    depth: int = 50
    scheme: str = "default"
    batch_norm: bool = False
    seed: int = 0
    channel: int = 0

    @property
    def stacks(self) -> DeepSettings:
        """For the measurement."""
        return DeepSettings(self.depth, scheme=self.scheme, batch_norm=self.batch_norm, seed=self.seed)


def networks() -> dict[str, NetworkSettings]:
    """The four networks whose authors' figures stand beside the measured ones."""
    names = ("alexnet", "vgg16", "inception_v3", "resnet152")
    return {MODELS[name].title: NetworkSettings(name) for name in names}


EXHIBITS: dict[str, Exhibit] = {
    "I1": Exhibit(
        "I1",
        "Whole networks",
        "VGG-16 has 16 layers with weights and ResNet-152 has 156. Which of the two has more parameters?",
        "VGG-16, by far: 138 million against 60 million. Three quarters of VGG's lie in its first dense layer, "
        "25,088 × 4,096 weights; ResNet averages its last maps and needs one small dense layer. Multiply-adds go the other way "
        "about: a dense weight is used once, a kernel's weight once for every place.",
        NetworkSettings(),
        networks(),
    ),
    "I2": Exhibit(
        "I2",
        "Inception block",
        "Four branches look at the same maps with kernels of different sizes. How can their outputs be put together into one?",
        "By concatenation in depth: every branch keeps height and width (padding, stride 1), so only their channels add up, as "
        "64 + 128 + 32 + 32 = 256 in GoogLeNet's first block. 1×1 kernels before the large ones make them cheap. Inception v3 "
        "goes on: a 5×5 becomes two 3×3 (18 instead of 25 weights), a 3×3 becomes 1×3 and 3×1 (6 instead of 9). What they see "
        "stays.",
        BlockSettings(),
        {
            "folded": BlockSettings(),
            "its branches": BlockSettings(inside=True),
            "3×3 in lines": BlockSettings(next(reversed(BLOCKS)), True, "3×3"),
        },
    ),
    "I3": Exhibit(
        "I3",
        "Residual block",
        "A gradient goes back through 50 layers whose weights are small. What is left of it at the first, and what if every "
        "layer adds its output to its input?",
        "Almost nothing without: every layer multiplies its mean square by n·Var(w)/2, with PyTorch's own weights by 1/6. "
        "With output = x + F(x), the derivative is 1 + F′: the 1 carries the gradient through, however small F′ is. It can "
        "also grow, by 1 + n·Var(w)/2 a layer; ResNets keep that small by batch normalisation inside F.",
        SkipSettings(),
        {
            "PyTorch's own": SkipSettings(),
            "He": SkipSettings(scheme="he"),
            "He and batch norm": SkipSettings(scheme="he", batch_norm=True),
        },
    ),
}
