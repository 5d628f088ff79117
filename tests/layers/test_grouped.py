"""Grouped and depthwise convolution: the curriculum's numbers, torch's own layers and gradients."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.layers.convolution import convolve
from explorer.layers.grouped import channels_seen, compare_groupings, separate
from tests.layers.oracles import quick, tensor


def test_C18_weights_of_three_ways():
    found = compare_groupings(3, 32, 64)
    assert (found.full.weights, found.grouped.weights, found.separable.weights) == (18_432, 9_216, 2_336)
    assert found.full.weights_sum == "3·3·32·64 = 18,432"
    assert found.grouped.weights_sum == "3·3·32/2·64 = 9,216"
    assert found.separable.weights_sum == "3·3·32 + 32·64 = 288 + 2,048 = 2,336"
    assert found.ratio == pytest.approx(1 / 64 + 1 / 9)
    assert found.ratio_formula == "2,336/18,432 = 1/64 + 1/9 = 0.1267"
    assert [way.name for way in (found.full, found.grouped, found.separable)] == [
        "full", "in 2 groups", "depthwise separable",
    ]  # fmt: skip


def test_C18_multiply_adds_are_weights_times_places():
    found = compare_groupings(3, 32, 64, rows=14, cols=10)
    for way in (found.full, found.grouped, found.separable):
        assert way.multiply_adds == way.weights * 140
        assert way.multiply_sum == f"{way.weights:,}·14·10 = {way.multiply_adds:,}"


def test_C18_which_channels_a_kernel_sees():
    assert channels_seen(4, 4, 1).all()
    assert channels_seen(6, 4, 2).astype(int).tolist() == [[1, 1, 1, 0, 0, 0]] * 2 + [[0, 0, 0, 1, 1, 1]] * 2
    np.testing.assert_array_equal(channels_seen(5, 5, 5), np.eye(5, dtype=bool))
    twice = channels_seen(3, 6, 3)  # a depthwise layer may make two maps of each channel
    assert twice.sum(axis=1).tolist() == [1] * 6
    assert twice.sum(axis=0).tolist() == [2] * 3


@quick
@given(*[st.integers(1, 4)] * 3, *[st.integers(1, 3)] * 2)
def test_counts_and_channels_are_those_of_torch(groups, a, b, kernel, side):
    cin, cout = groups * a, groups * b
    found = compare_groupings(kernel, cin, cout, groups, side, side)
    grouped = torch.nn.Conv2d(cin, cout, kernel, groups=groups, bias=False)
    full = torch.nn.Conv2d(cin, cout, kernel, bias=False)
    pair = [torch.nn.Conv2d(cin, cin, kernel, groups=cin, bias=False), torch.nn.Conv2d(cin, cout, 1, bias=False)]
    assert found.full.weights == full.weight.numel()
    assert found.grouped.weights == grouped.weight.numel()
    assert found.separable.weights == sum(layer.weight.numel() for layer in pair)
    assert found.ratio == pytest.approx(1 / cout + 1 / kernel**2)

    # What an output channel sees is where its gradient is not zero
    torch.nn.init.ones_(grouped.weight)
    image = torch.ones(1, cin, kernel, kernel, requires_grad=True)
    seen = channels_seen(cin, cout, groups)
    for channel in range(cout):
        (gradient,) = torch.autograd.grad(grouped(image)[0, channel].sum(), image)
        assert (gradient[0].sum(dim=(1, 2)) != 0).tolist() == seen[channel].tolist()


@quick
@given(*[st.integers(1, 3)] * 4, st.integers(0, 2), st.integers(0, 2**32 - 1))
def test_depthwise_and_1x1_are_one_full_kernel(cin, cout, kernel, stride, padding, seed):
    random = np.random.default_rng(seed)
    image = random.standard_normal((cin, 6, 5))
    depthwise, pointwise = random.standard_normal((cin, kernel, kernel)), random.standard_normal((cout, cin))
    made = separate(image, depthwise, pointwise, stride=stride, padding=padding)
    whole = convolve(image, made.full_kernel, stride=stride, padding=padding)
    np.testing.assert_allclose(made.pointwise.output, whole.output, atol=1e-12)
    torch_first = torch.nn.functional.conv2d(
        tensor(image)[None], tensor(depthwise)[:, None], stride=stride, padding=padding, groups=cin
    )
    torch_second = torch.nn.functional.conv2d(torch_first, tensor(pointwise)[..., None, None])
    np.testing.assert_allclose(made.depthwise.output, torch_first[0], atol=1e-12)
    np.testing.assert_allclose(made.pointwise.output, torch_second[0], atol=1e-12)
    step = made.depthwise.step(cin - 1, 0, 0)
    assert step.channels.tolist() == [cin - 1]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: channels_seen(4, 6, 4), "Groups 4 does not divide"),
        (lambda: channels_seen(0, 6), "Input channels is 0"),
        (lambda: compare_groupings(3, 32, 63), "Groups 2 does not divide"),
        (lambda: compare_groupings(0, 32, 64), "Kernel size is 0"),
        (lambda: compare_groupings(3, 32, 64, rows=0), "Output rows is 0"),
        (lambda: compare_groupings(3, 32, 64, cols="many"), "Output columns is .many."),
        (lambda: separate(np.ones((2, 3, 3)), [[[1, 2], [3]]], np.ones((1, 2))), "rows of equal length"),
        (lambda: separate(np.ones((2, 3, 3)), np.ones((3, 3)), np.ones((1, 2))), "one kernel a channel"),
        (lambda: separate(np.ones((2, 3, 3)), np.ones((2, 3, 3)), np.ones((1, 3))), "one kernel a channel"),
        (lambda: separate(np.ones((3, 3, 3)), np.ones((2, 3, 3)), np.ones((1, 2))), "Groups 2 does not divide"),
    ],
)
def test_impossible_settings(call, words):
    with pytest.raises(ExplorerError, match=words):
        call()
