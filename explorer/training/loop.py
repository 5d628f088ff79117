"""The training loop: step by step to the end, with evaluations between. Knows when; not files, not processes, not screens."""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from explorer.data.labelled import DataSet
from explorer.errors import ExplorerError
from explorer.training.config import TrainConfig
from explorer.training.evaluation import judge
from explorer.training.step import Normalise, Training

TRAIN_SAMPLE = 1000  # training pictures that are labelled at every evaluation, to see what is learned by heart


class StopTraining(Exception):
    """Raised by a watcher to end a run in good order."""


@dataclass(frozen=True)
class Evaluation:
    """A run judged on the whole test set, at the end of an epoch.

    seconds: of training time. fraction: of the run. loss: mean training loss since the evaluation before. train_accuracy:
    on 1,000 training pictures, unvaried. confusion: k rows of k counts, row = true class.
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


@dataclass(frozen=True)
class Outcome:
    """How a run ended. seconds and samples_per_second count training, not evaluations, pauses and waiting.

    test_accuracy: of the last evaluation, None where the run was stopped before one. reason: "finished" (a limit was
    reached), "accuracy" (the accuracy that was asked for) or "stopped".
    """

    test_accuracy: float | None
    samples_per_second: float
    seconds: float
    epochs: float
    steps: int
    device: str
    reason: str


def train(
    network: nn.Module,
    data: DataSet,
    normalise: Normalise,
    config: TrainConfig,
    *,
    begun: Callable[[Training], None] = lambda training: None,
    stepped: Callable[[Training], None] = lambda training: None,
    judging: Callable[[Training], None] = lambda training: None,
    evaluated: Callable[[Training, Evaluation], None] = lambda training, evaluation: None,
) -> Outcome:
    """Train `network` in place. The same seed, device, threads and settings give the same network.

    begun: called before the first step. stepped: called after every step. Both may wait inside
    `training.stopwatch.stopped()`, and may raise StopTraining.
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
            return _train(Training(network, data, normalise, config), begun, stepped, judging, evaluated)
    finally:
        torch.set_num_threads(threads)


def _train(training: Training, begun: Callable, stepped: Callable, judging: Callable, evaluated: Callable) -> Outcome:
    config, watch, network = training.config, training.stopwatch, training.network
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
                verdict = judge(network, test_set, training.normalise, between=pulse)
                by_heart = judge(network, sample, training.normalise).accuracy
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
                )
                evaluated(training, evaluation)
            if config.until_accuracy is not None and accuracy >= config.until_accuracy:
                reason, done = "accuracy", True
    except StopTraining:
        reason = "stopped"
    seconds = watch.seconds
    speed = training.steps * training.batch_size / seconds
    return Outcome(accuracy, speed, seconds, training.epochs, training.steps, str(training.device), reason)


class MeanLoss:
    """The mean training loss since it was last taken; `since`: the number of steps then."""

    def __init__(self, training: Training) -> None:
        self._training, self.since, self._total = training, training.steps, training.total_loss()

    def take(self) -> float:
        """Wait for the device and return the mean. Raises ExplorerError where it is no number any more."""
        total, steps = self._training.total_loss(), self._training.steps
        mean = (total - self._total) / max(1, steps - self.since)
        self.since, self._total = steps, total
        if not math.isfinite(mean):
            raise no_number(self._training)
        return mean


def no_number(training: Training) -> ExplorerError:
    """What ends a training whose loss or weights are NaN or infinite; they never become numbers again."""
    return ExplorerError(
        f"The loss is no longer a number after {training.steps} steps: choose a smaller learning rate."
    )
