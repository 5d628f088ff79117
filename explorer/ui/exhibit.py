"""What an exhibit is, and which a page has. Knows the files that tell them; draws nothing.

A page is a folder of `explorer/ui/`: each file in it that has `EXHIBITS` tells one exhibit or a few that are shown alike,
so that adding one is adding a file.
"""

import importlib
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from explorer.predictions import Prediction

if TYPE_CHECKING:
    from explorer.ui.stand import Stand

S = TypeVar("S")
R = TypeVar("R")


@dataclass(frozen=True)
class Exhibit(Generic[S, R]):
    """One row of the curriculum.

    question: asked before anything is shown. answer: revealed. settings: what it opens with, a record whose fields tell
    their kinds. make: settings → what is shown; raises ExplorerError for settings that do not go together. show: draws
    that, on a stand that knows where the session is. variants: other settings to load.
    asked: the settings with widgets (None: all that have a label); apart: those that what is shown asks for and checks by
    itself (`Stand.ask`), so that what cannot be among them leaves the rest alone.
    acts: buttons among the settings that make new ones of them.
    fit: the settings as asked, and as they were → with what follows (another grid's size); raises ExplorerError as `make`.
    forgets: setting → those that mean nothing any more once it is another, and go back to what they are by themselves.
    more: what stands beneath and takes its own course (runs). subject: it looks at a picture or through a network, which
    are picked in the row (ui/subject.py). pad: on the stage itself, with room to draw.
    predicted: what of its answer can be predicted, and is judged when it is revealed; of the settings it opens with.
    rounds: each variant asks the same once more, of what it shows, and has a prediction of its own.
    any_of: settings of which the question asks whatever they are (the session's picture, its network): another one shows
    nothing else than asked.
    hidden: texts of the stage that would give the answer away: not there until it is revealed.
    order: of two exhibits of a page the smaller one comes first; then their ids decide.
    """

    id: str
    title: str
    question: str
    answer: str
    settings: S
    make: Callable[[S], R]
    show: Callable[[R, "Stand"], None]
    variants: Mapping[str, S] = field(default_factory=dict)
    asked: tuple[str, ...] | None = None
    apart: tuple[str, ...] = ()
    acts: Mapping[str, Callable[[S], S]] = field(default_factory=dict)
    fit: Callable[[S, S], S] = lambda settings, before: settings
    forgets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    more: Callable[["Stand"], None] | None = None
    subject: bool = False
    pad: bool = False
    predicted: Prediction | None = None
    rounds: bool = False
    any_of: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    order: int = 0


@cache
def exhibits_of(page: str) -> Mapping[str, Exhibit[Any, Any]]:
    """The exhibits of a page by id, in their order."""
    folder = Path(__file__).parent / page
    modules = [importlib.import_module(f"explorer.ui.{page}.{found.name}") for found in pkgutil.iter_modules([folder])]
    found = [exhibit for module in modules for exhibit in getattr(module, "EXHIBITS", ())]
    return MappingProxyType({exhibit.id: exhibit for exhibit in sorted(found, key=_order)})


@cache
def pages() -> tuple[str, ...]:
    """The pages that have exhibits."""
    folders = sorted(path for path in Path(__file__).parent.iterdir() if path.is_dir())
    return tuple(path.name for path in folders if exhibits_of(path.name))


def _order(exhibit: Exhibit) -> tuple[int, str, int, str]:
    """C3 before C12."""
    letters, number, rest = re.fullmatch(r"([A-Za-z]+)(\d*)(.*)", exhibit.id).groups()
    return exhibit.order, letters, int(number or 0), rest
