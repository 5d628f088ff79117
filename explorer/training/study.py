"""Accuracy against the number of examples: many short trainings of each student. Knows what one study is, its file and how
it is run; not processes, not screens.

    <root>/<id>/study.json      the study, and every point measured so far
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from explorer.training.settings import STUDENTS


@dataclass(frozen=True)
class Study:
    """What is measured. counts: training pictures a class. seeds: so many repetitions, each with pictures and first weights of
    its own. data_dir: where the data set lies, "" is the usual place. steps: of each training.
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

    def as_json(self) -> dict[str, object]:
        raise NotImplementedError

    @staticmethod
    def from_json(values: dict[str, object]) -> "Study":
        raise NotImplementedError


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
class KeptStudy:
    """A study on disk: what it is, what it has measured, and whether that is all of it."""

    id: str
    study: Study
    points: tuple[Point, ...]
    began: str

    @property
    def total(self) -> int:
        """How many points there will be."""
        raise NotImplementedError

    @property
    def done(self) -> bool:
        raise NotImplementedError


def run(study: Study, folder: Path | None = None) -> Iterator[Point]:
    """Measure, yielding every point as soon as it is there; those that `folder` has already are yielded first."""
    raise NotImplementedError


def means(points: tuple[Point, ...]) -> tuple[Mean, ...]:
    """In the order of the students and counts."""
    raise NotImplementedError


def read_study(folder: Path) -> KeptStudy:
    """Raises ExplorerError where there is none that can be read."""
    raise NotImplementedError


def list_studies(root: Path, most: int = 50) -> list[KeptStudy]:
    """The newest first."""
    raise NotImplementedError
