"""A run's network at one moment of its training, to be looked into like any other. Knows timelines; not screens."""

from torch import nn

from explorer.errors import ExplorerError
from explorer.models.feeding import Feeding
from explorer.training.networks import feeding_of, network_of
from explorer.training.timeline import Run, read_snapshot


def feeding_of_run(run: Run) -> Feeding:
    """How the run's network is fed: its input's channels and side, and how pictures of its data set become that."""
    return feeding_of(run.settings, run.channels)


def network_at(run: Run, steps: int) -> nn.Module:
    """The run's network after so many steps, in evaluation mode, its parameters frozen.

    Raises ExplorerError where there is no such snapshot, or one that is of another network.
    """
    network = network_of(run.settings, run.channels, len(run.classes))
    try:
        network.load_state_dict(read_snapshot(run.folder, steps))
    except RuntimeError as error:
        raise ExplorerError(f"The snapshot of step {steps:,} is of another network: choose another run.") from error
    return network.eval().requires_grad_(False)
