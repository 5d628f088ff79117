"""The five segmenters: what they share, what they differ in, and that the switches are used."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from explorer.models.segmenters import SEGMENTERS, segmenter
from explorer.probe.facts import describe
from explorer.probe.fields import fields_of_layers
from explorer.probe.graph import trace
from explorer.probe.recording import record

UPS = {"seg_full": None, "seg_nearest": nn.Upsample, "seg_unpool": nn.MaxUnpool2d}
UPS |= {"seg_transposed": nn.ConvTranspose2d, "seg_skip": nn.ConvTranspose2d}


def network(name, channels=1, **more):
    torch.manual_seed(2)
    return segmenter(name, channels, 6, **more).eval()


def pictures(channels=1, side=32):
    return torch.randn(2, channels, side, side, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("name", SEGMENTERS)
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("side", [32, 64])
def test_every_pixel_is_answered(name, channels, side):
    assert network(name, channels)(pictures(channels, side)).shape == (2, 6, side, side)


@pytest.mark.parametrize("name", SEGMENTERS)
@pytest.mark.parametrize("batch_norm", [False, True])
def test_layers_lie_in_the_order_in_which_they_run(name, batch_norm):
    one = network(name, batch_norm=batch_norm)
    recording = record(one, pictures())
    assert list(recording.outputs) == [layer for layer, _ in one.named_children()]
    torch.testing.assert_close(recording.final, one(pictures()))


@pytest.mark.parametrize("name", SEGMENTERS)
def test_they_have_the_same_convolutions_and_their_own_way_up(name):
    def convolutions(key):
        return [
            (layer, tuple(module.weight.shape))
            for layer, module in network(key).named_children()
            if isinstance(module, nn.Conv2d) and not (key == "seg_skip" and layer in ("conv5", "conv6"))
        ]

    assert set(convolutions(name)) <= set(convolutions("seg_nearest"))
    ups = [type(module) for layer, module in network(name).named_children() if layer.startswith("up")]
    assert ups == ([] if UPS[name] is None else [UPS[name]] * 2)


def test_K1_multiply_adds_by_hand():
    # a 3×3 convolution multiplies 9 · in · out times at each of its places
    full = 9 * 1024 * (1 * 16 + 16 * 32 + 32 * 32 + 32 * 32 + 32 * 16 + 16 * 16) + 1024 * 16 * 6
    nearest = 9 * (1024 * 16 + 256 * 16 * 32 + 64 * 32 * 32 * 2 + 256 * 32 * 16 + 1024 * 16 * 16) + 1024 * 16 * 6
    stamps = 64 * 4 * 32 * 32 + 256 * 4 * 16 * 16  # each input place stamps a 2×2 kernel
    skips = 9 * (256 * 32 * 16 + 1024 * 16 * 16)  # twice as many channels come in
    expected = {
        "seg_full": full,
        "seg_nearest": nearest,
        "seg_unpool": nearest,
        "seg_transposed": nearest + stamps,
        "seg_skip": nearest + stamps + skips,
    }
    assert full == 30_916_608
    assert nearest == 6_144_000
    for name, macs in expected.items():
        assert sum(layer.macs for layer in describe(network(name), (1, 32, 32)).layers) == macs


@pytest.mark.parametrize(("name", "field"), [("seg_full", 13), *((name, 34) for name in list(SEGMENTERS)[1:])])
def test_what_an_output_sees(name, field):
    last = describe(network(name), (1, 32, 32)).layers[-1]
    assert last.receptive_field.size == (field, field)


@pytest.mark.parametrize("layer", ["pool2", "up2", "conv5", "up1"])
def test_what_an_unpooled_unit_sees_is_all_that_it_sees(layer):
    one = network("seg_unpool")
    top, left, bottom, right = fields_of_layers(trace(one, (1, 32, 32)))[layer].box(0, 0)
    inside, outside = pictures(), pictures()
    outside[:, :, bottom:] = 5.0
    outside[:, :, :, right:] = 5.0
    inside[:, :, bottom - 1, right - 1] = 50.0
    assert (top, left) == (0, 0)
    assert bottom < 32
    first, same, other = (record(one, x, [layer]).outputs[layer][:, :, 0, 0] for x in (pictures(), outside, inside))
    torch.testing.assert_close(first, same)
    assert not torch.allclose(first, other)


def test_unpooling_puts_values_where_their_pooling_found_them():
    one = network("seg_unpool")
    recording = record(one, pictures())
    for number in (1, 2):
        before, up = recording.outputs[f"relu{number}"], recording.outputs[f"up{number}"]
        _, switches = F.max_pool2d(before, 2, return_indices=True)
        below = recording.outputs["relu4" if number == 2 else "relu5"]
        for n, channel in ((0, 0), (1, 5)):
            expected = [0.0] * before[0, 0].numel()
            for value, place in zip(
                below[n, channel].flatten().tolist(), switches[n, channel].flatten().tolist(), strict=True
            ):
                expected[place] = value
            assert up[n, channel].flatten().tolist() == expected


class AsFunctions(nn.Module):
    """The same pair without modules of its own."""

    def __init__(self):
        super().__init__()
        self.before, self.after = nn.Conv2d(1, 2, 3, padding=1), nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, x):
        x, switches = F.max_pool2d(self.before(x), 2, return_indices=True)
        return self.after(F.max_unpool2d(x, switches, 2))


def test_functions_are_followed_as_modules_are():
    facts = {layer.name: layer for layer in describe(AsFunctions(), (1, 16, 16)).layers}
    # a window of 2 that sees 4 pixels; three places of the unpooled map lie in up to two windows: 6
    assert facts["after"].receptive_field.size == (6, 6)


def test_other_switches_give_another_answer():
    one = network("seg_unpool")
    usual = one(pictures())

    def elsewhere(module, given):
        maps, switches = given
        return maps, torch.flip(switches, dims=(0,))  # those of the other picture

    handle = one.up1.register_forward_pre_hook(elsewhere)
    assert (one(pictures()) - usual).abs().max() > 1e-3
    handle.remove()
    assert torch.equal(one(pictures()), usual)


def test_skips_carry_the_maps_from_before_the_poolings():
    outputs = record(network("seg_skip"), pictures()).outputs
    for number in (1, 2):
        parts = outputs[f"up{number}"], outputs[f"relu{number}"]
        torch.testing.assert_close(outputs[f"join{number}"], torch.cat(parts, dim=1))
