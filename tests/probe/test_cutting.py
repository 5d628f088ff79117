"""Cutting networks: the halves together are the whole, at every place, for every network; and it comes back as it came."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from explorer.errors import ExplorerError
from explorer.models.registry import MODELS
from explorer.models.trainable import Design, build
from explorer.probe.cutting import cut_points, layers_below, segments, split, widest

# An odd, small picture for the large ones; the small ones have one size only
SIDES = {name: (299 if name == "inception_v3" else 96) if spec.adapt else 32 for name, spec in MODELS.items()}
HEAVY = ("vgg16", "alexnet", "resnet152", "inception_v3")  # their weights are not made: cut, but not run


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.relu = nn.Conv2d(3, 3, 3, padding=1), nn.ReLU()

    def forward(self, x):
        return self.relu(self.relu(self.conv(x)) + x)


class Small(nn.Module):
    """A residual block whose ReLU runs twice, a weight of the network's own, a skip over everything between."""

    def __init__(self):
        super().__init__()
        self.first, self.block, self.last = nn.Conv2d(3, 3, 3, padding=1), Residual(), nn.Linear(3, 2)
        self.scale = nn.Parameter(torch.tensor(2.0))
        self.before, self.after = nn.Conv2d(3, 3, 1), nn.Conv2d(3, 3, 1)

    def forward(self, x):
        x = self.block(F.relu(self.first(x))) * self.scale
        y = self.after(self.before(x))
        return self.last((x + y).mean((2, 3)) * self.scale)


def pictures(network_name, count=2):
    side, channels = SIDES[network_name], MODELS[network_name].feeding.channels
    return torch.randn(count, channels, side, side, generator=torch.Generator().manual_seed(1))


def facts(network):
    """All that could have been changed."""
    return (
        [(name, module.training, len(module._forward_hooks)) for name, module in network.named_modules()],
        [(name, weights.requires_grad, weights.grad) for name, weights in network.named_parameters()],
        {name: tensor.clone() for name, tensor in network.state_dict().items()},
    )


def assert_as_it_came(network, before):
    modes, gradients, state = facts(network)
    assert (modes, gradients) == before[:2]
    assert all(torch.equal(state[name], before[2][name]) for name in before[2])


@pytest.mark.parametrize("name", [name for name in MODELS if name not in HEAVY])
def test_the_halves_are_the_whole(name):
    network, inputs = MODELS[name].load_random(), pictures(name)
    points = cut_points(network, inputs.shape[1:])
    before = facts(network)
    with torch.no_grad():
        whole = network(inputs)
        for cut in points[:: max(1, len(points) // 4)]:
            below, above = split(network, cut, inputs.shape[1:])
            assert torch.equal(above(below(inputs)), whole), cut
    assert_as_it_came(network, before)


@pytest.mark.parametrize("name", list(MODELS))
def test_the_halves_share_all_weights_and_nothing_is_lost(name):
    spec = MODELS[name]
    with torch.device("meta"):
        network = spec.build().eval()
    own = dict(network.named_parameters())
    for cut in (cut_points(network, spec.input_shape)[0], segments(network, spec.input_shape)[-2].cut):
        below, above = (dict(half.named_parameters()) for half in split(network, cut, spec.input_shape))
        assert not below.keys() & above.keys()
        assert {**below, **above}.keys() == own.keys()
        assert all(weights is own[key] for key, weights in {**below, **above}.items())


@pytest.mark.parametrize("name", list(MODELS))
def test_segments_hold_every_layer_once(name):
    spec = MODELS[name]
    with torch.device("meta"):
        network = spec.build().eval()
    parts = segments(network, spec.input_shape)
    held = [layer for part in parts for layer in part.layers]
    assert sorted(held) == sorted({key.rpartition(".")[0] for key, _ in network.named_parameters()})
    points = cut_points(network, spec.input_shape)
    assert [part.cut for part in parts[:-1]] == [cut for cut in points if cut in {part.cut for part in parts}]
    assert parts[-1].cut == ""
    assert parts[-1].shape == (len(spec.labels),)
    assert layers_below(network, parts[0].cut)[0] == held[0]


def test_lenet_by_hand():
    network = MODELS["lenet5"].build()
    names = ("c1", "relu1", "s2", "c3", "relu3", "s4", "c5", "relu5", "flatten", "f6", "relu6")
    assert cut_points(network, (1, 32, 32)) == names
    parts = [(part.cut, part.shape, part.layers) for part in segments(network, (1, 32, 32))]
    assert parts == [
        ("c1", (6, 28, 28), ("c1",)),
        ("c3", (16, 10, 10), ("c3",)),
        ("c5", (120, 1, 1), ("c5",)),
        ("f6", (84,), ("f6",)),
        ("", (10,), ("output",)),
    ]
    assert widest(network, "c1") == "s2"
    assert widest(network, "c5") == "flatten"
    assert widest(network, "f6") == "relu6"


def test_dropout_stays_above():
    network = build(Design("lenet5", dropout=0.5), 1, 10)
    assert widest(network, "f6") == "relu6"  # drop6 comes after it
    assert widest(network, "c5") == "flatten"


def test_normalisation_goes_with_its_layer():
    network = build(Design("lenet5", batch_norm=True), 1, 10)
    assert [part.cut for part in segments(network, (1, 32, 32))] == ["norm1", "norm3", "norm5", "f6", ""]
    assert segments(network, (1, 32, 32))[0].layers == ("c1", "norm1")
    assert [part.cut for part in segments(MODELS["resnet18"].load_random(), (3, 64, 64))][:3] == [
        "bn1",
        "layer1.0",
        "layer1.1",
    ]


def test_a_block_is_not_cut_in_two_and_a_skip_is_not_cut():
    network, inputs = Small().eval(), torch.randn(2, 3, 8, 8)
    assert cut_points(network, (3, 8, 8)) == ("first", "block")  # not inside it, and x is alive beside before and after
    before = facts(network)
    for cut in cut_points(network, (3, 8, 8)):
        below, above = split(network, cut, (3, 8, 8))
        assert torch.equal(above(below(inputs)), network(inputs))
    assert_as_it_came(network, before)


def test_a_half_in_training_is_the_network_in_training():
    network = build(Design("lenet5", dropout=0.5, batch_norm=True), 1, 10).train()
    below, above = split(network, "s2", (1, 32, 32))
    below.eval()
    assert not network.norm1.training
    assert network.drop6.training
    assert above.drop6 is network.drop6


@pytest.mark.parametrize("cut", ["", "output", "c9", "conv1"])
def test_an_unknown_cut_names_the_known(cut):
    with pytest.raises(ExplorerError, match="choose one of c1, relu1"):
        split(MODELS["lenet5"].build(), cut, (1, 32, 32))
    with pytest.raises(ExplorerError, match="cannot be cut"):
        widest(MODELS["lenet5"].build(), cut)


def test_code_that_looks_at_numbers_cannot_be_cut():
    class Looks(nn.Module):
        def forward(self, x):
            return x if x.sum() > 0 else -x

    with pytest.raises(ExplorerError, match="could not be followed"):
        cut_points(Looks(), (1, 4, 4))
