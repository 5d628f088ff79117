"""The weights behind one map: for convolutions and dense layers of every network, none for the rest."""

import dataclasses

import numpy as np
import pytest
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.images.samples import example_digit
from explorer.models.registry import MODELS, SHIPPED
from explorer.probe.kernels import kernel_of
from explorer.probe.recording import leaves, record


@pytest.fixture(scope="module", params=SHIPPED)
def loaded(request):
    return MODELS[request.param], MODELS[request.param].load()


def test_by_hand():
    network = nn.Sequential(nn.Conv2d(2, 3, (1, 2)), nn.ReLU(), nn.Linear(4, 2, bias=False))
    with torch.no_grad():
        network[0].weight.copy_(torch.arange(12.0).reshape(3, 2, 1, 2))
        network[0].bias.copy_(torch.tensor([0.5, -1.5, 2.5]))
        network[2].weight.copy_(torch.arange(8.0).reshape(2, 4))
    kernel = kernel_of(network, "0", 1)
    assert (kernel.layer, kernel.channel, kernel.bias) == ("0", 1, -1.5)
    np.testing.assert_array_equal(kernel.weights, [[[4, 5]], [[6, 7]]])
    assert kernel.weights.dtype == np.float32
    unit = kernel_of(network, "2", 1)
    np.testing.assert_array_equal(unit.weights, [[[4]], [[5]], [[6]], [[7]]])
    assert unit.bias == 0
    assert kernel_of(network, "1", 0) is None


def test_weights_and_bias_make_the_recorded_map(loaded):
    """Multiplied with what the layer was given, they give what it put out: once with NumPy, at one place."""
    spec, network = loaded
    recording = record(network, spec.feeding.preprocess(example_digit().pixels))
    first, module = next((name, m) for name, m in leaves(network).items() if isinstance(m, nn.Conv2d))
    channel = module.out_channels - 1
    kernel = kernel_of(network, first, channel)
    margin = module.padding[0]
    given = np.pad(recording.input[0].numpy(), ((0, 0), (margin, margin), (margin, margin)))
    rows, columns = module.kernel_size
    window = given[:, 12 : 12 + rows, 9 : 9 + columns]
    expected = (window * kernel.weights).sum() + kernel.bias
    assert float(recording.outputs[first][0, channel, 12, 9]) == pytest.approx(float(expected), abs=1e-4)


def test_every_layer_has_one_or_none(loaded):
    _, network = loaded
    for name, module in leaves(network).items():
        kernel = kernel_of(network, name, 0)
        assert (kernel is None) == (not isinstance(module, nn.Conv2d | nn.Linear)), name
        if kernel:
            assert kernel.weights.ndim == 3
            assert kernel.weights.size == module.weight[0].numel()


@pytest.mark.parametrize("channel", [-1, 6, 10**9])
def test_a_channel_that_is_not_there(channel):
    with pytest.raises(ExplorerError, match="choose 0 to 5"):
        kernel_of(MODELS["lenet5"].build(), "c1", channel)


def test_it_is_a_copy(loaded):
    _, network = loaded
    first = next(name for name, module in leaves(network).items() if isinstance(module, nn.Conv2d))
    before = {name: parameter.clone() for name, parameter in network.named_parameters()}
    kernel = kernel_of(network, first, 0)
    kernel.weights[:] = 99
    for name, parameter in network.named_parameters():
        assert torch.equal(parameter, before[name])
    with pytest.raises(dataclasses.FrozenInstanceError):
        kernel.bias = 1.0
