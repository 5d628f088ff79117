"""Maps with the channels last, or with rows and columns swapped: told, shown and differentiated by channel, row and column."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
import torchvision
from torch import nn

from explorer.probe.effective import effective_field
from explorer.probe.facts import describe, shape_text, table
from explorer.probe.fields import fields
from explorer.probe.graph import program, trace
from explorer.probe.layouts import channels_first, order
from explorer.probe.maps import layer_maps
from explorer.probe.node_values import record_nodes
from explorer.probe.provenance import provenance
from explorer.probe.recording import record
from explorer.probe.terms import Unit
from explorer.ui.provenance.words import node_text, unit_text


class Permuted(nn.Module):
    def __init__(self, *dims):
        super().__init__()
        self.dims = dims

    def forward(self, x):
        return x.permute(*self.dims)


def channels_last():
    """12×15 in, 6×7 places of 5 channels, last in memory; then a step that is not known, and back."""
    return nn.Sequential(
        nn.Conv2d(2, 4, 3, stride=2, padding=(1, 0)), Permuted(0, 2, 3, 1), nn.LayerNorm(4), nn.Linear(4, 5), nn.GELU()
    ).eval()


class Lost(nn.Module):
    """Windows of tokens, as attention has them: what is known of rows and columns is lost between two layers that tell."""

    def __init__(self):
        super().__init__()
        self.conv, self.norm, self.mix = nn.Conv2d(1, 4, 1), nn.LayerNorm(4), nn.Linear(4, 4)

    def forward(self, x):
        x = self.norm(self.conv(x).permute(0, 2, 3, 1))
        x = x + torch.special.bessel_j0(x)
        return self.mix(torch.special.bessel_j0(x))


def test_the_order_of_axes():
    assert order("hwc") == (2, 0, 1)
    assert order("chw") == (0, 1, 2)
    assert order("cwh") == (0, 1, 2)  # a row of the output is a row of the output, whatever it sees
    assert channels_first((56, 48, 96), "hwc") == (96, 56, 48)
    assert channels_first((197, 768), "") == (197, 768)


def test_channels_last_by_hand():
    graph = trace(channels_last(), (2, 12, 15))
    assert [graph.layouts[node.name] for node in graph] == ["chw", "chw", "hwc", "hwc", "hwc", "hwc"]
    assert [graph.shown_shape(node.name) for node in graph][-1] == (5, 6, 7)
    facts = describe(channels_last(), (2, 12, 15))
    assert [shape_text(layer.output) for layer in facts.layers] == [
        "4 @ 6×7",
        "4 @ 6×7",
        "4 @ 6×7",
        "5 @ 6×7",
        "5 @ 6×7",
    ]
    assert [layer.as_json().get("layout") for layer in facts.layers] == [None, "hwc", "hwc", "hwc", "hwc"]


def test_where_the_field_is_lost_the_layers_round_about_tell():
    graph = trace(Lost(), (1, 6, 8))
    assert graph.layouts[graph.output[0]] == "hwc"
    assert {graph.layouts[node.name] for node in graph if node.kind.startswith("special")} <= {"hwc"}
    assert fields(graph)[graph.output[0]].units is None  # that says nothing of what they see


def test_describe_says_channels_first():
    facts = describe(torchvision.models.convnext_tiny().eval(), (3, 64, 64))
    assert "96 @ 16×16" in table("It", facts)
    assert "16 @ 16×96" not in table("It", facts)
    swin = describe(torchvision.models.swin_t().eval(), (3, 64, 64))
    wrong = [layer.name for layer in swin.layers if len(layer.output) == 3 and layer.output[0] % 96]
    assert wrong == []


def test_maps_are_the_channels():
    network, inputs = channels_last(), torch.randn(1, 2, 12, 15)
    recording = record(network, inputs)
    maps = layer_maps(recording, describe(network, (2, 12, 15)))[3]
    assert maps.values.shape == (5, 6, 7)
    assert np.array_equal(maps.values[4], recording.outputs["3"][0, :, :, 4].numpy())


@pytest.mark.parametrize("layer", range(5))
def test_the_effective_field_is_the_units_own(layer):
    network, inputs = channels_last(), torch.randn(1, 2, 12, 15)
    steps = program(network, (2, 12, 15))
    node = steps.graph.of_layer(str(layer))[0].name if layer != 1 else "permute"
    field = fields(steps.graph)[node]
    assert field.units == (6, 7)
    box = field.box(5, 2)
    found = effective_field(steps, inputs, node, 5, 2, box, channel=3)
    own = inputs.clone().requires_grad_()
    values = network[: layer + 1](own)
    unit = values[0, 3, 5, 2] if layer == 0 else values[0, 5, 2, 3]
    unit.backward()
    assert np.allclose(found.values, own.grad[0].abs().sum(0).numpy(), rtol=1e-4, atol=1e-7)
    top, left, bottom, right = box
    assert found.values[top:bottom, left:right].sum() == pytest.approx(found.values.sum())
    assert found.centre > 0
    assert found.side <= 1


def test_a_box_that_is_not_the_units_shows():
    network, inputs = channels_last(), torch.randn(1, 2, 12, 15)
    found = effective_field(program(network, (2, 12, 15)), inputs, "_3", 5, 2, (0, 0, 3, 3))
    assert found.side > 1


def test_units_are_called_by_channel_row_and_column():
    run = record_nodes(program(channels_last(), (2, 12, 15)), torch.zeros(1, 2, 12, 15))
    assert unit_text(run.graph, Unit("_3", (3, 4, 2))) == "3 · channel 2 (3, 4)"
    assert unit_text(run.graph, Unit("_0", (3, 4, 2))) == "0 · channel 3 (4, 2)"
    assert node_text(run.graph, run.graph["_3"]) == "3 · dense · 5 @ 6×7"


def test_a_unit_is_taken_apart_channel_by_channel():
    network = nn.Sequential(*channels_last(), nn.Flatten(), nn.Linear(210, 3)).eval()
    run = record_nodes(program(network, (2, 12, 15)), torch.randn(1, 2, 12, 15))
    (mixed,) = provenance(run, Unit("_3", (3, 4, 2))).terms
    assert mixed.channels.tolist() == [0, 1, 2, 3]
    np.testing.assert_allclose(mixed.sums, run.values["_2"][3, 4].double() * network[3].weight[2].double().detach())
    assert mixed.unit(3, 0, 0) == Unit("_2", (3, 4, 3))
    (listed,) = provenance(run, Unit("_6", (1,))).terms
    assert listed.channels.tolist() == [0, 1, 2, 3, 4]
    assert listed.products.shape == (5, 6, 7)
    weights = network[6].weight[1].reshape(6, 7, 5).double().detach()
    np.testing.assert_allclose(listed.sums, (run.values["_4"].double() * weights).sum((0, 1)), rtol=1e-6)
    assert listed.unit(2, 3, 4) == Unit("_4", (3, 4, 2))


# ── rows and columns swapped ────────────────────────────────────────────────────────────────────────────────


class Swapped(nn.Module):
    def __init__(self, *layers):
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x.transpose(2, 3))


class Unpooled(nn.Module):
    def forward(self, x):
        values, switches = F.max_pool2d(x, 2, return_indices=True)
        return F.max_unpool2d(values, switches, 2)


AFTER = {
    "nothing": (),
    "adaptive average": (nn.AdaptiveAvgPool2d((7, 5)),),
    "adaptive max": (nn.AdaptiveAvgPool2d((7, 5)), nn.Conv2d(4, 4, 1)),
    "shuffle": (nn.PixelShuffle(2),),
    "unshuffle": (nn.PixelUnshuffle(2),),
    "convolution": (nn.Conv2d(4, 4, (3, 2), stride=(2, 1), padding=(1, 0)),),
    "transposed": (nn.ConvTranspose2d(4, 4, (3, 2), stride=(2, 1)),),
    "average": (nn.AvgPool2d((2, 3)),),
    "padding": (nn.ZeroPad2d((0, 2, 1, 0)),),
    "upsampling": (nn.Upsample(scale_factor=(2, 3)),),
    "several": (nn.AvgPool2d((1, 2)), nn.Conv2d(4, 4, (3, 1)), nn.AdaptiveAvgPool2d((7, 5))),
    "swapped back": (nn.AdaptiveAvgPool2d((7, 5)), Permuted(0, 1, 3, 2), nn.Conv2d(4, 4, (2, 1))),
    "channels in the middle": (nn.Conv2d(4, 4, (1, 2)), Permuted(0, 2, 1, 3)),
}


@pytest.mark.parametrize("name", AFTER)
def test_fields_after_a_transpose_against_gradients(name):
    network = Swapped(*AFTER[name]).eval().double()
    for parameter in network.parameters():
        nn.init.constant_(parameter, 0.1)
    graph = trace(network.float(), (4, 12, 30))
    field = fields(graph)[graph.output[0]]
    inputs = torch.ones(1, 4, 12, 30, dtype=torch.float64, requires_grad=True)
    output = network.double()(inputs)[0]
    maps = output.permute(order(field.span.layout))
    assert field.units == tuple(maps.shape[1:])
    places = [(0, 0), (maps.shape[1] - 1, maps.shape[2] - 1), (maps.shape[1] // 2, maps.shape[2] // 3)]
    for row, column in places:
        (slope,) = torch.autograd.grad(maps[:, row, column].sum(), inputs, retain_graph=True)
        seen = slope[0].abs().sum(0)
        rows, columns = (seen.sum(axis).nonzero().flatten().tolist() for axis in (1, 0))
        wanted = (rows[0], columns[0], rows[-1] + 1, columns[-1] + 1) if rows else (0, 0, 0, 0)
        assert field.box(row, column) == wanted


def test_the_case_that_was_found():
    """Unit (6, 4) of 7×5 on a swapped 13×30: it "saw nothing"; it sees rows 10–12 and columns 25–29."""
    graph = trace(Swapped(nn.AdaptiveAvgPool2d((7, 5))), (1, 13, 30))
    field = fields(graph)[graph.output[0]]
    assert field.units == (7, 5)
    assert field.box(6, 4) == (10, 25, 13, 30)


def test_unpooling_after_a_transpose():
    graph = trace(Swapped(Unpooled()), (1, 4, 6))
    assert fields(graph)[graph.output[0]].box(5, 0) == (0, 4, 2, 6)


def test_a_convolution_whose_settings_cannot_be_read_is_followed_all_the_same():
    class Listed(nn.Module):
        """A layer in a plain list, which PyTorch does not know to be this network's."""

        def __init__(self):
            super().__init__()
            self.first, self.rest = nn.Conv2d(1, 2, 3), [nn.Conv2d(2, 2, 5)]

        def forward(self, *args):
            return self.rest[0](self.first(args[0]))

    facts = describe(Listed(), (1, 12, 12))
    assert facts.outside == (0, 2 * 2 * 25 * 36)
    graph = trace(Listed(), (1, 12, 12))
    assert fields(graph)[graph.output[0]].window.size == (7, 7)


def test_a_convolution_with_a_kernel_that_depends_on_the_picture_sees_all():
    class Own(nn.Module):
        def forward(self, x):
            return F.conv2d(x, x[:, :, :3, :3])

    graph = trace(Own(), (1, 8, 8))
    assert "sees" in fields(graph)[graph.output[0]].reason or "see all" in fields(graph)[graph.output[0]].reason
