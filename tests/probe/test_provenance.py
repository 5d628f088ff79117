"""The terms add up to what was recorded: by hand, for every kind of layer, and in whole networks; autograd is the oracle."""

import dataclasses

import numpy as np
import pytest
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.images.samples import example_digit, load_sample
from explorer.models.registry import MODELS
from explorer.probe.feeding_units import feeds
from explorer.probe.graph import program
from explorer.probe.node_values import gradients, record_nodes
from explorer.probe.provenance import Provenance, making, provenance
from explorer.probe.terms import Terms, Unit

TOLERANCE = 1e-4


def run_of(network: nn.Module, inputs: torch.Tensor):
    return record_nodes(program(network.eval(), tuple(inputs.shape[1:])), inputs)


def adds_up(found: Provenance) -> None:
    """The invariant; relative to the largest part, because parts of either sign may nearly cancel."""
    sizes = [float(np.abs(terms.products).sum()) for terms in found.terms]
    scale = max(abs(found.recorded), abs(found.bias), *sizes, 1e-6) if sizes else 1.0
    assert abs(found.difference) <= TOLERANCE * scale, (found.unit, found.kind, found.total, found.recorded)
    if found.rule in ("sum", "largest"):
        assert found.products + found.bias == pytest.approx(found.total, abs=1e-9 * scale + 1e-12)


def units(run, node: str, count: int, seed: int = 0) -> list[Unit]:
    shape, random = tuple(run.values[node].shape), np.random.default_rng(seed)
    corner = [tuple(0 for _ in shape), tuple(size - 1 for size in shape)]
    return [Unit(node, at) for at in [*corner, *(tuple(int(random.integers(n)) for n in shape) for _ in range(count))]]


def test_by_hand():
    """2×2 under a 2×2 kernel: 1·10 + 2·0 + 3·(−1) + 4·0.5 + 7 = 16; ReLU keeps it; ×3 − 1 of it is 47."""
    network = nn.Sequential(nn.Conv2d(1, 1, 2), nn.ReLU(), nn.BatchNorm2d(1, eps=0.0))
    with torch.no_grad():
        network[0].weight.copy_(torch.tensor([[[[10.0, 0.0], [-1.0, 0.5]]]]))
        network[0].bias.fill_(7)
        network[2].weight.fill_(6)
        network[2].bias.fill_(-1)
        network[2].running_var.fill_(4)
    run = run_of(network, torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]]))
    names = [node.name for node in run.graph]
    made = provenance(run, Unit(names[1], (0, 0, 0)))
    assert (made.rule, made.bias, made.total, made.recorded) == ("sum", 7, 16, 16)
    (terms,) = made.terms
    np.testing.assert_array_equal(terms.values, [[[1, 2], [3, 4]]])
    np.testing.assert_array_equal(terms.weights, [[[10, 0], [-1, 0.5]]])
    np.testing.assert_array_equal(terms.products, [[[10, 0], [-3, 2]]])
    assert terms.unit(0, 1, 0) == Unit(names[0], (0, 1, 0))
    assert terms.strongest(2) == [(0, 0, 0), (0, 1, 0)]
    assert provenance(run, terms.unit(0, 1, 0)).rule == "input"
    normalised = provenance(run, Unit(names[3], (0, 0, 0)))
    assert (normalised.terms[0].weights.item(), normalised.bias, normalised.recorded) == (3, -1, 47)
    assert normalised.details == {"γ": 6, "β": -1, "μ": 0, "σ²": 4, "ε": 0}
    assert [part.kind for part in making(run, Unit(names[3], (0, 0, 0)))] == ["Conv2d", "ReLU", "BatchNorm2d"]


class Step(nn.Module):
    def __init__(self, step, *layers):
        super().__init__()
        self.step, self.layers = step, nn.ModuleList(layers)

    def forward(self, x):
        return self.step(x, *self.layers)


def squeezed(x, squeeze):
    return x * torch.sigmoid(squeeze(x.mean((2, 3), keepdim=True)))


KINDS = {
    "grouped": nn.Conv2d(4, 6, 3, groups=2),
    "depthwise": nn.Conv2d(4, 8, 3, groups=4, padding=1),
    "strided, dilated, uneven": nn.Conv2d(4, 3, (3, 2), stride=(2, 1), dilation=(1, 3), padding=(2, 1)),
    "same, even kernel": nn.Conv2d(4, 3, 4, padding="same", bias=False),
    "reflect": nn.Conv2d(4, 3, 3, padding=2, padding_mode="reflect"),
    "circular": nn.Conv2d(4, 3, 3, padding=1, padding_mode="circular"),
    "replicate": nn.Conv2d(4, 3, 5, padding=2, padding_mode="replicate"),
    "asymmetric padding": nn.Sequential(nn.ZeroPad2d((2, 0, 1, 3)), nn.Conv2d(4, 3, 3)),
    "constant padding": nn.ConstantPad2d((1, 2, 0, 1), 3.5),
    "transposed": nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2),
    "transposed, dilated": nn.ConvTranspose2d(4, 3, (2, 3), stride=(3, 1), dilation=2),
    "max": nn.MaxPool2d(3, 2, padding=1, ceil_mode=True),
    "max, dilated": nn.MaxPool2d(2, dilation=2, stride=1),
    "average": nn.AvgPool2d(3, 2, padding=1, ceil_mode=True, count_include_pad=False),
    "adaptive": nn.AdaptiveAvgPool2d((3, 2)),
    "adaptive max": nn.AdaptiveMaxPool2d(2),
    "normalised": nn.Sequential(nn.Conv2d(4, 5, 1), nn.BatchNorm2d(5), nn.ReLU(inplace=True)),
    "dense on a map": nn.Sequential(nn.Flatten(), nn.Dropout(), nn.Linear(4 * 7 * 8, 5)),
    "dense": nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3)),
    "up": nn.Upsample(scale_factor=2, mode="bilinear"),
    "shuffle": nn.PixelShuffle(2),
    "hard": nn.Hardswish(),
    "softmax": nn.Softmax(1),
    "layer norm": nn.LayerNorm([4, 7, 8]),
    "group norm": nn.GroupNorm(2, 4),
    "residual": Step(lambda x, f: torch.relu_(f(x) + x), nn.Conv2d(4, 4, 3, padding=1)),
    "twice": Step(lambda x: x + x),
    "minus": Step(lambda x: 3 - x * 2),
    "branches": Step(lambda x, f: torch.cat([f(x), x], 1), nn.Conv2d(4, 2, 1)),
    "squeeze": Step(squeezed, nn.Conv2d(4, 4, 1)),
    "square": Step(lambda x: x * x),
    "divided": Step(lambda x: x / (x.sum((2, 3), keepdim=True) + 100)),
    "chunks": Step(lambda x: torch.cat(x.chunk(2, 1)[::-1], 1)),
    "channel shuffle": nn.ChannelShuffle(2),
    "permuted": Step(lambda x: x.permute(0, 2, 3, 1)),
    "exported": Step(
        lambda x, f, g: g(torch.relu(f(x))) if x.sum() is not None and len(x) < 9 else x,
        nn.Conv2d(4, 4, 3),
        nn.BatchNorm2d(4),
    ),
    "function": Step(lambda x: nn.functional.conv2d(x, torch.ones(2, 4, 3, 3), stride=2)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_layer(kind):
    torch.manual_seed(3)
    for layer in KINDS[kind].modules():
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.running_mean)
            nn.init.uniform_(layer.running_var, 0.5, 2)
    run = run_of(nn.Sequential(KINDS[kind]), torch.randn(1, 4, 7, 8))
    for node in run.graph:
        for unit in units(run, node.name, 6) if node.name in run.values else ():
            found = provenance(run, unit)
            adds_up(found)
            for terms in found.terms:
                for place in terms.strongest(3):
                    below = terms.unit(*place)
                    assert float(run.values[below.node][below.at]) == terms.values[place]


LINEAR = [
    name for name in KINDS if isinstance(KINDS[name], nn.Conv2d | nn.ConvTranspose2d | nn.MaxPool2d | nn.AvgPool2d)
]


@pytest.mark.parametrize("kind", LINEAR)
def test_the_weights_are_the_slopes(kind):
    """Autograd through the whole layer, scattered back from our windows."""
    torch.manual_seed(4)
    inputs = torch.randn(1, 4, 7, 8, requires_grad=True)
    output = KINDS[kind].eval()(inputs)
    run = run_of(nn.Sequential(KINDS[kind]), inputs.detach())
    for unit in units(run, run.graph.output[0], 8):
        (terms,) = provenance(run, unit).terms
        ours = np.zeros((4, 7, 8))
        for place in np.ndindex(terms.values.shape):
            if below := terms.unit(*place):
                ours[below.at] += terms.weights[place]
        (slope,) = torch.autograd.grad(output[0][unit.at], inputs, retain_graph=True)
        np.testing.assert_allclose(ours, slope[0].numpy(), atol=1e-6)


def rules(kind: str, inputs: torch.Tensor | None = None) -> dict[str, str]:
    run = run_of(KINDS[kind], torch.randn(1, 4, 7, 8) if inputs is None else inputs)
    return {node.kind: provenance(run, units(run, node.name, 0)[0]).rule for node in run.graph}


def test_what_is_no_sum_says_so():
    assert rules("residual") == {"input": "input", "Conv2d": "sum", "add": "sum", "ReLU": "function"}
    assert rules("squeeze")["mul"] == "product"
    assert rules("softmax")["Softmax"] == "function"
    assert rules("branches")["cat"] == "sum"
    assert rules("max") == {"input": "input", "MaxPool2d": "largest"}


def test_concatenation_tells_branch_and_channel():
    run = run_of(KINDS["branches"], torch.randn(1, 4, 7, 8))
    (cat,) = [node for node in run.graph if node.kind == "cat"]
    for channel, (below, inside) in enumerate([(cat.inputs[0], 0), (cat.inputs[0], 1), (cat.inputs[1], 0)]):
        (terms,) = provenance(run, Unit(cat.name, (channel, 2, 3))).terms
        assert terms.unit(0, 0, 0) == Unit(below, (inside, 2, 3))


def test_a_dense_layer_on_a_map_is_told_by_channel():
    run = run_of(KINDS["dense on a map"], torch.randn(1, 4, 7, 8))
    (terms,) = provenance(run, Unit(run.graph.output[0], (1,))).terms
    assert terms.node == run.graph.nodes[0].name
    assert terms.products.shape == (4, 7, 8)
    assert list(terms.channels) == [0, 1, 2, 3]


@pytest.mark.parametrize("name", ["lenet5", "colour"])
def test_every_layer_of_the_bundled_networks(name):
    spec = MODELS[name]
    picture = example_digit() if name == "lenet5" else load_sample("cat")
    run = run_of(spec.load(), spec.feeding.preprocess(picture.pixels))
    for node in run.graph:
        for unit in units(run, node.name, 4):
            adds_up(provenance(run, unit))


@pytest.mark.parametrize("name", ["resnet18", "squeezenet1_1", "mobilenet_v3_large", "googlenet"])
def test_every_layer_of_torchvisions_networks(name):
    run = run_of(MODELS[name].load_random(), torch.randn(1, 3, 64, 64))
    for node in run.graph:
        for unit in units(run, node.name, 1):
            adds_up(provenance(run, unit))


def test_down_to_the_pixels():
    spec = MODELS["lenet5"]
    run = run_of(spec.load(), spec.feeding.preprocess(example_digit().pixels))
    unit, seen = Unit("output", (3,)), []
    while (made := provenance(run, unit)).rule != "input":
        seen.append(made.kind)
        (terms,) = made.terms
        unit = terms.unit(*terms.strongest(1)[0])
    assert seen[0] == "Linear"
    assert seen[-1] == "Conv2d"
    assert unit.node == run.graph.nodes[0].name


def test_upwards_a_window_of_a_convolution():
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.MaxPool2d(2))
    run = run_of(network, torch.randn(1, 1, 8, 8))
    first, conv, pool = (node.name for node in run.graph)
    (fed,) = feeds(run, Unit(first, (0, 4, 1)))
    assert (fed.node, fed.low, fed.high, fed.count) == (conv, (0, 2, 0), (1, 4, 1), 12)
    for unit, change in fed.strongest:
        (terms,) = provenance(run, unit).terms
        (place,) = np.argwhere((terms.at == (0, 4, 1)).all(axis=-1))
        assert terms.products[tuple(place)] == pytest.approx(change, abs=1e-5)
    (fed,) = feeds(run, Unit(conv, (1, 3, 2)))
    assert (fed.node, fed.low, fed.high) == (pool, (1, 1, 1), (1, 1, 1))
    assert feeds(run, Unit(pool, (0, 0, 0))) == ()


def test_upwards_both_ways_of_a_residual_block():
    run = run_of(KINDS["residual"], torch.randn(1, 4, 7, 8))
    conv, add = feeds(run, Unit(run.graph.nodes[0].name, (2, 3, 3)))
    assert (conv.low, conv.high) == ((0, 2, 2), (3, 4, 4))
    assert (add.low, add.high, add.count) == ((2, 3, 3), (2, 3, 3), 1)


def test_gradients_are_autograds_and_the_network_comes_back_as_it_came():
    torch.manual_seed(5)
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(2 * 16, 3)).train()
    network[0].weight.grad = torch.ones_like(network[0].weight)
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    inputs = torch.randn(1, 1, 6, 6)
    found = gradients(program(network, (1, 6, 6)), inputs, 2)
    assert all(layer.training for layer in network.modules())
    assert all(not layer._forward_hooks for layer in network.modules())
    assert torch.equal(network[0].weight.grad, torch.ones_like(network[0].weight))
    assert all(parameter.requires_grad for parameter in network.parameters())
    assert all(torch.equal(before[name], tensor) for name, tensor in network.state_dict().items())
    x = inputs.clone().requires_grad_()
    a = network[0](x)
    b = a.relu()
    expected = torch.autograd.grad(network[3](b.flatten(1))[0, 2], (x, a, b))
    for name, slope in zip(found, expected, strict=False):
        torch.testing.assert_close(found[name], slope[0])
    with pytest.raises(ExplorerError, match="choose 0 to 2"):
        gradients(program(network, (1, 6, 6)), inputs, 3)


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        (Unit("nothing", (0, 0, 0)), "no step “nothing”"),
        (Unit("c1", (6, 0, 0)), "6×28×28"),
        (Unit("c1", (0, -1, 0)), "counted from 0"),
        (Unit("c1", (0,)), "has no unit"),
    ],
)
def test_a_unit_that_is_not_there(unit, words):
    run = run_of(MODELS["lenet5"].load(), torch.zeros(1, 1, 32, 32))
    with pytest.raises(ExplorerError, match=words):
        provenance(run, unit)


def test_records_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Unit("a", (0,)).node = "b"
    assert dataclasses.fields(Terms)[0].name == "node"
