"""Shifts: the slash classifier, equivariance, and pooling's limited invariance."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.layers.equivariance import check_shift, classify_slash, compare_under_shift, moved_whole, shift
from tests.layers.oracles import images, quick, tensor

BACKSLASH_INPUT = [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
SLASH_INPUT = [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]


def torch_slash(image):
    return F.conv2d(tensor([[image]]), torch.eye(2).double()[None, None])[0]


def test_C3_backslash_classifier():
    verdict = classify_slash(BACKSLASH_INPUT)
    assert verdict.walk.output.tolist() == [[[0, 0, 0], [0, 1, 0], [0, 0, 2]]] == torch_slash(BACKSLASH_INPUT).tolist()
    assert (verdict.maximum, verdict.position, verdict.is_backslash) == (2, (2, 2), True)


def test_C3_slash_is_not_a_backslash():
    verdict = classify_slash(SLASH_INPUT)
    assert verdict.walk.output.tolist() == [[[0, 0, 0], [0, 0, 1], [0, 1, 0]]] == torch_slash(SLASH_INPUT).tolist()
    assert (verdict.maximum, verdict.is_backslash) == (1, False)


def test_C4_shifted_pattern_same_maximum():
    moved = shift(BACKSLASH_INPUT, down=-2, right=-2)
    verdict = classify_slash(moved)
    assert verdict.walk.output.tolist() == [[[2, 0, 0], [0, 1, 0], [0, 0, 0]]] == torch_slash(moved[0]).tolist()
    assert (verdict.maximum, verdict.position) == (2, (0, 0))
    check = check_shift(BACKSLASH_INPUT, [[1, 0], [0, 1]], -2, -2)
    assert check.agree
    assert check.maxima == (2, 2)


def test_shift_by_hand():
    assert shift([[1, 2], [3, 4]], down=1).tolist() == [[[0, 0], [1, 2]]]
    assert shift([[1, 2], [3, 4]], right=-1).tolist() == [[[2, 0], [4, 0]]]
    assert not shift([[1, 2], [3, 4]], right=2).any()
    assert not shift([[1, 2], [3, 4]], down=-7).any()


@quick
@given(images(), st.integers(-10, 10), st.integers(-10, 10))
def test_shift_moves_every_cell(image, down, right):
    moved = shift(image, down, right)
    _, height, width = image.shape
    for (channel, row, col), value in np.ndenumerate(moved):
        inside = 0 <= row - down < height and 0 <= col - right < width
        assert value == (image[channel, row - down, col - right] if inside else 0)


@quick
@given(images(channels=1, low=4), st.integers(1, 4), st.integers(-4, 4), st.integers(-4, 4))
def test_C4_shift_then_convolve_is_convolve_then_shift(image, size, down, right):
    kernel = np.random.default_rng(size).standard_normal((size, size))
    check = check_shift(image, kernel, down, right)
    assert check.agree
    rows, cols = (n - size + 1 for n in image.shape[1:])
    assert check.comparable.sum() == max(rows - abs(down), 0) * max(cols - abs(right), 0)
    np.testing.assert_allclose(
        check.shifted_first, F.conv2d(tensor(shift(image, down, right))[None], tensor([[kernel]]))[0], atol=1e-12
    )


def test_E3_strided_layers_notice_odd_shifts_only():
    image = np.zeros((6, 12))
    image[1:5, 2:4] = [[1, 2], [3, 4], [5, 6], [7, 8]]
    responses = {r.layer: r for r in compare_under_shift(image, np.ones((1, 1)), shifts=range(5))}
    assert all(r.changes[0] == 0 for r in responses.values())
    # A shift by the stride moves the whole output by one cell; by half of it the output itself changes.
    for name in ("strided convolution", "max pooling", "average pooling"):
        outputs = responses[name].outputs
        np.testing.assert_allclose(outputs[2], shift(outputs[0], right=1))
        np.testing.assert_allclose(outputs[4], shift(outputs[0], right=2))
        assert not np.allclose(outputs[1], outputs[0])
    # The plain convolution always moves along.
    for amount, output in enumerate(responses["convolution"].outputs):
        np.testing.assert_allclose(output, shift(responses["convolution"].outputs[0], right=amount))


def test_E3_max_pooling_ignores_a_shift_inside_its_window():
    image = np.zeros((2, 8))
    image[0, 2] = 5
    pooling = {r.layer: r for r in compare_under_shift(image, np.ones((1, 1)), shifts=(0, 1, 2))}["max pooling"]
    assert pooling.changes[:2] == (0, 0)
    assert pooling.changes[2] == pytest.approx(np.sqrt(2))


def test_impossible_shift():
    with pytest.raises(ExplorerError, match=r"Shift right is 0\.5"):
        shift(np.ones((2, 2)), right=0.5)
    with pytest.raises(ExplorerError, match="Shift down is 1,000,000,000"):
        shift(np.ones((2, 2)), down=10**9)
    with pytest.raises(ExplorerError, match="choose at most 256"):
        compare_under_shift(np.ones((2, 2)), [[1]], shifts=range(10**9))


@pytest.mark.parametrize(
    ("column", "whole"),
    [
        (4, (True, True, True)),  # far from every border
        (9, (True, False, False)),  # pushed out at the right; no window of the strided kernel had reached it
        (
            0,
            (False, True, True),
        ),  # a kernel of 3 with stride 2 sees it a second time, half beside the zeros that came in
    ],
)
def test_E3_moved_on_unchanged_only_away_from_the_border(column, whole):
    image = np.zeros((10, 10))
    image[4, column] = 1
    _, *strided = compare_under_shift(image, np.ones((3, 3)), (0, 2), 2)
    assert tuple(moved_whole(response, 2, 1) for response in strided) == whole
    assert all(moved_whole(response, 0, 0) for response in strided)
