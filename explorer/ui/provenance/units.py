"""A unit, or a trail of units, as a setting. Knows how it stands in an address; only looking tells whether it is there."""

import re
from dataclasses import dataclass

from explorer.errors import ExplorerError
from explorer.probe.terms import Unit
from explorer.ui.widgets import Columns
from explorer.words import counted

_NODE = r"[A-Za-z0-9_]{1,400}"
_UNIT = re.compile(rf"({_NODE})\.([0-9]{{1,6}}(?:_[0-9]{{1,6}}){{0,3}})")
Trail = tuple[Unit, ...]


def write_unit(unit: Unit | None) -> str:
    """c1, (3, 4, 5) → "c1.3_4_5"."""
    return f"{unit.node}.{'_'.join(str(part) for part in unit.at)}" if unit else ""


def read_unit(text: str) -> Unit:
    """The unit that `write_unit` wrote. Raises ExplorerError for any other text."""
    if not (found := _UNIT.fullmatch(text)):
        raise ExplorerError(f"“{text[:30]}” is no unit")
    return Unit(found[1], tuple(int(part) for part in found[2].split("_")))


@dataclass(frozen=True)
class Units:
    """One unit, None for the strongest answer; many: up to so many of them, the oldest first. A click chooses it."""

    many: int = 0
    label: str = ""
    boxes: int = 0
    wide: float = 0.0

    def write(self, value: Unit | Trail | None) -> str:
        return "~".join(map(write_unit, value)) if self.many else write_unit(value)

    def read(self, text: str) -> Unit | Trail | None:
        if not text:
            return () if self.many else None
        value = tuple(map(read_unit, text.split("~"))) if self.many else read_unit(text)
        self.check(value)
        return value

    def check(self, value: Unit | Trail | None) -> None:
        if self.many and len(value) > self.many:
            raise ExplorerError(f"a trail has at most {counted(self.many, 'unit')}")

    def ask(self, columns: Columns, value: Unit | Trail | None, key: str) -> Unit | Trail | None:
        return value

    def drawn(self, st):
        """Any of them, by Hypothesis' strategies."""
        place = st.lists(st.integers(0, 999_999), min_size=1, max_size=4).map(tuple)
        unit = st.builds(Unit, st.from_regex(rf"\A{_NODE}\Z"), place)
        return st.lists(unit, max_size=self.many).map(tuple) if self.many else st.none() | unit
