"""What may be predicted of an exhibit before its answer is open, and how far a prediction was from what is computed.

Three kinds: a number, one of several words, a cell of a grid. The right one is computed from what the exhibit shows where
that has it. Knows numbers, cells and words; no exhibit, no screen.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from explorer.words import counted, minus, written

TIMES = 2  # a prediction this many times too large or too small is told as so many times, one nearer as a difference
EXACT = 1e-9  # of the right number: rounding of a float is no miss


@dataclass(frozen=True)
class Verdict:
    """How a prediction went. text: one sentence."""

    right: bool
    text: str


@dataclass(frozen=True)
class Number:
    """A number is typed. label: of what. truth: what the exhibit shows → the number. near: the share of it that a
    prediction may be off and still be right.
    """

    label: str
    truth: Callable[[Any], float]
    near: float = 0.0

    def judge(self, made: Any, guess: float) -> Verdict:
        """How far a typed number is from the right one."""
        truth = self.truth(made)
        off = guess - truth
        if abs(off) <= max(self.near, EXACT) * abs(truth):
            return Verdict(True, "**Right.**" if not off or not self.near else f"**Right**, it is {_told(truth)}.")
        return Verdict(False, f"You predicted {_told(guess)}; it is **{_told(truth)}**: {_distance(guess, truth)}.")


@dataclass(frozen=True)
class Choice:
    """One of `options` is chosen. truth: the right one, or what the exhibit shows → the right one.

    told: what the exhibit shows → what is measured of the options there; an answer for all cannot name the right one.
    """

    label: str
    options: tuple[str, ...]
    truth: str | Callable[[Any], str]
    told: Callable[[Any], Mapping[str, str]] | None = None

    def judge(self, made: Any, guess: str) -> Verdict:
        """Whether the right one was chosen. Raises ValueError for what is no option."""
        if guess not in self.options:
            raise ValueError(f"{guess!r} is none of {self.options}")
        truth = self.truth if isinstance(self.truth, str) else self.truth(made)
        right = guess == truth
        if not self.told:
            return Verdict(right, "**Right.**" if right else f"You predicted “{guess}”: not so.")
        told = self.told(made)
        if right:
            return Verdict(True, f"**Right**, {told[truth]}.")
        return Verdict(False, f"You predicted {guess}, {told[guess]}; it is **{truth}**, {told[truth]}.")


@dataclass(frozen=True)
class Cell:
    """A cell of the stepper's grid `grid` is clicked. truth: what the exhibit shows → the right cells, (row, column) each."""

    label: str
    grid: str
    truth: Callable[[Any], Collection[tuple[int, int]]]

    def judge(self, made: Any, guess: tuple[int, int]) -> Verdict:
        """How many cells a clicked one is from the nearest right one, along rows and columns together."""
        row, column = guess
        away, right = min((abs(row - r) + abs(column - c), (r, c)) for r, c in self.truth(made))
        if not away:
            return Verdict(True, "**Right.**")
        said = f"You clicked row {row}, column {column}; "
        return Verdict(False, f"{said}**row {right[0]}, column {right[1]}** is {counted(away, 'cell')} away.")


Prediction = Number | Choice | Cell


def _told(number: float) -> str:
    return minus(f"{int(number):,}") if float(number).is_integer() else written(number, 4)


def _distance(guess: float, truth: float) -> str:
    """How far, in words: so many times where that says more than a difference."""
    if guess * truth > 0 and (ratio := max(guess / truth, truth / guess)) >= TIMES:
        return f"{written(ratio, 3)} times too {'large' if abs(guess) > abs(truth) else 'small'}"
    return f"{_told(abs(guess - truth))} too {'large' if guess > truth else 'small'}"
