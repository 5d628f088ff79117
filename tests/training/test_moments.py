"""A moment of a run is the network as it was then."""

import pytest
import torch

from explorer.data.labelled import DataSet, LabelledImages
from explorer.errors import ExplorerError
from explorer.models.trainable import Design, build
from explorer.training.moments import network_at
from explorer.training.settings import RunSettings
from explorer.training.timeline import Writer, read_run


@pytest.fixture
def run(runs):
    half = LabelledImages(torch.zeros(6, 1, 32, 32, dtype=torch.uint8), torch.arange(6) % 3)
    writer = Writer(runs / "one", RunSettings(Design(), "digits"), DataSet("noise", tuple("abc"), half, half))
    for steps in (0, 5):
        writer.snapshot(steps, build(Design(), 1, 3, seed=steps).state_dict())
    writer.snapshot(7, build(Design("deep"), 1, 3).state_dict())
    return read_run(runs, "one")


@pytest.mark.parametrize("steps", [0, 5])
def test_its_weights_are_the_snapshots(run, steps):
    found, expected = network_at(run, steps), build(Design(), 1, 3, seed=steps)
    for name, tensor in expected.state_dict().items():
        assert torch.equal(found.state_dict()[name], tensor)
    assert not found.training
    assert not any(parameter.requires_grad for parameter in found.parameters())


def test_what_is_not_there_or_does_not_fit_gets_a_sentence(run):
    with pytest.raises(ExplorerError, match="no snapshot of step 6"):
        network_at(run, 6)
    with pytest.raises(ExplorerError, match="of another network"):
        network_at(run, 7)
