"""torchvision's classic networks, one ModelSpec each. Knows torchvision; imports it only once a network is asked for.

The numbers of the feeding are those of torchvision's IMAGENET1K_V1 weights; auxiliary heads, which help training only, are
left out.
"""

import functools
from collections.abc import Callable

from torch import nn

from explorer.models.feeding import Feeding, imagenet
from explorer.models.hub import HubFile
from explorer.models.spec import ModelSpec

SUITS = "ImageNet's photographs of 1,000 kinds of things"
STANDARD = imagenet(256, 224)


@functools.cache
def imagenet_classes() -> tuple[str, ...]:
    """ImageNet's 1,000 class names in the order of the logits, as torchvision's weights carry them."""
    from torchvision.models import ResNet18_Weights

    return tuple(ResNet18_Weights.IMAGENET1K_V1.meta["categories"])


def _builder(name: str, **settings: object) -> Callable[..., nn.Module]:
    def build(classes: int = 1000) -> nn.Module:
        from torchvision import models

        return getattr(models, name)(weights=None, num_classes=classes, **settings)

    return build


def _spec(
    name: str,
    title: str,
    summary: str,
    file: str,
    megabytes: float,
    *,
    feeding: Feeding = STANDARD,
    ignored: tuple[str, ...] = (),
    **settings: object,
) -> ModelSpec:
    stored, build = HubFile(file, megabytes, ignored), _builder(name, **settings)
    return ModelSpec(name, title, summary, SUITS, build, feeding, imagenet_classes, stored=stored, adapt=build)


# torchvision's trained GoogLeNet and Inception v3 take their input in another normalisation and bring it there themselves
_INCEPTION = {"aux_logits": False, "init_weights": False, "transform_input": True}

ZOO: tuple[ModelSpec, ...] = (
    _spec(
        "alexnet",
        "AlexNet",
        "The network that began it all in 2012: five convolutions, three dense layers.",
        "alexnet-owt-7be5be79.pth",
        233.087,
    ),
    _spec(
        "vgg16",
        "VGG-16",
        "Thirteen convolutions of 3×3 and nothing else, then three large dense layers.",
        "vgg16-397923af.pth",
        527.796,
        init_weights=False,
    ),
    _spec(
        "googlenet",
        "GoogLeNet",
        "Nine Inception blocks: four branches side by side, concatenated in depth.",
        "googlenet-1378be20.pth",
        49.731,
        ignored=("aux1.", "aux2."),
        **_INCEPTION,
    ),
    _spec(
        "inception_v3",
        "Inception v3",
        "Inception blocks whose large kernels are split into small and one-dimensional ones.",
        "inception_v3_google-0cc3c7bd.pth",
        103.903,
        feeding=imagenet(342, 299),
        ignored=("AuxLogits.",),
        **_INCEPTION,
    ),
    _spec(
        "resnet18",
        "ResNet-18",
        "Eight residual blocks of two convolutions: each adds to what it was given.",
        "resnet18-f37072fd.pth",
        44.661,
    ),
    _spec(
        "resnet50",
        "ResNet-50",
        "Sixteen residual blocks with bottlenecks: 1×1, 3×3, 1×1. Its last units see 427×427 pixels; the 483 of the literature "
        "are those of a variant with each stage's stride in its last block, not its first.",
        "resnet50-0676ba61.pth",
        97.781,
    ),
    _spec(
        "resnet152",
        "ResNet-152",
        "Fifty residual blocks: 152 layers that can be trained because of their skips.",
        "resnet152-394f9c45.pth",
        230.434,
    ),
    _spec(
        "squeezenet1_1",
        "SqueezeNet 1.1",
        "AlexNet's accuracy with a fiftieth of its parameters: 1×1 kernels squeeze before 3×3 kernels see.",
        "squeezenet1_1-b8a52dc0.pth",
        4.729,
    ),
    _spec(
        "mobilenet_v2",
        "MobileNet v2",
        "For telephones: each 3×3 kernel sees one channel, 1×1 kernels mix them.",
        "mobilenet_v2-b0353104.pth",
        13.555,
    ),
    _spec(
        "mobilenet_v3_large",
        "MobileNet v3",
        "MobileNet v2 with squeeze-and-excitation and cheaper activations, its sizes found by search (large).",
        "mobilenet_v3_large-8738ca79.pth",
        21.114,
    ),
)
