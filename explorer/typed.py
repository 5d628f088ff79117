"""Plain values that strangers wrote, read into records of known types. Knows JSON and dataclasses; not files, not meanings.

`json` by itself takes NaN, Infinity, 1e999, numbers of thousands of digits and lists nested until Python gives up, and a
dataclass takes anything for anything. What passes here has the type that its record says, and every number can be counted with.
"""

import dataclasses
import functools
import json
import math
import types
import typing
from collections.abc import Mapping
from typing import TypeVar

MOST_DIGITS = 19  # of a whole number: such as fit into 64 bits
T = TypeVar("T")


def parse(text: bytes | str) -> object:
    """The value of a JSON text. Raises ValueError for what is none, is nested too deep, or holds a number that is none."""
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_finite, parse_int=_whole)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def record(kind: type[T], values: object, *, more: bool = False) -> T:
    """The dataclass of that kind from plain values by the names of its fields. more: values of other names are passed over.

    Fields may be bool, int, float (a whole number will do), str, object (anything), tuples, dicts with texts as keys,
    other dataclasses, and None beside them. Raises ValueError where a value is of another type, missing, or unknown; what the
    dataclass itself raises passes.
    """
    if not isinstance(values, Mapping):
        raise ValueError(f"no {kind.__name__}")
    fields, hints = {field.name: field for field in dataclasses.fields(kind)}, _hints(kind)
    if not more and not set(values) <= set(fields):
        raise ValueError(f"{kind.__name__} has other fields")
    for name, field in fields.items():
        needed = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        if needed and name not in values:
            raise ValueError(f"{name} is missing")
    return kind(**{name: _as(hints[name], values[name]) for name in fields if name in values})


def pair(value: object) -> tuple[int, int] | None:
    """Two whole numbers, or None for anything else: True is none, and neither is 1.0."""
    if not (isinstance(value, list | tuple) and len(value) == 2 and all(type(part) is int for part in value)):
        return None
    first, second = value
    return first, second


def cell(value: object, shape: tuple[int, int]) -> tuple[int, int] | None:
    """A (row, column) within a grid of that shape (rows, columns), or None for anything else."""
    found = pair(value)
    inside = found and all(0 <= at < size for at, size in zip(found, shape, strict=True))
    return found if inside else None


@functools.cache
def _hints(kind: type) -> dict[str, object]:
    return typing.get_type_hints(kind)


def _as(hint: object, value: object) -> object:
    """The value as that type; lists become tuples."""
    if hint is object:
        return value
    if hint in (bool, str, int) and type(value) is hint:
        return value
    if hint is float and type(value) in (int, float) and abs(value) < math.inf:
        return value
    if hint is type(None) and value is None:
        return value
    if dataclasses.is_dataclass(hint):
        return record(hint, value)
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _as_one_of(parts, value)
    if origin is dict and isinstance(value, dict):
        return {_as(parts[0], name): _as(parts[1], part) for name, part in value.items()}
    if origin is tuple and isinstance(value, list | tuple):
        kinds = parts[:1] * len(value) if parts[1:] == (...,) else parts
        if len(kinds) == len(value):
            return tuple(_as(part, one) for part, one in zip(kinds, value, strict=True))
    raise ValueError(f"{type(value).__name__} where {hint} is wanted")


def _as_one_of(kinds: tuple[object, ...], value: object) -> object:
    for kind in kinds:
        try:
            return _as(kind, value)
        except ValueError:
            continue
    raise ValueError(f"{type(value).__name__} where one of {kinds} is wanted")


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("too large a number")
    return number


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > MOST_DIGITS:
        raise ValueError("too large a number")
    return int(digits)
