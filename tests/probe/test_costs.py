"""Multiply-adds and parameters against hand counts and the layers' own formulas; rows add up, whatever a network does."""

import json
import math

import pytest
import torch
import torch.nn.functional as F
import torchvision
from torch import nn
from torch.nn.utils import parametrizations

from explorer.probe.costs import Products, owner_of
from explorer.probe.facts import OUTSIDE, describe, table
from explorer.probe.recording import leaves, record


def adds_up(network, facts):
    assert facts.parameters == sum(parameter.numel() for parameter in network.parameters())
    assert sum(row.parameters for row in facts.rows) == facts.parameters
    assert sum(row.macs for row in facts.rows) == facts.macs
    plain = json.loads(json.dumps(facts.as_json()))
    outside = plain.get("outside", {"parameters": 0, "macs": 0})
    assert sum(row["parameters"] for row in plain["layers"]) + outside["parameters"] == plain["parameters"]
    head, _, *lines = table("It", facts).splitlines()
    told = [[int(cell.replace(",", "")) for cell in line.split()[-2:]] for line in lines]
    assert f"{sum(row[0] for row in told):,} parameters, {sum(row[1] for row in told):,} multiply-adds" in head


class Everywhere(nn.Module):
    """Weights in a layer, in a function, in attention, in a recurrent layer and in a product of the network's own."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, padding=1)
        self.kernel = nn.Parameter(torch.randn(8, 4, 3, 3))
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.memory = nn.LSTM(8, 8, batch_first=True)
        self.mix = nn.Parameter(torch.randn(8, 8))
        self.scale = nn.Parameter(torch.ones(8))
        self.last = nn.Linear(8, 3)
        self.unused = nn.Linear(5, 5)

    def forward(self, x):
        x = F.conv2d(self.conv(x), self.kernel, padding=1).flatten(2).transpose(1, 2)
        x, _ = self.attention(x, x, x)
        x, _ = self.memory(x)
        return self.last((x @ self.mix * self.scale).mean(1))


def test_weights_anywhere_by_hand():
    network = Everywhere()
    facts = describe(network, (1, 6, 6))
    adds_up(network, facts)
    by_name = {row.name: row for row in facts.rows}
    assert {name: row.macs for name, row in by_name.items()} == {
        "conv": 36 * 4 * 9,
        "attention": 36 * (3 * 64 + 64),  # queries, keys, values, and what leads out
        "memory": 36 * 4 * (64 + 64),  # four gates see the input and the state
        "last": 8 * 3,
        OUTSIDE: 36 * 8 * 4 * 9 + 36 * 64,  # the kernel and the matrix; a scale for each number counts nothing
    }
    assert by_name["attention"].output == (36, 8)
    assert by_name[OUTSIDE].parameters == 8 * 4 * 9 + 64 + 8 + 30


@pytest.mark.parametrize(
    ("name", "macs", "parameters"),
    [
        ("vit_b_16", 16_848_500_736, 86_567_656),
        ("swin_t", 4_350_425_088, 28_288_354),
        ("convnext_tiny", 4_455_531_264, 28_589_128),
    ],
)
def test_transformers(name, macs, parameters):
    network = getattr(torchvision.models, name)().eval()
    facts = describe(network, (3, 224, 224))
    adds_up(network, facts)
    assert (facts.macs, facts.parameters) == (macs, parameters)
    if name == "vit_b_16":  # 197 tokens, 12 blocks of 4 + 8 squares of 768
        assert macs == 196 * 768 * 768 + 12 * 197 * 12 * 768**2 + 768_000


FAMILIES = "efficientnet_b0 regnet_y_400mf shufflenet_v2_x0_5 densenet121 mnasnet0_5 maxvit_t swin_v2_t inception_v3"


@pytest.mark.parametrize("name", FAMILIES.split())
def test_rows_add_up_to_the_head_line(name):
    network = getattr(torchvision.models, name)().eval()
    size = 96 if name not in ("maxvit_t", "swin_v2_t") else 224
    facts = describe(network, (3, size, size))
    adds_up(network, facts)
    assert facts.outside[1] == 0  # all that multiplies is some layer's


def formula(layer, taken, given):
    if isinstance(layer, nn.ConvTranspose2d):
        return math.prod(taken[1:]) * layer.weight[0].numel()
    return math.prod(given.shape[1:]) * layer.weight[0].numel() if isinstance(layer, nn.Conv2d | nn.Linear) else 0


@pytest.mark.parametrize("name", ["resnet18", "mobilenet_v3_small", "googlenet"])
def test_ordinary_networks_against_the_layers_formulas(name):
    network = getattr(torchvision.models, name)().eval()
    recording = record(network, torch.zeros(1, 3, 96, 96))
    layers = leaves(network)
    wanted = {name: formula(layers[name], recording.taken[name], value) for name, value in recording.outputs.items()}
    assert {layer.name: layer.macs for layer in describe(network, (3, 96, 96)).layers} == wanted


class NormAct(nn.BatchNorm2d):
    """As timm's: weights of its own, and an activation inside."""

    def __init__(self, channels):
        super().__init__(channels)
        self.act = nn.ReLU()

    def forward(self, x):
        mean, variance = self.running_mean, self.running_var
        return self.act(F.batch_norm(x, mean, variance, self.weight, self.bias, False, 0.1, self.eps))


class SamePadded(nn.Conv2d):
    """As timm's Conv2dSame: pads by itself, as much as the size asks for; its settings say 0."""

    def forward(self, x):
        sides = []
        for size in (x.shape[3], x.shape[2]):
            spare = max((-(-size // self.stride[0]) - 1) * self.stride[0] + self.kernel_size[0] - size, 0)
            sides += [spare // 2, spare - spare // 2]
        return F.conv2d(F.pad(x, sides), self.weight, self.bias, self.stride, 0, self.dilation, self.groups)


class Held(nn.Module):
    """A block and a network that hold weights of their own, as vision transformers do."""

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = nn.Parameter(torch.ones(4, 1, 1))
            self.conv = nn.Conv2d(4, 4, 1)

        def forward(self, x):
            return x + self.scale * self.conv(x)

    def __init__(self):
        super().__init__()
        self.place = nn.Parameter(torch.zeros(4, 6, 6))
        self.block = Held.Block()

    def forward(self, x):
        return self.block(x + self.place)


def test_blocks_with_weights_of_their_own_have_a_row():
    network = nn.Sequential(SamePadded(1, 4, 3, stride=2), NormAct(4), Held())
    facts = describe(network, (1, 12, 12))
    adds_up(network, facts)
    rows = {row.name: row for row in facts.rows}
    assert list(rows) == ["0", "1.act", "1", "2.block.conv", "2.block", "2"]
    assert {name: row.parameters for name, row in rows.items()} == {
        **{"0": 40, "1.act": 0, "1": 8},
        **{"2.block.conv": 20, "2.block": 4, "2": 144},
    }
    assert rows["1"].output == rows["2.block"].output == (4, 6, 6)
    assert rows["0"].padding == ((0, 1), (0, 1))
    assert rows["0"].output == (4, 6, 6)
    assert "0/1×0/1" in table("It", facts)


def test_padding_that_does_not_explain_the_size_is_not_told():
    class Cropped(nn.Conv2d):
        def forward(self, x):
            return super().forward(x)[:, :, 1:, 1:] if float(x.sum()) == 0 else x

    (layer,) = describe(nn.Sequential(Cropped(1, 1, 3, padding=1)), (1, 8, 8)).layers
    assert layer.padding is None


@pytest.mark.parametrize(
    "wrapped",
    [parametrizations.weight_norm, parametrizations.spectral_norm, nn.utils.weight_norm],
    ids=lambda f: f"{f.__module__}.{f.__name__}",
)
@pytest.mark.filterwarnings("ignore:`torch.nn.utils.weight_norm` is deprecated")
def test_a_layer_with_a_norm_of_its_weights_is_that_layer(wrapped):
    network = nn.Sequential(wrapped(nn.Conv2d(1, 2, 3)), nn.ReLU(), wrapped(nn.Conv2d(2, 3, 3)))
    facts = describe(network, (1, 8, 8))
    adds_up(network, facts)
    assert [(layer.name, layer.type, layer.output) for layer in facts.layers] == [
        ("0", "Conv2d", (2, 6, 6)),
        ("1", "ReLU", (2, 6, 6)),
        ("2", "Conv2d", (3, 4, 4)),
    ]
    assert [layer.macs for layer in facts.layers] == [36 * 2 * 9, 0, 16 * 3 * 18]
    assert record(network, torch.zeros(1, 1, 8, 8)).final.shape == (1, 3, 4, 4)
    assert facts.layers[2].receptive_field.size == (5, 5)


def counted(network, inputs):
    with torch.no_grad(), Products(network.eval(), inputs) as products:
        network(inputs)
    return sum(products.found.values())


@pytest.mark.parametrize(
    ("network", "shape", "macs"),
    [
        (nn.GRU(8, 16, bidirectional=True), (5, 1, 8), 5 * 2 * 3 * 16 * (8 + 16)),
        (nn.LSTM(8, 16, 2), (5, 1, 8), 5 * 4 * 16 * (8 + 16 + 16 + 16)),
        (nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), (1, 5, 8), 5 * (4 * 64 + 2 * 128)),
        (nn.Conv1d(4, 6, 3, groups=2), (1, 4, 10), 8 * 6 * 6),
        (nn.ConvTranspose3d(2, 3, 2), (1, 2, 3, 3, 3), 27 * 2 * 3 * 8),
        (nn.BatchNorm2d(4), (1, 4, 3, 3), 0),
        (nn.PReLU(4), (1, 4, 3, 3), 0),
        (nn.Embedding(5, 3), None, 0),
    ],
)
def test_single_layers(network, shape, macs):
    inputs = torch.zeros(shape) if shape else torch.zeros(1, 4, dtype=torch.long)
    assert counted(network, inputs) == macs


def test_what_both_depends_on_the_input_counts_nothing():
    class Scores(nn.Module):
        def forward(self, x):
            written = torch.zeros(4, 4)
            written[:, :2] = x[0, :, :2]  # what is written into memory depends on the input from then on
            return x @ x.transpose(1, 2) @ written

    assert counted(Scores(), torch.ones(1, 4, 4)) == 0


def test_the_network_and_the_others_are_left_alone():
    network = nn.Sequential(nn.Conv2d(1, 1, 3), nn.BatchNorm2d(1)).train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    describe(network, (1, 8, 8))
    assert network.training
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())


def test_whose_a_parameter_is():
    assert owner_of("c1.weight") == owner_of("c1.parametrizations.weight.original0") == "c1"
    assert owner_of("weight") == owner_of("parametrizations.weight.original0") == ""
