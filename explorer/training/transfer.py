"""What a student takes over from a trained network: sources, cuts, and the three students of one task. Knows networks, runs and
settings; not how a student learns, not screens.
"""

import dataclasses
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from explorer.data.datasets import DATA_SETS
from explorer.errors import ExplorerError
from explorer.models.registry import EXTRACTORS, MODELS, find
from explorer.models.trainable import Design
from explorer.probe.cutting import below_names, cut_points
from explorer.training.config import TrainConfig
from explorer.training.networks import feeding_of, network_of
from explorer.training.settings import STUDENTS, RunSettings, Transfer
from explorer.training.timeline import Run, list_runs, read_run, read_snapshot, runs_root, snapshot_steps

__all__ = [
    "DOMAINS",
    "STUDENTS",
    "Cut",
    "SourceFacts",
    "check",
    "completed",
    "cuts",
    "default_config",
    "default_cut",
    "new_student",
    "source_of",
    "sources",
    "students",
]


@dataclass(frozen=True)
class SourceFacts:
    """A trained network to take over from.

    key: as Transfer.source. trained_on: in words. domain: what its pictures show, "handwriting", "photographs", "drawings" or
    "unknown". channels, side: of its input. classes: how many it tells apart. has_weights: False where torchvision's weights
    have not been fetched.
    """

    key: str
    title: str
    trained_on: str
    domain: str
    channels: int
    side: int
    classes: int
    has_weights: bool


@dataclass(frozen=True)
class Cut:
    """A place to cut a network at.

    layer: as Transfer.cut. title: as one reads it. shape: of what comes out there, without the batch. kept, new: how many
    parameters are taken over (up to here) and begin anew (above, with the source's number of classes).
    """

    layer: str
    title: str
    shape: tuple[int, ...]
    kept: int
    new: int


def sources(root: Path | None = None) -> tuple[SourceFacts, ...]:
    """What can be taken over from: the bundled networks, torchvision's, and finished runs of one's own, the newest first."""
    raise NotImplementedError


def source_of(key: str) -> SourceFacts:
    """The facts of one source. Raises ExplorerError for one that does not exist."""
    raise NotImplementedError


def cuts(source: str) -> tuple[Cut, ...]:
    """Where a source can be cut, from the first layer with weights to the last but the output layer; a second for large ones."""
    raise NotImplementedError


def default_cut(source: str) -> str:
    """The last place: only the output layer is new."""
    return cuts(source)[-1].layer


def default_config(pictures: int, *, seed: int = 0) -> TrainConfig:
    """Training for a small task: short, but enough steps for each student. pictures: of the training half."""
    raise NotImplementedError


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

    config: for all three; None is `default_config(train_pictures or 200)`. Raises ExplorerError for an unknown source or cut.
    """
    raise NotImplementedError


def new_student(settings: RunSettings, channels: int, classes: int) -> nn.Module:
    """The student before its first step: the source's architecture for so many classes, with what it takes over.

    settings: with a transfer. channels: of the data set's pictures. Raises ExplorerError where the source is gone, has no
    weights, or does not fit.
    """
    raise NotImplementedError


def completed(settings: RunSettings) -> RunSettings:
    """The settings with all that the source decides filled in: design, channels, torchvision's name. Others as they are."""
    raise NotImplementedError


def check(settings: RunSettings, data_dir: Path | None = None) -> None:
    """Raise ExplorerError where the run could not begin: source, weights, cut, or a task that cannot be learned from."""
    raise NotImplementedError
