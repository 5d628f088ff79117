"""Every network the explorer knows, one ModelSpec each. Knows how to build, weigh and feed them; not how to train them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from torch import nn

from explorer.errors import ExplorerError
from explorer.models.colour import colour_net
from explorer.models.feeding import DIGITS, PHOTOS, Feeding
from explorer.models.lenet import lenet5
from explorer.models.weights import load_weights

WEIGHTS = Path(__file__).parents[2] / "assets" / "weights"


@dataclass(frozen=True)
class ModelSpec:
    """A network as the explorer knows it.

    name: what one types; title: what one reads; summary: one sentence; suits: what it was trained to see.
    build: a new, untrained network. feeding: how a picture becomes its input. labels: one per logit.
    weights: the shipped safetensors file; its card lies beside it under the same name with .json.
    """

    name: str
    title: str
    summary: str
    suits: str
    build: Callable[[], nn.Module]
    feeding: Feeding
    labels: tuple[str, ...]
    weights: Path

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """(C, H, W) of one input."""
        return self.feeding.channels, self.feeding.side, self.feeding.side

    def load(self) -> nn.Module:
        """A new network with the shipped weights, in evaluation mode, its parameters frozen."""
        return load_weights(self.build(), self.weights).eval().requires_grad_(False)


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
            labels=tuple("0123456789"),
            weights=WEIGHTS / "lenet5.safetensors",
        ),
        ModelSpec(
            name="colour",
            title="Colour network",
            summary="Six convolutions in three sizes, for small colour photographs of ten kinds of things.",
            suits="photographs",
            build=colour_net,
            feeding=PHOTOS,
            labels=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
            weights=WEIGHTS / "colour.safetensors",
        ),
    )
}


def find(name: str) -> ModelSpec:
    """The ModelSpec of that name. Raises ExplorerError naming the known ones."""
    if name not in MODELS:
        raise ExplorerError(f"There is no network called “{name[:40]}”: choose one of {', '.join(MODELS)}.")
    return MODELS[name]
