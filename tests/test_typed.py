"""Plain values of strangers: records of the right types, or a ValueError; nothing else, whatever is written."""

import dataclasses
import json

import pytest

from explorer.typed import cell, pair, parse, record


@dataclasses.dataclass(frozen=True)
class Inner:
    name: str


@dataclasses.dataclass(frozen=True)
class Outer:
    whole: int
    number: float
    maybe: float | None = None
    on: bool = False
    inner: Inner | None = None
    many: tuple[int, ...] = ()
    pair: tuple[int, str] = (0, "")
    named: dict[str, float] = dataclasses.field(default_factory=dict)
    anything: object = None


FULL = {
    "whole": 3, "number": 0.5, "maybe": 2, "on": True, "inner": {"name": "x"}, "many": [1, 2], "pair": [1, "a"],
    "named": {"a": 1.5}, "anything": [{}],
}  # fmt: skip


def test_by_hand():
    assert record(Outer, {"whole": 1, "number": 2}) == Outer(1, 2)
    assert record(Outer, FULL) == Outer(3, 0.5, 2, True, Inner("x"), (1, 2), (1, "a"), {"a": 1.5}, [{}])
    assert record(Outer, {**FULL, "kind": "x"}, more=True) == record(Outer, FULL)
    assert record(Outer, json.loads(json.dumps(dataclasses.asdict(record(Outer, FULL))))) == record(Outer, FULL)


@pytest.mark.parametrize(
    "changed",
    [
        *({"whole": value} for value in (1.0, "1", None, True, [1], {})),
        *({"number": value} for value in ("1", None, True, float("nan"), float("inf"), [1.0])),
        *({"maybe": value} for value in ("1", True, float("nan"))),
        *({"on": value} for value in (0, 1, "true", None)),
        *({"inner": value} for value in ("x", {}, {"name": 1}, {"name": "x", "other": 1}, [])),
        *({"many": value} for value in ("12", [1.0], {"1": 1}, 3, None)),
        *({"pair": value} for value in ([1], [1, "a", 2], ["a", 1])),
        *({"named": value} for value in ([], {"a": "b"}, {"a": float("inf")})),
        {"unknown": 1},
    ],
    ids=str,
)
def test_another_type_is_refused(changed):
    with pytest.raises(ValueError, match=r"wanted|fields|missing|no "):
        record(Outer, {**FULL, **changed})


@pytest.mark.parametrize("values", [None, [], "x", 3, {}, {"whole": 1}], ids=str)
def test_what_is_missing_is_refused(values):
    with pytest.raises(ValueError, match=r"missing|no Outer"):
        record(Outer, values)


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "NaN", "[Infinity]", "-Infinity", "1e999", "-1e999", "1" * 20, "1" * 5000, "\udcff", "[1] 2"),
        *("[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000),
        *(b"\xff", b"\0\0\0"),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_what_is_no_json_or_no_number_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        parse(text)


def test_plain_json_is_read():
    assert parse(b'{"a": [1, -2.5, true, null, "\xc3\xbc"]}') == {"a": [1, -2.5, True, None, "ü"]}
    assert parse(str(2**63 - 1)) == 2**63 - 1


@pytest.mark.parametrize(
    "value", [None, 3, "ab", {}, [1], [1, 2, 3], [1, 2.0], [True, 1], ["1", "2"], [None, 1]], ids=str
)
def test_two_whole_numbers_are_a_pair_and_nothing_else(value):
    assert pair([3, -1]) == pair((3, -1)) == (3, -1)
    assert pair(value) is None
    assert cell(value, (4, 4)) is None


def test_a_cell_lies_within_its_grid():
    inside = [(row, column) for row in range(-2, 5) for column in range(-2, 6) if cell([row, column], (2, 3))]
    assert inside == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    assert cell((0, 0), (0, 0)) is None
