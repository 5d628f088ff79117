"""The cascade of random weights: what it changes, what it leaves, and the rank correlation by hand."""

import numpy as np
import pytest
import torch
from torch import nn

from explorer.models.registry import SHIPPED, find
from explorer.probe.attribution import ATTRIBUTIONS, attribute
from explorer.probe.randomised import (
    FAILS_FROM,
    MOST_LEVELS,
    Level,
    cascade,
    failing,
    randomised,
    rank_correlation,
    similarities,
)

TOP_DOWN = {
    "lenet5": ["output", "f6", "c5", "c3", "c1"],
    "colour": ["output", "conv6", "conv5", "conv4", "conv3", "conv2", "conv1"],
}


@pytest.mark.parametrize("name", SHIPPED)
def test_the_cascade_goes_from_the_top_to_the_bottom(name):
    levels = cascade(find(name).load(), torch.zeros(1, *find(name).input_shape))
    assert [level.lowest for level in levels] == ["", *TOP_DOWN[name]]
    assert [list(level.layers) for level in levels] == [TOP_DOWN[name][:count] for count in range(len(levels))]


def test_a_deep_network_loses_several_layers_at_a_step():
    network = nn.Sequential(*(nn.Linear(2, 2) for _ in range(30)))
    levels = cascade(network, torch.zeros(1, 2))
    assert len(levels) == MOST_LEVELS + 1
    assert levels[-1].layers == tuple(str(index) for index in range(29, -1, -1))


def test_a_network_without_weights_has_nothing_to_lose():
    assert cascade(nn.Sequential(nn.Flatten()), torch.zeros(1, 2)) == (Level(()),)


def test_only_the_named_layers_change_and_the_network_itself_does_not():
    network = find("lenet5").load()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    changed = randomised(network, Level(("output", "f6"))).state_dict()
    for name, tensor in before.items():
        assert torch.equal(network.state_dict()[name], tensor)
        assert torch.equal(changed[name], tensor) == (name.split(".")[0] not in ("output", "f6"))


def test_a_further_step_leaves_the_layers_before_alone_and_a_seed_repeats():
    network = find("lenet5").load()
    levels = cascade(network, torch.zeros(1, 1, 32, 32))
    states = [randomised(network, level, seed=4).state_dict() for level in (levels[1], levels[3], levels[3])]
    assert torch.equal(states[0]["output.weight"], states[1]["output.weight"])
    assert all(torch.equal(states[1][name], states[2][name]) for name in states[1])
    other = randomised(network, levels[1], seed=5).state_dict()
    assert not torch.equal(other["output.weight"], states[0]["output.weight"])


def test_the_random_numbers_of_others_go_on_undisturbed():
    network = find("lenet5").load()
    torch.manual_seed(8)
    expected = torch.rand(3)
    torch.manual_seed(8)
    randomised(network, Level(("output",)))
    assert torch.equal(torch.rand(3), expected)


def test_a_layer_that_cannot_begin_anew_gets_numbers_of_its_own_spread():
    class Scale(nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = nn.Parameter(torch.arange(4000.0))

        def forward(self, x):
            return x * self.scale.mean()

    network = Scale()
    changed = randomised(network, Level(("layer",)))
    assert float(changed.scale.detach().std()) == pytest.approx(float(network.scale.detach().std()), rel=0.1)
    assert abs(float(changed.scale.detach().mean())) < 100


# ── rank correlation ────────────────────────────────────────────────────────────────────────────────────────


def slow_rank_correlation(first, second):
    """Each value's rank counted out; ties share the mean of the ranks they take."""

    def ranks(values):
        return [sum(v < value for v in values) + (sum(v == value for v in values) - 1) / 2 for value in values]

    a, b = ranks(first), ranks(second)
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    product = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True))
    return product / (sum((x - mean_a) ** 2 for x in a) * sum((y - mean_b) ** 2 for y in b)) ** 0.5


def test_rank_correlation_by_hand():
    assert rank_correlation(np.array([[1, 2], [3, 4]]), np.array([[10, 20], [30, 99]])) == 1
    assert rank_correlation(np.array([1, 2, 3]), np.array([3, 2, 1])) == -1
    # d = (1, 1, 2): ρ = 1 − 6·Σd²/(n(n²−1)) = 1 − 36/24
    assert rank_correlation(np.array([1, 2, 3]), np.array([2, 3, 1])) == pytest.approx(-0.5)


def test_a_map_that_is_the_same_everywhere_ranks_nothing():
    assert np.isnan(rank_correlation(np.zeros(4), np.arange(4)))


@pytest.mark.parametrize("seed", range(5))
def test_rank_correlation_equals_its_slow_twin(seed):
    random = np.random.default_rng(seed)
    first, second = random.integers(0, 6, (2, 30))
    assert rank_correlation(first, second) == pytest.approx(slow_rank_correlation(list(first), list(second)))


def test_signs_count_unless_only_sizes_are_asked_for():
    maps = [np.array([[-3.0, 1.0, 2.0]]), np.array([[3.0, -1.0, -2.0]])]
    assert similarities(maps, sizes=False).tolist() == [1, -1]
    assert similarities(maps, sizes=True).tolist() == [1, 1]


def test_what_stays_as_it_was_fails():
    curves = {
        "stays": np.array([1, 0.9, FAILS_FROM]),
        "changes": np.array([1, 0.9, 0.49]),
        "empty": np.array([1, 0.2, np.nan]),
        "opposite": np.array([1, 0, -1.0]),
    }
    assert failing(curves) == ["stays"]


def test_a_method_that_ignores_the_weights_is_found_out():
    network, inputs = find("lenet5").load(), torch.rand(1, 1, 32, 32, generator=torch.Generator().manual_seed(0))
    levels = cascade(network, inputs)
    edges = [np.abs(np.diff(inputs[0, 0].numpy(), axis=0)) for _ in levels]  # an edge detector sees no network
    assert failing({"edges": similarities(edges, sizes=False)}) == ["edges"]


@pytest.mark.parametrize("method", ATTRIBUTIONS)
def test_every_method_can_be_checked(method):
    network, inputs = find("lenet5").load(), torch.rand(1, 1, 32, 32, generator=torch.Generator().manual_seed(0))
    levels = cascade(network, inputs)
    maps = [attribute(method, randomised(network, level), inputs, 3).values for level in (levels[0], levels[-1])]
    curve = similarities(maps, sizes=False)
    assert curve[0] == pytest.approx(1)
    assert np.isnan(curve[1]) or -1 <= curve[1] < 0.999
