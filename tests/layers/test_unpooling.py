"""Unpooling against the curriculum's numbers, slow loops and torch; overlaps against counting."""

import numpy as np
import pytest
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.layers.pooling import nearest_unpool, pool
from explorer.layers.transposed import transpose_convolve
from explorer.layers.unpooling import (
    FIXED,
    away_from_border,
    bilinear_kernel,
    bilinear_unpool,
    equal_kernel,
    fixed_stamping,
    overlap_pattern,
    overlap_table,
    pixel_shuffle,
    pixel_unshuffle,
    unpool_with_switches,
)
from tests.layers.oracles import quick, tensor

K3 = [[1, 2, 4, 3], [2, 5, 2, 0], [1, 5, 2, 1], [7, 3, 3, 8]]


def test_K2_stamp_by_stamp():
    found = fixed_stamping([[1, 2], [3, 4]])
    assert found.stamping.output.tolist() == [[[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 4, 4], [3, 3, 4, 4]]]
    assert found.stamping.overlaps.tolist() == [[1] * 4] * 4
    third = found.stamping.at(2)
    assert (third.value, third.rows.tolist(), third.cols.tolist()) == (3, [2, 3], [0, 1])


def test_K3_the_curriculums_numbers_and_where_each_value_returns():
    pooling = pool(K3)
    assert pooling.output.tolist() == [[[5, 4], [7, 8]]]
    found = unpool_with_switches(pooling, [[1, 2], [3, 4]])
    assert found.output.tolist() == [[[0, 0, 2, 0], [0, 1, 0, 0], [0, 0, 0, 0], [3, 0, 0, 4]]]
    assert [(step.value, step.to) for step in found] == [(1, (1, 1)), (2, (0, 2)), (3, (3, 0)), (4, (3, 3))]
    assert unpool_with_switches(pooling).output.tolist() == [[[0, 0, 4, 0], [0, 5, 0, 0], [0] * 4, [7, 0, 0, 8]]]


def test_K3_average_pooling_has_no_switches():
    with pytest.raises(ExplorerError, match="choose max pooling"):
        unpool_with_switches(pool(K3, "average"))
    with pytest.raises(ExplorerError, match="Values has shape"):
        unpool_with_switches(pool(K3), [[1, 2]])


def test_bilinear_by_hand():
    # at −¼, ¼, ¾, 1¼ of the line 0 4: 0, 1, 3, 4
    assert bilinear_unpool([[0, 4]], (1, 2)).tolist() == [[[0, 1, 3, 4]]]
    assert fixed_stamping([[0, 4]], "bilinear").stamping.output.tolist() == [[[0, 1, 3, 4]] * 2]


@st.composite
def cases(draw):
    factor, channels = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return rng.standard_normal((channels, draw(st.integers(1, 5)), draw(st.integers(1, 5)))), factor, rng


@quick
@given(cases())
def test_every_kind_equals_torch_and_its_stamps(case):
    image, factor, rng = case
    shares = rng.standard_normal((len(image) * factor**2, *image.shape[1:]))
    direct = {
        "nearest": (image, nearest_unpool(image, factor), F.interpolate(tensor(image)[None], scale_factor=factor)),
        "bilinear": (
            image,
            bilinear_unpool(image, factor),
            F.interpolate(tensor(image)[None], scale_factor=factor, mode="bilinear", align_corners=False),
        ),
        "subpixel": (shares, pixel_shuffle(shares, factor), F.pixel_shuffle(tensor(shares)[None], factor)),
    }
    assert set(direct) == set(FIXED)
    for kind, (given_, found, expected) in direct.items():
        np.testing.assert_allclose(found, expected[0], atol=1e-12)
        stamping = fixed_stamping(given_, kind, factor).stamping
        np.testing.assert_allclose(stamping.output, expected[0], atol=1e-12)
        total = np.zeros(stamping.output.shape)
        for stamp in stamping:
            for y, x in np.argwhere(stamp.inside):
                total[stamp.channels, stamp.rows[y], stamp.cols[x]] += stamp.addition[:, y, x]
        np.testing.assert_allclose(total, expected[0], atol=1e-12)
    np.testing.assert_array_equal(pixel_unshuffle(pixel_shuffle(shares, factor), factor), shares)


@quick
@given(cases())
def test_switches_equal_torch(case):
    image, factor, rng = case
    image = rng.standard_normal((len(image), image.shape[1] * factor, image.shape[2] * factor))
    pooling = pool(image, "max", factor)
    values = rng.standard_normal(pooling.output.shape)
    expected = F.max_unpool2d(tensor(values), tensor(pooling.positions).long(), factor, output_size=image.shape[1:])
    found = unpool_with_switches(pooling, values)
    np.testing.assert_array_equal(found.output, expected)
    slow = np.zeros(image.shape)
    for step in found:
        slow[step.channel, step.to[0], step.to[1]] = step.value
    np.testing.assert_array_equal(found.output, slow)


@pytest.mark.parametrize("factor", range(1, 7))
def test_a_tent_of_any_factor_keeps_a_flat_input_flat_and_equal_weights_do_not(factor):
    tent = overlap_pattern(bilinear_kernel(factor), factor)
    assert tent.flat
    np.testing.assert_allclose(tent.sums, 1)
    equal = overlap_pattern(equal_kernel(factor), factor)
    np.testing.assert_allclose(equal.sums.mean(), 1)
    assert equal.flat == equal.even_counts == (factor == 1)


def test_K4_three_by_three_with_stride_two_overlaps_once_twice_and_four_times():
    pattern = overlap_pattern(np.ones((3, 3)))
    assert pattern.counts.tolist() == [[4, 2], [2, 1]]
    assert (pattern.even_counts, pattern.flat) == (False, False)
    tent = overlap_pattern([[0.25, 0.5, 0.25], [0.5, 1, 0.5], [0.25, 0.5, 0.25]])
    assert (tent.even_counts, tent.flat) == (False, True)  # uneven counts, and yet no checkerboard
    assert overlap_pattern(np.ones((2, 2))).counts.tolist() == [[1, 1], [1, 1]]


@pytest.mark.parametrize("kernel", range(1, 7))
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("padding", [0, 1])
def test_the_pattern_is_what_a_flat_input_becomes_away_from_the_border_and_only_there(
    kernel, stride, dilation, padding
):
    weights = np.random.default_rng(kernel).normal(size=(kernel, kernel))
    stamping = transpose_convolve(np.ones((14, 14)), weights, stride=stride, dilation=dilation, padding=padding)
    pattern = overlap_pattern(weights, stride, dilation)
    rows, cols = away_from_border(stamping)
    at = [np.arange(part.start, part.stop) + padding for part in (rows, cols)]
    cells = np.ix_(at[0] % stride, at[1] % stride)
    np.testing.assert_array_equal(stamping.overlaps[rows, cols], pattern.counts[cells])
    np.testing.assert_allclose(stamping.output[0, rows, cols], pattern.sums[cells], atol=1e-12)
    assert pattern.even_counts == stamping.overlaps_evenly
    # one row further out something is missing, where anything could be there
    for row in (rows.start - 1, rows.stop):
        if 0 <= row < stamping.output.shape[1]:
            assert stamping.overlaps[row, cols].sum() < pattern.counts[(row + padding) % stride][at[1] % stride].sum()


def test_nowhere_is_away_from_the_border_of_a_small_output():
    assert away_from_border(transpose_convolve([[1.0]], np.ones((5, 5)), stride=2)) is None


def test_the_table_says_when_checkerboards_vanish():
    table = overlap_table(range(1, 9), range(1, 5))
    for k, lows, highs in zip(table.kernels, table.lows, table.highs, strict=True):
        for s, low, high in zip(table.strides, lows, highs, strict=True):
            assert (low, high) == ((k // s) ** 2, (-(-k // s)) ** 2)
            assert (low == high) == (k % s == 0)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: fixed_stamping([[1]], "max"), "choose one of nearest"),
        (lambda: fixed_stamping([[1]], "nearest", 0), "Factor is 0"),
        (lambda: fixed_stamping(np.ones((3, 2, 2)), "subpixel"), "give a multiple of 4"),
        (lambda: pixel_shuffle(np.ones((6, 2, 2))), "give a multiple of 4"),
        (lambda: pixel_unshuffle(np.ones((3, 3))), "choose multiples of 2"),
        (lambda: bilinear_unpool(np.ones((64, 64)), 4096), "limit is"),
        (lambda: overlap_pattern([[1]], 0), "Stride is 0"),
        (lambda: bilinear_kernel(99), "Factor is 99"),
    ],
)
def test_impossible_settings(act, words):
    with pytest.raises(ExplorerError, match=words):
        act()
