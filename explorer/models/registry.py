"""Every network the explorer knows, one ModelSpec each. Knows which there are; not how to train them."""

import functools
from pathlib import Path

from explorer.errors import ExplorerError
from explorer.models.colour import colour_net
from explorer.models.efficientnet import EFFICIENTNET
from explorer.models.feeding import DIGITS, PHOTOS
from explorer.models.lenet import lenet5
from explorer.models.spec import ModelSpec
from explorer.models.zoo import ZOO

WEIGHTS = Path(__file__).parents[2] / "assets" / "weights"
CIFAR10 = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")

MODELS: dict[str, ModelSpec] = {
    spec.name: spec
    for spec in (
        ModelSpec(
            name="lenet5",
            title="LeNet-5",
            summary="The network that read cheques: two convolutions, two poolings, three dense layers.",
            suits="handwritten digits",
            build=lenet5,
            feeding=DIGITS,
            classes=lambda: tuple("0123456789"),
            weights=WEIGHTS / "lenet5.safetensors",
        ),
        ModelSpec(
            name="colour",
            title="Colour network",
            summary="Six convolutions in three sizes, for small colour photographs of ten kinds of things.",
            suits="photographs",
            build=colour_net,
            feeding=PHOTOS,
            classes=lambda: CIFAR10,
            weights=WEIGHTS / "colour.safetensors",
        ),
        EFFICIENTNET,
        *ZOO,
    )
}
# Networks to learn from, not to look at: `find` knows them, no list of networks shows them
EXTRACTORS: dict[str, ModelSpec] = {
    spec.name: spec
    for spec in (
        ModelSpec(
            name="lenet5_low",
            title="LeNet-5, digits 0–4",
            summary="LeNet-5 that has never seen a 5, 6, 7, 8 or 9.",
            suits="the handwritten digits 0 to 4",
            build=functools.partial(lenet5, 5),
            feeding=DIGITS,
            classes=lambda: tuple("01234"),
            weights=WEIGHTS / "lenet5_low.safetensors",
        ),
    )
}
SHIPPED: tuple[str, ...] = tuple(name for name, spec in MODELS.items() if spec.shipped)


def knows(name: str) -> bool:
    """Whether `find` finds a network of that name."""
    return name in MODELS or name in EXTRACTORS


def find(name: str) -> ModelSpec:
    """The ModelSpec of that name. Raises ExplorerError naming the known ones."""
    if name in EXTRACTORS:
        return EXTRACTORS[name]
    if name not in MODELS:
        raise ExplorerError(f"There is no network called “{name[:40]}”: choose one of {', '.join(MODELS)}.")
    return MODELS[name]


def opening() -> str:
    """The network that a session begins with: the user's own where there is one."""
    return next((name for name, spec in MODELS.items() if spec.own), "lenet5")


def add(spec: ModelSpec) -> None:
    """One more network, for this process. Raises ExplorerError where its name is taken."""
    if spec.name in (*MODELS, *EXTRACTORS):
        raise ExplorerError(f"There is a network called “{spec.name}” already: choose another name.")
    MODELS[spec.name] = spec
