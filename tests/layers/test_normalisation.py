"""Batch normalisation against numbers done by hand and torch.nn.BatchNorm1d, BatchNorm2d."""

import numpy as np
import pytest
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.layers.normalisation import (
    Averages,
    first_averages,
    moved,
    moving_averages,
    noisy_batches,
    normalise_batch,
    normalise_in_use,
)


def test_H4_by_hand():
    found = normalise_batch([[2.0, 1], [4, 1], [4, 1], [4, 1], [5, 1], [5, 1], [7, 1], [9, 1]], [2, 1], [1, -3], 0.0001)
    assert found.mean.tolist() == [5, 1]
    assert found.variance.tolist() == [4, 0]  # the well-known eight numbers with standard deviation 2
    np.testing.assert_allclose(found.unbiased, np.var(found.values, axis=0, ddof=1))
    assert found.centred[:, 0].tolist() == [-3, -1, -1, -1, 0, 0, 2, 4]
    np.testing.assert_allclose(found.normalised[:, 0], np.array([-3, -1, -1, -1, 0, 0, 2, 4]) / 2, rtol=2e-5)
    np.testing.assert_allclose(found.output[:, 0], np.array([-2, 0, 0, 0, 1, 1, 3, 5]), atol=1e-4)
    assert found.output[:, 1].tolist() == [-3] * 8  # no spread: β is all that is left
    assert (found.count, found.in_use) == (8, False)


def test_H4_moving_average_by_hand():
    """μ ← α·mean + (1−α)·μ: from 0 with α = 0.1 and batches of mean 5: 0.5, 0.95, 1.355."""
    batch = normalise_batch([[4.0], [6.0]])
    found = moving_averages([batch] * 3, 1)
    np.testing.assert_allclose([step.mean[0] for step in found], [0, 0.5, 0.95, 1.355])
    np.testing.assert_allclose([step.variance[0] for step in found], [1, 1.1, 1.19, 1.271])  # 2 without bias, 1 with


@pytest.mark.parametrize("shape", [(6, 3), (2, 4), (5, 3, 4, 2), (1, 2, 3, 3)])
@pytest.mark.parametrize("alpha", [0.0, 0.1, 0.7, 1.0])
def test_training_and_use_equal_torch(shape, alpha):
    random = np.random.default_rng(len(shape))
    units = shape[1]
    layer = (nn.BatchNorm1d if len(shape) == 2 else nn.BatchNorm2d)(units, eps=1e-3, momentum=alpha).double()
    gamma, beta = random.normal(size=units), random.normal(size=units)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(gamma))
        layer.bias.copy_(torch.from_numpy(beta))
    averages = first_averages(units)
    for _ in range(4):
        values = random.normal(3, 5, shape)
        ours = normalise_batch(values, gamma, beta, 1e-3)
        np.testing.assert_allclose(ours.output, layer(torch.from_numpy(values)).detach(), atol=1e-10)
        averages = moved(averages, ours, alpha)
        np.testing.assert_allclose(averages.mean, layer.running_mean, atol=1e-12)
        np.testing.assert_allclose(averages.variance, layer.running_var, atol=1e-12)
    layer.eval()
    values = random.normal(3, 5, shape)
    in_use = normalise_in_use(values, averages, gamma, beta, 1e-3)
    np.testing.assert_allclose(in_use.output, layer(torch.from_numpy(values)).detach(), atol=1e-10)
    alone = normalise_in_use(values[:1], averages, gamma, beta, 1e-3)
    np.testing.assert_array_equal(alone.output, in_use.output[:1])  # the rest of the batch has no say


def test_noisy_batches_are_seeded_and_reproducible():
    values = np.array([[1.0, 2], [3, 8]])  # standard deviations 1 and 3
    first = noisy_batches(values, 300, 0.5, 7)
    np.testing.assert_array_equal(first, noisy_batches(values, 300, 0.5, 7))
    assert not np.array_equal(first, noisy_batches(values, 300, 0.5, 8))
    np.testing.assert_allclose(np.mean(first, axis=0), values, atol=0.3)
    np.testing.assert_allclose(np.std(np.array(first) - values, axis=(0, 1)), [0.5, 1.5], rtol=0.1)
    np.testing.assert_array_equal(noisy_batches(values, 2, 0, 7), [values] * 2)
    assert noisy_batches(values, 0, 1, 0) == []


def test_records_cannot_be_written():
    found = normalise_batch([[1.0], [2.0]])
    for array in (found.values, found.mean, found.variance, found.centred, found.normalised, found.output):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: normalise_batch([[1.0, 2]]), "at least two in training"),
        (lambda: normalise_batch([1.0, 2]), "samples × units"),
        (lambda: normalise_batch([[1.0], [np.nan]]), "missing"),
        (lambda: normalise_batch([[1.0], [1.0]], epsilon=0), "choose ε above 0"),
        (lambda: normalise_batch([[1.0], [2.0]], epsilon=-1), "ε is −1"),
        (lambda: normalise_batch([[1.0], [2.0]], gamma=[1, 2]), "each unit, 1 of them"),
        (lambda: normalise_batch([[1.0], [2.0]], beta=np.inf), "β is inf"),
        (lambda: normalise_in_use([[1.0]], Averages(np.zeros(2), np.ones(2))), "of 2 units, the batch has 1"),
        (lambda: moved(first_averages(1), normalise_batch([[1.0], [2.0]]), 1.5), "α is 1.5"),
        (lambda: noisy_batches([[1.0]], 1001, 1, 0), "Number of batches is 1,001"),
        (lambda: noisy_batches([[1.0]], 1, -1, 0), "Noise is −1"),
        (lambda: noisy_batches([[1.0]], 1, 1, -1), "Seed is −1"),
    ],
)
def test_impossible_settings(call, words):
    with pytest.raises(ExplorerError, match=words):
        call()
