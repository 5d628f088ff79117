"""Every recipe trains its network, and finishes it without changing its answers."""

import pytest
import torch

from explorer.data.labelled import DataSet, LabelledImages
from explorer.errors import ExplorerError
from explorer.models.trainable import build
from explorer.training.config import TrainConfig
from explorer.training.loop import train
from explorer.training.recipes import RECIPES, find_recipe
from explorer.training.run import feeding
from explorer.training.tasks import task_of
from tests.data.sets import stripes
from tests.training.test_loop import normalise


@pytest.mark.parametrize("name", list(RECIPES))
def test_every_recipe_trains_its_network(name):
    recipe = find_recipe(name)
    channels = 3 if recipe.data == "cifar10" else 1
    source = stripes(16)
    half = LabelledImages(
        source.train.images.expand(-1, channels, -1, -1).contiguous(),
        source.train.labels,
        masks=torch.zeros(16, 32, 32, dtype=torch.uint8),
        boxes=torch.full((16, 4), 0.5),
    )
    data = DataSet("stripes", tuple("0123456789"), half, half)
    settings = {"epochs": 1, "batch_size": 8, "device": "cpu", "augmentation": recipe.config.augmentation}
    network = build(recipe.design, channels, 10)
    config = TrainConfig(**settings, optimiser=recipe.config.optimiser)
    train(network, data, feeding(channels).normalise, config, task=task_of(recipe.design))
    finished = recipe.finish(network).eval()
    inputs = normalise(half.images[:4])
    torch.testing.assert_close(finished(inputs), network.eval()(inputs), rtol=1e-3, atol=1e-3)


def test_unknown_recipe_names_the_known():
    with pytest.raises(ExplorerError, match="“alexnet”: choose one of lenet5, colour"):
        find_recipe("alexnet")
