"""Numbers as one table of plain text. Knows medians and columns; not what was measured."""

import datetime
import importlib.metadata
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

Row = tuple[str, str, str, str, str, str]
COLUMNS: Row = ("", "median", "95th percentile", "tries", "goal", "met")


@dataclass(frozen=True)
class Times:
    """What several tries of one thing took, in one unit."""

    values: Sequence[float]
    unit: str = "ms"

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def late(self) -> float:
        """The 95th percentile: the value that 95 of 100 tries do not exceed."""
        ordered = sorted(self.values)
        return ordered[min(len(ordered) - 1, -(-95 * len(ordered) // 100) - 1)]


def row(what: str, times: Times, goal: str = "", met: bool | None = None) -> Row:
    """One row; without a goal its last two columns stay empty."""
    digits = 2 if times.unit == "s" else 1
    median, late = (f"{value:.{digits}f} {times.unit}" for value in (times.median, times.late))
    return (what, median, late, str(len(times.values)), goal, _yes(met))


def ratio(what: str, above: Times, below: Times, most: float) -> Row:
    """The quotient of two medians, with the goal that it stays within `most`."""
    share = above.median / below.median
    return (what, f"{share:.2f}×", "", "", f"≤ {most}×", _yes(share <= most))


def speed(what: str, values: Sequence[float], unit: str = "samples/s") -> Row:
    """The median of several speeds; more is better, so that the late column stays empty."""
    return (what, f"{statistics.median(values):,.0f} {unit}", "", str(len(values)), "", "")


def share(what: str, above: Sequence[float], below: Sequence[float], least: float) -> Row:
    """The median of the rounds' own quotients, with the goal that it reaches `least`: what drifts between rounds cancels."""
    value = statistics.median(a / b for a, b in zip(above, below, strict=True))
    return (what, f"{value:.3f}×", "", str(len(above)), f"≥ {least}×", _yes(value >= least))


def most(what: str, value: float, unit: str, goal: float) -> Row:
    """A single number with the goal that it stays within `goal`."""
    return (what, f"{value:.3g} {unit}".strip(), "", "", f"≤ {goal} {unit}".strip(), _yes(value <= goal))


def amount(what: str, value: float | None, unit: str) -> Row:
    """A single number without a goal; None is "n/a"."""
    return (what, "n/a" if value is None else f"{value:.0f} {unit}", "", "", "", "")


def write(rows: Sequence[Row]) -> str:
    """The table as markdown whose columns also line up as plain text."""
    widths = [max(len(line[i]) for line in (COLUMNS, *rows)) for i in range(len(COLUMNS))]
    lines = [COLUMNS, tuple("-" * width for width in widths), *rows]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    )


def machine(chromium: str = "", packages: Sequence[str] = ("streamlit", "torch"), device: str = "") -> str:
    """One line about where this was measured. device: what computes, where it is not the CPU."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in packages]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    what = [device, f"{cores} cores", f"Python {platform.python_version()}", *versions]
    what += [f"Chromium {chromium}"] if chromium else []
    return ", ".join([*filter(None, what), datetime.date.today().isoformat()])


def _yes(met: bool | None) -> str:
    return "" if met is None else "yes" if met else "NO"
