"""Where a session stands: a setting that becomes another one takes those with it that mean nothing without it."""

from dataclasses import dataclass
from typing import Annotated

import pytest

from explorer.settings.fields import Whole
from explorer.ui import place as places
from explorer.ui.exhibit import Exhibit
from explorer.ui.place import Place, change, place


@dataclass(frozen=True)
class Unit:
    layer: Annotated[int, Whole("Layer", 0, 9)] = 0
    row: Annotated[int | None, Whole("Row", 0, 9, optional=True)] = None
    size: Annotated[int, Whole("Size", 1, 9)] = 3


@pytest.fixture(autouse=True)
def somewhere(monkeypatch):
    exhibit = Exhibit("A1", "", "?", "", Unit(), make=lambda unit: unit, show=print, forgets={"layer": ("row",)})
    monkeypatch.setattr(places, "exhibits_of", lambda page: {"A1": exhibit})
    monkeypatch.setattr(places.st, "session_state", {"explorer.place here": Place("A1", Unit(1, 5, 4))})


@pytest.mark.parametrize(
    ("changes", "then"),
    [
        ({"layer": 2}, Unit(2, None, 4)),
        ({"layer": 2, "row": 7}, Unit(2, 7, 4)),
        ({"layer": 2, "row": 5}, Unit(2, None, 4)),
        ({"layer": 1}, Unit(1, 5, 4)),
        ({"size": 2}, Unit(1, 5, 2)),
        ({"row": 0}, Unit(1, 0, 4)),
    ],
    ids=str,
)
def test_another_layer_forgets_the_row(changes, then):
    change("here", **changes)
    assert place("here").settings == then
