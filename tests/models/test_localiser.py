"""The localiser: one extractor, two heads."""

import pytest
import torch
from torch import nn

from explorer.models.localiser import Localiser
from explorer.probe.recording import record


def pictures(channels):
    return torch.randn(2, channels, 32, 32, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("settings", [{}, {"batch_norm": True, "dropout": 0.5}], ids=str)
def test_logits_and_a_box(channels, settings):
    torch.manual_seed(0)
    network = Localiser(channels, 5, **settings).eval()
    recording = record(network, pictures(channels))
    output = network(pictures(channels))
    assert output.shape == (2, 9)
    assert ((output[:, 5:] > 0) & (output[:, 5:] < 1)).all()
    assert list(recording.outputs) == [name for name, _ in network.named_children()]
    torch.testing.assert_close(recording.final, output)
    torch.testing.assert_close(output[:, :5], recording.outputs["class_head"])
    torch.testing.assert_close(output[:, 5:], recording.outputs["box_head"].sigmoid())


def test_K6_both_heads_teach_the_extractor_and_neither_the_other():
    network = Localiser(1, 5).eval()
    for part, own, other in ((slice(0, 5), "class_head", "box_head"), (slice(5, 9), "box_head", "class_head")):
        network.zero_grad(set_to_none=True)
        network(pictures(1))[:, part].square().sum().backward()
        assert network.conv1.weight.grad.abs().sum() > 0
        assert getattr(network, own).weight.grad.abs().sum() > 0
        grad = getattr(network, other).weight.grad
        assert grad is None or not grad.any()


def test_places_are_not_averaged_away():
    flat = [layer for layer in Localiser(1, 5).children() if isinstance(layer, nn.Flatten | nn.AdaptiveAvgPool2d)]
    assert [type(layer) for layer in flat] == [nn.Flatten]
