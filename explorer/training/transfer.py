"""The three students of one task, and what each takes over from its source. Knows sources and settings; not how one learns."""

import math
from pathlib import Path

from torch import nn

from explorer.data.collections import Collection
from explorer.data.labelled import SIDE
from explorer.errors import ExplorerError
from explorer.probe.cutting import layers_below
from explorer.training.config import TrainConfig
from explorer.training.networks import network_of
from explorer.training.settings import STUDENTS, RunSettings, Transfer
from explorer.training.sources import check_cut, check_weights, completed, origin_of, source_of, weights_of

SMALL_BATCH, LARGE_BATCH, MANY = 32, 128, 2000  # pictures in a batch; in a training half that takes large ones
SHORT = 300  # steps in which each student of a small task has learned what it will
SHORT_LARGE = 60  # of a large network: on two processor cores ten of ResNet-18's take half a minute
LARGE_SIDE = 64  # of an input: beyond that a network is large


def default_config(pictures: int, *, side: int = SIDE, seed: int = 0) -> TrainConfig:
    """Training for a small task: short, but enough steps for each student.

    pictures: of the training half. side: of the source's input.
    """
    batch = min(LARGE_BATCH if pictures >= MANY else SMALL_BATCH, max(1, pictures))
    steps_an_epoch = max(1, pictures // batch)
    epochs = max(2, math.ceil((SHORT_LARGE if side > LARGE_SIDE else SHORT) / steps_an_epoch))
    return TrainConfig(epochs=epochs, batch_size=batch, rate=3e-3, seed=seed, threads=1)


def students(
    source: str,
    cut: str,
    data: str,
    config: TrainConfig | None = None,
    *,
    train_pictures: int | None = None,
    depth_rate: float = 0.3,
) -> dict[str, RunSettings]:
    """The three runs to be started side by side, by their keys in STUDENTS: alike but for what is taken over and learns.

    config: for all three; None is `default_config` of train_pictures (or 200) and the source's side. Raises ExplorerError for
    an unknown source or cut.
    """
    check_cut(source, cut)
    config = config or default_config(train_pictures or 200, side=source_of(source).side)
    return {key: student_run(Transfer(source, cut, key, depth_rate), data, config, train_pictures) for key in STUDENTS}


def student_run(transfer: Transfer, data: str, config: TrainConfig, train_pictures: int | None = None) -> RunSettings:
    """One student's run, with all that its source decides. Raises ExplorerError where the source is gone."""
    design = origin_of(transfer.source).design
    return completed(RunSettings(design, data, config, train_pictures, transfer=transfer))


def new_student(settings: RunSettings, channels: int, classes: int) -> nn.Module:
    """The student before its first step: the source's architecture for so many classes, with what it takes over.

    settings: with a transfer. channels: of the data set's pictures. Raises ExplorerError where the source is gone, has no
    weights, or does not fit.
    """
    settings = completed(settings)
    transfer = settings.transfer
    network = network_of(settings, channels, classes, seed=settings.config.seed)
    if transfer.takes_over:
        taken, state = set(layers_below(network, transfer.cut)), weights_of(transfer.source)
        own = network.state_dict()
        names = [name for name in own if name.rpartition(".")[0] in taken]
        for name in names:
            if name not in state or state[name].shape != own[name].shape:
                raise ExplorerError(
                    f"“{name}” of {transfer.source} does not fit the student: choose a run of the same network."
                )
        network.load_state_dict({**own, **{name: state[name] for name in names}})
    return network


def check(settings: RunSettings, data_dir: Path | None = None) -> None:
    """Raise ExplorerError where the run could not begin: source, weights, cut, or classes of one's own that do not do yet.

    Quick, so that it can be asked before a process is started.
    """
    if settings.data == "own" and data_dir and (problem := Collection(data_dir.name, data_dir).problem()):
        raise ExplorerError(problem)
    transfer = completed(settings).transfer
    if transfer is None or settings.start:  # what was taken over lies in the snapshot it goes on from
        return
    check_cut(transfer.source, transfer.cut)
    if transfer.takes_over:
        check_weights(transfer.source)
