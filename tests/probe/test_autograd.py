"""The oracle that the pages show: equal to central differences, and it leaves nothing behind."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from explorer.layers.convolution import convolve
from explorer.layers.gradients import convolution_gradient
from explorer.probe.autograd import convolution_gradients


def case(stride, padding, dilation):
    rng = np.random.default_rng(stride + 10 * padding + 100 * dilation)
    image, kernel, bias = rng.normal(size=(2, 7, 6)), rng.normal(size=(3, 2, 2, 3)), rng.normal(size=3)
    walk = convolve(image, kernel, bias, stride=stride, padding=padding, dilation=dilation)
    return walk, rng.normal(size=walk.output.shape)


CASES = [(1, 0, 1), (2, 1, 1), (1, 1, 2), (3, 2, 1)]


@pytest.mark.parametrize("settings", CASES)
def test_it_agrees_with_our_own_gradients(settings):
    walk, upstream = case(*settings)
    oracle = convolution_gradients(walk.image, walk.kernel, walk.bias, upstream, *settings)
    ours = convolution_gradient(walk, upstream)
    for name in ("kernel", "bias", "image"):
        assert getattr(oracle, name).dtype == np.float64
        np.testing.assert_allclose(getattr(oracle, name), getattr(ours, name), atol=1e-12)


@pytest.mark.parametrize("settings", CASES)
def test_it_agrees_with_differences(settings):
    walk, upstream = case(*settings)
    oracle = convolution_gradients(walk.image, walk.kernel, walk.bias, upstream, *settings)

    def loss(kernel):
        output = F.conv2d(torch.tensor(walk.image)[None], torch.tensor(kernel), torch.tensor(walk.bias), *settings)
        return float((output[0] * torch.tensor(upstream)).sum())

    for cell in [(0, 0, 0, 0), (2, 1, 1, 2), (1, 0, 1, 0)]:
        step = np.zeros(walk.kernel.shape)
        step[cell] = 0.5  # the loss is linear in the kernel: any step gives the slope
        assert oracle.kernel[cell] == pytest.approx(loss(walk.kernel + step) - loss(walk.kernel - step))


def test_it_works_where_gradients_are_switched_off():
    with torch.no_grad():
        oracle = convolution_gradients(np.ones((1, 2, 2)), np.ones((1, 1, 2, 2)), np.zeros(1), np.full((1, 1, 1), 3.0))
    assert oracle.kernel.ravel().tolist() == [3, 3, 3, 3]
    assert oracle.bias.tolist() == [3]
