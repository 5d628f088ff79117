"""Which inputs each output index sees along one axis. Knows whole numbers; not networks, not layers.

Two things are carried: the exact interval of every index that exists, and the rule for an index far from any border. The
rule repeats: after `period` indices everything has moved on by `shift` inputs, so that up-sampling and transposed
convolution, whose units see more or less in turn, have one too.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

NOTHING = 2**62  # low of an index that sees no input at all; its high is −NOTHING
MOST_PERIOD = 4096  # a longer rule than that is none that anyone could read


@dataclass(frozen=True, eq=False)
class Taps:
    """What one step takes along an axis: output u of `count` takes the inputs offsets[u mod p] + (u div p)·shift.

    offsets: int (p, k). taken: bool (p, k), False where a phase has fewer than k. inside: int (count, k), the inputs that are
    really taken, −1 for none, where that is more than leaving out what lies beyond the border (mirrored padding). A shift of 0
    says that nothing goes on beyond the indices that exist.
    """

    count: int
    shift: int
    offsets: np.ndarray
    taken: np.ndarray
    inside: np.ndarray | None = None

    def existing(self, size: int) -> np.ndarray:
        """int (count, k): the inputs 0 … size − 1 that every output takes, −1 for none."""
        if self.inside is not None:
            return self.inside
        turn, phase = np.divmod(np.arange(self.count), len(self.offsets))
        taps = self.offsets[phase] + turn[:, None] * self.shift
        return np.where(self.taken[phase] & (taps >= 0) & (taps < size), taps, -1)


@dataclass(frozen=True, eq=False)
class Rule:
    """Far from the border index u sees first[u mod p] + (u div p)·shift … last[u mod p] + (u div p)·shift; p = len(first)."""

    shift: int
    first: np.ndarray
    last: np.ndarray

    @property
    def size(self) -> int:
        """How many inputs lie between the first and the last, both counted; the most of all phases."""
        return int(max(0, (self.last - self.first).max() + 1))

    @property
    def stride(self) -> int | float:
        """How many inputs lie between neighbours' fields, on average."""
        whole, rest = divmod(self.shift, len(self.first))
        return self.shift / len(self.first) if rest else whole

    @property
    def start(self) -> int:
        """The first input that index 0 sees; the first of all phases where it sees none."""
        return int(self.first[0] if self.first[0] < NOTHING else self.first.min())

    def at(self, index: int) -> tuple[int, int]:
        """First and last input of that index."""
        turn, phase = divmod(index, len(self.first))
        return int(self.first[phase]) + turn * self.shift, int(self.last[phase]) + turn * self.shift


@dataclass(frozen=True, eq=False)
class Reach:
    """lows, highs: int (n,), first and last input that each index sees. rule: None where there is none."""

    lows: np.ndarray
    highs: np.ndarray
    rule: Rule | None

    @property
    def all(self) -> tuple[int, int]:
        """First and last input that any index sees."""
        return int(self.lows.min()), int(self.highs.max())


def pixels(size: int) -> Reach:
    """The input itself: every index sees one, its own."""
    own = np.arange(size)
    return Reach(own, own, Rule(1, np.zeros(1, int), np.zeros(1, int)))


def through(reach: Reach, taps: Taps) -> Reach:
    """What the outputs of a step see, whose inputs see `reach`."""
    existing = taps.existing(len(reach.lows))
    none = existing < 0
    lows = np.where(none, NOTHING, reach.lows[existing]).min(axis=1)
    highs = np.where(none, -NOTHING, reach.highs[existing]).max(axis=1)
    return Reach(lows, highs, _rule_through(reach.rule, taps) if reach.rule and taps.shift else None)


def _rule_through(rule: Rule, taps: Taps) -> Rule | None:
    period, below = len(taps.offsets), len(rule.first)
    repeats = below // math.gcd(below, taps.shift)
    if period * repeats > MOST_PERIOD:
        return None
    turn, phase = np.divmod(np.arange(period * repeats), period)
    inputs = taps.offsets[phase] + turn[:, None] * taps.shift
    turns, phases = np.divmod(inputs, below)
    moved, none = turns * rule.shift, ~taps.taken[phase]
    first, last = rule.first[phases], rule.last[phases]
    first = np.where(none | (first >= NOTHING), NOTHING, first + moved).min(axis=1)
    last = np.where(none | (last <= -NOTHING), -NOTHING, last + moved).max(axis=1)
    return _shortest(Rule(taps.shift * repeats // below * rule.shift, first, last))


def _shortest(rule: Rule) -> Rule:
    """The same rule with the least period."""
    period = len(rule.first)
    for shorter in range(1, period):
        if period % shorter or rule.shift * shorter % period:
            continue
        shift = rule.shift * shorter // period
        moved = np.arange(period) // shorter * shift
        first, last = rule.first - moved, rule.last - moved
        if (first == np.tile(first[:shorter], period // shorter)).all() and (
            last == np.tile(last[:shorter], period // shorter)
        ).all():
            return Rule(shift, first[:shorter], last[:shorter])
    return rule


def union(reaches: Sequence[Reach]) -> Reach:
    """What an index sees through several branches of equal length; without a rule where their strides differ."""
    lows = np.min([reach.lows for reach in reaches], axis=0)
    highs = np.max([reach.highs for reach in reaches], axis=0)
    rules = [reach.rule for reach in reaches]
    return Reach(lows, highs, None if None in rules else _union_of_rules(rules))


def _union_of_rules(rules: Sequence[Rule]) -> Rule | None:
    if len({rule.shift / len(rule.first) for rule in rules}) > 1:
        return None
    period = math.lcm(*(len(rule.first) for rule in rules))
    if period > MOST_PERIOD:
        return None
    unrolled = [np.array([rule.at(index) for index in range(period)]) for rule in rules]
    first = np.min([ends[:, 0] for ends in unrolled], axis=0)
    last = np.max([ends[:, 1] for ends in unrolled], axis=0)
    return _shortest(Rule(rules[0].shift * (period // len(rules[0].first)), first, last))


def joined(reaches: Sequence[Reach]) -> Reach:
    """Branches laid end to end along the axis: there is no one rule for all indices."""
    return Reach(
        np.concatenate([reach.lows for reach in reaches]), np.concatenate([reach.highs for reach in reaches]), None
    )
