"""What can happen in a run: each kind of event as a record. Knows their fields and limits; not who tells them, not files."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from explorer.process import OVER
from explorer.training.tasks import TASKS
from explorer.typed import record

MOST_STEPS = 2**53  # a browser counts no further exactly
MOST_NAMES = 16  # numbers that are told by name at once
MOST_CLASSES = 1000


class _Checked:
    def __post_init__(self) -> None:
        """Refuse what cannot have happened."""
        for name in ("step", "total_steps", "parameters", "batch_size", "done", "total", "bytes"):
            if not 0 <= (getattr(self, name, 0) or 0) < MOST_STEPS:
                raise ValueError(f"no {name}")
        for name in ("parts", "extras", "loss_weights"):
            if len(getattr(self, name, None) or ()) > MOST_NAMES:
                raise ValueError(f"too many {name}")


@dataclass(frozen=True)
class Began(_Checked):
    """The training has begun. note: what had to be left out of the data set. Runs of before there were other tasks say none."""

    device: str
    parameters: int
    total_steps: int
    batch_size: int
    note: str = ""
    task: str = "classes"
    metric: str = "accuracy"
    loss_weights: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse an unknown task."""
        super().__post_init__()
        if self.task not in TASKS:
            raise ValueError("no task")


@dataclass(frozen=True)
class Download(_Checked):
    """So many bytes of the data set have come, of so many (None or 0: nobody knows)."""

    bytes: int
    total: int | None


@dataclass(frozen=True)
class Features(_Checked):
    """What a frozen part makes of so many pictures is computed, of so many."""

    done: int
    total: int


@dataclass(frozen=True)
class Loss(_Checked):
    """The mean training loss since the last one. parts: of each part of it, not weighted."""

    step: int
    epoch: float
    fraction: float
    seconds: float
    loss: float
    rate: float
    speed: float
    memory_mb: float | None
    parts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Evaluation(_Checked):
    """The network was judged. Accuracies are what `metric` calls them; per_class: each class's IoU, of masks."""

    step: int
    seconds: float
    test_accuracy: float
    train_accuracy: float
    test_loss: float
    confusion: tuple[tuple[int, ...], ...]
    extras: dict[str, float] = field(default_factory=dict)
    per_class: tuple[float | None, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no table of the classes."""
        super().__post_init__()
        if max(len(self.confusion), len(self.per_class)) > MOST_CLASSES:
            raise ValueError("too many classes")
        if any(len(row) != len(self.confusion) for row in self.confusion):
            raise ValueError("no square")


@dataclass(frozen=True)
class Snapshot(_Checked):
    """The weights of that step were kept, and those of others given up."""

    step: int
    dropped: tuple[int, ...]


@dataclass(frozen=True)
class Changed(_Checked):
    """A command was obeyed. speed: steps a second that are wanted, None for all there are."""

    step: int
    paused: bool
    speed: float | None
    rate: float
    loss_weights: dict[str, float] | None = None


@dataclass(frozen=True)
class Ended(_Checked):
    """It is over, and why."""

    state: str
    message: str

    def __post_init__(self) -> None:
        """Refuse a state in which nothing ends."""
        if self.state not in OVER:
            raise ValueError("no end")


KINDS = {
    kind.__name__.lower(): kind for kind in (Began, Download, Features, Loss, Evaluation, Snapshot, Changed, Ended)
}
Happened = Began | Download | Features | Loss | Evaluation | Snapshot | Changed | Ended


def read_event(values: Mapping[str, object]) -> Happened | None:
    """The event of that kind; None for an unknown one. Raises ValueError for one that cannot have happened."""
    name = values.get("kind")
    kind = KINDS.get(name) if isinstance(name, str) else None
    return record(kind, values, more=True) if kind else None
