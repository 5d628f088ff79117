"""Takes down a run as it goes: losses and snapshots at a bounded rate and number. Knows training and the timeline."""

import math
import time
from collections.abc import Callable

from explorer.training.devices import in_words, memory_mb
from explorer.training.loop import Evaluation, MeanLoss, Outcome, no_number
from explorer.training.step import Training
from explorer.training.timeline import Event, Writer
from explorer.words import counted

SNAPSHOT_EVERY = 0.1  # seconds, at least
NEWEST_EVERY = 0.5  # seconds: those who watch a long run see it go on between the snapshots that stay
LOSS_EVERY = 0.2  # seconds, at least; in a long run a five-hundredth of its length
MOST_SNAPSHOTS, FEWEST_SNAPSHOTS = 200, 20
LARGE, FEWEST_LARGE = 16 * 2**20, 4  # bytes of one snapshot from which on only so many are sure to be kept
SHARE = 10  # times as long as writing a snapshot took, at least, until the next one
MOST_BYTES = 64 * 2**20  # of all snapshots of a run, as long as the fewest fit


class Recorder:
    """Watches one training: `stepped` and `evaluated` are what `loop.train` calls.

    writer: where it is kept; None keeps nothing. tell: hears every event, for a screen.
    """

    def __init__(self, writer: Writer | None, tell: Callable[[Event], None]) -> None:
        self._writer, self._tell = writer, tell
        self._kept: list[int] = []
        self._passing: int | None = None  # the newest snapshot, where it goes as soon as there is a newer one
        self._spacing, self._most = 1, MOST_SNAPSHOTS
        self._snapshot_due = self._newest_due = self._loss_due = 0.0
        self._began = time.perf_counter()
        self._loss: MeanLoss | None = None
        self._loss_at = (0, 0.0)  # steps and seconds when the loss was last told

    def event(self, event: Event) -> None:
        """Keep an event and tell it."""
        self._tell(event)
        if self._writer:
            self._writer.event(event)

    def begin(self, training: Training, note: str = "") -> None:
        """The first snapshot, before anything is learned. note: what had to be left out of the data set."""
        self._loss = MeanLoss(training)
        state = training.network.state_dict()
        size = sum(tensor.numel() * tensor.element_size() for tensor in state.values())
        fewest = FEWEST_SNAPSHOTS if size <= LARGE else FEWEST_LARGE
        self._most = max(fewest, min(MOST_SNAPSHOTS, MOST_BYTES // size))
        self._most -= self._most % 2  # so that every second can be dropped between the first and the last
        self.event(
            {
                "kind": "began",
                "device": in_words(training.device),
                "parameters": sum(weights.numel() for weights in training.network.parameters()),
                "total_steps": training.total_steps,
                "steps_an_epoch": training.steps_an_epoch,
                "batch_size": training.batch_size,
                "train_pictures": len(training.train_set),
                "test_pictures": len(training.test_set),
                "note": note,
                "task": training.task.key,
                "metric": training.task.metric,
                "loss_weights": training.loss_weights,
            }
        )
        self._snapshot(training)

    def stepped(self, training: Training, *, at_once: bool = False) -> None:
        """After a step: take down what is due. at_once: everything, as after a single step by hand."""
        now = time.perf_counter()
        if at_once or now >= self._loss_due:
            self._tell_loss(training, now)
        if at_once or (now >= self._snapshot_due and (now >= self._newest_due or self._stays(training.steps))):
            self._snapshot(training)

    def evaluated(self, evaluation: Evaluation) -> None:
        """After an evaluation."""
        self.event(
            {
                "kind": "evaluation",
                "step": evaluation.steps,
                "epoch": evaluation.epochs,
                "seconds": round(evaluation.seconds, 4),
                "loss": evaluation.loss,
                "test_accuracy": evaluation.test_accuracy,
                "test_loss": evaluation.test_loss,
                "train_accuracy": evaluation.train_accuracy,
                "confusion": evaluation.confusion,
                "metric": evaluation.metric,
                "extras": dict(evaluation.extras),
                "per_class": list(evaluation.per_class),
            }
        )

    def end(self, training: Training, outcome: Outcome) -> None:
        """The last loss, the last snapshot and how it ended."""
        self.stepped(training, at_once=True)
        states = {"finished": "finished", "accuracy": "finished", "stopped": "stopped"}
        self.event(
            {
                "kind": "ended",
                "state": states[outcome.reason],
                "message": _in_words(outcome),
                "step": outcome.steps,
                "seconds": round(outcome.seconds, 4),
                "samples_per_second": outcome.samples_per_second,
                "test_accuracy": outcome.test_accuracy,
            }
        )

    def _tell_loss(self, training: Training, now: float) -> None:
        self._loss_due = now + max(LOSS_EVERY, (now - self._began) / 500)
        steps, seconds = training.steps, training.stopwatch.seconds
        if steps == self._loss_at[0]:
            return
        loss = self._loss.take()
        passed = max(1e-9, seconds - self._loss_at[1])
        speed = (steps - self._loss_at[0]) * training.batch_size / passed
        self._loss_at = (steps, seconds)
        self.event(
            {
                "kind": "loss",
                "step": steps,
                "epoch": round(training.epochs, 4),
                "seconds": round(seconds, 4),
                "fraction": round(training.fraction, 5),
                "loss": loss,
                "parts": self._loss.parts,
                "rate": training.rate,
                "speed": round(speed, 1),
                "memory_mb": memory_mb(training.device),
            }
        )

    def _snapshot(self, training: Training) -> None:
        if training.steps in (*self._kept[-1:], self._passing):
            return
        began = time.perf_counter()
        if self._writer:
            state = {name: tensor.cpu() for name, tensor in training.network.state_dict().items()}
            # A sum is no number where one of its terms is none, and ten times quicker than asking each of them
            if not all(math.isfinite(tensor.sum().item()) for tensor in state.values()):
                raise no_number(training)  # so that every snapshot can be looked at and gone on from
            self._writer.snapshot(training.steps, state)
        now = time.perf_counter()
        pause = (now - began) * SHARE  # a large network's weights take longer to write than many steps
        self._snapshot_due, self._newest_due = began + max(SNAPSHOT_EVERY, pause), began + max(NEWEST_EVERY, pause)
        dropped = [] if self._passing is None else [self._passing]
        if self._stays(training.steps):
            self._passing = None
            self._kept.append(training.steps)
            dropped += self._thin() if len(self._kept) > self._most else []
        else:
            self._passing = training.steps
        if self._writer:
            for steps in dropped:
                self._writer.drop(steps)
        self.event({"kind": "snapshot", "step": training.steps, "dropped": dropped})

    def _stays(self, steps: int) -> bool:
        """Whether a snapshot at this step is far enough from the last one that stays, to stay too."""
        return not self._kept or steps - self._kept[-1] >= self._spacing

    def _thin(self) -> list[int]:
        """Forget every second snapshot but the first and the last, and take them half as often from now on."""
        dropped = self._kept[1:-1:2]
        self._kept = sorted(set(self._kept) - set(dropped))
        self._spacing = max(self._spacing, 2 * self._kept[-1] // self._most)
        return dropped


def _in_words(outcome: Outcome) -> str:
    """How it ended, for a reader."""
    accuracy = "" if outcome.test_accuracy is None else f" Test {outcome.metric} {outcome.test_accuracy:.2%}."
    begin = {"finished": "Finished", "accuracy": f"Reached the {outcome.metric}", "stopped": "Stopped"}[outcome.reason]
    return f"{begin} after {counted(outcome.steps, 'step')}, {outcome.seconds:.1f} s of training.{accuracy}"
