"""The user's own classes on the disk: made, named, filled, moved aside and brought back. Knows files and pictures; not
data sets, not networks.

A collection is a folder with one folder for each class, and in it `class.json` (its name) and the pictures as PNG:

    20261121-143005-3f2a/01-9c2e/000001-0123456789abcdef.png
    20261121-143005-3f2a/removed/02-77aa/…       a class that was moved aside
    20261121-143005-3f2a/01-9c2e/removed/…png    a picture that was

Nothing is ever deleted that is not kept elsewhere. Every name is checked before a path is made of it; whatever else lies
in these folders (links, files of other names) is not looked at.
"""

import collections
import contextlib
import datetime
import itertools
import json
import os
import re
import secrets
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from explorer.data.own_pictures import digest, kept_form, write_picture
from explorer.data.own_words import check_name, problem_of, shown_name, warning_of
from explorer.disk import read_whole, remedy
from explorer.errors import ExplorerError
from explorer.typed import parse, record
from explorer.words import counted, noun

MOST_CLASSES = 50
MOST_PICTURES = 2_000  # of a class
MOST_COLLECTIONS = 1_000  # that are listed
COLLECTION = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{4}")
CLASS = re.compile(r"[0-9]{2,6}-[0-9a-f]{4}")
PICTURE = re.compile(r"[0-9]{6}-[0-9a-f]{16}")
REMOVED = "removed"
MOST_ABOUT = 4096  # bytes of class.json
AT_ONCE = 64  # pictures put in between two looks at what is there

_lock = threading.RLock()  # names are unique and numbers rise: one change at a time in this process


@dataclass(frozen=True)
class _About:
    """What class.json says."""

    name: str


@dataclass(frozen=True)
class ClassFacts:
    """One class: its name as the user gave it, and how many pictures it has."""

    id: str
    name: str
    count: int


@dataclass(frozen=True)
class PictureFacts:
    """One picture of a class, a PNG of at most 256 pixels a side."""

    id: str
    path: Path


@dataclass(frozen=True)
class Added:
    """What became of several pictures: kept, in the class already (doubled), and refused because the class is full."""

    kept: int
    doubled: int
    refused: int

    @property
    def message(self) -> str:
        """One sentence where not all were kept; "" where all were."""
        if self.refused:
            return (
                f"{self.kept:,} of {counted(self.kept + self.doubled + self.refused, 'picture')} were kept: a class "
                "holds at most "
                f"{MOST_PICTURES:,}, so remove some, or learn from these."
            )
        if self.doubled:
            word = f"{counted(self.doubled, 'picture')} {noun(self.doubled, 'was', 'were')}"
            return f"{word} in the class already and kept once."
        return ""


def collections_root() -> Path:
    """Where collections are kept: $EXPLORER_COLLECTIONS, else ./collections."""
    return Path(os.environ.get("EXPLORER_COLLECTIONS") or "collections")


def new_collection() -> "Collection":
    """An empty collection, on the disk. Raises ExplorerError where the disk does not take it."""
    now = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
    identity = f"{now}-{secrets.token_hex(2)}"
    folder = collections_root() / identity
    with _disk():
        folder.mkdir(parents=True)
    return Collection(identity, folder)


def open_collection(identity: str) -> "Collection":
    """The collection of that name. Raises ExplorerError for what is no collection's name, and where there is none."""
    if not isinstance(identity, str) or not COLLECTION.fullmatch(identity):
        raise ExplorerError("That is no collection's name: choose one of the list, or begin a new one.")
    folder = collections_root() / identity
    if not _is_folder(folder):
        raise ExplorerError(f"The collection {identity} is not there: choose one of the list, or begin a new one.")
    return Collection(identity, folder)


def list_collections() -> "list[Collection]":
    """All collections, newest first; none where nothing is kept yet."""
    root = collections_root()
    names = sorted((name for name in _folders(root) if COLLECTION.fullmatch(name)), reverse=True)
    return [Collection(name, root / name) for name in names[:MOST_COLLECTIONS]]


@dataclass(frozen=True)
class Collection:
    """The user's own classes. Every method raises ExplorerError for ids that are none and for a disk that refuses."""

    id: str
    folder: Path

    # ── classes ──

    def classes(self) -> tuple[ClassFacts, ...]:
        """The classes in the order in which they were made."""
        return _classes_in(self.folder)

    def removed(self) -> tuple[ClassFacts, ...]:
        """The classes that were moved aside, in the order in which they were made."""
        return _classes_in(self.folder / REMOVED)

    def add_class(self, name: str) -> str:
        """Make an empty class; returns its id. Raises ExplorerError for a name that will not do, or a 51st class."""
        with _lock, _disk():
            present = self.classes()
            name = check_name(name, [facts.name for facts in present])
            self._check_room(len(present))
            numbers = [int(facts.id.partition("-")[0]) for facts in (*present, *self.removed())]
            identity = f"{max(numbers, default=0) + 1:02}-{secrets.token_hex(2)}"
            making = self.folder / f".making-{identity}"  # whole or not at all
            making.mkdir(parents=True)
            _write_name(making, name)
            making.rename(self.folder / identity)
        return identity

    def rename_class(self, identity: str, name: str) -> None:
        """Give a class another name. Raises ExplorerError for a name that will not do."""
        with _lock, _disk():
            folder = self._class(identity)
            _write_name(folder, check_name(name, [facts.name for facts in self.classes() if facts.id != identity]))

    def remove_class(self, identity: str) -> None:
        """Move a class and its pictures aside; `restore_class` brings it back."""
        with _lock, _disk():
            folder = self._class(identity)
            (self.folder / REMOVED).mkdir(exist_ok=True)
            folder.rename(self.folder / REMOVED / identity)

    def restore_class(self, identity: str) -> None:
        """Bring a class back that was moved aside, to its old place in the order."""
        with _lock, _disk():
            aside = self._class(identity, self.folder / REMOVED)
            present = self.classes()
            check_name(_name_of(aside), [facts.name for facts in present])
            self._check_room(len(present))
            aside.rename(self.folder / identity)

    # ── pictures ──

    def pictures(self, class_id: str, most: int | None = None) -> tuple[PictureFacts, ...]:
        """A class's pictures, newest first; `most`: so many at most."""
        folder = self._class(class_id)
        names = sorted(_picture_names(folder), reverse=True)
        return tuple(PictureFacts(name, folder / f"{name}.png") for name in names[:most])

    def add_picture(self, class_id: str, pixels: np.ndarray) -> str:
        """Keep a picture, shrunk to at most 256 pixels a side; returns its id, an old one where it is there already.

        pixels: uint8 (H, W) or (H, W, 3). Raises ExplorerError for what is no picture, and where the class is full.
        """
        with _lock:
            folder = self._class(class_id)
            room = _Room(folder)
            identity = room.put(pixels)
        if identity is None:
            raise ExplorerError(
                f"“{_name_of(folder)}” has {MOST_PICTURES:,} pictures, as many as a class holds: remove some first."
            )
        return identity

    def add_pictures(self, class_id: str, pictures: Iterable[np.ndarray]) -> Added:
        """Keep as many of these as the class holds. Raises as `add_picture` does, except for a class that is full."""
        kept = doubled = refused = 0
        waiting = iter(pictures)  # perhaps they are decoded as they are asked for: nobody else has to wait meanwhile
        while some := list(itertools.islice(waiting, AT_ONCE)):
            with _lock:
                room = _Room(self._class(class_id))
                refused += sum(room.put(pixels) is None for pixels in some)
            kept, doubled = kept + room.kept, doubled + room.doubled
        return Added(kept, doubled, refused)

    def remove_picture(self, class_id: str, picture_id: str) -> None:
        """Move a picture aside; `restore_picture` brings it back."""
        with _lock, _disk():
            folder = self._class(class_id)
            path = _picture(folder, picture_id)
            (folder / REMOVED).mkdir(exist_ok=True)
            path.replace(folder / REMOVED / path.name)

    def removed_pictures(self, class_id: str) -> tuple[PictureFacts, ...]:
        """The pictures of a class that were moved aside, newest first."""
        aside = self._class(class_id) / REMOVED
        return tuple(PictureFacts(name, aside / f"{name}.png") for name in sorted(_picture_names(aside), reverse=True))

    def restore_picture(self, class_id: str, picture_id: str) -> None:
        """Bring a picture back that was moved aside; it stays aside where the class has the same one by now."""
        with _lock, _disk():
            folder = self._class(class_id)
            path = _picture(folder / REMOVED, picture_id)
            room = _Room(folder)
            if _digest_of(picture_id) in room.known:
                return
            if room.full:
                raise ExplorerError(f"“{_name_of(folder)}” is full: remove another picture first.")
            path.rename(folder / path.name)

    # ── what it is good for ──

    def problem(self) -> str:
        """Why it cannot be learned from, and what to do, in one sentence; "" where it can."""
        return problem_of([(facts.name, facts.count) for facts in self.classes()])

    def warning(self) -> str:
        """What will make learning hard: the same picture in two classes, very few pictures. "" for nothing."""
        present = self.classes()
        digests = [{_digest_of(name) for name in _picture_names(self.folder / facts.id)} for facts in present]
        where = collections.defaultdict(list)
        for facts, known in zip(present, digests, strict=True):
            for one in known:
                where[one].append(facts.name)
        pairs = collections.Counter(tuple(names[:2]) for names in where.values() if len(names) > 1)
        return warning_of([(facts.name, facts.count) for facts in present], pairs)

    def _class(self, identity: str, parent: Path | None = None) -> Path:
        if not isinstance(identity, str) or not CLASS.fullmatch(identity):
            raise ExplorerError("That is no class of the collection: choose one of its classes.")
        folder = (parent or self.folder) / identity
        if not _is_folder(folder):
            raise ExplorerError("That class is not there any more: choose one of the collection's classes.")
        return folder

    def _check_room(self, present: int) -> None:
        if present >= MOST_CLASSES:
            raise ExplorerError(f"There are {MOST_CLASSES} classes, as many as a collection holds: remove one first.")


class _Room:
    """A class that pictures are put into, one after the other; the caller holds the lock."""

    def __init__(self, folder: Path) -> None:
        names = list(_picture_names(folder))
        aside = _picture_names(folder / REMOVED)
        self._folder = folder
        self.known = {_digest_of(name): name for name in names}
        self._count = len(names)
        self._next = max((int(name.partition("-")[0]) for name in (*names, *aside)), default=0) + 1
        self.kept = self.doubled = 0

    @property
    def full(self) -> bool:
        return self._count >= MOST_PICTURES

    def put(self, pixels: np.ndarray) -> str | None:
        """Its id, new or old; None where the class is full."""
        form = kept_form(pixels)
        key = digest(form)
        if key in self.known:
            self.doubled += 1
            return self.known[key]
        if self.full:
            return None
        identity = f"{self._next:06}-{key}"
        with _disk():
            write_picture(self._folder / f"{identity}.png", form)
        self.known[key] = identity
        self._next += 1
        self._count += 1
        self.kept += 1
        return identity


def _classes_in(folder: Path) -> tuple[ClassFacts, ...]:
    names = sorted(
        (name for name in _folders(folder) if CLASS.fullmatch(name)), key=lambda n: (int(n.split("-")[0]), n)
    )
    return tuple(
        ClassFacts(name, _name_of(folder / name), sum(1 for _ in _picture_names(folder / name))) for name in names
    )


def _picture_names(folder: Path) -> Iterator[str]:
    """The ids of the pictures in a class's folder; nothing where there is no folder."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            name, _, ending = entry.name.partition(".")
            if ending == "png" and PICTURE.fullmatch(name) and entry.is_file(follow_symlinks=False):
                yield name


def _picture(folder: Path, identity: str) -> Path:
    if not isinstance(identity, str) or not PICTURE.fullmatch(identity):
        raise ExplorerError("That is no picture of the class: choose one of its pictures.")
    path = folder / f"{identity}.png"
    if not path.is_file() or path.is_symlink():
        raise ExplorerError("That picture is not there any more: choose one of the class's pictures.")
    return path


def _digest_of(picture_id: str) -> str:
    return picture_id.partition("-")[2]


def _folders(folder: Path) -> list[str]:
    """The names of the folders in a folder, links left out; none where it cannot be looked into."""
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _name_of(folder: Path) -> str:
    """A class's name; its id where its file is damaged."""
    try:
        return (
            shown_name(record(_About, parse(read_whole(folder / "class.json", MOST_ABOUT)), more=True).name)
            or folder.name
        )
    except (OSError, ValueError):
        return folder.name


def _write_name(folder: Path, name: str) -> None:
    part = folder / ".class.json.part"
    part.write_text(json.dumps({"name": name}), encoding="utf-8")
    part.replace(folder / "class.json")


@contextlib.contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ExplorerError(f"The collection could not be written ({why}): {remedy(error)}, then try again.") from error
