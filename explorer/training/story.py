"""What is known of a run at a moment, told by its events. Knows events; not files, not processes.

The same story is told live, event by event, and afterwards, from the file.
"""

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from explorer.process import LIVE, OVER
from explorer.training.events import (
    MOST_NAMES,
    Began,
    Changed,
    Download,
    Ended,
    Evaluation,
    Features,
    Happened,
    Loss,
    Snapshot,
    read_event,
)
from explorer.training.timeline import Event, read_events, snapshot_steps
from explorer.words import counted

__all__ = ["LIVE", "OVER", "Story", "kept_in_words", "story_on_disk", "tell", "thinned"]

MOST_POINTS = 400  # of a curve: more than a screen can show


@dataclass
class Story:
    """A run so far. `add` is called with its events in order; `version` counts them,
    `turns` those that somebody waits for: what a command changed, and the end.

    message: how it goes or how it ended; note: what had to be left out of its data set; both for a reader, "" for nothing.
    loss: (step, mean loss, learning rate, seconds). evaluations: (step, test accuracy, train accuracy, test loss, seconds),
    where the accuracy of masks and boxes is what `metric` calls it.
    task: a key of TASKS. extras: other numbers on the test set, name → (step, value). parts: the loss's parts, name →
    (step, mean, not weighted), {} where it has one only; loss_weights: what they are multiplied by now. per_class: each
    class's IoU at the last evaluation.
    """

    state: str = "starting"
    message: str = ""
    note: str = ""
    device: str = ""
    parameters: int = 0
    batch_size: int = 0
    total_steps: int = 0
    step: int = 0
    epoch: float = 0.0
    fraction: float = 0.0
    seconds: float = 0.0
    speed: float = 0.0
    rate: float = 0.0
    wanted_speed: float | None = None
    memory_mb: float | None = None
    loss: list[tuple[int, float, float, float]] = field(default_factory=list)
    evaluations: list[tuple[int, float, float, float, float]] = field(default_factory=list)
    confusion: list[list[int]] | None = None
    task: str = "classes"
    metric: str = "accuracy"
    extras: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    parts: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    loss_weights: dict[str, float] = field(default_factory=dict)
    per_class: list[float | None] = field(default_factory=list)
    snapshots: list[int] = field(default_factory=list)
    version: int = 0
    turns: int = 0

    @property
    def live(self) -> bool:
        """Whether more may happen."""
        return self.state in LIVE

    def add(self, event: Event) -> None:
        """Take in one event; one of an unknown kind changes nothing. Raises ValueError for one that cannot have happened."""
        happened = read_event(event)
        if happened:
            _TAKES[type(happened)](self, happened)
            self.version += 1

    def interrupt(self) -> None:
        """Nobody trains it any more, and nobody said why."""
        self.state = "interrupted"
        self.message = f"The training ended before it was over. {kept_in_words(len(self.snapshots))}"
        self.version += 1


def kept_in_words(snapshots: int) -> str:
    """What is left of a run that has ended before its time, and what one can do with it."""
    if not snapshots:
        return "Nothing of it was recorded: begin it again."
    if snapshots == 1:
        return "Its only snapshot is kept: continue from it."
    return f"Its {counted(snapshots, 'snapshot')} are kept: continue from any of them."


def tell(events: Iterable[Event], snapshots: list[int] | None = None) -> Story:
    """The story of all these events; what cannot be understood is passed over. A run that is not over is "interrupted".

    snapshots: those that are there, whatever the events say of them: who is killed may have written one and not said so.
    """
    story = Story()
    for event in events:
        if snapshots is not None and event.get("kind") == "snapshot":
            continue
        with contextlib.suppress(ValueError):
            story.add(event)
    if snapshots is not None:
        story.snapshots = list(snapshots)
    if story.live:
        story.interrupt()
    return story


def story_on_disk(folder: Path) -> Story:
    """The story of a run that nobody here trains: what was told of it, and the snapshots that are there."""
    return tell(read_events(folder), snapshot_steps(folder))


def thinned(points: list, most: int = MOST_POINTS) -> list:
    """At most so many points, evenly over the whole; the first and the last stay."""
    if len(points) <= most:
        return points
    return [points[round(number * (len(points) - 1) / (most - 1))] for number in range(most)]


def _began(story: Story, event: Began) -> None:
    story.state, story.message, story.fraction = "running", "", 0.0
    for name in ("device", "parameters", "total_steps", "batch_size", "note", "task", "metric"):
        setattr(story, name, getattr(event, name))
    story.loss_weights = event.loss_weights


def _download(story: Story, event: Download) -> None:
    come, total = event.bytes / 1e6, event.total
    story.message = f"Downloading: {come:.1f} of {total / 1e6:.1f} MB." if total else f"Downloading: {come:.1f} MB."
    story.fraction = min(1.0, event.bytes / total) if total else 0.0


def _features(story: Story, event: Features) -> None:
    story.message = f"Computing the frozen features: {event.done:,} of {counted(event.total, 'picture')}."
    story.fraction = min(1.0, event.done / max(1, event.total))


def _loss(story: Story, event: Loss) -> None:
    for name in ("step", "epoch", "fraction", "seconds", "speed", "rate", "memory_mb"):
        setattr(story, name, getattr(event, name))
    story.message = ""
    story.loss.append((event.step, event.loss, event.rate, event.seconds))
    if len(story.loss) > 8 * MOST_POINTS:
        story.loss = thinned(story.loss, 4 * MOST_POINTS)
    _add_named(story.parts, event.step, event.parts)


def _evaluation(story: Story, event: Evaluation) -> None:
    story.evaluations.append((event.step, event.test_accuracy, event.train_accuracy, event.test_loss, event.seconds))
    if len(story.evaluations) > 8 * MOST_POINTS:
        story.evaluations = thinned(story.evaluations, 4 * MOST_POINTS)
    story.confusion = [list(row) for row in event.confusion]
    story.per_class = list(event.per_class)
    _add_named(story.extras, event.step, event.extras)


def _snapshot(story: Story, event: Snapshot) -> None:
    dropped = set(event.dropped)
    story.snapshots = [step for step in story.snapshots if step not in dropped] + [event.step]


def _changed(story: Story, event: Changed) -> None:
    story.state = "paused" if event.paused else "running"
    story.step, story.wanted_speed, story.rate = event.step, event.speed, event.rate
    story.loss_weights = story.loss_weights if event.loss_weights is None else event.loss_weights
    story.turns += 1


def _add_named(series: dict[str, list[tuple[int, float]]], step: int, values: Mapping[str, float]) -> None:
    for name, value in values.items():
        if name not in series and len(series) >= MOST_NAMES:
            continue
        points = series.setdefault(name, [])
        points.append((step, value))
        if len(points) > 8 * MOST_POINTS:
            series[name] = thinned(points, 4 * MOST_POINTS)


def _ended(story: Story, event: Ended) -> None:
    story.state, story.message = event.state, event.message
    story.turns += 1
    if story.state == "finished":
        story.fraction = 1.0


_TAKES: dict[type, Callable[[Story, Happened], None]] = {
    Began: _began,
    Download: _download,
    Features: _features,
    Loss: _loss,
    Evaluation: _evaluation,
    Snapshot: _snapshot,
    Changed: _changed,
    Ended: _ended,
}
