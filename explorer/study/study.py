"""Accuracy against the number of examples: many short trainings of each student. Knows what one study is, its file and how
it is run; not processes, not screens.

    <root>/<id>/study.json      the study, and every point measured so far
"""

import contextlib
import dataclasses
import datetime
import json
import math
import os
import shlex
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

from explorer.data.labelled import DataSet
from explorer.disk import read_whole, remedy
from explorer.errors import ExplorerError
from explorer.training.config import TrainConfig, check_rate
from explorer.training.devices import choose_device
from explorer.training.evaluation import judge
from explorer.training.learning import Learning, learning_of
from explorer.training.networks import feeding_of
from explorer.training.settings import STUDENTS, RunSettings, Transfer
from explorer.training.step import Training
from explorer.training.timeline import IDENTITY
from explorer.training.transfer import LARGE_SIDE, check, new_student, student_run
from explorer.typed import parse, record
from explorer.words import counted

FILE, FORMAT = "study.json", 1
MOST_COUNTS, MOST_COUNT, MOST_SEEDS, MOST_STEPS, MOST_BATCH = 12, 10_000, 20, 100_000, 4096
MOST_BYTES = 4 * 2**20  # of a study's file


@dataclass(frozen=True)
class Study:
    """What is measured. counts: training pictures a class. seeds: so many repetitions, each with pictures, first weights and
    order of its own, the same for all students. data_dir: where the data set lies, "" is the usual place. steps: of each
    training, with batches of at most batch_size and a one-cycle rate that peaks at `rate`.
    """

    source: str
    cut: str
    data: str
    counts: tuple[int, ...] = (1, 2, 5, 10, 20, 50)
    seeds: int = 3
    students: tuple[str, ...] = tuple(STUDENTS)
    steps: int = 300
    batch_size: int = 32
    rate: float = 3e-3
    depth_rate: float = 0.3
    data_dir: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be measured."""
        if not 1 <= len(self.counts) <= MOST_COUNTS or not all(_whole(n, MOST_COUNT) for n in self.counts):
            raise ExplorerError(
                f"Those numbers of examples cannot be measured: choose 1 to {MOST_COUNTS} of at least 1."
            )
        if len(set(self.counts)) < len(self.counts):
            raise ExplorerError("A number of examples stands there twice: name each once.")
        for name, most in (("seeds", MOST_SEEDS), ("steps", MOST_STEPS), ("batch_size", MOST_BATCH)):
            if not _whole(getattr(self, name), most):
                words = name.replace("_", " ")
                raise ExplorerError(
                    f"A study with {words} {getattr(self, name)} is not possible: choose 1 to {most:,}."
                )
        if not self.students or len(set(self.students)) < len(self.students) or not set(self.students) <= set(STUDENTS):
            raise ExplorerError(f"Those students are unknown: choose some of {', '.join(STUDENTS)}.")
        check_rate(self.rate)
        for student in self.students:
            Transfer(self.source, self.cut, student, self.depth_rate)

    @property
    def total(self) -> int:
        """How many trainings it is."""
        return len(self.counts) * self.seeds * len(self.students)

    def settings(self, student: str) -> RunSettings:
        """What its trainings have in common. Raises ExplorerError where the source is gone."""
        config = TrainConfig(batch_size=self.batch_size, rate=self.rate, threads=1)
        return student_run(Transfer(self.source, self.cut, student, self.depth_rate), self.data, config)

    def as_json(self) -> dict[str, object]:
        """Plain values only; `from_json` reads them back."""
        return dataclasses.asdict(self)

    @staticmethod
    def from_json(values: Mapping[str, object]) -> "Study":
        """The study that `as_json` wrote. Raises ExplorerError for anything else."""
        try:
            return record(Study, values)
        except (TypeError, ValueError) as error:
            raise ExplorerError("The study cannot be read: it was written by another version.") from error

    def command(self) -> str:
        """The command line that measures the same again."""
        words = ["python", "-m", "explorer", "study", self.source, self.data, "--cut", self.cut]
        words += ["--counts", ",".join(map(str, self.counts)), "--seeds", str(self.seeds), "--steps", str(self.steps)]
        plain = Study(self.source, self.cut, self.data)
        for name in ("batch_size", "rate", "depth_rate"):
            if getattr(self, name) != getattr(plain, name):
                words += [f"--{name.replace('_', '-')}", repr(getattr(self, name))]
        if self.students != plain.students:
            words += ["--students", ",".join(self.students)]
        if self.data_dir:
            words += ["--data-dir", self.data_dir]
        return shlex.join(words)


@dataclass(frozen=True)
class Point:
    """One training. count: pictures a class. accuracy: on the whole test half, in [0, 1]. seconds: it took."""

    student: str
    count: int
    seed: int
    accuracy: float
    seconds: float


@dataclass(frozen=True)
class Mean:
    """Of one student and count over its seeds: mean and standard deviation (of the sample; 0 for one seed) in [0, 1]."""

    student: str
    count: int
    mean: float
    deviation: float
    seeds: int


@dataclass(frozen=True)
class _Told:
    """What study.json says."""

    format: int
    began: str
    study: dict[str, object]
    points: tuple[Point, ...]


@dataclass(frozen=True)
class KeptStudy:
    """A study on disk: what it is and what it has measured. began: date and time, ISO 8601."""

    id: str
    study: Study
    points: tuple[Point, ...]
    began: str

    @property
    def total(self) -> int:
        """How many points there will be."""
        return self.study.total

    @property
    def done(self) -> bool:
        """Whether all of it is measured."""
        return len(self.points) >= self.total


# ── measuring ────────────────────────────────────────────────────────────────────────────────────────────────────────


def run(study: Study, data: DataSet, folder: Path | None = None) -> Iterator[Point]:
    """Measure, yielding every point as soon as it is there, one seed after another; what `folder` has already comes first.

    data: the study's data set, as `run.load_data` reads it. folder: where study.json is kept; None keeps nothing.
    Raises ExplorerError where the source, the cut or the data will not do, or the folder cannot be written.
    """
    check(study.settings(study.students[0]), Path(study.data_dir) if study.data_dir else None)
    check_examples(study, data)
    kept = _kept_points(study, folder)
    began = _began(folder)
    points = list(kept.values())
    if folder:
        _write(folder, study, points, began)
    yield from points
    ready = {student: _Ready(study, student, data) for student in study.students}
    for seed in range(study.seeds):
        order = _order(data, seed)
        for count in study.counts:
            chosen = torch.cat([places[:count] for places in order]).sort().values
            for student in study.students:
                if (student, count, seed) in kept:
                    continue
                points.append(ready[student].measure(chosen, count, seed))
                if folder:
                    _write(folder, study, points, began)
                yield points[-1]


def check_examples(study: Study, data: DataSet) -> None:
    """Raise ExplorerError where a class has fewer training pictures than the study wants."""
    counts = torch.bincount(data.train.labels, minlength=len(data.classes)).tolist()
    fewest = min(range(len(counts)), key=counts.__getitem__)
    if counts[fewest] < max(study.counts):
        raise ExplorerError(
            f"“{data.classes[fewest]}” has only {counted(counts[fewest], 'training picture')}: choose at most so many "
            "examples a class."
        )


def possible_counts(data: DataSet, wanted: Iterable[int] = Study.counts) -> tuple[int, ...]:
    """Those numbers of examples that every class of a data set has; its fewest where that is less than all of them."""
    fewest = int(torch.bincount(data.train.labels, minlength=len(data.classes)).min())
    return tuple(count for count in wanted if count <= fewest) or (max(1, fewest),)


def _order(data: DataSet, seed: int) -> list[torch.Tensor]:
    """For each class its training pictures in a random order: of a larger number of examples the smaller ones are a part."""
    random = torch.Generator().manual_seed(seed)
    places = torch.randperm(len(data.train), generator=random)
    labels = data.train.labels[places]
    return [places[labels == label] for label in range(len(data.classes))]


class _Ready:
    """One student of a study: all that its trainings share. The frozen part's features of all pictures are computed once."""

    def __init__(self, study: Study, student: str, data: DataSet) -> None:
        self._student, self._study, self._data = student, study, data
        self._channels = data.train.images.shape[1]
        self._settings = study.settings(student)
        self._fed = feeding_of(self._settings, self._channels)
        self._features: DataSet | None = None
        # a processor is quick enough for small inputs, and gives the same numbers everywhere
        self._device = "cpu" if self._fed.side <= LARGE_SIDE else "auto"
        _, learning = self._build(0)
        self._features = learning.with_features(data, self._fed, choose_device(self._device)).features

    def _build(self, seed: int) -> tuple[torch.nn.Module, Learning]:
        settings = dataclasses.replace(self._settings, config=dataclasses.replace(self._settings.config, seed=seed))
        network = new_student(settings, self._channels, len(self._data.classes))
        shape = (self._fed.channels, self._fed.side, self._fed.side)
        return network, learning_of(network, settings.transfer, shape)

    def measure(self, chosen: torch.Tensor, count: int, seed: int) -> Point:
        began = time.perf_counter()
        network, learning = self._build(seed)
        data = dataclasses.replace(self._data, train=self._data.train.take(chosen))
        if self._features is not None:
            features = dataclasses.replace(self._features, train=self._features.train.take(chosen))
            learning = dataclasses.replace(learning, features=features)
        batch = min(self._study.batch_size, len(chosen))
        epochs = self._study.steps / (len(chosen) // batch)
        config = dataclasses.replace(self._settings.config, seed=seed, epochs=epochs, device=self._device)
        with torch.random.fork_rng([]), _one_thread():
            torch.manual_seed(seed)
            training = Training(network, data, self._fed.normalise, config, learning=learning)
            while training.fraction < 1:
                training.advance()
            verdict = judge(training.learner, training.test_set, training.normalise)
        if not math.isfinite(verdict.loss):
            raise ExplorerError("The loss is no longer a number: choose a smaller learning rate.")
        return Point(self._student, count, seed, verdict.accuracy, round(time.perf_counter() - began, 4))


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Small batches gain nothing by more, and the numbers depend on it."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def means(points: Iterable[Point]) -> tuple[Mean, ...]:
    """In the order in which the students and then the counts came first."""
    groups: dict[tuple[str, int], list[float]] = {}
    for point in points:
        groups.setdefault((point.student, point.count), []).append(point.accuracy)
    students = list(dict.fromkeys(student for student, _ in groups))
    order = sorted(groups, key=lambda key: (students.index(key[0]), key[1]))
    return tuple(
        Mean(
            *key,
            statistics.fmean(groups[key]),
            statistics.stdev(groups[key]) if len(groups[key]) > 1 else 0.0,
            len(groups[key]),
        )
        for key in order
    )


# ── on disk ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_study(folder: Path) -> KeptStudy:
    """Raises ExplorerError where there is none that can be read; nothing in the file is run."""
    try:
        told = record(_Told, parse(read_whole(folder / FILE, MOST_BYTES)), more=True)
        if told.format != FORMAT:
            raise ValueError("another format")
        study = Study.from_json(told.study)
        for point in told.points:
            _check_point(study, point)
        if len({(p.student, p.count, p.seed) for p in told.points}) < len(told.points):
            raise ValueError("a point twice")
        return KeptStudy(folder.name, study, told.points, told.began)
    except (OSError, ValueError, ExplorerError) as error:
        raise ExplorerError(
            f"There is no study called “{folder.name[:64]}” that can be read: choose one of the list."
        ) from error


def list_studies(root: Path, most: int = 50) -> list[KeptStudy]:
    """The newest first; what cannot be read is left out."""
    found: list[KeptStudy] = []
    for path in sorted(root.glob(f"*/{FILE}"), reverse=True):
        if len(found) == most:
            break
        if IDENTITY.fullmatch(path.parent.name):
            with contextlib.suppress(ExplorerError):
                found.append(read_study(path.parent))
    return found


def _check_point(study: Study, point: Point) -> None:
    known = point.student in study.students and point.count in study.counts
    if not (known and 0 <= point.seed < study.seeds and 0 <= point.accuracy <= 1 and point.seconds >= 0):
        raise ValueError("no point of this study")


def _kept_points(study: Study, folder: Path | None) -> dict[tuple[str, int, int], Point]:
    """What the folder has measured of this very study."""
    if folder is None or not (folder / FILE).exists():
        return {}
    kept = read_study(folder)
    if kept.study != study:
        raise ExplorerError("That folder holds another study: begin a new one.")
    return {(point.student, point.count, point.seed): point for point in kept.points}


def _began(folder: Path | None) -> str:
    with contextlib.suppress(ExplorerError):
        if folder:
            return read_study(folder).began
    return datetime.datetime.now().astimezone().isoformat(timespec="seconds")


def _write(folder: Path, study: Study, points: list[Point], began: str) -> None:
    told = {
        "format": FORMAT,
        "began": began,
        "study": study.as_json(),
        "points": [dataclasses.asdict(p) for p in points],
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(told, file)
            Path(name).replace(folder / FILE)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise ExplorerError(
            f"The study can no longer be written ({error.strerror}): {remedy(error)}, then go on with it."
        ) from error


def _whole(value: object, most: int) -> bool:
    return type(value) is int and 1 <= value <= most
