"""The CNN and the MLP of B2: as many parameters in both, counted by hand, and what each can know of places."""

import pytest
import torch
from torch import nn

from explorer.models.corner import corner_cnn, corner_mlp


def count(network):
    return sum(parameter.numel() for parameter in network.parameters())


def test_parameters_by_hand():
    assert count(corner_cnn(1, 5)) == (25 + 1) * 16 + (16 * 9 + 1) * 32 + (32 * 9 + 1) * 32 + 33 * 5 == 14_469
    assert count(corner_mlp(1, 5)) == 1025 * 14 + 15 * 5 == 14_425


@pytest.mark.parametrize("build", [corner_cnn, corner_mlp])
@pytest.mark.parametrize(("channels", "classes"), [(1, 5), (3, 10)])
def test_any_channels_and_classes(build, channels, classes):
    assert build(channels, classes)(torch.zeros(2, channels, 32, 32)).shape == (2, classes)


@pytest.mark.parametrize("build", [corner_cnn, corner_mlp])
def test_the_activation_is_a_choice(build):
    kinds = {type(layer) for layer in build(1, 5, "tanh").modules()}
    assert nn.Tanh in kinds
    assert nn.ReLU not in kinds


def test_a_shift_by_the_pooling_leaves_the_cnns_answer_and_not_the_mlps():
    image = torch.zeros(1, 1, 32, 32)
    image[..., 10:18, 10:18] = torch.rand(8, 8, generator=torch.Generator().manual_seed(0))
    moved = image.roll((4, -2), dims=(2, 3))
    for build, same in ((corner_cnn, True), (corner_mlp, False)):
        network = build(1, 5)
        with torch.no_grad():
            assert torch.allclose(network(image), network(moved), atol=1e-6) == same
