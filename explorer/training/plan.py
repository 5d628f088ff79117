"""Who learns what: the layers of a student, frozen, learning on at which rate, or new. Knows cuts; not networks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from explorer.training.settings import STUDENTS
from explorer.training.sources import Cut


@dataclass(frozen=True)
class Cell:
    """One layer (or block) of one student.

    cut: the place to cut at that ends here, "" of the output layer. below: at or below the present cut. state: "frozen",
    "taken" or "new". rate: the factor of the learning rate, 0 where frozen. shape: of what comes out, without the batch.
    """

    student: str
    layer: str
    cut: str
    below: bool
    state: str
    rate: float
    parameters: int
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Row:
    """One student's layers, from the input to the output."""

    student: str
    cells: tuple[Cell, ...]

    @property
    def learn(self) -> int:
        """How many parameters learn."""
        return sum(cell.parameters for cell in self.cells if cell.state != "frozen")

    @property
    def stay(self) -> int:
        """How many stay as they were taken over."""
        return sum(cell.parameters for cell in self.cells if cell.state == "frozen")


def plan(
    cuts: Sequence[Cut], cut: str, *, source_classes: int, classes: int, depth_rate: float = 0.3
) -> Mapping[str, Row]:
    """Each student's layers. cuts: of the source, `cut` one of them.

    source_classes: how many the source tells apart, classes: how many the student will. The parameters of the output layer,
    which are so many for each class, are those of the student.
    """
    at = [place.layer for place in cuts].index(cut)
    sizes = [place.kept - before for place, before in zip(cuts, (0, *(place.kept for place in cuts)), strict=False)]
    return {student: Row(student, tuple(_cells(student, cuts, sizes, at, depth_rate, source_classes, classes)))
            for student in STUDENTS}  # fmt: skip


def _cells(student: str, cuts: Sequence[Cut], sizes: list[int], at: int, depth_rate: float, before: int, classes: int):
    for place, (one, size) in enumerate(zip(cuts, sizes, strict=True)):
        below = place <= at
        state = "new" if student == "scratch" or not below else "frozen" if student == "last" else "taken"
        rate = {"new": 1.0, "frozen": 0.0, "taken": depth_rate ** (at - place + 1)}[state]
        yield Cell(student, one.title, one.layer, below, state, rate, size, one.shape)
    yield Cell(student, "output", "", False, "new", 1.0, cuts[-1].new // before * classes, (classes,))
