"""Judging a network, against a slow loop over single pictures."""

import math

import pytest
import torch
from torch import nn

from explorer.training.evaluation import judge
from tests.data.sets import stripes
from tests.training.test_loop import normalise, small


@pytest.mark.parametrize("batch_size", [1, 7, 1000])
def test_judge_against_a_slow_loop(batch_size):
    network, data = small(3).eval(), stripes(30).test
    confusion, loss = [[0, 0], [0, 0]], 0.0
    for image, label in zip(data.images, data.labels, strict=True):
        logits = network(normalise(image[None]))[0].tolist()
        confusion[label.item()][logits.index(max(logits))] += 1
        loss += math.log(sum(map(math.exp, logits))) - logits[label.item()]
    verdict = judge(network, data, normalise, batch_size=batch_size)
    assert verdict.confusion.tolist() == confusion
    assert verdict.accuracy == (confusion[0][0] + confusion[1][1]) / 30
    assert verdict.loss == pytest.approx(loss / 30, rel=1e-5)


def test_judge_changes_nothing():
    network = nn.Sequential(nn.BatchNorm2d(1), nn.Dropout(), nn.Flatten(), nn.Linear(1024, 2)).train()
    network[0].eval()  # frozen, as in transfer learning
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    first = judge(network, stripes().test, normalise)
    assert first.loss == judge(network, stripes().test, normalise).loss  # no dropout
    assert [module.training for module in network] == [False, True, True, True]
    assert all(torch.equal(before[name], tensor) for name, tensor in network.state_dict().items())
