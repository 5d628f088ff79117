"""Pooling and unpooling against hand-checked numbers, slow loops and torch."""

import numpy as np
import pytest
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.layers.pooling import max_unpool, nearest_unpool, pool
from tests.layers import slow
from tests.layers.oracles import images, pairs, quick, tensor

C9_INPUT = [[1, 1, 1, 4], [2, 6, 5, 8], [3, 2, 1, 0], [1, 1, 3, 5]]
K3_INPUT = [[1, 2, 4, 3], [2, 5, 2, 0], [1, 5, 2, 1], [7, 3, 3, 8]]


def test_E1_max_pooling():
    pooling = pool(C9_INPUT, "max", 2)
    assert pooling.output.tolist() == [[[6, 8], [3, 5]]]
    assert pooling.positions.tolist() == [[[5, 7], [8, 15]]]
    step = pooling.at(1)
    assert (step.row, step.col, step.position, step.divisor) == (0, 1, 7, None)
    assert step.values.tolist() == [[1, 4], [5, 8]]
    assert step.source.tolist() == [[2, 3], [6, 7]]
    np.testing.assert_array_equal(pooling.output, slow.pool(pooling.image, 2, 2, max))


def test_E1_average_pooling():
    pooling = pool(C9_INPUT, "average", 2)
    assert pooling.output.tolist() == [[[2.5, 4.5], [1.75, 2.25]]]
    assert [step.divisor for step in pooling] == [4, 4, 4, 4]
    np.testing.assert_allclose(pooling.output, slow.pool(pooling.image, 2, 2, np.mean))


def test_E2_each_channel_by_itself():
    image = np.random.default_rng(0).standard_normal((64, 200, 200))
    pooling = pool(image, "max", 2)
    assert pooling.output.shape == (64, 100, 100)
    np.testing.assert_array_equal(pooling.output[17], pool(image[17], "max", 2).output[0])


def test_K2_nearest_unpooling():
    expected = [[[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 4, 4], [3, 3, 4, 4]]]
    assert nearest_unpool([[1, 2], [3, 4]]).tolist() == expected
    assert F.interpolate(tensor([[[[1, 2], [3, 4]]]]), scale_factor=2)[0].tolist() == expected


def test_K3_max_unpooling():
    pooling = pool(K3_INPUT, "max", 2)
    assert pooling.output.tolist() == [[[5, 4], [7, 8]]]
    restored = max_unpool([[1, 2], [3, 4]], pooling.positions, (4, 4))
    assert restored.tolist() == [[[0, 0, 2, 0], [0, 1, 0, 0], [0, 0, 0, 0], [3, 0, 0, 4]]]
    _, indices = F.max_pool2d(tensor([[K3_INPUT]]), 2, return_indices=True)
    assert F.max_unpool2d(tensor([[[[1, 2], [3, 4]]]]), indices, 2)[0].tolist() == restored.tolist()


@quick
@given(images(low=4, whole=True), pairs(1, 4), pairs(1, 4), st.booleans(), st.booleans(), st.data())
def test_both_kinds_equal_torch(image, kernel, stride, ceil_mode, count_include_pad, data):
    padding = tuple(data.draw(st.integers(0, k // 2)) for k in kernel)
    settings = {"stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    values, indices = F.max_pool2d(tensor(image)[None], kernel, return_indices=True, **settings)
    largest = pool(image, "max", kernel, **settings)
    np.testing.assert_array_equal(largest.output, values[0])
    np.testing.assert_array_equal(largest.positions, indices[0])  # ties too: the images are full of them
    expected = F.avg_pool2d(tensor(image)[None], kernel, count_include_pad=count_include_pad, **settings)
    average = pool(image, "average", kernel, count_include_pad=count_include_pad, **settings)
    np.testing.assert_allclose(average.output, expected[0], atol=1e-12)


@quick
@given(images(low=4, high=7), st.integers(1, 3), st.integers(1, 3), st.sampled_from(["max", "average"]), st.booleans())
def test_every_step_gives_its_output_cell(image, kernel, stride, kind, ceil_mode):
    pooling = pool(image, kind, kernel, stride, kernel // 2, ceil_mode)
    for step, cell in zip(pooling, np.ndindex(pooling.output.shape), strict=True):
        flat = image[step.channel].ravel()
        seen = flat[step.source[step.source >= 0]]
        if kind == "max":
            assert step.value == pooling.output[cell] == seen.max() == flat[step.position]
        else:
            assert step.value == pooling.output[cell] == pytest.approx(seen.sum() / step.divisor)


@quick
@given(images(low=2, whole=True), st.integers(1, 3))
def test_pool_and_unpool_go_round(image, size):
    """Where windows do not overlap, pooling an unpooled map of positive values gives it back."""
    image = np.abs(image[:, : image.shape[1] // size * size, : image.shape[2] // size * size]) + 1
    if image.size == 0:
        return
    pooling = pool(image, "max", size)
    restored = max_unpool(pooling.output, pooling.positions, image.shape[1:])
    np.testing.assert_array_equal(pool(restored, "max", size).output, pooling.output)
    np.testing.assert_array_equal(pool(nearest_unpool(pooling.output, size), "average", size).output, pooling.output)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: pool(np.ones((4, 4)), "median"), "'median' is unknown"),
        (lambda: pool(np.ones((4, 4)), "max", 5), "does not fit a 4×4 input"),
        (lambda: pool(np.ones((4, 4)), "max", 3, padding=2), "choose padding ≤ 1×1"),
        (lambda: pool(np.ones((4, 4)), "max", 2, stride=0), "Stride is 0"),
        (lambda: pool(np.ones((4, 4)), "max", 0), "Kernel size is 0"),
        (lambda: pool(np.ones((4, 4)), "max", 10**9), "Kernel size is 1,000,000,000"),
        (lambda: max_unpool([[1, 2]], [[0, 4]], (2, 2)), "Positions run from 0 to 4"),
        (lambda: max_unpool([[1, 2]], [[0, 0.5]], (2, 2)), "Positions run from 0 to 0.5"),
        (lambda: max_unpool([[1, 2]], [[0]], (2, 2)), "Positions has shape"),
        (lambda: max_unpool([[1]], [[0]], (4096, 4097)), "Size to restore is 4,097"),
        (lambda: nearest_unpool(np.ones((64, 64)), 4096), "limit is"),
        (lambda: nearest_unpool(np.ones((2, 2)), 0), "Factor is 0"),
    ],
)
def test_impossible_settings(call, words):
    with pytest.raises(ExplorerError, match=words):
        call()
