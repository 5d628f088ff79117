"""All steps at once equal the steps one by one, and what fills up ends as the layer's result."""

import numpy as np
import pytest

from explorer.layers.convolution import convolve
from explorer.layers.every_step import (
    channel_sums,
    count_products,
    products,
    returns,
    stamps,
    weight_shares,
    window_sums,
)
from explorer.layers.gradients import convolution_gradient
from explorer.layers.pooling import pool
from explorer.layers.transposed import transpose_convolve
from explorer.layers.unpooling import unpool_with_switches

RANDOM = np.random.default_rng(7)


@pytest.mark.parametrize(
    ("image", "kernel", "settings"),
    [
        ((1, 4, 5), (1, 1, 2, 3), {}),
        ((4, 6, 5), (6, 2, 3, 3), {"groups": 2, "padding": 1, "stride": 2, "bias": 0.5}),
        ((2, 7, 7), (3, 2, 2, 2), {"dilation": 2, "flip": True, "activation": "tanh"}),
    ],
)
def test_products_and_sums_are_those_of_each_step(image, kernel, settings):
    walk = convolve(RANDOM.normal(size=image), RANDOM.normal(size=kernel), **settings)
    every, sums = products(walk), channel_sums(walk)
    assert every.size == count_products(walk)
    for step, found, planes in zip(walk, every, sums, strict=True):
        np.testing.assert_array_equal(found, step.products)
        np.testing.assert_allclose(planes, step.channel_sums, atol=1e-12)
        assert planes.sum() + step.bias == pytest.approx(step.sum, abs=1e-12)


def test_an_average_is_its_windows_sum_over_its_divisor():
    pooling = pool(RANDOM.normal(size=(2, 5, 6)), "average", 3, 2, padding=1, count_include_pad=False)
    divisors = np.broadcast_to(pooling.divisors, pooling.output.shape).ravel()
    np.testing.assert_allclose(window_sums(pooling) / divisors, pooling.output.ravel(), atol=1e-12)


def test_D1_shares_and_running_gradients_are_those_of_each_step():
    walk = convolve(RANDOM.normal(size=(2, 4, 4)), RANDOM.normal(size=(3, 2, 2, 2)))
    gradient = convolution_gradient(walk, RANDOM.normal(size=walk.output.shape))
    for step, share, so_far in zip(gradient, *weight_shares(gradient), strict=True):
        np.testing.assert_allclose(share, step.weight_share, atol=1e-12)
        np.testing.assert_allclose(so_far, step.running, atol=1e-12)


def test_K4_stamps_by_hand():
    # 3 and 5 stamp [1, 2] side by side: 3, 6 and then 6 + 5, 10
    additions, so_far = stamps(transpose_convolve([[3, 5]], [[1, 2]]))
    assert additions.tolist() == [[[[3, 6]]], [[[5, 10]]]]
    assert so_far.tolist() == [[[[3, 6]]], [[[11, 10]]]]


@pytest.mark.parametrize(
    "settings", [{}, {"stride": 2}, {"stride": (2, 1), "dilation": 2, "groups": 2}, {"stride": 2, "padding": 1}]
)
def test_each_stamp_is_the_records_and_the_last_on_a_cell_is_the_output(settings):
    stamping = transpose_convolve(RANDOM.normal(size=(2, 3, 4)), RANDOM.normal(size=(2, 2, 3, 2)), None, **settings)
    output = np.zeros_like(stamping.output)
    for stamp, addition, so_far in zip(stamping, *stamps(stamping), strict=True):
        np.testing.assert_array_equal(addition, stamp.addition)
        for y, x in np.argwhere(stamp.inside):
            output[stamp.channels, stamp.rows[y], stamp.cols[x]] = so_far[:, y, x]
    np.testing.assert_allclose(output, stamping.output, atol=1e-12)


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 2), (3, 1)])
def test_K3_of_two_values_on_one_cell_the_later_stays(size, stride):
    unpooling = unpool_with_switches(pool(RANDOM.normal(size=(2, 7, 7)), "max", size, stride), None)
    unpooling = unpool_with_switches(unpooling.pooling, RANDOM.normal(size=unpooling.values.shape))
    field = np.zeros_like(unpooling.output)
    for back, put, so_far in zip(unpooling, *returns(unpooling), strict=True):
        assert np.count_nonzero(put) == 1
        assert put.sum() == back.value
        top, left = back.row * stride, back.col * stride
        field[back.channel, top : top + size, left : left + size] = so_far[0]
    np.testing.assert_array_equal(field, unpooling.output)
