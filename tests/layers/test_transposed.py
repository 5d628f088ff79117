"""Transposed convolution against hand-checked numbers, slow loops and torch."""

import numpy as np
import pytest
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.layers.transposed import transpose_convolve
from tests.layers import slow
from tests.layers.oracles import pairs, quick, tensor


def test_K4_stamps_overlap_and_add():
    stamping = transpose_convolve([[1, 2]], [[1, 1, 1]], stride=(1, 2))
    assert stamping.output.tolist() == [[[1, 1, 3, 2, 2]]]
    assert stamping.overlaps.tolist() == [[1, 1, 2, 1, 1]]
    second = stamping.at(1)
    assert (second.value, second.cols.tolist(), second.addition.tolist()) == (2, [2, 3, 4], [[[2, 2, 2]]])


@pytest.mark.parametrize(("kernel", "padding", "extra", "even"), [(3, 1, 1, False), (2, 0, 0, True)])
def test_K4_two_ways_from_2x2_to_4x4(kernel, padding, extra, even):
    image, weights = np.array([[1.0, 2], [3, 4]]), np.arange(1.0, kernel**2 + 1).reshape(kernel, kernel)
    stamping = transpose_convolve(image, weights, stride=2, padding=padding, output_padding=extra)
    assert stamping.output.shape == (1, 4, 4)
    assert stamping.overlaps_evenly is even
    assert bool(stamping.overlaps.max() == 1) is even
    np.testing.assert_allclose(stamping.output[0], slow.transpose_convolve(image, weights, 2, padding, extra))
    expected = F.conv_transpose2d(tensor([[image]]), tensor([[weights]]), None, 2, padding, extra)
    np.testing.assert_allclose(stamping.output, expected[0])


@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_K4_a_checkerboard_is_where_overlaps_differ(kernel, stride, dilation):
    stamping = transpose_convolve(np.ones((20, 20)), np.ones((kernel, kernel)), stride=stride, dilation=dilation)
    border = dilation * (kernel - 1)
    inner = stamping.overlaps[border : -border or None, border : -border or None]
    assert stamping.overlaps_evenly == (inner.min() == inner.max())


@st.composite
def stampings(draw):
    groups, depth, per_group = draw(st.integers(1, 2)), draw(st.integers(1, 2)), draw(st.integers(1, 2))
    kernel, stride, dilation, sides = draw(pairs(1, 3)), draw(pairs(1, 3)), draw(pairs(1, 2)), draw(pairs(1, 5))
    extra = tuple(draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True))
    canvas = [
        (n - 1) * s + d * (k - 1) + e + 1 for n, s, d, k, e in zip(sides, stride, dilation, kernel, extra, strict=True)
    ]
    padding = tuple(draw(st.integers(0, min(2, (n - 1) // 2))) for n in canvas)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    image = rng.standard_normal((groups * depth, *sides))
    weights = rng.standard_normal((groups * depth, per_group, *kernel))
    settings = {"stride": stride, "padding": padding, "output_padding": extra, "groups": groups, "dilation": dilation}
    return image, weights, rng.standard_normal(groups * per_group), settings


@quick
@given(stampings())
def test_output_equals_torch_and_the_sum_of_its_stamps(case):
    image, weights, bias, settings = case
    stamping = transpose_convolve(image, weights, bias, **settings)
    expected = F.conv_transpose2d(tensor(image)[None], tensor(weights), tensor(bias), **settings)
    np.testing.assert_allclose(stamping.output, expected[0], atol=1e-12)

    total = np.zeros(stamping.output.shape) + bias[:, np.newaxis, np.newaxis]
    counts = np.zeros(stamping.overlaps.shape)
    for stamp in stamping:
        for y, x in np.argwhere(stamp.inside):
            total[stamp.channels, stamp.rows[y], stamp.cols[x]] += stamp.addition[:, y, x]
            counts[stamp.rows[y], stamp.cols[x]] += stamp.channel == 0
    np.testing.assert_allclose(total, stamping.output, atol=1e-12)
    np.testing.assert_array_equal(counts, stamping.overlaps)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"stride": 0}, "Stride is 0"),
        ({"stride": 2, "output_padding": 2}, "choose at most 1"),
        ({"padding": 2}, "choose padding ≤ 1"),
        ({"padding": -1}, "Padding is −1"),
        ({"groups": 2}, "Groups 2 does not divide 1"),
        ({"stride": 4096, "dilation": 4096}, "limit is"),
        ({"kernel": np.ones((2, 1, 3, 3))}, "one kernel plane per input channel"),
        ({"kernel": np.ones((200, 200))}, "takes too long"),
    ],
)
def test_impossible_settings(settings, words):
    with pytest.raises(ExplorerError, match=words):
        transpose_convolve(**{"image": np.ones((2, 2)), "kernel": np.ones((3, 3))} | settings)
