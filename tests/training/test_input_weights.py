"""The gradient over an MLP's input weights: by hand, by autograd, and the claim that only the weights under the object move."""

import numpy as np
import pytest
import torch
from torch import nn

from explorer.data.corner import CLASSES
from explorer.errors import ExplorerError
from explorer.models.corner import corner_cnn, corner_mlp
from explorer.models.feeding import DIGITS
from explorer.training.input_weights import BATCHES, moved_by, moved_weights, share_under

ONE, NOISY, MEAN = BATCHES


@pytest.fixture(scope="module")
def mlp():
    with torch.random.fork_rng():
        torch.manual_seed(1)
        return corner_mlp(1, 5)


def test_by_hand():
    # one pixel's value 2 and a single dense layer: logits 0, so the gradient is (softmax − one-hot) · pixel = ∓0.5 · 2
    network = nn.Sequential(nn.Flatten(), nn.Linear(4, 2))
    nn.init.zeros_(network[1].weight)
    nn.init.zeros_(network[1].bias)
    image = torch.tensor([[[[0.0, 2.0], [0.0, 0.0]]]])
    gradient = moved_weights(network, image, torch.tensor([0]))
    assert gradient.tolist() == [[[0, -1], [0, 0]], [[0, 1], [0, 0]]]
    assert gradient.dtype == np.float32


def test_it_is_what_backward_finds(mlp):
    images, labels = torch.randn(7, 1, 32, 32), torch.arange(7) % 5
    gradient = moved_weights(mlp, images, labels)
    assert all(parameter.grad is None for parameter in mlp.parameters())  # the network itself is not touched
    own = corner_mlp(1, 5)
    own.load_state_dict(mlp.state_dict())
    nn.functional.cross_entropy(own(images), labels).backward()
    torch.testing.assert_close(torch.from_numpy(gradient), own.hidden.weight.grad.reshape(-1, 32, 32))


def test_a_borrowed_network_without_gradients_will_do(mlp):
    frozen = corner_mlp(1, 5).eval().requires_grad_(False)
    with torch.no_grad():
        assert moved_by(frozen, DIGITS.normalise, 0, ONE).gradient.any()
    assert not any(parameter.requires_grad for parameter in frozen.parameters())
    assert not frozen.training


@pytest.mark.parametrize("label", range(len(CLASSES)))
def test_B2_only_the_weights_under_the_object_move(mlp, label):
    moved = moved_by(mlp, DIGITS.normalise, label, ONE)
    assert moved.box == (2, 2, 12)
    assert moved.share > 0.999
    outside = moved.gradient.copy()
    outside[:, 2:14, 2:14] = 0
    assert np.abs(outside).max() < 0.02 * np.abs(moved.gradient).max()
    assert moved.picture[20:, 20:].std() == 0
    assert moved.picture[2:14, 2:14].max() > 140


@pytest.mark.parametrize("label", range(len(CLASSES)))
def test_B2_noise_moves_the_others_and_averages_out(mlp, label):
    noisy, mean = (moved_by(mlp, DIGITS.normalise, label, kind) for kind in (NOISY, MEAN))
    assert 0.5 < noisy.share < 0.95
    assert mean.share > 0.98
    assert mean.box == (1, 1, 14)


def test_the_strongest_units_come_first_and_the_still_are_counted(mlp):
    moved = moved_by(mlp, DIGITS.normalise, 0, ONE)
    strength = (moved.gradient.astype(float) ** 2).sum(axis=(1, 2))
    assert (np.diff(strength) <= 0).all()
    assert sorted(moved.units) == list(range(14))
    assert moved.still == (strength == 0).sum() > 0
    once_more = moved_by(mlp, DIGITS.normalise, 0, ONE)
    np.testing.assert_array_equal(once_more.gradient, moved.gradient)


def test_share_by_hand():
    gradient = np.zeros((2, 4, 4))
    gradient[0, 1, 1], gradient[1, 3, 3] = 3, -4
    assert share_under(gradient, 0, 0, 2) == pytest.approx(9 / 25)
    assert share_under(gradient * 0, 0, 0, 2) == 0


def test_a_network_without_a_weight_for_each_pixel_is_refused():
    with pytest.raises(ExplorerError, match="choose the MLP"):
        moved_by(corner_cnn(1, 5), DIGITS.normalise, 0, ONE)
