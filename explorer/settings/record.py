"""A record of settings: a frozen dataclass each of whose fields tells its kind. Knows fields; not what they are for."""

import dataclasses
import typing
from collections.abc import Collection, Mapping
from functools import cache
from types import MappingProxyType
from typing import TypeVar

from explorer.errors import ExplorerError
from explorer.settings.fields import Kind

S = TypeVar("S")


@cache
def kinds_of(record: type) -> Mapping[str, Kind]:
    """Field name → its kind, in the record's order. Raises TypeError for a field that tells none."""
    hints = typing.get_type_hints(record, include_extras=True)
    found = {}
    for field in dataclasses.fields(record):
        told = getattr(hints[field.name], "__metadata__", ())
        if not told:
            raise TypeError(f"{record.__name__}.{field.name} does not tell its kind")
        found[field.name] = told[0]
    return MappingProxyType(found)


def write(settings: object, opening: object) -> dict[str, str]:
    """Field name → its text, of each setting that is not as `opening` has it."""
    return {
        name: kind.write(getattr(settings, name))
        for name, kind in kinds_of(type(settings)).items()
        if getattr(settings, name) != getattr(opening, name)
    }


def read(parts: Mapping[str, str], opening: S) -> tuple[S, list[str]]:
    """`opening` with what the parts say, and a problem for each part that could not be read."""
    kinds, changes, problems = kinds_of(type(opening)), {}, []
    for name, text in parts.items():
        try:
            if name not in kinds:
                raise ExplorerError("there is no such setting here")
            changes[name] = kinds[name].read(text)
        except ExplorerError as error:
            problems.append(f"{name[:20]}: {error}")
    return dataclasses.replace(opening, **changes), problems


def check(settings: object, *, only: Collection[str] | None = None, but: Collection[str] = ()) -> None:
    """Raises ExplorerError, with value and remedy, for the first setting that cannot be. only, but: of some of them."""
    for name, kind in kinds_of(type(settings)).items():
        if (only is None or name in only) and name not in but:
            kind.check(getattr(settings, name))


def labelled(record: type) -> tuple[str, ...]:
    """The fields that are asked on a screen, in the record's order."""
    return tuple(name for name, kind in kinds_of(record).items() if kind.label)
