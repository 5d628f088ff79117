"""A run's settings: to JSON and back, and to a command line that means the same."""

import json
import shlex

import pytest

from explorer.cli import build_parser
from explorer.commands.train import settings_of
from explorer.errors import ExplorerError
from explorer.models.trainable import TRAINABLE, Design
from explorer.training.config import TrainConfig
from explorer.training.optimisers import OPTIMISERS
from explorer.training.recipes import RECIPES, find_recipe
from explorer.training.schedules import SCHEDULES
from explorer.training.settings import RunSettings, Start, Transfer, option

MANY = {
    "all as it is": RunSettings(),
    **{f"{name} by its recipe": RunSettings(r.design, r.data, r.config) for name, r in RECIPES.items()},
    **{f"{name} plain": RunSettings(Design(name), "digits") for name in TRAINABLE},
    **{name: RunSettings(Design(), "digits", TrainConfig(optimiser=name)) for name in OPTIMISERS},
    **{name: RunSettings(Design(), "digits", TrainConfig(schedule=name)) for name in SCHEDULES},
    "another network": RunSettings(Design("lenet5", "tanh", "average", "zeros", True, 0.25), "fashion_mnist"),
    "a deep one": RunSettings(Design("deep", "sigmoid", initialisation="xavier", dropout=0.95), "shapes"),
    "limits": RunSettings(config=TrainConfig(epochs=0.1, seconds=1.5, until_accuracy=0.99)),
    "long numbers": RunSettings(config=TrainConfig(epochs=1 / 3, rate=0.1 + 0.2, weight_decay=1e-300)),
    "large numbers": RunSettings(config=TrainConfig(epochs=1_000_000, rate=1e38, seed=2**63 - 1, seconds=1e300)),
    "mixed precision": RunSettings(config=TrainConfig(bfloat16=True, device="cpu", threads=3, batch_size=1)),
    "no mixed precision": RunSettings(Design("colour"), "cifar10", TrainConfig(bfloat16=False)),
    "varied": RunSettings(config=TrainConfig(augmentation="flip+shift+colour", seed=7)),
    "last layers": RunSettings(Design(), "digits", transfer=Transfer("lenet5_low", "f6", "last")),
    "fine-tuning": RunSettings(
        Design(), "own", transfer=Transfer("20261121-143005-lenet5-3f2a:70", "c3", "fine_tune", 0.1)
    ),
    "of torchvision": RunSettings(
        Design(), "cifar10", transfer=Transfer("resnet18", "layer1.0", "scratch", network="resnet18")
    ),
    "few pictures": RunSettings(train_pictures=500),
    "going on": RunSettings(start=Start("20261121-143005-lenet5-3f2a", 0), train_pictures=20),
}
FIELDS = ("design", "config")


@pytest.mark.parametrize("settings", MANY.values(), ids=MANY)
def test_to_json_and_back(settings):
    assert RunSettings.from_json(json.loads(json.dumps(settings.as_json()))) == settings


@pytest.mark.parametrize("settings", MANY.values(), ids=MANY)
def test_the_command_means_the_same(settings):
    words = shlex.split(settings.command())
    assert words[:4] == ["python", "-m", "explorer", "train"]
    assert settings_of(build_parser(words[3:]).parse_args(words[3:])) == settings


def test_the_command_leaves_out_what_the_recipe_says():
    recipe = find_recipe("colour")
    usual = RunSettings(recipe.design, "cifar10", recipe.config)
    assert usual.command() == "python -m explorer train colour --data cifar10"


def test_every_setting_has_an_option():
    names = {name for part in FIELDS for name in RunSettings().as_json()[part]} - {"network"}
    options = vars(
        build_parser(["train"]).parse_args(["train", "lenet5", *(f"{option(name)}=1" for name in ("epochs", "seed"))])
    )
    assert {"epochs", "seed"} <= set(options)
    help_text = build_parser(["train"])._subparsers._group_actions[0].choices["train"].format_help()
    assert [name for name in names if option(name) not in help_text] == []


def test_every_network_has_a_recipe_for_itself():
    assert {name: recipe.design.network for name, recipe in RECIPES.items()} == {name: name for name in TRAINABLE}


SPOILT = {
    "empty": {},
    "no object": [],
    "nothing": None,
    "text": "lenet5",
    "no data": {"design": {}, "config": {}},
    "unknown design": {"design": {"legs": 4}, "data": "mnist", "config": {}},
    "unknown setting": {"design": {}, "data": "mnist", "config": {"colour": "red"}},
    "unknown network": {"design": {"network": "alexnet"}, "data": "mnist", "config": {}},
    "a list for a name": {"design": {"network": []}, "data": "mnist", "config": {}},
    "text for a number": {"design": {}, "data": "mnist", "config": {"epochs": "many"}},
    "text for pictures": {"design": {}, "data": "mnist", "config": {}, "train_pictures": "all"},
    "no pictures": {"design": {}, "data": "mnist", "config": {}, "train_pictures": 0},
    "start as text": {"design": {}, "data": "mnist", "config": {}, "start": "x"},
    "start nowhere": {"design": {}, "data": "mnist", "config": {}, "start": {"run": "x", "step": "../../x"}},
    "design as text": {"design": "lenet5", "data": "mnist", "config": {}},
}


@pytest.mark.parametrize("values", SPOILT.values(), ids=SPOILT)
def test_what_is_no_settings_is_one_sentence(values):
    with pytest.raises(ExplorerError):
        RunSettings.from_json(values)
