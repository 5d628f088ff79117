"""First weights: their spread, their seed, and what is left alone."""

import pytest
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.models.activations import ACTIVATION_LAYERS, activation_layer
from explorer.models.initialise import INITIALISATIONS, initialise


def network():
    return nn.Sequential(nn.Conv2d(8, 64, 5), nn.BatchNorm2d(64), nn.ReLU(), nn.Flatten(), nn.Linear(400, 100))


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


# Xavier: √(2/(8·25 + 64·25)) and √(2/500); He: √(2/200) and √(2/400)
@pytest.mark.parametrize(
    ("scheme", "conv", "dense"),
    [("zeros", 0, 0), ("small", 0.03, 0.03), ("xavier", 1 / 30, 0.06325), ("he", 0.1, 0.07071)],
)
def test_H3_weights_have_the_spread_that_was_asked_for(scheme, conv, dense):
    made = initialise(network(), scheme, seeded())
    assert made[0].weight.std().item() == pytest.approx(conv, rel=0.03)
    assert made[4].weight.std().item() == pytest.approx(dense, rel=0.03)
    assert made[0].weight.mean().item() == pytest.approx(0, abs=0.005)
    assert not made[0].bias.any()
    assert not made[4].bias.any()
    assert (made[1].weight == 1).all()
    assert (made[1].bias == 0).all()


# He: √(2/n_in); of stamps of 2×2 with stride 2 each output takes one of 64 channels' cells, of 4×4 four
@pytest.mark.parametrize(("kernel", "reached"), [(2, 64), (4, 256)])
def test_transposed_weights_count_the_inputs_that_reach_an_output(kernel, reached):
    layer = nn.ConvTranspose2d(64, 128, kernel, stride=2)
    initialise(layer, "he", seeded())
    assert layer.weight.std().item() == pytest.approx((2 / reached) ** 0.5, rel=0.03)
    assert not layer.bias.any()


def test_it_works_in_place_and_default_leaves_everything():
    made = network()
    before = {name: value.clone() for name, value in made.state_dict().items()}
    assert initialise(made, "default") is made
    assert all(torch.equal(before[name], value) for name, value in made.state_dict().items())
    assert initialise(made, "he") is made
    assert not torch.equal(before["0.weight"], made[0].weight)
    assert all(parameter.requires_grad and parameter.is_leaf for parameter in made.parameters())


def test_a_seed_gives_the_same_weights_and_another_seed_others():
    one, same, other = (initialise(network(), "he", seeded(seed))[4].weight for seed in (1, 1, 2))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_a_generator_leaves_the_process_own_alone():
    made = network()
    torch.manual_seed(3)
    before = torch.get_rng_state()
    initialise(made, "xavier", seeded())
    assert torch.equal(before, torch.get_rng_state())


def test_a_layer_without_bias():
    assert initialise(nn.Linear(4, 2, bias=False), "zeros").weight.abs().sum() == 0


def test_unknown_names_are_answered():
    assert list(INITIALISATIONS) == ["default", "zeros", "small", "xavier", "he"]
    with pytest.raises(ExplorerError, match="choose one of default, zeros, small, xavier, he"):
        initialise(network(), "best")
    with pytest.raises(ExplorerError, match="choose one of sigmoid, tanh, relu, leaky"):
        activation_layer("swish")


@pytest.mark.parametrize("key", ACTIVATION_LAYERS)
def test_every_activation_is_a_new_layer_each_time(key):
    one, other = activation_layer(key), activation_layer(key)
    assert one is not other
    assert one(torch.tensor([0.5])).item() == {
        "sigmoid": torch.tensor(0.5).sigmoid(),
        "tanh": torch.tensor(0.5).tanh(),
    }.get(key, 0.5)
