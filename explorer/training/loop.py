"""The training loop: step by step to the end, with evaluations between. Knows when; not files, not processes, not screens."""

import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch
from torch import nn

from explorer.data.labelled import DataSet
from explorer.errors import ExplorerError
from explorer.training.config import TrainConfig
from explorer.training.evaluation import judge
from explorer.training.learning import Learning
from explorer.training.step import Normalise, Training
from explorer.training.tasks import TASKS, Task
from explorer.words import counted

TRAIN_SAMPLE = 1000  # training pictures that are labelled at every evaluation, to see what is learned by heart


class StopTraining(Exception):
    """Raised by a watcher to end a run in good order."""


@dataclass(frozen=True)
class Evaluation:
    """A run judged on the whole test set, at the end of an epoch.

    seconds: of training time. fraction: of the run. loss: mean training loss since the evaluation before. train_accuracy:
    on 1,000 training pictures, unvaried. confusion: k rows of k counts, row = true class. The accuracies are what `metric`
    calls them; extras, per_class: as training.tasks.Score, of the test set.
    """

    steps: int
    epochs: float
    seconds: float
    fraction: float
    loss: float
    test_accuracy: float
    test_loss: float
    train_accuracy: float
    confusion: tuple[tuple[int, ...], ...]
    extras: Mapping[str, float] = field(default_factory=dict)
    per_class: tuple[float | None, ...] = ()
    metric: str = "accuracy"


@dataclass(frozen=True)
class Outcome:
    """How a run ended. seconds and samples_per_second count training, not evaluations, pauses and waiting.

    test_accuracy: of the last evaluation, None where the run was stopped before one. reason: "finished" (a limit was
    reached), "accuracy" (the accuracy that was asked for) or "stopped". metric: the word for the accuracy.
    """

    test_accuracy: float | None
    samples_per_second: float
    seconds: float
    epochs: float
    steps: int
    device: str
    reason: str
    metric: str = "accuracy"


def train(
    network: nn.Module,
    data: DataSet,
    normalise: Normalise,
    config: TrainConfig,
    *,
    task: Task = TASKS["classes"],
    learning: Learning | None = None,
    begun: Callable[[Training], None] = lambda training: None,
    stepped: Callable[[Training], None] = lambda training: None,
    judging: Callable[[Training], None] = lambda training: None,
    evaluated: Callable[[Training, Evaluation], None] = lambda training, evaluation: None,
) -> Outcome:
    """Train `network` in place. The same seed, device, threads and settings give the same network.

    learning: what of it learns, None for all. begun: called before the first step. stepped: called after every step. Both may
    wait inside `training.stopwatch.stopped()`, and may raise StopTraining.
    judging: called again and again during an evaluation; may raise StopTraining. evaluated: called after it. There is an
    evaluation at the end, and at the end of each epoch, except where the test set is so much larger than the training set
    that more pictures would be judged than learned from.
    Raises ExplorerError where the loss is no longer a number.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(config.threads or threads)
    devices = [torch.cuda.current_device()] if torch.cuda.is_initialized() else []
    try:
        with torch.random.fork_rng(devices):  # dropout draws from the global generator
            torch.manual_seed(config.seed)
            return _train(
                Training(network, data, normalise, config, task, learning), begun, stepped, judging, evaluated
            )
    finally:
        torch.set_num_threads(threads)


def _train(training: Training, begun: Callable, stepped: Callable, judging: Callable, evaluated: Callable) -> Outcome:
    config, watch, network = training.config, training.stopwatch, training.learner
    sample = training.train_set.sample(TRAIN_SAMPLE)
    accuracy, reason, loss = None, "finished", MeanLoss(training)
    done = False
    try:
        begun(training)
        while not done:
            training.advance()
            stepped(training)
            done = training.fraction >= 1
            at_end_of_epoch = training.steps % training.steps_an_epoch == 0
            learned = (training.steps - loss.since) * training.batch_size
            if not done and not (at_end_of_epoch and learned >= len(training.test_set) // 2):
                continue
            mean = loss.take()
            with watch.stopped():
                test_set, pulse = training.test_set, functools.partial(judging, training)
                asked = {"task": training.task, "weights": training.loss_weights}
                verdict = judge(network, test_set, training.normalise, between=pulse, **asked)
                by_heart = judge(network, sample, training.normalise, **asked).accuracy
                if not math.isfinite(verdict.loss):  # the last update broke the weights
                    raise no_number(training)
                accuracy = verdict.accuracy
                evaluation = Evaluation(
                    steps=training.steps,
                    epochs=training.epochs,
                    seconds=watch.seconds,
                    fraction=training.fraction,
                    loss=mean,
                    test_accuracy=accuracy,
                    test_loss=verdict.loss,
                    train_accuracy=by_heart,
                    confusion=tuple(map(tuple, verdict.confusion.tolist())),
                    extras=verdict.extras,
                    per_class=verdict.per_class,
                    metric=training.task.metric,
                )
                evaluated(training, evaluation)
            if config.until_accuracy is not None and accuracy >= config.until_accuracy:
                reason, done = "accuracy", True
    except StopTraining:
        reason = "stopped"
    seconds = watch.seconds
    speed = training.steps * training.batch_size / seconds
    return Outcome(
        accuracy, speed, seconds, training.epochs, training.steps, str(training.device), reason, training.task.metric
    )


class MeanLoss:
    """The mean training loss since it was last taken; `since`: the number of steps then.

    parts: after `take`, the same of each part of the loss by name, not weighted; {} where it has one part only.
    """

    def __init__(self, training: Training) -> None:
        self._training, self.since, self._total = training, training.steps, training.total_loss()
        self._part_totals = training.total_parts()
        self.parts: dict[str, float] = {}

    def take(self) -> float:
        """Wait for the device and return the mean. Raises ExplorerError where it is no number any more."""
        total, steps = self._training.total_loss(), self._training.steps
        passed = max(1, steps - self.since)
        mean = (total - self._total) / passed
        if self._part_totals:
            totals = self._training.total_parts()
            means = [(now - then) / passed for now, then in zip(totals, self._part_totals, strict=True)]
            self.parts, self._part_totals = dict(zip(self._training.task.parts, means, strict=True)), totals
        self.since, self._total = steps, total
        if not math.isfinite(mean):
            raise no_number(self._training)
        return mean


def no_number(training: Training) -> ExplorerError:
    """What ends a training whose loss or weights are NaN or infinite; they never become numbers again."""
    return ExplorerError(
        f"The loss is no longer a number after {counted(training.steps, 'step')}: choose a smaller learning rate."
    )
