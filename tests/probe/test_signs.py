"""Which numbers can be negative: by hand, and never wrong on numbers that are."""

import pytest
import torch
from torch import nn

from explorer.models.registry import MODELS
from explorer.probe.facts import describe
from explorer.probe.graph import trace
from explorer.probe.recording import record
from explorer.probe.signs import signed_nodes


class Steps(nn.Module):
    def __init__(self):
        super().__init__()
        self.relu, self.up, self.cubic = (
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Upsample(scale_factor=2, mode="bicubic"),
        )

    def forward(self, x):
        positive = self.relu(x)
        return self.up(positive), self.cubic(positive), positive - 1, positive + 1, positive + positive, x * positive


def test_signs_by_hand():
    graph = trace(Steps(), (1, 4, 4))
    signs = signed_nodes(graph)
    # a number of the code's own is not seen, so that positive + 1 counts as signed
    assert [signs[name] for name in graph.output] == [False, True, True, True, False, True]


@pytest.mark.parametrize("name", ["lenet5", "colour", "squeezenet1_1", "mobilenet_v3_large", "resnet18"])
def test_what_is_called_unsigned_has_no_negative_value(name):
    spec = MODELS[name]
    network, shape = spec.load_random(), (spec.input_shape[0], *(min(side, 64) for side in spec.input_shape[1:]))
    recording = record(network, torch.randn(1, *shape, generator=torch.Generator().manual_seed(0)))
    signs = {layer.name: layer.signed for layer in describe(network, shape).layers}
    assert False in signs.values()
    assert [layer for layer, values in recording.outputs.items() if not signs[layer] and values.min() < 0] == []
