"""Which layers of a large network are shown at first, and which layer takes which one's output."""

import pytest
import torch
from torch import nn

from explorer.models.registry import MODELS
from explorer.probe.facts import describe
from explorer.probe.graph import trace
from explorer.probe.overview import MOST_LAYERS, channels_shown, last_layer, overview, overview_maps
from explorer.probe.recording import record
from explorer.probe.sources import sources
from explorer.probe.stages import stages


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second, self.relu = nn.Conv2d(4, 4, 3, padding=1), nn.Conv2d(4, 4, 3, padding=1), nn.ReLU()

    def forward(self, x):
        return self.relu(x + self.second(self.relu(self.first(x))))


def deep(blocks=15):
    return nn.Sequential(nn.Conv2d(1, 4, 3), *(Residual() for _ in range(blocks)), nn.Flatten(), nn.Linear(144, 3))


def test_all_layers_where_they_are_few():
    facts = describe(MODELS["lenet5"].build(), (1, 32, 32))
    assert overview(facts) == tuple(layer.name for layer in facts.layers if layer.type != "Flatten")


def test_blocks_stand_for_their_layers():
    facts = describe(deep(), (1, 8, 8))
    assert overview(facts) == (*(str(number) for number in range(16)), "17")
    assert last_layer(facts, "3").name == "3.relu"
    assert last_layer(facts, "0").name == "0"
    with pytest.raises(KeyError):
        last_layer(facts, "99")


def test_a_flat_network_shows_what_its_activations_put_out():
    facts = describe(nn.Sequential(*(nn.ReLU() if i % 2 else nn.Conv2d(1, 1, 1) for i in range(40))), (1, 2, 2))
    assert overview(facts) == tuple(str(i) for i in range(1, 40, 2))


def test_a_network_of_very_many_equal_layers_is_thinned():
    facts = describe(nn.Sequential(*(nn.Conv2d(1, 1, 1) for _ in range(100))), (1, 2, 2))
    assert 10 < len(overview(facts)) <= MOST_LAYERS


@pytest.mark.parametrize(
    ("shape", "shown"),
    [((64, 224, 224), 4), ((64, 112, 112), 11), ((64, 56, 56), 32), ((3, 224, 224), 3), ((1000,), 128), ((10,), 10)],
)
def test_channels_shown_by_hand(shape, shown):
    assert channels_shown(shape) == shown


def test_a_blocks_map_is_what_the_block_puts_out():
    network, x = deep(), torch.randn(1, 1, 8, 8)
    facts = describe(network, (1, 8, 8))
    maps = overview_maps(record(network, x, ["0", "1"]), facts, ("0", "1", "99"), {"1": "Residual"})
    assert [layer.facts.name for layer in maps] == ["0", "1"]
    with torch.no_grad():
        wanted = network[1](network[0](x))[0]
    assert torch.equal(torch.from_numpy(maps[1].values), wanted)
    assert maps[1].facts.type == "Residual"
    assert maps[1].facts.output == (4, 6, 6)
    assert not maps[1].signed  # ends in a ReLU


def test_who_takes_whose_output():
    network = deep(1)
    found = sources(trace(network, (1, 8, 8)))
    assert found["0"] is None
    assert found["1.first"] == "0"
    assert found["1.second"] == "1.relu"
    assert found["1.relu"] is None  # its last run takes the sum
    by_name = {stage.layer.name: stage for stage in stages(describe(network, (1, 8, 8)), found)}
    assert by_name["1.second"].activation is None
    assert "1.relu" in by_name
