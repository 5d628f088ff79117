"""Which student to choose: the four rules of thumb, and what the user's own runs and studies measured. Knows runs and studies;
not screens.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from explorer.data.datasets import DATA_SETS
from explorer.errors import ExplorerError
from explorer.study.study import KeptStudy, list_studies, means
from explorer.training.sources import DATA_DOMAINS, source_of
from explorer.training.story import tell
from explorer.training.timeline import Event, Run, list_runs, read_events, runs_root

SMALL = 20  # training pictures a class, at most
MOST_MEASURED = 12  # of a row, the newest


@dataclass(frozen=True)
class Measured:
    """What one study (at one count), or one set of runs side by side, found.

    best: key of STUDENTS; margin: in accuracy, over the next best, in [0, 1]; accuracies: student → mean accuracy.
    on: in words ("MNIST, digits 5–9, from LeNet-5, digits 0–4, up to c5"); count: training pictures a class; seeds: 1 for runs;
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
    measured: tuple[Measured, ...] = ()


# Source: CS231n (Karpathy et al.), notes on transfer learning; Yosinski et al. 2014, "How transferable are features in deep
# neural networks?"
RULES = (
    Row("small similar", True, True, "Train the last layers only: more would learn the few pictures by heart.", "last"),
    Row("big similar", False, True, "Fine-tune deeper: there is enough to learn from without forgetting.", "fine_tune"),
    Row(
        "big different",
        False,
        False,
        "Train from scratch, or fine-tune all of it: its features help little.",
        "scratch",
    ),
    Row("small different", True, False, "Collect more data; else cut low, where the features are still general.", None),
)


def decision_table(root: Path | None = None, *, says: Mapping[str, str] | None = None) -> tuple[Row, ...]:
    """The four rows with what was measured, the newest first. A task is small with at most 20 training pictures a class, and
    similar where it shows what the source was trained on.

    says: data set → domain (as SourceFacts.domain), for those ("own", "folder") of which only the user knows; without it they
    are left out.
    """
    root = root or runs_root()
    domains = {**DATA_DOMAINS, **(says or {})}
    found: dict[tuple[bool, bool], list[Measured]] = {}
    for source, data, measured in (*_of_studies(list_studies(root)), *_of_runs(list_runs(root))):
        with contextlib.suppress(ExplorerError):  # a source that is gone
            domain = source_of(source).domain
            if domain != "unknown" and data in domains:
                key = measured.count <= SMALL, domain == domains[data]
                found.setdefault(key, []).append(measured)
    return tuple(
        Row(
            row.key,
            row.small,
            row.similar,
            row.rule,
            row.expects,
            tuple(_newest(found.get((row.small, row.similar), []))),
        )
        for row in RULES
    )


def _newest(measured: list[Measured]) -> list[Measured]:
    """Studies and runs, whichever came later first: their names begin with the time."""
    return sorted(measured, key=lambda one: max(one.kept), reverse=True)[:MOST_MEASURED]


def _of_studies(studies: Iterable[KeptStudy]) -> Iterator[tuple[str, str, Measured]]:
    for kept in studies:
        study, known = kept.study, means(kept.points)
        for count in study.counts:
            here = [mean for mean in known if mean.count == count]
            if len(here) > 1:
                seeds = min(mean.seeds for mean in here)
                accuracies = {mean.student: mean.mean for mean in here}
                measured = _measured(study.source, study.cut, study.data, accuracies, count, seeds, (kept.id,))
                yield study.source, study.data, measured


def _of_runs(runs: Iterable[Run]) -> Iterator[tuple[str, str, Measured]]:
    """Finished students of the same task that differ in what they are only; of two alike the newer one."""
    groups: dict[tuple, dict[str, tuple[float, int, str]]] = {}
    for run in runs:
        settings, transfer = run.settings, run.settings.transfer
        if transfer is None:
            continue
        events = read_events(run.folder)
        story, began = tell(events), next((event for event in events if event.get("kind") == "began"), None)
        if story.state != "finished" or not story.evaluations or began is None:
            continue
        pictures = _whole(began, "train_pictures")
        key = transfer.source, transfer.cut, settings.data, run.classes, pictures, settings.config
        accuracy = story.evaluations[-1][1]
        groups.setdefault(key, {}).setdefault(transfer.student, (accuracy, round(pictures / len(run.classes)), run.id))
    for (source, cut, data, *_), students in groups.items():
        if len(students) > 1 and all(count > 0 for _, count, _ in students.values()):
            accuracies = {student: accuracy for student, (accuracy, _, _) in students.items()}
            count = next(iter(students.values()))[1]
            ids = tuple(identity for _, _, identity in students.values())
            yield source, data, _measured(source, cut, data, accuracies, count, 1, ids)


def _measured(
    source: str, cut: str, data: str, accuracies: Mapping[str, float], count: int, seeds: int, kept: tuple[str, ...]
) -> Measured:
    order = sorted(accuracies, key=accuracies.__getitem__, reverse=True)
    title = DATA_SETS[data].title.partition(" (")[0] if data in DATA_SETS else data
    with contextlib.suppress(ExplorerError):
        source = source_of(source).title
    margin = accuracies[order[0]] - accuracies[order[1]]
    return Measured(order[0], margin, dict(accuracies), f"{title}, from {source} up to {cut}", count, seeds, kept)


def _whole(event: Event, name: str) -> int:
    value = event.get(name)
    return value if type(value) is int else 0
