"""Every network that can be trained, with every setting: shapes, seeds, and LeNet-5 as it is shipped."""

import pytest
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.models import lenet
from explorer.models.activations import ACTIVATION_LAYERS
from explorer.models.initialise import INITIALISATIONS
from explorer.models.localiser import LOCALISERS
from explorer.models.registry import find
from explorer.models.segmenters import SEGMENTERS
from explorer.models.trainable import DEEP_LAYERS, POOLINGS, TRAINABLE, Design, build
from explorer.models.weights import load_weights

BOTH = [(name, channels) for name in TRAINABLE for channels in (1, 3) if (name, channels) != ("colour", 1)]


def answer(name, classes, count=3):
    """The shape of what a network puts out."""
    if name in SEGMENTERS:
        return count, classes, 32, 32
    return count, classes + 4 * (name in LOCALISERS)


def pictures(channels, count=3):
    return torch.randn(count, channels, 32, 32, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize(("name", "channels"), BOTH)
@pytest.mark.parametrize("classes", [2, 10])
def test_every_network_answers(name, channels, classes):
    network = build(Design(name), channels, classes)
    logits = network(pictures(channels))
    assert logits.shape == answer(name, classes)
    assert logits.isfinite().all()
    assert logits.std() > 0


@pytest.mark.parametrize(("name", "channels"), BOTH)
def test_every_network_is_flat(name, channels):
    assert all(not list(layer.children()) for layer in build(Design(name), channels, 10).children())


EVERY = [
    *({"activation": name} for name in ACTIVATION_LAYERS),
    *({"pooling": name} for name in POOLINGS),
    *({"initialisation": name} for name in INITIALISATIONS),
    {"batch_norm": True},
    {"dropout": 0.95},
]


@pytest.mark.parametrize("settings", EVERY, ids=str)
@pytest.mark.parametrize("name", list(TRAINABLE))
def test_every_setting_builds_and_has_a_gradient_way(name, settings):
    network = build(Design(name, **settings), 3, 4)
    network.train()(pictures(3)).sum().backward()
    assert list(network.parameters())[-1].grad.abs().sum() > 0


@pytest.mark.parametrize("name", list(TRAINABLE))
def test_the_activation_is_the_one_asked_for(name):
    kinds = {key: type(make()) for key, make in ACTIVATION_LAYERS.items()}
    for key, kind in kinds.items():
        layers = dict(build(Design(name, activation=key), 3, 10).named_children())
        layers.pop("box", None)  # the localiser's own sigmoid
        found = {type(layer) for layer in layers.values()} & set(kinds.values())
        assert found == ({nn.ReLU} if name == "colour" else {kind})  # the colour network has no use for it


def test_parts_of_lenet_are_exchanged():
    network = build(Design("lenet5", "tanh", "average", batch_norm=True, dropout=0.25), 1, 10)
    assert [name for name, _ in network.named_children()] == [
        *("c1", "norm1", "tanh1", "s2", "c3", "norm3", "tanh3", "s4", "c5", "norm5", "tanh5", "flatten"),
        *("drop5", "f6", "tanh6", "drop6", "output"),
    ]
    assert isinstance(network.s2, nn.AvgPool2d)
    assert network.drop5.p == 0.25


def test_the_deep_stack_is_deep():
    kinds = [type(layer) for layer in build(Design("deep", "sigmoid", batch_norm=True, dropout=0.1), 1, 10)]
    for kind in (nn.BatchNorm1d, nn.Sigmoid, nn.Dropout):
        assert kinds.count(kind) == DEEP_LAYERS
    assert kinds.count(nn.Linear) == DEEP_LAYERS + 1


@pytest.mark.parametrize("scheme", [name for name in INITIALISATIONS if name != "zeros"])
@pytest.mark.parametrize("name", list(TRAINABLE))
def test_the_same_seed_gives_the_same_weights(name, scheme):
    design = Design(name, initialisation=scheme)
    torch.manual_seed(99)
    first, again, other = (build(design, 3, 10, seed=seed).state_dict() for seed in (5, 5, 6))
    assert all(torch.equal(first[key], again[key]) for key in first)
    weights = [key for key, tensor in first.items() if key.endswith("weight") and tensor.ndim > 1]
    assert not torch.equal(first[weights[-1]], other[weights[-1]])


def test_zeros_are_zeros():
    assert all(not tensor.any() for tensor in build(Design(initialisation="zeros"), 1, 10).parameters())


def test_global_random_numbers_are_left_alone():
    before = torch.get_rng_state()
    build(Design("deep", initialisation="he"), 1, 10, seed=5)
    assert torch.equal(torch.get_rng_state(), before)


# ── the shipped LeNet-5 ─────────────────────────────────────────────────────────────────────────────────────────────


def test_as_it_opens_it_is_lenet5():
    ours, shipped = build(Design(), 1, 10), lenet.lenet5()
    shapes = [{key: tuple(tensor.shape) for key, tensor in one.state_dict().items()} for one in (ours, shipped)]
    assert list(shapes[0].items()) == list(shapes[1].items())
    assert [(name, str(layer)) for name, layer in ours.named_children()] == [
        (name, str(layer)) for name, layer in shipped.named_children()
    ]
    shipped.load_state_dict(ours.state_dict())
    assert torch.equal(ours(pictures(1)), shipped(pictures(1)))


def test_the_shipped_weights_fit():
    spec = find("lenet5")
    ours = load_weights(build(Design(), 1, 10), spec.weights)
    assert torch.equal(ours(pictures(1)), spec.load()(pictures(1)))


def test_the_shipped_colour_weights_fit():
    spec = find("colour")
    ours = load_weights(build(Design("colour"), 3, 10), spec.weights)
    assert torch.equal(ours.eval()(pictures(3)), spec.load()(pictures(3)))


# ── what cannot be built ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("setting", ["network", "activation", "pooling", "initialisation"])
def test_unknown_names_are_refused_with_the_known(setting):
    with pytest.raises(ExplorerError, match=f"{setting.capitalize()} is magic: choose one of"):
        Design(**{setting: "magic"})


@pytest.mark.parametrize("dropout", [-0.1, 0.96, 1, float("nan")])
def test_dropout_out_of_range(dropout):
    with pytest.raises(ExplorerError, match=r"choose a number from 0 to 0\.95"):
        Design(dropout=dropout)


@pytest.mark.parametrize(("name", "classes"), [(name, k) for name in TRAINABLE for k in (-1, 0, 1, 1001)])
def test_classes_out_of_range(name, classes):
    with pytest.raises(ExplorerError, match="bring 2 to 1,000"):
        build(Design(name), 3, classes)


def test_the_colour_network_wants_colours():
    with pytest.raises(ExplorerError, match="takes 3-channel pictures and these have 1: choose cifar10, or lenet5"):
        build(Design("colour"), 1, 10)
