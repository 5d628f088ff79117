"""One run from its settings to its end, recorded. Knows all of this room; not processes, not screens."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn

from explorer.data.datasets import load_data_set
from explorer.data.labelled import DataSet, few
from explorer.errors import ExplorerError
from explorer.training.control import Control
from explorer.training.devices import choose_device
from explorer.training.learning import Learning, learning_of
from explorer.training.loop import Outcome, train
from explorer.training.networks import OWN, feeding, feeding_of, network_of
from explorer.training.recorder import Recorder
from explorer.training.settings import RunSettings, Start
from explorer.training.sources import completed
from explorer.training.step import Training
from explorer.training.tasks import task_of
from explorer.training.timeline import Event, Writer, read_run, read_snapshot, runs_root
from explorer.training.transfer import new_student

__all__ = ["feeding", "load_data", "perform", "student", "take_over"]


def perform(
    settings: RunSettings,
    data: DataSet,
    *,
    folder: Path | None = None,
    tell: Callable[[Event], None] = lambda event: None,
    control: Callable[[Control], None] = lambda control: None,
) -> tuple[nn.Module, Outcome]:
    """Train what the settings say and record it in `folder` (None: nowhere). Returns the trained network.

    tell: hears every event. control: is given the Control before the first step, to send commands to.
    Raises ExplorerError where the run failed; what was recorded until then is kept and says so.
    """
    settings = completed(settings)
    if settings.train_pictures is not None:
        data = few(data, settings.train_pictures)
    try:
        network, learning = student(settings, data, tell)
    except (RuntimeError, MemoryError) as error:
        raise _as_sentence(error) from error
    recorder = Recorder(Writer(folder, settings, data) if folder else None, tell)
    commands = Control(recorder.event, lambda training: recorder.stepped(training, at_once=True))
    control(commands)
    last: list[Training] = []

    def begun(training: Training) -> None:
        last.append(training)
        recorder.begin(training, data.note)
        commands.stepped(training)

    def stepped(training: Training) -> None:
        recorder.stepped(training)
        commands.stepped(training)

    try:
        outcome = train(
            network,
            data,
            feeding_of(settings, data.train.images.shape[1]).normalise,
            settings.config,
            task=task_of(settings.design),
            learning=learning,
            begun=begun,
            stepped=stepped,
            judging=commands.judging,
            evaluated=lambda training, evaluation: recorder.evaluated(evaluation),
        )
        recorder.end(last[0], outcome)
    except (ExplorerError, RuntimeError, ValueError, MemoryError) as error:
        failure = _as_sentence(error)
        with contextlib.suppress(ExplorerError):  # a full disk cannot take this down either
            recorder.event({"kind": "ended", "state": "failed", "message": str(failure)})
        raise failure from error
    return network, outcome


def student(
    settings: RunSettings, data: DataSet, tell: Callable[[Event], None] = lambda event: None
) -> tuple[nn.Module, Learning]:
    """A run's network before its first step, with what it takes over, and what of it learns.

    What a frozen part makes of the pictures is computed here, where they are not varied; `tell` hears how far that is.
    settings: completed.
    """
    channels, classes, config = data.train.images.shape[1], len(data.classes), settings.config
    if settings.transfer and not settings.start:
        network = new_student(settings, channels, classes)
    else:
        network = network_of(settings, channels, classes, seed=config.seed)
    if settings.start:
        take_over(network, settings.start)
    fed = feeding_of(settings, channels)
    learning = learning_of(network, settings.transfer, (fed.channels, fed.side, fed.side))
    if config.augmentation.strip() == "none":
        total = len(data.train) + len(data.test)
        learning = learning.with_features(
            data,
            fed,
            choose_device(config.device),
            lambda done: tell({"kind": "features", "done": done, "total": total}),
        )
    return network, learning


def load_data(settings: RunSettings, data_dir: Path | None = None, *, download: bool = False) -> DataSet:
    """A run's data set; pictures of the user's own in the form that the network takes. Raises as `load_data_set` does."""
    settings = completed(settings)
    if settings.transfer is None or settings.data not in OWN:
        return load_data_set(settings.data, data_dir, download=download)
    fed = feeding_of(settings, settings.transfer.channels)
    return load_data_set(
        settings.data,
        data_dir,
        download=download,
        side=fed.side,
        channels=fed.channels,
        arrange=lambda pixels: fed.arrange(pixels).image,
    )


def take_over(network: nn.Module, start: Start, root: Path | None = None) -> None:
    """Fill `network` with a snapshot's weights. Raises ExplorerError naming the first tensor that does not fit."""
    state = read_snapshot(read_run(root or runs_root(), start.run).folder, start.step)
    for name, tensor in network.state_dict().items():
        found = state.get(name)
        if found is None or found.shape != tensor.shape:
            shape = "missing" if found is None else f"{tuple(found.shape)}"
            raise ExplorerError(
                f"The snapshot does not fit the network: “{name}” is {shape} there and {tuple(tensor.shape)} here. "
                f"Continue with the same network, batch normalisation and data set."
            )
    network.load_state_dict({name: state[name] for name in network.state_dict()})


def _as_sentence(error: Exception) -> ExplorerError:
    if isinstance(error, ExplorerError):
        return error
    text = (str(error).splitlines() or [type(error).__name__])[0]
    if isinstance(error, MemoryError | torch.OutOfMemoryError) or "memory" in text.lower():
        return ExplorerError("There is not enough memory for this run: choose a smaller batch or a smaller data set.")
    return ExplorerError(f"PyTorch could not go on ({text[:200]}): change the settings, or choose the device cpu.")
