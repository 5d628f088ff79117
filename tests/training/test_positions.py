"""B2: what a CNN and an MLP of one size make of an object elsewhere; a map is checked against a slow loop."""

import numpy as np
import pytest
import torch
from torch import nn

from explorer.data.corner import CLASSES, corner_pictures, load_corner, one_picture
from explorer.errors import ExplorerError
from explorer.models.corner import corner_cnn, corner_mlp
from explorer.models.feeding import DIGITS
from explorer.training.positions import PositionMap, accuracy_by_position, answer_at


def learn(network, *, epochs, rate=3e-3):
    """A bare loop over the corner's set, seeded: a few seconds on one core."""
    data = load_corner(None, False)
    inputs, labels = DIGITS.normalise(data.train.images), data.train.labels
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate)
    source = torch.Generator().manual_seed(0)
    for _ in range(epochs):
        for chosen in torch.randperm(len(labels), generator=source).split(50):
            optimiser.zero_grad()
            nn.functional.cross_entropy(network(inputs[chosen]), labels[chosen]).backward()
            optimiser.step()
    return network


@pytest.fixture(scope="module")
def trained():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return {"CNN": learn(corner_cnn(1, 5), epochs=4), "MLP": learn(corner_mlp(1, 5), epochs=12)}


def test_B2_the_cnn_knows_the_objects_everywhere_and_the_mlp_in_the_corner_only(trained):
    cnn = accuracy_by_position(trained["CNN"], DIGITS.normalise, pictures=60)
    mlp = accuracy_by_position(trained["MLP"], DIGITS.normalise, pictures=60)
    assert cnn.at_home > 0.95
    assert cnn.elsewhere > 0.97
    assert cnn.accuracy.min() >= 0.9
    assert mlp.at_home > 0.9
    assert 0.15 < mlp.elsewhere < 0.25  # one in five
    apart = np.array(mlp.starts) >= 14  # no pixel in common with the trained corner, which ends at 15 with its jitter
    assert 0.12 < mlp.accuracy[np.ix_(apart, apart)].mean() < 0.28


def test_a_map_is_its_slow_twin(trained):
    known = accuracy_by_position(trained["MLP"], DIGITS.normalise, stride=10, pictures=10, seed=4)
    assert known.starts == (0, 10, 20)
    assert (known.accuracy.dtype, known.accuracy.shape) == (np.float32, (3, 3))
    places = [(row, column) for row in known.starts for column in known.starts for _ in range(10)]
    labels = np.array([i % 5 for i in range(90)])
    images = corner_pictures(labels, *(np.array(axis) for axis in zip(*places, strict=True)), np.random.default_rng(4))
    right = {}
    for place, label, image in zip(places, labels, images, strict=True):
        with torch.no_grad():
            said = trained["MLP"](DIGITS.normalise(image[None])).argmax().item()
        right.setdefault(place, []).append(said == label)
    expected = [[np.mean(right[row, column]) for column in known.starts] for row in known.starts]
    np.testing.assert_allclose(known.accuracy, expected)


def test_home_and_elsewhere_by_hand():
    known = PositionMap(np.array([[0.1, 0.2, 0.3], [0.2, 1.0, 0.4], [0, 0, 0.4]], np.float32), (0, 2, 4), 10)
    assert known.at_home == 1.0
    assert known.elsewhere == pytest.approx(0.2)
    known = PositionMap(np.array([[1, 0.5], [0, 0]], np.float32), (1, 3), 10, trained=(1, 1))
    assert known.elsewhere == pytest.approx(1 / 6)


@pytest.mark.parametrize("stride", [3, 7, 20])
def test_a_map_whose_places_miss_the_corner_has_no_home(stride, trained):
    known = accuracy_by_position(trained["MLP"], DIGITS.normalise, stride=stride, pictures=5)
    assert (known.at_home is None) == (stride != 3)


def test_the_network_comes_back_as_it_was(trained):
    network = trained["CNN"].train()
    known = accuracy_by_position(network, DIGITS.normalise, stride=20, pictures=5)
    assert network.training
    assert all(layer.training for layer in network.modules())
    assert np.array_equal(
        known.accuracy, accuracy_by_position(network, DIGITS.normalise, stride=20, pictures=5).accuracy
    )


def test_an_answer_is_the_softmax(trained):
    image = one_picture(2, 2, 2)
    probabilities = answer_at(trained["CNN"], DIGITS.normalise, image)
    assert probabilities.shape == (len(CLASSES),)
    assert probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert probabilities.argmax() == 2


@pytest.mark.parametrize("settings", [{"stride": 0}, {"stride": 21}, {"pictures": 4}])
def test_impossible_maps_are_refused(settings, trained):
    with pytest.raises(ExplorerError, match="choose"):
        accuracy_by_position(trained["CNN"], DIGITS.normalise, **settings)
