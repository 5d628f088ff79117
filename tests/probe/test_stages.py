"""Layers joined to their activation functions, and the kernels that make a map."""

import numpy as np
import pytest
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.models.registry import MODELS, SHIPPED
from explorer.probe.facts import describe
from explorer.probe.kernels import kernel_of
from explorer.probe.recording import record
from explorer.probe.stages import stage_of, stages


def names(network, shape):
    return [
        (stage.layer.name, stage.activation.name if stage.activation else None)
        for stage in stages(describe(network, shape))
    ]


def test_lenet():
    assert names(MODELS["lenet5"].build(), (1, 32, 32)) == [
        ("c1", "relu1"),
        ("s2", None),
        ("c3", "relu3"),
        ("s4", None),
        ("c5", "relu5"),
        ("f6", "relu6"),
        ("output", None),
    ]


def test_an_activation_without_a_layer_before_stands_alone():
    assert names(nn.Sequential(nn.ReLU(), nn.Tanh(), nn.Sigmoid()), (1, 2, 2)) == [("0", "1"), ("2", None)]


@pytest.mark.parametrize("spec", [MODELS[name] for name in SHIPPED], ids=lambda spec: spec.name)
def test_every_layer_is_in_one_stage(spec):
    facts = describe(spec.build(), spec.input_shape)
    for layer in facts.layers:
        if layer.type == "Flatten":
            with pytest.raises(KeyError):
                stage_of(facts, layer.name)
        else:
            stage = stage_of(facts, layer.name)
            assert layer in (stage.layer, stage.activation)


def test_a_kernel_makes_its_map():
    network = MODELS["lenet5"].load()
    x = torch.randn(1, 1, 32, 32)
    recording = record(network, x)
    kernel = kernel_of(network, "c3", 5)
    assert kernel.weights.shape == (6, 5, 5)
    window = recording.outputs["s2"][0, :, 3:8, 4:9].numpy()
    assert recording.outputs["c3"][0, 5, 3, 4].item() == pytest.approx(
        float((window * kernel.weights).sum()) + kernel.bias, abs=1e-4
    )
    unit = kernel_of(network, "f6", 7)
    assert unit.weights.shape == (120, 1, 1)
    flat = recording.outputs["flatten"][0].numpy()
    assert recording.outputs["f6"][0, 7].item() == pytest.approx(
        float(flat @ unit.weights.ravel()) + unit.bias, abs=1e-4
    )


def test_a_kernel_is_a_copy():
    layer = nn.Sequential(nn.Conv2d(1, 1, 1, bias=False))
    kernel = kernel_of(layer, "0", 0)
    kernel.weights[:] = np.inf
    assert layer[0].weight.isfinite().all()
    assert kernel.bias == 0


def test_no_kernel():
    network = MODELS["lenet5"].build()
    assert kernel_of(network, "s2", 0) is None
    with pytest.raises(ExplorerError, match="c1 has no channel 6: choose 0 to 5"):
        kernel_of(network, "c1", 6)
    with pytest.raises(ExplorerError, match="no channel -1"):
        kernel_of(network, "c1", -1)
