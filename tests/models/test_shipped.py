"""The weights in assets/: they fit, their cards are complete, and they do what the cards say."""

import datetime
import functools
import os
from collections import Counter
from pathlib import Path

import pytest
import torch

from explorer.data.datasets import load_data_set
from explorer.errors import ExplorerError
from explorer.models.feeding import DIGITS
from explorer.models.registry import EXTRACTORS, MODELS, SHIPPED, add, find, knows
from explorer.models.weights import read_card
from explorer.training.evaluation import judge
from explorer.training.recipes import RECIPES
from tests.models.drawn import drawings

REACHED = {"lenet5": 0.99, "colour": 0.85}
TRAINED_ON = {"lenet5_low": "mnist_low"}


@functools.cache
def network(name):
    return MODELS[name].load()


@pytest.fixture(params=list(REACHED))
def spec(request):
    return MODELS[request.param]


def test_weights_load_and_are_numbers(spec):
    assert all(tensor.isfinite().all() for tensor in network(spec.name).state_dict().values())
    assert network(spec.name)(torch.zeros(1, *spec.input_shape)).isfinite().all()


def test_card_is_complete(spec):
    card = read_card(spec.weights)
    assert card["network"] == spec.name
    assert card["data"] == RECIPES[spec.name].data
    assert card["command"].startswith(f"python -m explorer train {spec.name} --data {card['data']} ")
    assert not any(word.startswith("/") or word.startswith("--data-dir") for word in card["command"].split())
    assert isinstance(card["seed"], int)
    assert card["steps"] > 0
    assert REACHED[spec.name] <= card["test_accuracy"] <= 1
    datetime.date.fromisoformat(card["date"])


def test_shipped_accuracy(spec):
    if "EXPLORER_DATA" not in os.environ:
        pytest.skip("needs the test set: name its folder in EXPLORER_DATA")
    data = load_data_set(RECIPES[spec.name].data, Path(os.environ["EXPLORER_DATA"]))
    assert len(data.test) == 10_000
    accuracy = judge(network(spec.name), data.test, spec.feeding.normalise, batch_size=250).accuracy
    assert accuracy >= REACHED[spec.name]
    assert accuracy == pytest.approx(read_card(spec.weights)["test_accuracy"], abs=0.002)


@pytest.mark.parametrize("name", EXTRACTORS)
def test_a_network_to_learn_from_does_what_its_card_says(name):
    spec = find(name)
    card = read_card(spec.weights)
    assert (card["network"], card["data"]) == (name.partition("_")[0], TRAINED_ON[name])
    assert card["command"].startswith(f"python -m explorer train {card['network']} --data {card['data']} ")
    assert card["command"].endswith(f"--out assets/weights/{name}.safetensors")
    assert card["test_accuracy"] >= 0.99
    datetime.date.fromisoformat(card["date"])
    assert all(tensor.isfinite().all() for tensor in spec.load().state_dict().values())
    if "EXPLORER_DATA" in os.environ:
        data = load_data_set(card["data"], Path(os.environ["EXPLORER_DATA"]))
        assert data.classes == spec.labels
        accuracy = judge(spec.load(), data.test, spec.feeding.normalise, batch_size=250).accuracy
        assert accuracy == pytest.approx(card["test_accuracy"], abs=0.002)


def test_networks_to_learn_from_are_not_among_those_to_look_at():
    assert not set(EXTRACTORS) & {*MODELS, *SHIPPED}
    assert all(knows(name) for name in (*EXTRACTORS, *MODELS))
    assert not knows("lenet9")
    with pytest.raises(ExplorerError, match="already"):
        add(find("lenet5_low"))


def test_digits_drawn_with_a_mouse_are_right():
    wrong, count = Counter(), Counter()
    for digit, field in drawings():
        said = str(network("lenet5")(DIGITS.preprocess(field)).argmax().item())
        count[digit] += 1
        wrong[digit] += said != digit
    assert sorted(count) == list("0123456789")
    assert wrong.total() / count.total() <= 0.1, wrong
    assert all(wrong[digit] <= count[digit] / 3 for digit in count), wrong  # no digit is given up


def test_a_blank_field_is_refused_not_guessed():
    _, field = next(drawings())
    with pytest.raises(ExplorerError):
        DIGITS.preprocess(field * 0)
