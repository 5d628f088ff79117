"""Features of many pictures and their class averages, against one picture at a time."""

import numpy as np
import pytest
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.models.registry import find
from explorer.probe import averages
from explorer.probe.averages import class_averages, features
from explorer.probe.facts import describe
from explorer.probe.recording import record
from tests.models.odd import channels_last

INPUTS = torch.rand(150, 1, 32, 32, generator=torch.Generator().manual_seed(0))  # more than two batches
LABELS = torch.arange(150) % 7 % 3


@pytest.mark.parametrize(("layer", "shape"), [("relu3", (16, 10, 10)), ("f6", (84, 1, 1))])
def test_averages_equal_one_picture_at_a_time(layer, shape):
    network = find("lenet5").load()
    found = class_averages(network, INPUTS, LABELS, 3, layer)
    assert found.means.shape == (3, *shape)
    assert found.counts == tuple(int((index == LABELS).sum()) for index in range(3))
    for index in range(3):
        mine = [
            record(network, x[None], [layer]).outputs[layer].numpy()
            for x, y in zip(INPUTS, LABELS, strict=True)
            if y == index
        ]
        np.testing.assert_allclose(found.means[index], np.mean(mine, axis=0).reshape(shape), atol=1e-5)


def test_averages_by_hand():
    network = nn.Sequential(nn.Conv2d(1, 1, 1, bias=False))
    nn.init.constant_(network[0].weight, 2.0)
    inputs = torch.tensor([1.0, 3.0, 10.0]).reshape(3, 1, 1, 1)
    found = class_averages(network, inputs, torch.tensor([0, 0, 2]), 3, "0")
    assert found.means[:, 0, 0, 0].tolist()[::2] == [4.0, 20.0]
    assert np.isnan(found.means[1]).all()  # a class without pictures
    assert found.counts == (2, 0, 1)


def test_features_equal_the_recording():
    network = find("lenet5").load()
    expected = record(network, INPUTS, ["s4"]).outputs["s4"].flatten(1).numpy()
    np.testing.assert_allclose(features(network, INPUTS, "s4"), expected, atol=1e-5)


def test_too_many_values_are_refused(monkeypatch):
    monkeypatch.setattr(averages, "MOST_VALUES", 1000)
    with pytest.raises(ExplorerError, match="later layer"):
        features(find("lenet5").load(), INPUTS, "c1")


def test_channels_that_are_last_in_memory_come_first():
    network, inputs = channels_last("mix").eval(), torch.rand(5, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    layout = next(layer.layout for layer in describe(network, (3, 8, 8)).layers if layer.name == "mix")
    found = class_averages(network, inputs, torch.tensor([0, 1, 0, 1, 1]), 2, "mix", layout)
    output = record(network, inputs, ["mix"]).outputs["mix"].numpy()
    assert output.shape == (5, 6, 7, 5)
    assert found.means.shape == (2, 5, 6, 7)
    for channel in range(5):
        np.testing.assert_allclose(found.means[0, channel], output[[0, 2], :, :, channel].mean(0), atol=1e-6)
