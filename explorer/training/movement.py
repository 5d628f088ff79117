"""How far a run has moved each layer's weights from where they began. Knows runs' snapshots; not screens."""

from dataclasses import dataclass

from explorer.training.timeline import Run


@dataclass(frozen=True)
class Moved:
    """One layer. relative: ‖w_now − w_first‖ / ‖w_first‖ of its weights, 0 where nothing moved.

    state: "frozen" (taken over, does not learn), "taken" (taken over, learns on) or "new".
    """

    layer: str
    relative: float
    state: str


def movement(run: Run, steps: int) -> tuple[Moved, ...]:
    """How far each layer with weights has moved after so many steps, from the first layer to the last.

    Raises ExplorerError where there is no such snapshot.
    """
    raise NotImplementedError
