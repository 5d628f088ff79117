"""How far a run has moved each layer's weights from where they began. Knows runs' snapshots; not screens."""

from dataclasses import dataclass

import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.probe.cutting import layers_below
from explorer.training.networks import network_of
from explorer.training.timeline import Run, read_snapshot, snapshot_steps


@dataclass(frozen=True)
class Moved:
    """One layer. relative: ‖w_now − w_first‖ / ‖w_first‖ of its weights, 0 where nothing moved, inf where all began at 0.

    state: "frozen" (taken over, does not learn), "taken" (taken over, learns on) or "new".
    """

    layer: str
    relative: float
    state: str


def movement(run: Run, steps: int) -> tuple[Moved, ...]:
    """How far each layer with weights has moved after so many steps, in the order of the network's layers.

    Raises ExplorerError where there is no such snapshot.
    """
    kept = snapshot_steps(run.folder)
    if not kept:
        raise ExplorerError(f"The run {run.id} has no snapshot yet: let it go on, or choose another.")
    first, now = read_snapshot(run.folder, kept[0]), read_snapshot(run.folder, steps)
    state, taken = layer_states(run)
    return tuple(
        Moved(name, _relative(first[key], now[key]), state if name in taken else "new")
        for key in _architecture(run).state_dict()  # a snapshot's file has them in the order of the alphabet
        if key.endswith(".weight") and (name := key.removesuffix(".weight"))
    )


def layer_states(run: Run) -> tuple[str, frozenset[str]]:
    """What is the matter with the layers that were taken over ("frozen" or "taken"), and which these are."""
    transfer = run.settings.transfer
    if transfer is None or not transfer.takes_over:
        return "new", frozenset()
    taken = layers_below(_architecture(run), transfer.cut)
    return "frozen" if transfer.student == "last" else "taken", frozenset(taken)


def _architecture(run: Run) -> nn.Module:
    """The run's network without any numbers."""
    with torch.device("meta"):
        return network_of(run.settings, run.channels, len(run.classes))


def _relative(first: torch.Tensor, now: torch.Tensor) -> float:
    moved, began = (now.double() - first.double()).norm().item(), first.double().norm().item()
    if not moved:
        return 0.0
    return moved / began if began else float("inf")
