"""A study in words: its table and its JSON. Knows what was measured; not how, not screens."""

import dataclasses
from collections.abc import Sequence

from explorer.errors import ExplorerError
from explorer.study.study import Point, Study, means
from explorer.training.settings import STUDENTS


def read_counts(text: str) -> tuple[int, ...]:
    """ "1,2,5" → (1, 2, 5). Raises ExplorerError for anything else."""
    try:
        return tuple(int(count) for count in text.split(","))
    except ValueError as error:
        raise ExplorerError(f"“{text[:40]}” are no numbers of examples: write --counts 1,2,5.") from error


def table(study: Study, points: Sequence[Point]) -> str:
    """A Markdown table: a row for each number of examples, a column for each student, mean ± standard deviation."""
    found = {(mean.student, mean.count): mean for mean in means(points)}
    lines = [["examples a class", *(STUDENTS[student].lower() for student in study.students)]]
    lines.append(["---"] * len(lines[0]))
    for count in study.counts:
        cells = [found.get((student, count)) for student in study.students]
        lines.append([str(count), *(f"{cell.mean:.1%} ± {cell.deviation:.1%}" if cell else "–" for cell in cells)])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def report(study: Study, points: Sequence[Point]) -> dict[str, object]:
    """Plain values: the study, its command, and every point."""
    return {**study.as_json(), "command": study.command(), "points": [dataclasses.asdict(point) for point in points]}
