"""Shapes, settings, parameters and multiply-adds, against loops that count every multiplication."""

import itertools
import json

import pytest
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.models.registry import MODELS, SHIPPED
from explorer.probe.facts import describe, in_words, shape_text, table


def count_convolution(layer, taken):
    """Walk over every output value and every weight it sees; padded zeros are multiplied too."""
    (height, width), (kh, kw) = taken[1:], layer.kernel_size
    padded = []
    for size, k, d, axis in ((height, kh, layer.dilation[0], 0), (width, kw, layer.dilation[1], 1)):
        padding = d * (k - 1) if layer.padding == "same" else 0 if layer.padding == "valid" else 2 * layer.padding[axis]
        padded.append(size + padding)
    rows = range(0, padded[0] - layer.dilation[0] * (kh - 1), layer.stride[0])
    columns = range(0, padded[1] - layer.dilation[1] * (kw - 1), layer.stride[1])
    count = 0
    for channel in range(layer.out_channels):
        group = channel // (layer.out_channels // layer.groups)
        seen = [c for c in range(layer.in_channels) if c // (layer.in_channels // layer.groups) == group]
        for _ in itertools.product(rows, columns, seen, range(kh), range(kw)):
            count += 1
    return (layer.out_channels, len(rows), len(columns)), count


def count_transposed(layer, taken):
    """Each input value is multiplied by every weight that leads from it to its group's outputs."""
    count = 0
    for _ in itertools.product(*map(range, taken)):
        for _ in itertools.product(range(layer.out_channels // layer.groups), *map(range, layer.kernel_size)):
            count += 1
    return count


def only(layer, shape):
    facts = describe(layer, shape)
    assert len(facts.layers) == 1
    return facts.layers[0]


CONVOLUTIONS = {
    "plain": nn.Conv2d(2, 3, 3),
    "stride": nn.Conv2d(2, 3, 3, stride=(2, 3)),
    "padding": nn.Conv2d(2, 3, (3, 5), padding=(1, 2)),
    "dilation": nn.Conv2d(2, 3, 3, dilation=(2, 1)),
    "groups": nn.Conv2d(4, 6, 3, groups=2),
    "depthwise": nn.Conv2d(4, 4, 3, groups=4, bias=False),
    "same": nn.Conv2d(2, 3, (3, 5), padding="same", dilation=(2, 1)),
    "same, even": nn.Conv2d(2, 3, 4, padding="same"),
    "valid": nn.Conv2d(2, 3, 3, padding="valid"),
    "1×1": nn.Conv2d(2, 5, 1),
}


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize("layer", CONVOLUTIONS.values(), ids=CONVOLUTIONS)
def test_convolution_against_counting(layer):
    taken = (layer.in_channels, 8, 7)
    facts = only(layer, taken)
    assert (facts.output, facts.macs) == count_convolution(layer, taken)
    bias = layer.out_channels if layer.bias is not None else 0
    per_output = layer.in_channels // layer.groups * layer.kernel_size[0] * layer.kernel_size[1]
    assert facts.parameters == layer.out_channels * per_output + bias
    assert (facts.kernel, facts.stride, facts.dilation) == (layer.kernel_size, layer.stride, layer.dilation)


def test_padding_in_numbers():
    assert only(CONVOLUTIONS["same"], (2, 8, 7)).padding == (2, 2)  # 2 · (3 − 1) / 2 and 1 · (5 − 1) / 2
    assert only(CONVOLUTIONS["valid"], (2, 8, 7)).padding == (0, 0)
    assert only(CONVOLUTIONS["padding"], (2, 8, 7)).padding == (1, 2)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize(
    ("kernel", "dilation", "padding", "told"),
    [
        (4, 1, ((1, 2), (1, 2)), "1/2×1/2"),  # 3 to give: the odd cell goes behind
        (2, 1, ((0, 1), (0, 1)), "0/1×0/1"),
        ((4, 3), (1, 2), ((1, 2), 2), "1/2×2"),
        ((2, 4), (2, 1), (1, (1, 2)), "1×1/2"),
    ],
)
def test_same_with_an_even_kernel_is_told_before_and_after(kernel, dilation, padding, told):
    layer = nn.Conv2d(1, 1, kernel, padding="same", dilation=dilation, bias=False)
    nn.init.ones_(layer.weight)
    facts = describe(layer, (1, 9, 9))
    assert facts.layers[0].padding == padding
    assert told in table("It", facts)
    # the first unit sees what the padding leaves it
    seen = torch.ones(1, 1, 9, 9, requires_grad=True)
    layer(seen)[0, 0, 0, 0].backward()
    before = [part[0] if isinstance(part, tuple) else part for part in padding]
    taps = [range(-b, d * k - b, d) for b, k, d in zip(before, layer.kernel_size, layer.dilation, strict=True)]
    wanted = {(r, c) for r in taps[0] for c in taps[1] if r >= 0 and c >= 0}
    assert {tuple(place) for place in seen.grad[0, 0].nonzero().tolist()} == wanted


def test_padding_layers_tell_their_sides():
    assert only(nn.ZeroPad2d((1, 2, 3, 3)), (1, 5, 5)).padding == (3, (1, 2))
    assert only(nn.ReflectionPad2d(2), (1, 5, 5)).padding == (2, 2)


@pytest.mark.parametrize("groups", [1, 2])
def test_transposed_convolution_against_counting(groups):
    layer = nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=groups)
    facts = only(layer, (4, 3, 5))
    assert facts.output == (6, 6, 10)
    assert facts.macs == count_transposed(layer, (4, 3, 5))


def test_dense_by_hand():
    facts = describe(nn.Sequential(nn.Flatten(), nn.Linear(12, 5)), (3, 2, 2))
    flatten, dense = facts.layers
    assert (flatten.output, flatten.parameters, flatten.macs, flatten.kernel) == ((12,), 0, 0, None)
    assert (dense.output, dense.parameters, dense.macs) == ((5,), 65, 60)


def test_pooling_has_settings_but_no_costs():
    facts = only(nn.MaxPool2d([3, 2], padding=1), (2, 6, 6))
    assert (facts.kernel, facts.stride, facts.padding, facts.dilation) == ((3, 2), (3, 2), (1, 1), (1, 1))
    assert (facts.parameters, facts.macs) == (0, 0)


def test_normalisation_has_parameters_but_no_multiply_adds():
    facts = only(nn.BatchNorm2d(4), (4, 2, 2))
    assert (facts.parameters, facts.macs, facts.kernel) == (8, 0, None)


def test_G1_lenet():
    facts = describe(MODELS["lenet5"].build(), (1, 32, 32))
    by_name = {layer.name: layer for layer in facts.layers}
    assert facts.parameters == 61_706
    assert {name: by_name[name].macs for name in ("c1", "c3", "c5", "f6", "output")} == {
        "c1": 6 * 28 * 28 * 25,
        "c3": 16 * 10 * 10 * 6 * 25,
        "c5": 120 * 16 * 25,
        "f6": 120 * 84,
        "output": 84 * 10,
    }
    assert [shape_text(by_name[name].output) for name in ("c1", "s2", "c3", "s4", "c5", "f6")] == [
        "6 @ 28×28",
        "6 @ 14×14",
        "16 @ 10×10",
        "16 @ 5×5",
        "120 @ 1×1",
        "84",
    ]


@pytest.mark.parametrize("spec", [MODELS[name] for name in SHIPPED], ids=lambda spec: spec.name)
def test_every_network_is_described(spec):
    network = spec.build().train()
    facts = describe(network, spec.input_shape)
    plain = json.loads(json.dumps(facts.as_json(), allow_nan=False))
    assert list(plain) == ["input", "parameters", "layers"]
    assert plain["input"] == list(spec.input_shape)
    keys = {
        "name",
        "type",
        "output",
        "kernel",
        "stride",
        "padding",
        "dilation",
        "parameters",
        "macs",
        "receptive_field",
    }
    for layer in plain["layers"]:
        assert set(layer) == keys if layer["receptive_field"] else {*keys, "reason"}
        assert layer["receptive_field"] or layer["reason"]
        assert not layer["receptive_field"] or list(layer["receptive_field"]) == ["size", "stride", "start"]
    assert plain["parameters"] == sum(layer["parameters"] for layer in plain["layers"])  # the parts are the whole
    assert plain["layers"][-1]["output"] == [len(spec.labels)]
    assert network.training


def test_table_has_one_line_a_layer_and_the_totals():
    facts = describe(MODELS["lenet5"].build(), (1, 32, 32))
    head, columns, *lines = table("LeNet-5", facts).splitlines()
    assert head == "LeNet-5: input 1 @ 32×32, 61,706 parameters, 416,520 multiply-adds"
    assert columns.split() == [
        *("layer", "type", "output", "kernel", "stride", "padding", "dilation", "field", "parameters", "multiply-adds")
    ]
    assert len(lines) == len(facts.layers)
    assert lines[0].split() == ["c1", "Conv2d", "6", "@", "28×28", "5×5", "1×1", "0×0", "1×1", "5×5", "156", "117,600"]


def test_a_layer_that_runs_twice_counts_twice():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(2, 2, 3)

        def forward(self, x):
            return self.conv(self.conv(x))

    (layer,) = describe(Twice(), (2, 8, 8)).layers
    assert layer.macs == 2 * 2 * 9 * (6 * 6 + 4 * 4)
    assert (layer.parameters, layer.output, layer.receptive_field.size) == (38, (2, 4, 4), (5, 5))


def test_a_network_that_cannot_be_followed_is_described_without_fields():
    class Moody(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(1, 1, 3)

        def forward(self, x):
            return self.conv(x) if float(x.sum()) == 0 else x

    (layer,) = describe(Moody(), (1, 8, 8)).layers
    assert layer.macs == 36 * 9
    assert layer.as_json()["receptive_field"] is None
    assert "could not be followed" in layer.as_json()["reason"]


def test_F3_lenet_in_json():
    layers = describe(MODELS["lenet5"].build(), (1, 32, 32)).as_json()["layers"]
    by_name = {layer["name"]: layer for layer in layers}
    assert by_name["s4"]["receptive_field"] == {"size": [16, 16], "stride": [4, 4], "start": [0, 0]}
    assert by_name["f6"]["receptive_field"] is None
    assert by_name["f6"]["reason"] == "dense: every unit sees the whole input"


def test_layers_in_words():
    facts = describe(nn.Sequential(nn.Conv2d(1, 1, (5, 3)), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()), (1, 8, 8))
    assert [in_words(layer) for layer in facts.layers] == ["convolution 5×3", "ReLU", "max pooling 2×2", "Flatten"]


def test_an_input_that_does_not_fit():
    with pytest.raises(ExplorerError, match=r"\(1, 1, 4, 4\)"):
        describe(MODELS["lenet5"].build(), (1, 4, 4))


def test_measuring_changes_nothing():
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)).train()
    before = network[1].running_mean.clone()
    describe(network, (1, 5, 5))
    assert torch.equal(network[1].running_mean, before)
    assert network[1].training
