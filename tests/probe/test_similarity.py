"""Linear CKA by hand, against its other formula, and what must leave it as it is."""

import numpy as np
import pytest
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.models.registry import SHIPPED, find
from explorer.probe.recording import record
from explorer.probe.similarity import affordable, layer_grams, linear_cka, similarity


def slow_cka(first, second):
    """By features instead of pictures, summed pair by pair: ‖YᵀX‖² / (‖XᵀX‖ ‖YᵀY‖)."""

    def centred(values):
        return [[row[j] - sum(r[j] for r in values) / len(values) for j in range(len(values[0]))] for row in values]

    def squared_norm(a, b):
        return sum(
            sum(a[n][i] * b[n][j] for n in range(len(a))) ** 2 for i in range(len(a[0])) for j in range(len(b[0]))
        )

    x, y = centred(first.tolist()), centred(second.tolist())
    return squared_norm(x, y) / (squared_norm(x, x) * squared_norm(y, y)) ** 0.5


def test_by_hand():
    # Centred: x = (−1, 0, 1), y = (−1, 2, −1): xᵀy = 0. With z = (0, 0, 3) → (−1, −1, 2): (xᵀz)² / (xᵀx · zᵀz) = 9/(2·6)
    x, y, z = (np.array(values, float)[:, None] for values in ([1, 2, 3], [0, 3, 0], [0, 0, 3]))
    assert linear_cka(x, y) == pytest.approx(0, abs=1e-9)
    assert linear_cka(x, z) == pytest.approx(0.75)


@pytest.mark.parametrize("seed", range(4))
def test_equals_its_slow_twin(seed):
    random = np.random.default_rng(seed)
    first, second = random.normal(2, 1, (9, 3)), random.normal(-1, 3, (9, 5))
    assert linear_cka(first, second) == pytest.approx(slow_cka(first, second), rel=1e-4)


def test_turning_moving_and_scaling_change_nothing():
    random = np.random.default_rng(0)
    first, second = random.normal(size=(30, 6)), random.normal(size=(30, 4))
    turn, _ = np.linalg.qr(random.normal(size=(6, 6)))
    expected = linear_cka(first, second)
    assert linear_cka(first, first) == pytest.approx(1, abs=1e-6)
    assert linear_cka(first @ turn, second) == pytest.approx(expected, abs=1e-5)
    assert linear_cka(-7 * first + 3, second) == pytest.approx(expected, abs=1e-5)
    assert linear_cka(second, first) == pytest.approx(expected, abs=1e-9)
    assert linear_cka(first * [100, 1, 1, 1, 1, 1], second) != pytest.approx(
        expected, abs=0.01
    )  # stretched one way only


def test_a_large_mean_does_not_drown_the_differences():
    random = np.random.default_rng(1)
    first, second = random.normal(size=(20, 3)), random.normal(size=(20, 3))
    assert linear_cka(first + 1000, second) == pytest.approx(linear_cka(first, second), abs=1e-3)


def test_a_layer_that_says_the_same_of_all_has_no_similarity():
    assert np.isnan(linear_cka(np.ones((4, 2)), np.arange(8.0).reshape(4, 2)))


def test_other_pictures_are_refused():
    with pytest.raises(ExplorerError, match="the same ones"):
        linear_cka(np.ones((4, 2)), np.ones((5, 2)))


@pytest.mark.parametrize("name", SHIPPED)
def test_layers_of_the_shipped_networks(name):
    spec = find(name)
    inputs = torch.rand(12, *spec.input_shape, generator=torch.Generator().manual_seed(0))
    network = spec.load()
    outputs = record(network, inputs).outputs
    grams = [layer_grams(one, inputs, list(outputs)) for one in (network, spec.load_random())]
    found = similarity(*grams)
    assert found.pictures == 12
    assert found.rows == found.columns == tuple(outputs)
    layers = list(outputs)
    np.testing.assert_allclose(np.diag(similarity(grams[0], grams[0]).values), 1, atol=1e-6)
    np.testing.assert_allclose(
        found.values[1, 2],
        linear_cka(
            outputs[layers[1]].flatten(1).numpy(),
            record(spec.load_random(), inputs).outputs[layers[2]].flatten(1).numpy(),
        ),
        atol=1e-6,
    )
    assert ((found.values >= -1e-6) & (found.values <= 1)).all()


def test_two_networks_may_differ_in_size():
    first, second = nn.Sequential(nn.Linear(3, 4)), nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 5))
    inputs = torch.rand(6, 3)
    found = similarity(layer_grams(first, inputs, ["0"]), layer_grams(second, inputs, ["0", "1", "2"]))
    assert found.values.shape == (1, 3)


def test_large_layers_take_fewer_pictures():
    assert affordable(4704, 500) == 500
    assert affordable(800_000, 500) == 75
    assert affordable(10**12, 500) == 2
