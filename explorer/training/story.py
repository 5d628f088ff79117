"""What is known of a run at a moment, told by its events. Knows events; not files, not processes.

The same story is told live, event by event, and afterwards, from the file.
"""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from explorer.training.timeline import Event
from explorer.words import counted

MOST_POINTS = 400  # of a curve: more than a screen can show
LIVE = ("starting", "downloading", "running", "paused")
OVER = ("finished", "stopped", "failed", "interrupted")


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
        """Take in one event; one of an unknown kind changes nothing."""
        take = _TAKES.get(event.get("kind"))
        if take:
            take(self, event)
            self.version += 1

    def interrupt(self) -> None:
        """Nobody trains it any more, and nobody said why."""
        self.state = "interrupted"
        self.message = "The training ended before it was over. All its snapshots are kept: continue from any of them."
        self.version += 1


def tell(events: Iterable[Event]) -> Story:
    """The story of all these events; what cannot be understood is passed over. A run that is not over is "interrupted"."""
    story = Story()
    for event in events:
        with contextlib.suppress(LookupError, TypeError, ValueError):
            story.add(event)
    if story.live:
        story.interrupt()
    return story


def thinned(points: list, most: int = MOST_POINTS) -> list:
    """At most so many points, evenly over the whole; the first and the last stay."""
    if len(points) <= most:
        return points
    return [points[round(number * (len(points) - 1) / (most - 1))] for number in range(most)]


def _began(story: Story, event: Event) -> None:
    story.state, story.message, story.fraction = "running", "", 0.0
    for name in ("device", "parameters", "total_steps", "batch_size", "note"):
        setattr(story, name, event[name])
    # runs of before there were other tasks do not say it
    story.task, story.metric = event.get("task", story.task), event.get("metric", story.metric)
    story.loss_weights = dict(event.get("loss_weights", {}))


def _download(story: Story, event: Event) -> None:
    story.state = "downloading"
    come, total = event["bytes"] / 1e6, event["total"]
    story.message = f"Downloading: {come:.1f} of {total / 1e6:.1f} MB." if total else f"Downloading: {come:.1f} MB."
    story.fraction = min(1.0, event["bytes"] / total) if total else 0.0


def _features(story: Story, event: Event) -> None:
    story.message = f"Computing the frozen features: {event['done']:,} of {counted(event['total'], 'picture')}."
    story.fraction = min(1.0, event["done"] / event["total"])


def _loss(story: Story, event: Event) -> None:
    for name in ("step", "epoch", "fraction", "seconds", "speed", "rate", "memory_mb"):
        setattr(story, name, event[name])
    story.message = ""
    story.loss.append((event["step"], event["loss"], event["rate"], event["seconds"]))
    if len(story.loss) > 8 * MOST_POINTS:
        story.loss = thinned(story.loss, 4 * MOST_POINTS)
    _add_named(story.parts, event["step"], event.get("parts", {}))


def _evaluation(story: Story, event: Event) -> None:
    names = ("step", "test_accuracy", "train_accuracy", "test_loss", "seconds")
    story.evaluations.append(tuple(event[name] for name in names))
    if len(story.evaluations) > 8 * MOST_POINTS:
        story.evaluations = thinned(story.evaluations, 4 * MOST_POINTS)
    story.confusion = event["confusion"]
    story.per_class = list(event.get("per_class", []))
    _add_named(story.extras, event["step"], event.get("extras", {}))


def _snapshot(story: Story, event: Event) -> None:
    dropped = set(event["dropped"])
    story.snapshots = [step for step in story.snapshots if step not in dropped] + [event["step"]]


def _changed(story: Story, event: Event) -> None:
    story.state = "paused" if event["paused"] else "running"
    story.step, story.wanted_speed, story.rate = event["step"], event["speed"], event["rate"]
    story.loss_weights = dict(event.get("loss_weights", story.loss_weights))
    story.turns += 1


def _add_named(series: dict[str, list[tuple[int, float]]], step: int, values: Mapping[str, float]) -> None:
    for name, value in values.items():
        points = series.setdefault(name, [])
        points.append((step, value))
        if len(points) > 8 * MOST_POINTS:
            series[name] = thinned(points, 4 * MOST_POINTS)


def _ended(story: Story, event: Event) -> None:
    story.state, story.message = event["state"], event["message"]
    story.turns += 1
    if story.state == "finished":
        story.fraction = 1.0


_TAKES = {
    "began": _began,
    "download": _download,
    "features": _features,
    "loss": _loss,
    "evaluation": _evaluation,
    "snapshot": _snapshot,
    "changed": _changed,
    "ended": _ended,
}
