"""How each bundled network was trained. Knows networks, data sets and settings; not files, not screens."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn

from explorer.errors import ExplorerError
from explorer.models.colour import colour_net, fold_batch_norm
from explorer.models.lenet import lenet5
from explorer.training.loop import TrainConfig


@dataclass(frozen=True)
class Recipe:
    """What `train NAME` does unless told otherwise.

    build: the network as it learns. finish: the trained network → the network as it is shipped and shown.
    data: the data set it is meant for. config: the settings unless told otherwise.
    """

    data: str
    config: TrainConfig
    build: Callable[[], nn.Module]
    finish: Callable[[nn.Module], nn.Module] = lambda trained: trained


RECIPES: dict[str, Recipe] = {
    "lenet5": Recipe(
        data="mnist",
        build=lenet5,
        config=TrainConfig(epochs=40, batch_size=128, rate=3e-3, weight_decay=1e-2, augmentation="strokes"),
    ),
    "colour": Recipe(
        data="cifar10",
        build=lambda: colour_net(batch_norm=True),
        finish=fold_batch_norm,
        config=TrainConfig(
            epochs=40,
            batch_size=128,
            optimiser="sgd",
            rate=0.1,
            weight_decay=5e-4,
            augmentation="crops",
            bfloat16=True,
        ),
    ),
}


def find_recipe(name: str) -> Recipe:
    """The recipe of that network. Raises ExplorerError naming the known ones."""
    if name not in RECIPES:
        raise ExplorerError(f"There is no recipe for “{name[:40]}”: choose one of {', '.join(RECIPES)}.")
    return RECIPES[name]
