"""How each network is trained unless told otherwise. Knows networks, data sets and settings; not files, not screens."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn

from explorer.errors import ExplorerError
from explorer.models.colour import fold_batch_norm
from explorer.models.trainable import Design
from explorer.training.config import TrainConfig


@dataclass(frozen=True)
class Recipe:
    """What `train NAME` does unless told otherwise.

    title: what one reads. data: the data set it is meant for. finish: the trained network → the network as it is shipped.
    """

    title: str
    data: str
    design: Design
    config: TrainConfig
    finish: Callable[[nn.Module], nn.Module] = lambda trained: trained


SEGMENTER_TITLES = {
    "seg_full": "Full size throughout",
    "seg_nearest": "Nearest-neighbour up-sampling",
    "seg_unpool": "Max unpooling",
    "seg_transposed": "Transposed convolution",
    "seg_skip": "Transposed convolution with skips",
}


def _segmenter(name: str, title: str) -> Recipe:
    """The same for all five, so that they can be compared."""
    config = TrainConfig(epochs=12, batch_size=16, rate=5e-3)
    return Recipe(title, "scenes", Design(name, batch_norm=True), config)


RECIPES: dict[str, Recipe] = {
    "lenet5": Recipe(
        title="LeNet-5",
        data="mnist",
        design=Design("lenet5"),
        config=TrainConfig(epochs=40, batch_size=128, rate=3e-3, weight_decay=1e-2, augmentation="strokes"),
    ),
    "colour": Recipe(
        title="Colour network",
        data="cifar10",
        design=Design("colour", batch_norm=True),
        finish=fold_batch_norm,
        config=TrainConfig(
            epochs=40,
            batch_size=128,
            optimiser="momentum",
            rate=0.1,
            weight_decay=5e-4,
            augmentation="crops",
            bfloat16=True,
        ),
    ),
    "deep": Recipe(
        title="Twelve dense layers",
        data="digits",
        design=Design("deep"),
        config=TrainConfig(epochs=20, batch_size=64, optimiser="momentum", rate=0.02, schedule="constant"),
    ),
    "corner_cnn": Recipe(
        title="Small CNN",
        data="corner",
        design=Design("corner_cnn"),
        config=TrainConfig(epochs=10, batch_size=64, rate=5e-3),
    ),
    "corner_mlp": Recipe(
        title="MLP",
        data="corner",
        design=Design("corner_mlp"),
        config=TrainConfig(epochs=10, batch_size=64, rate=5e-3),
    ),
    **{name: _segmenter(name, title) for name, title in SEGMENTER_TITLES.items()},
    "locate": Recipe(
        title="Class and box",
        data="boxes",
        design=Design("locate", batch_norm=True),
        config=TrainConfig(epochs=20, batch_size=32, rate=3e-3, box_weight=10.0),
    ),
}

# The preset "Fast to 99 %": what it changes of LeNet-5's recipe on MNIST, pictures unvaried. Three seeds on a CPU: 99.23, 99.25
# and 99.09 % of the test set after four epochs. On CUDA each step is one graph.
FAST = {"epochs": 4.0, "batch_size": 256, "rate": 1e-2}


def find_recipe(name: str) -> Recipe:
    """The recipe of that network. Raises ExplorerError naming the known ones."""
    if name not in RECIPES:
        raise ExplorerError(f"There is no recipe for “{name[:40]}”: choose one of {', '.join(RECIPES)}.")
    return RECIPES[name]
