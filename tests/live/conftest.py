"""What the tests of watching share: a run to be watched."""

import pytest

from explorer.live import channel as live
from explorer.live import registry
from explorer.models.trainable import Design
from explorer.training.config import TrainConfig
from explorer.training.run import perform
from explorer.training.settings import RunSettings
from tests.data.sets import stripes


@pytest.fixture
def recorded(runs, monkeypatch):
    """A run with two snapshots and more, nobody trains it; returns its id."""
    monkeypatch.setattr(live, "_CHANNELS", type(live._CHANNELS)())
    monkeypatch.setattr(registry, "_JOBS", {})
    config = TrainConfig(epochs=2, batch_size=8, device="cpu")
    perform(RunSettings(Design(), "shapes", config), stripes(), folder=runs / "one")
    return "one"
