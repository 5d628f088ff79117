"""Dropout by hand, by counting, and against torch.nn.Dropout, whose p is the probability to drop."""

import numpy as np
import pytest
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.layers.dropout import CONVENTIONS, draw_masks, drop

VALUES = [4.0, -2.0, 1.0]
MASKS = [[True, False, True], [False, False, True], [True, True, False], [True, False, False]]


def test_H5_classic_by_hand():
    found = drop(VALUES, MASKS, 0.5)
    assert found.training.tolist() == [[4, 0, 1], [0, 0, 1], [4, -2, 0], [4, 0, 0]]
    assert found.use.tolist() == [2, -1, 0.5]
    np.testing.assert_allclose(found.means[:, 0], [4, 2, 8 / 3, 3])
    np.testing.assert_allclose(found.means[-1], [3, -0.5, 0.5])


def test_H5_inverted_by_hand():
    found = drop(VALUES, MASKS, 0.5, "inverted")
    assert found.training.tolist() == [[8, 0, 2], [0, 0, 2], [8, -4, 0], [8, 0, 0]]
    assert found.use.tolist() == VALUES


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 1.0])
def test_H5_the_mean_over_all_masks_is_the_output_in_use(convention, keep):
    """E = p·w exactly: every possible mask, weighted with its own probability."""
    every = np.array([[bool(number >> unit & 1) for unit in range(3)] for number in range(8)])
    chances = np.prod(np.where(every, keep, 1 - keep), axis=1)
    assert chances.sum() == pytest.approx(1)
    found = drop(VALUES, every, keep, convention)
    np.testing.assert_allclose(chances @ found.training, found.use, atol=1e-12)
    np.testing.assert_array_equal(found.expectation, found.use)
    if convention == "classic":
        np.testing.assert_allclose(found.use, keep * np.array(VALUES))


def test_H5_the_running_mean_converges():
    found = drop(VALUES, draw_masks(3, 0.8, 20_000, seed=3), 0.8)
    np.testing.assert_allclose(found.means[-1], 0.8 * np.array(VALUES), atol=0.05)
    np.testing.assert_allclose(found.means[99], found.training[:100].mean(axis=0))


def test_inverted_is_torchs_dropout_with_its_probability_to_drop():
    """The same share is kept, what is kept has the same value, and in use nothing happens."""
    keep, values = 0.8, torch.full((20_000,), 3.0, dtype=torch.float64)
    torch.manual_seed(0)
    layer = nn.Dropout(drop([1.0], [True], keep).torch_probability)
    theirs = layer(values).numpy()
    ours = drop(values, theirs != 0, keep, "inverted")
    np.testing.assert_allclose(ours.training[0], theirs)
    assert (theirs != 0).mean() == pytest.approx(keep, abs=0.01)
    assert draw_masks(20_000 // 5, keep, 5).mean() == pytest.approx(keep, abs=0.01)
    np.testing.assert_array_equal(ours.use, layer.eval()(values))


def test_masks_are_seeded_and_grow_at_the_end():
    masks = draw_masks(6, 0.5, 10, seed=4)
    np.testing.assert_array_equal(masks, draw_masks(6, 0.5, 10, seed=4))
    np.testing.assert_array_equal(masks, draw_masks(6, 0.5, 30, seed=4)[:10])
    assert not np.array_equal(masks, draw_masks(6, 0.5, 10, seed=5))
    assert draw_masks(6, 1.0, 5).all()
    more = draw_masks(6, 0.7, 10, seed=4)
    assert (more >= masks).all()  # the same numbers drawn: a larger p keeps what a smaller one kept


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: drop(VALUES, MASKS, 0), "p is 0"),
        (lambda: drop(VALUES, MASKS, 1.2), "p is 1.2"),
        (lambda: drop(VALUES, MASKS, 0.5, "odd"), "'odd' is unknown: choose one of classic, inverted"),
        (lambda: drop([VALUES], MASKS, 0.5), "one number for each unit"),
        (lambda: drop(VALUES, [[True]], 0.5), "of 3 units"),
        (lambda: draw_masks(3, 0.5, 0), "Number of masks is 0"),
        (lambda: draw_masks(3, 0.5, 20_001), "Number of masks is 20,001"),
        (lambda: draw_masks(0, 0.5), "Number of units is 0"),
        (lambda: draw_masks(3, float("nan")), "p is nan"),
        (lambda: draw_masks(3, 0.5, seed=-1), "Seed is −1"),
    ],
)
def test_impossible_settings(call, words):
    with pytest.raises(ExplorerError, match=words):
        call()
