"""What becomes of pictures that are given to a class: read, kept, and said. Knows collections; draws nothing."""

import contextlib
import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from explorer.data.collections import MOST_PICTURES, Added, Collection
from explorer.data.folder_set import SUFFIXES
from explorer.errors import ExplorerError
from explorer.images.decode import MAX_BYTES, decode
from explorer.images.shots import Batch
from explorer.ui.plain import plain
from explorer.ui.transfer_learning import collection as own
from explorer.words import counted

_DROP = "explorer.adding drop"


@dataclass(frozen=True)
class Drop:
    """What has become so far of all files that were chosen at once. number: of the last batch."""

    id: str
    number: int = 0
    kept: int = 0
    doubled: int = 0
    refused: int = 0
    problems: tuple[str, ...] = ()


def last_drop() -> Drop | None:
    """What has become of the files that were chosen last."""
    return st.session_state.get(_DROP)


def keep_batch(collection: Collection, batch: Batch) -> None:
    """Keep a batch in the class it was chosen for, and say what has become of the whole drop."""
    drop = last_drop()
    if drop is None or drop.id != batch.drop:
        drop = Drop(batch.drop)
    drop = dataclasses.replace(drop, number=batch.number)
    st.session_state[_DROP] = drop  # also where it fails: the browser waits for it
    names = {facts.id: facts.name for facts in collection.classes()}
    problems: list[str] = []
    try:
        added = collection.add_pictures(batch.target, decoded(batch.files, problems))
    except ExplorerError as error:
        own.say(plain(str(error)), problem=True)
        return
    drop = dataclasses.replace(
        drop,
        kept=drop.kept + added.kept,
        doubled=drop.doubled + added.doubled,
        problems=drop.problems + tuple(problems),
    )
    if added.refused:  # the rest is not even sent
        drop = dataclasses.replace(drop, refused=batch.chosen - drop.kept - drop.doubled - len(drop.problems))
    st.session_state[_DROP] = drop
    tell(names.get(batch.target, ""), Added(drop.kept, drop.doubled, drop.refused), drop.problems)


def pictures_in(folder: Path) -> list[Path]:
    """The picture files of a folder by their names; no more than could be kept twice over."""
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    return files[: 2 * MOST_PICTURES]


def bytes_of(file: Path) -> bytes | None:
    """None for what cannot be read, is too large, or would never end, as a pipe would."""
    with contextlib.suppress(OSError):
        if file.is_file() and file.stat().st_size <= MAX_BYTES:
            return file.read_bytes()
    return None


def decoded(files: Iterable[tuple[str, bytes | None]], problems: list[str]) -> Iterator[np.ndarray]:
    """Decode one after the other; what cannot be read leaves a sentence in `problems`."""
    for name, data in files:
        try:
            if data is None:
                raise ExplorerError(f"“{name}” is no picture of at most {MAX_BYTES // 2**20} MB.")
            yield decode(data, name).pixels
        except ExplorerError as error:
            problems.append(str(error))


def keep_from(collection: Collection, class_id: str, name: str, pictures: Callable[[], Iterable[np.ndarray]]) -> None:
    """Keep the pictures and leave the sentence about it for the next run of the page."""
    try:
        added = collection.add_pictures(class_id, pictures())
    except ExplorerError as error:
        own.say(plain(str(error)), problem=True)
        return
    tell(name, added, ())


def tell(name: str, added: Added, problems: Sequence[str]) -> None:
    """Leave a sentence about what was kept for the next run of the page. problems: a sentence for each unread file."""
    words = f"{added.kept:,} added to “{name}”." if added.kept and not added.refused else ""
    unread = ""
    if problems:
        rest = f" {counted(len(problems) - 1, 'other file')} could not be read either." if len(problems) > 1 else ""
        unread = problems[0] + rest
    own.say(
        plain(" ".join(part for part in (words, added.message, unread) if part)),
        problem=bool(added.refused or problems),
    )
