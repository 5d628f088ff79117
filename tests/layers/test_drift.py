"""A frozen batch normalisation that drifts: by hand, and torch's own in a network of frozen weights."""

import numpy as np
import pytest
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.layers.drift import let_drift
from explorer.layers.normalisation import Averages, moved_formula

BATCH = [[1.0], [2.0], [3.0], [4.0]]


def test_H7_by_hand():
    """0.9 · old + 0.1 · batch: means 0.25, 0.475; variances 1.0667, 1.1267 (5/3 without bias)."""
    drift = let_drift([BATCH, BATCH], [[2.5]], epsilon=0)
    assert [at.mean[0] for at in drift.averages] == pytest.approx([0, 0.25, 0.475])
    assert [at.variance[0] for at in drift.averages] == pytest.approx([1, 16 / 15, 0.9 * 16 / 15 + 1 / 6])
    assert drift.before.tolist() == [[2.5]]
    assert drift.watched[1].output[0, 0] == pytest.approx(2.25 / (16 / 15) ** 0.5)
    assert drift.changes[0] == 0
    assert drift.changes[2] == pytest.approx(2.5 - drift.after[0, 0])
    assert moved_formula(0, 2.5) == "0.9·0 + 0.1·2.5 = 0.25"
    assert moved_formula(1, 5 / 3) == "0.9·1 + 0.1·1.667 = 1.067"


@pytest.mark.parametrize("shape", [(6, 3), (4, 3, 2, 2)])
def test_H7_equals_a_frozen_network_of_torch(shape):
    random = np.random.default_rng(3)
    torch.manual_seed(3)  # weights near zero would move too little
    network = nn.Sequential(nn.Conv2d(3, 3, 1) if len(shape) == 4 else nn.Linear(3, 3)).double()
    norm = (nn.BatchNorm2d if len(shape) == 4 else nn.BatchNorm1d)(3).double()
    nn.init.normal_(norm.weight)
    nn.init.normal_(norm.bias)
    network.append(norm).requires_grad_(False)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    inputs = [torch.from_numpy(random.normal(2, 3, shape)) for _ in range(3)]
    watched = torch.from_numpy(random.normal(2, 3, shape))
    asked = network.eval()(watched)
    network.train()
    answers = [network(batch) for batch in inputs]

    drift = let_drift(
        [network[0](batch).numpy() for batch in inputs],
        network[0](watched).numpy(),
        Averages(np.zeros(3), np.ones(3)),
        norm.weight.numpy(),
        norm.bias.numpy(),
    )
    np.testing.assert_allclose(drift.before, asked, atol=1e-12)
    np.testing.assert_allclose(drift.after, network.eval()(watched), atol=1e-12)
    for ours, torchs in zip(drift.batches, answers, strict=True):
        np.testing.assert_allclose(ours.output, torchs, atol=1e-12)
    np.testing.assert_allclose(drift.averages[-1].mean, norm.running_mean, atol=1e-12)
    np.testing.assert_allclose(drift.averages[-1].variance, norm.running_var, atol=1e-12)
    # No weight has learned; only what is no weight has moved
    changed = {name for name, value in network.state_dict().items() if not torch.equal(value, before[name])}
    assert changed == {"1.running_mean", "1.running_var", "1.num_batches_tracked"}
    assert drift.changes[-1] > 0.1


def test_in_evaluation_mode_nothing_moves():
    assert let_drift([], [[2.5], [7.0]]).changes.tolist() == [0]
    assert not let_drift([BATCH] * 5, [[2.5]], alpha=0).changes.any()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: let_drift([[[1.0]]], [[1.0]]), "at least two in training"),
        (lambda: let_drift([BATCH], [[1.0, 2.0]]), "of 2 units, the batch has 1"),
        (lambda: let_drift([BATCH], [1.0]), "samples × units"),
        (lambda: let_drift([BATCH], [[1.0]], alpha=2), "α is 2"),
    ],
)
def test_impossible_settings(call, words):
    with pytest.raises(ExplorerError, match=words):
        call()
