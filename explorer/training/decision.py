"""Which student to choose: the four rules of thumb, and what the user's own runs and studies measured. Knows runs and studies;
not screens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SMALL = 20  # training pictures a class, at most


@dataclass(frozen=True)
class Measured:
    """What one study (at one count), or one set of runs side by side, found.

    best: key of STUDENTS; margin: in accuracy, over the next best, in [0, 1]; accuracies: student → mean accuracy.
    on: in words ("digits 5–9 from LeNet-5, digits 0–4"); count: training pictures a class; seeds: 1 for runs;
    kept: ids of the study, or of the runs.
    """

    best: str
    margin: float
    accuracies: Mapping[str, float]
    on: str
    count: int
    seeds: int
    kept: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One row of the table. key: "small similar", "big similar", "big different" or "small different". rule: of thumb, in
    words; expects: the key of STUDENTS that the rule names, None where it says to collect more data.
    """

    key: str
    small: bool
    similar: bool
    rule: str
    expects: str | None
    measured: tuple[Measured, ...]


def decision_table(root: Path | None = None, *, says: Mapping[str, str] | None = None) -> tuple[Row, ...]:
    """The four rows. says: data set → domain, for those ("own", "folder") of which only the user knows."""
    raise NotImplementedError
