"""Gradients against hand-checked numbers, finite differences and autograd."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.layers.convolution import convolve
from explorer.layers.gradients import convolution_gradient, pooling_gradient, sgd_step
from explorer.layers.pooling import pool
from tests.layers import slow
from tests.layers.oracles import images, layers, pairs, quick, tensor, torch_convolve

IMAGE_3X3 = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
UPSTREAM = [[1.0, 10.0], [100.0, 1000.0]]  # each position leaves its own digit


def test_D1_a_shared_weight_sums_the_terms_of_all_positions():
    gradient = convolution_gradient(convolve(IMAGE_3X3, [[1, 0], [0, 1]]), UPSTREAM)
    # w4 meets 5, 6, 8 and 9: its four copies a, b, c, d.
    assert gradient.weight_terms(0, 0, 1, 1).tolist() == [[5, 60], [800, 9000]]
    assert gradient.kernel[0, 0, 1, 1] == 9865
    assert [step.running[0, 1, 1] for step in gradient] == [5, 65, 865, 9865]
    assert gradient.bias.tolist() == [1111]
    weights = sgd_step(gradient.walk.kernel, gradient.kernel, rate=0.001)
    assert weights[0, 0, 1, 1] == pytest.approx(1 - 0.001 * (5 + 60 + 800 + 9000))


def test_D1_equals_autograd_and_finite_differences():
    kernel = tensor([[[[1, 0], [0, 1]]]], grad=True)
    (F.conv2d(tensor([[IMAGE_3X3]]), kernel) * tensor(UPSTREAM)).sum().backward()
    gradient = convolution_gradient(convolve(IMAGE_3X3, kernel.detach()), UPSTREAM)
    np.testing.assert_allclose(gradient.kernel, kernel.grad)
    numeric = slow.numeric_gradient(lambda w: (convolve(IMAGE_3X3, w).output * UPSTREAM).sum(), kernel.tolist())
    np.testing.assert_allclose(gradient.kernel, numeric, rtol=1e-5)


def test_D2_max_pooling_passes_the_gradient_to_the_maximum():
    patch = np.array([[6.0, 8], [3, 5]])
    assert pool(patch).output.item() == 8
    assert pool([[7, 8], [3, 5]]).output.item() == 8
    assert pool([[6, 9], [3, 5]]).output.item() == 9
    assert pooling_gradient(pool(patch), [[7.0]]).image.tolist() == [[[0, 7], [0, 0]]]
    numeric = slow.numeric_gradient(lambda x: 7 * pool(x).output.sum(), patch)
    np.testing.assert_allclose(pooling_gradient(pool(patch), [[7.0]]).image[0], numeric, atol=1e-6)


def test_D2_average_pooling_shares_the_gradient():
    assert pooling_gradient(pool([[6, 8], [3, 5]], "average"), [[8.0]]).image.tolist() == [[[2, 2], [2, 2]]]


def test_D3_the_gradient_at_the_input_is_a_transposed_convolution():
    kernel = [[1, 2], [3, 4]]
    gradient = convolution_gradient(convolve(IMAGE_3X3, kernel), UPSTREAM)
    expected = F.conv_transpose2d(tensor([[UPSTREAM]]), tensor([[kernel]]))[0]
    np.testing.assert_allclose(gradient.image, expected)
    assert gradient.image[0, 1, 1] == 4 * 1 + 3 * 10 + 2 * 100 + 1 * 1000
    assert gradient.step(0, 0, 1).stamp.tolist() == [[[10, 20], [30, 40]]]
    np.testing.assert_allclose(gradient.stamping.output, expected)


@quick
@given(layers(), st.booleans(), st.sampled_from([None, "sigmoid", "relu", "tanh"]))
def test_convolution_gradients_equal_autograd(layer, flip, activation):
    walk = convolve(layer.image, layer.kernel, flip=flip, activation=activation, **layer.settings)
    upstream = np.random.default_rng(0).standard_normal(walk.output.shape)
    gradient = convolution_gradient(walk, upstream)

    image, kernel, bias = (tensor(a, grad=True) for a in (layer.image, layer.kernel, layer.bias))
    used = kernel.flip(2, 3) if flip else kernel
    sums = torch_convolve(image, used, **layer.settings | {"bias": bias})
    output = sums if activation is None else getattr(torch, activation)(sums)
    (output * tensor(upstream)).sum().backward()
    for ours, theirs in [(gradient.kernel, kernel), (gradient.bias, bias), (gradient.image, image)]:
        np.testing.assert_allclose(ours, theirs.grad, atol=1e-11)


@quick
@given(layers(), st.booleans())
def test_contributions_add_up(layer, flip):
    walk = convolve(layer.image, layer.kernel, flip=flip, activation="tanh", **layer.settings)
    gradient = convolution_gradient(walk, np.random.default_rng(0).standard_normal(walk.output.shape))
    stamped = np.zeros((len(walk.image), walk.image[0].size))
    total = np.zeros(walk.kernel.shape)
    for step in gradient:
        assert step.g == step.upstream * step.slope
        total[step.channel] += step.weight_share
        np.testing.assert_allclose(step.running, total[step.channel], atol=1e-12)
        for y, x in np.argwhere(step.source >= 0):
            stamped[step.channels, step.source[y, x]] += step.stamp[:, y, x]
    np.testing.assert_allclose(total, gradient.kernel, atol=1e-11)
    np.testing.assert_allclose(stamped.reshape(walk.image.shape), gradient.image, atol=1e-11)
    last = gradient.step(*(n - 1 for n in walk.output.shape))
    np.testing.assert_allclose(last.running_bias, gradient.bias[-1], atol=1e-12)
    for cell in np.ndindex(walk.kernel.shape):
        np.testing.assert_allclose(gradient.weight_terms(*cell).sum(), gradient.kernel[cell], atol=1e-11)


@quick
@given(images(low=4, whole=True), pairs(1, 4), pairs(1, 4), st.booleans(), st.booleans(), st.data())
def test_pooling_gradients_equal_autograd(image, kernel, stride, ceil_mode, count_include_pad, data):
    padding = tuple(data.draw(st.integers(0, k // 2)) for k in kernel)
    settings = {"stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    for kind, oracle, extra in [
        ("max", F.max_pool2d, {}),
        ("average", F.avg_pool2d, {"count_include_pad": count_include_pad}),
    ]:
        pooling = pool(image, kind, kernel, **settings, **extra)
        upstream = np.random.default_rng(0).standard_normal(pooling.output.shape)
        leaf = tensor(image, grad=True)
        (oracle(leaf[None], kernel, **settings, **extra)[0] * tensor(upstream)).sum().backward()
        np.testing.assert_allclose(pooling_gradient(pooling, upstream).image, leaf.grad, atol=1e-12)


def test_sgd_step_equals_torch():
    weights, gradient = np.array([[1.0, -2.0]]), np.array([[0.5, 4.0]])
    parameter = torch.nn.Parameter(tensor(weights))
    parameter.grad = tensor(gradient)
    torch.optim.SGD([parameter], lr=0.1).step()
    np.testing.assert_allclose(sgd_step(weights, gradient, 0.1), parameter.detach())


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: convolution_gradient(convolve(np.ones((3, 3)), np.ones((2, 2))), np.ones((3, 3))), "give 1×2×2"),
        (lambda: pooling_gradient(pool(np.ones((4, 4))), np.ones((1, 2))), "give 1×2×2"),
        (lambda: pooling_gradient(pool(np.ones((4, 4))), [[1, 2], [3, np.nan]]), "infinite, missing"),
        (lambda: sgd_step([1, 2], [1], 0.1), "one gradient per weight"),
        (lambda: sgd_step([1], [1], float("nan")), "Learning rate is nan"),
        (lambda: sgd_step([1], [1], "fast"), "Learning rate is 'fast'"),
    ],
)
def test_impossible_settings(call, words):
    with pytest.raises(ExplorerError, match=words):
        call()
