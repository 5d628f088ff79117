"""The way back to pixels against autograd: a transposed convolution is a convolution's gradient, switches are a pooling's."""

import copy

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from explorer.errors import ExplorerError
from explorer.models.registry import SHIPPED, find
from explorer.probe.deconvnet import ALL, UNPOOLINGS, Projection, fit, project, projectable, run_down, strongest
from explorer.probe.graph import trace


class BackwardReLU(torch.autograd.Function):
    """ReLU down; on the way back a ReLU of the gradient, as Zeiler and Fergus have it, or nothing."""

    @staticmethod
    def forward(ctx, x, rectify):
        ctx.rectify = rectify
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, gradient):
        return (gradient.clamp(min=0) if ctx.rectify else gradient), None


class BackwardPool(torch.autograd.Function):
    """Max pooling in square windows without overlap; on the way back slow loops of the named unpooling."""

    @staticmethod
    def forward(ctx, x, size, kind):
        ctx.size, ctx.kind, ctx.shape = size, kind, x.shape
        return F.max_pool2d(x, size)

    @staticmethod
    def backward(ctx, gradient):
        back = torch.zeros(ctx.shape, dtype=gradient.dtype)
        for channel in range(ctx.shape[1]):
            for row in range(gradient.shape[2]):
                for col in range(gradient.shape[3]):
                    value, (top, left) = gradient[0, channel, row, col], (row * ctx.size, col * ctx.size)
                    if ctx.kind == "corner":
                        back[0, channel, top, left] = value
                    else:
                        back[0, channel, top : top + ctx.size, left : left + ctx.size] = value
        return back, None, None


def oracle(network, inputs, layer, channel, kind, rectify):
    """The same by autograd: each ReLU's and pooling's own backward replaced."""
    x = start = inputs.clone().requires_grad_(True)
    for name, module in network.named_children():
        if isinstance(module, nn.ReLU):
            x = BackwardReLU.apply(x, rectify)
        elif isinstance(module, nn.MaxPool2d) and kind != "switches":
            x = BackwardPool.apply(x, module.kernel_size, kind)
        else:
            x = module(x)
        if name == layer:
            break
    weights = x.detach().clone()
    if channel != ALL:
        keep = torch.zeros_like(weights)
        keep[:, channel] = weights[:, channel]
        weights = keep
    return torch.autograd.grad((x * weights).sum(), start)[0][0].numpy()


def inputs_of(name, seed=0):
    return torch.randn(1, *find(name).input_shape, generator=torch.Generator().manual_seed(seed))


def projection_of(network, inputs, layer, *args, **settings):
    graph = trace(network, tuple(inputs.shape[1:]))
    return project(network, run_down(network, graph, inputs, layer), layer, *args, **settings)


LAYERS = {
    "lenet5": ("c1", "relu1", "s2", "c3", "relu3", "s4", "c5", "relu5"),
    "colour": tuple(
        name for i in range(1, 7) for name in (f"conv{i}", f"relu{i}", *([f"pool{i // 2}"] if i % 2 == 0 else []))
    ),
}


@pytest.mark.parametrize("name", SHIPPED)
def test_the_chain_of_every_bundled_network(name):
    if name in LAYERS:  # further ones are covered by the oracle below
        assert projectable(trace(find(name).build(), find(name).input_shape)) == LAYERS[name]


@pytest.mark.parametrize("kind", ["switches", "nearest", "corner"])
@pytest.mark.parametrize("rectify", [True, False])
@pytest.mark.parametrize("name", SHIPPED)
def test_it_is_autograd_with_the_deconvnets_own_backward(name, rectify, kind):
    network, inputs = find(name).load(), inputs_of(name)
    chain = projectable(trace(network, tuple(inputs.shape[1:])))
    for layer, channel in ((chain[-1], ALL), (chain[len(chain) // 2], 3)):
        found = projection_of(network, inputs, layer, channel, kind, rectify=rectify).values
        expected = oracle(network, inputs, layer, channel, kind, rectify)
        np.testing.assert_allclose(found, expected, atol=2e-5 * np.abs(expected).max())


def overlapping() -> nn.Sequential:
    torch.manual_seed(1)
    return nn.Sequential(
        nn.Conv2d(2, 4, 5, stride=2, padding=2, groups=2),
        nn.BatchNorm2d(4),
        nn.MaxPool2d(3, 2, padding=1, ceil_mode=True),
        nn.Dropout(0.5),
        nn.Conv2d(4, 3, (3, 2), stride=(2, 1), dilation=(1, 2), padding="valid"),
    ).eval()


def test_without_relus_and_with_switches_it_is_the_plain_gradient():
    network, inputs = overlapping(), torch.randn(1, 2, 22, 19)
    network[1].running_mean.normal_()
    network[1].running_var.uniform_(0.5, 2)
    network[1].weight.data.normal_()
    start = inputs.clone().requires_grad_(True)
    output = network(start)
    expected = torch.autograd.grad((output * output.detach()).sum(), start)[0][0]
    found = projection_of(network, inputs, "4")
    np.testing.assert_allclose(found.values, expected, atol=1e-4)


@pytest.mark.parametrize("kind", UNPOOLINGS)
def test_every_unpooling_copes_with_overlaps_padding_and_a_rest(kind):
    found = projection_of(overlapping(), torch.randn(1, 2, 22, 19), "4", 1, kind)
    assert found.values.shape == (2, 22, 19)
    assert np.isfinite(found.values).all()
    assert np.ptp(found.values) > 0


def test_bilinear_and_nearest_are_interpolates():
    layer, given, maps = nn.MaxPool2d(2), torch.randn(1, 2, 6, 4), torch.randn(1, 2, 3, 2)
    for kind in ("nearest", "bilinear"):
        expected = F.interpolate(maps, scale_factor=2, mode=kind)
        torch.testing.assert_close(UNPOOLINGS[kind].back(maps, given, layer), expected)


def test_the_strongest_channel_and_the_parts_add_up_without_rectifying():
    network, inputs = find("lenet5").load(), inputs_of("lenet5")
    graph = trace(network, (1, 32, 32))
    recording = run_down(network, graph, inputs, "s4")
    at = strongest(recording, "s4")
    assert recording.outputs["s4"][0, at].max() == recording.outputs["s4"].max()
    whole = project(network, recording, "s4", rectify=False).values
    parts = sum(project(network, recording, "s4", channel, rectify=False).values for channel in range(16))
    np.testing.assert_allclose(parts, whole, atol=1e-4)


def test_the_network_comes_back_as_it_came():
    network = find("colour").load()
    before = copy.deepcopy(network.state_dict())
    network.train()
    projection_of(network, inputs_of("colour"), "pool2")
    assert network.training
    assert not any(module._forward_hooks for module in network.modules())
    assert all(torch.equal(before[name], tensor) for name, tensor in network.state_dict().items())
    assert all(parameter.grad is None for parameter in network.parameters())


class Branching(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv2d(1, 1, 3, padding=1), nn.Conv2d(1, 1, 3, padding=1)

    def forward(self, x):
        y = self.first(x)
        return self.second(y) + y


def test_a_branch_ends_the_way():
    network = Branching()
    graph = trace(network, (1, 8, 8))
    assert projectable(graph) == ("first",)
    with pytest.raises(ExplorerError, match="choose one of first"):
        run_down(network, graph, torch.zeros(1, 1, 8, 8), "second")
    dense = nn.Sequential(nn.Flatten(), nn.Linear(4, 2))
    with pytest.raises(ExplorerError, match="no convolution"):
        run_down(dense, trace(dense, (1, 2, 2)), torch.zeros(1, 1, 2, 2), "1")


def test_impossible_channels_and_kinds():
    network = find("lenet5").load()
    with pytest.raises(ExplorerError, match="choose 0 to 5"):
        projection_of(network, inputs_of("lenet5"), "s2", 6)
    with pytest.raises(ExplorerError, match="choose one of switches"):
        projection_of(network, inputs_of("lenet5"), "s2", ALL, "magic")


def test_the_fit_is_the_best_scale_and_offset():
    random = np.random.default_rng(2)
    values = random.normal(size=(3, 6, 5)).astype(np.float32)
    pixels = random.integers(0, 256, (6, 5, 3), np.uint8)
    found = fit(pixels, Projection("l", ALL, "nearest", values))
    flat = values.transpose(1, 2, 0).ravel()
    columns = np.stack([flat, np.ones_like(flat)], axis=1).astype(np.float64)
    (scale, offset), error, *_ = np.linalg.lstsq(columns, pixels.ravel().astype(np.float64), rcond=None)
    assert (found.scale, found.offset) == (pytest.approx(scale), pytest.approx(offset))
    assert found.correlation == pytest.approx(np.corrcoef(flat, pixels.ravel())[0, 1])
    assert found.psnr == pytest.approx(10 * np.log10(255**2 / (error[0] / pixels.size)))
    assert found.psnr == pytest.approx(10 * np.log10(255**2 / (pixels.var() * (1 - found.correlation**2))))


def test_a_flat_projection_becomes_the_mean():
    pixels = np.array([[0, 100]], np.uint8)
    found = fit(pixels, Projection("l", ALL, "nearest", np.zeros((1, 1, 2), np.float32)))
    assert found.pixels.tolist() == [[50, 50]]
    assert np.isnan(found.correlation)
