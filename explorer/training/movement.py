"""How far a run has moved each layer's weights from where they began. Knows runs' snapshots; not screens."""

from dataclasses import dataclass

import torch

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
        Moved(name, _relative(first[f"{name}.weight"], now[f"{name}.weight"]), state if name in taken else "new")
        for name in (key.removesuffix(".weight") for key in now if key.endswith(".weight"))
    )


def layer_states(run: Run) -> tuple[str, frozenset[str]]:
    """What is the matter with the layers that were taken over ("frozen" or "taken"), and which these are."""
    transfer = run.settings.transfer
    if transfer is None or not transfer.takes_over:
        return "new", frozenset()
    with torch.device("meta"):  # its layers are enough
        network = network_of(run.settings, run.channels, len(run.classes))
    return "frozen" if transfer.student == "last" else "taken", frozenset(layers_below(network, transfer.cut))


def _relative(first: torch.Tensor, now: torch.Tensor) -> float:
    moved, began = (now.double() - first.double()).norm().item(), first.double().norm().item()
    if not moved:
        return 0.0
    return moved / began if began else float("inf")
