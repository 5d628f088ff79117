"""Batch normalisation's four traps: the curriculum's numbers, and torch falling into each."""

import numpy as np
import pytest
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.layers.batch_traps import walk_traps
from explorer.layers.normalisation import Averages

BATCH = [[1.0], [2.0], [3.0], [4.0]]


def test_H8_the_numbers():
    traps = walk_traps(BATCH, [[2.5]])
    np.testing.assert_allclose(traps.batch.output.ravel(), [-1.3416, -0.4472, 0.4472, 1.3416], atol=5e-5)
    assert traps.after.mean[0] == pytest.approx(0.25)
    assert traps.after.variance[0] == pytest.approx(1.0667, abs=5e-5)
    assert traps.answers[0][0] == pytest.approx(2.1785, abs=5e-5)


def test_H8_trap_1_biased_in_the_formula_unbiased_in_the_average():
    traps = walk_traps(BATCH, [[2.5]])
    assert (traps.batch.variance[0], traps.batch.unbiased[0]) == (1.25, pytest.approx(5 / 3))
    assert traps.after_biased.variance[0] == pytest.approx(0.9 + 0.125)
    assert traps.after_biased.mean[0] == traps.after.mean[0]


def test_H8_trap_2_momentum_the_other_way_round():
    traps = walk_traps(BATCH, [[2.5]])
    assert traps.after_swapped.mean[0] == pytest.approx(2.25)
    assert traps.after_swapped.variance[0] == pytest.approx(0.1 + 0.9 * 5 / 3)


def test_H8_trap_3_a_batch_of_one():
    traps = walk_traps(BATCH, [[2.5]], gamma=3.0, beta=-2.0)
    assert traps.alone.tolist() == [-2]
    # By the formula: x − μ is 0 for the only value there is
    one = np.array([[7.0]])
    by_formula = 3.0 * (one - one.mean()) / np.sqrt(one.var() + 1e-5) - 2.0
    assert by_formula.ravel().tolist() == traps.alone.tolist()
    with pytest.raises(ValueError, match="more than 1 value"):
        nn.BatchNorm1d(1)(torch.tensor([[7.0]]))
    with pytest.raises(ExplorerError, match="at least two"):
        walk_traps([[7.0]], [[2.5]])


def test_H8_trap_4_evaluation_forgotten():
    traps = walk_traps(BATCH, [[2.5]])
    assert (
        traps.answers[1][0] == 0
    )  # 2.5 is the batch's mean: beside other pictures the same picture becomes another number
    beside_others = walk_traps([[10.0], [20.0]], [[2.5]])
    assert beside_others.answers[1][0] < -1


@pytest.mark.parametrize("alpha", [0.1, 0.5])
def test_H8_equals_torch_in_every_mode(alpha):
    random = np.random.default_rng(8)
    values, probe = random.normal(1, 2, (5, 3)), random.normal(1, 2, (1, 3))
    start = Averages(random.normal(size=3), random.uniform(0.5, 2, 3))
    layer = nn.BatchNorm1d(3, momentum=alpha).double()
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([2.0, -1, 0.5]))
        layer.bias.copy_(torch.tensor([0.0, 1, -3]))
        layer.running_mean.copy_(torch.from_numpy(start.mean))
        layer.running_var.copy_(torch.from_numpy(start.variance))
    traps = walk_traps(values, probe, start, [2.0, -1, 0.5], [0.0, 1, -3], alpha)
    np.testing.assert_allclose(traps.batch.output, layer(torch.from_numpy(values)).detach(), atol=1e-12)
    np.testing.assert_allclose(traps.after.mean, layer.running_mean, atol=1e-12)
    np.testing.assert_allclose(traps.after.variance, layer.running_var, atol=1e-12)
    np.testing.assert_allclose(traps.answers[0], layer.eval()(torch.from_numpy(probe)).detach()[0], atol=1e-12)
    together = layer.train()(torch.from_numpy(np.concatenate([values, probe]))).detach()
    np.testing.assert_allclose(traps.answers[1], together[-1], atol=1e-12)


def test_impossible_settings():
    with pytest.raises(ExplorerError, match="α is"):
        walk_traps(BATCH, [[2.5]], alpha=1.5)
    with pytest.raises(ExplorerError, match="of 1 unit, the batch has 2"):
        walk_traps(BATCH, [[2.5, 1.0]])
    with pytest.raises(ExplorerError, match="of 2 units, the batch has 1"):
        walk_traps(BATCH, [[2.5]], Averages(np.zeros(2), np.ones(2)))
