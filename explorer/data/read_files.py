"""Picture files of several classes → a data set, in the form that a network wants. Knows files and treats each as hostile;
not where they come from, not networks.

All pictures are read into memory at once: whatever happens to the files later does not reach a run that learns from them.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from explorer.data.labelled import SIDE, DataSet, LabelledImages, channels_first
from explorer.errors import ExplorerError
from explorer.images.decode import MAX_BYTES, decode
from explorer.images.picture import fit_square, to_grey, to_rgb
from explorer.layers.checks import whole_number
from explorer.words import counted, noun

HELD_OUT = 5  # of so many pictures of a class the last is for the test
THREADS = 4  # Pillow decodes without Python's lock
NAMED = 3  # unreadable files that are called by their names
SMALLEST_SIDE, LARGEST_SIDE = 8, 512
MOST_VALUES = 2 * 2**30  # bytes of all pictures, held twice while they are sorted into halves

Arrange = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Form:
    """What pictures of any size are brought to.

    side: rows and columns, 8–512. channels: 1 makes all grey, 3 all coloured, None one where all are grey and else three.
    arrange: uint8 (H, W) or (H, W, 3) → uint8 (side, side) or (side, side, 3); None is the centred square.
    """

    side: int = SIDE
    channels: int | None = None
    arrange: Arrange | None = None

    def __post_init__(self) -> None:
        whole_number(self.side, "Side of the pictures", SMALLEST_SIDE, LARGEST_SIDE)
        if self.channels not in (None, 1, 3):
            raise ExplorerError(
                f"Pictures cannot have {counted(self.channels, 'channel')}: choose 1 (grey) or 3 (colour)."
            )


AS_THEY_ARE = Form()


@dataclass(frozen=True)
class File:
    """One picture's file. half: 0 for learning, 1 for the test; of no weight where the set is split when it is read."""

    path: Path
    label: int
    half: int = 0


def read_set(
    name: str, classes: Sequence[str], files: Sequence[File], form: Form, *, remedy: str, split: bool = True
) -> DataSet:
    """Read all files. split: every fifth readable picture of a class is for the test, the last of a class of two to four.

    Files that are no pictures are left out, and the set's note says how many. Raises ExplorerError for a class without a
    readable picture to learn from (remedy: what to do then, in words), for nothing to test with and for too many pixels.
    """
    side = form.side
    if len(files) * side * side * 3 > MOST_VALUES:
        raise ExplorerError(
            f"{counted(len(files), 'picture')} of {side}×{side} pixels {noun(len(files), 'does', 'do')} not fit into "
            "memory: choose fewer pictures, "
            "or a network for smaller ones."
        )
    images = np.empty((len(files), side, side, 3), np.uint8)
    with ThreadPoolExecutor(THREADS) as pool:
        tried = pool.map(lambda i: _read_into(images[i], files[i].path, form), range(len(files)))
        readable = np.array(list(tried), dtype=bool)
    labels = np.array([file.label for file in files], dtype=np.int64)
    half = held_out(labels, readable) if split else np.array([file.half for file in files])
    learned = np.bincount(labels[readable & (half == 0)], minlength=len(classes))
    if not learned.all():
        empty = classes[int(learned.argmin())]
        raise ExplorerError(f"The class “{empty}” has no readable picture to learn from: {remedy}.")
    if not (readable & (half == 1)).any():
        raise ExplorerError("No picture is left to test with: give each class at least two.")
    if form.channels == 1 or (form.channels is None and _all_grey(images, readable)):
        images = images[..., :1]
    train, test = (_half(images, labels, readable & (half == number)) for number in (0, 1))
    bad = [file.path for file, good in zip(files, readable, strict=True) if not good]
    return DataSet(name, tuple(classes), train, test, _note(bad))


def held_out(labels: np.ndarray, readable: np.ndarray) -> np.ndarray:
    """0 for learning, 1 for the test: every fifth readable picture of a class, and the last of a class of two to four."""
    half = np.zeros(len(labels), int)
    for label in np.unique(labels):
        own = np.flatnonzero((labels == label) & readable)
        if len(own) > 1:
            half[own[HELD_OUT - 1 :: HELD_OUT] if len(own) >= HELD_OUT else own[-1:]] = 1
    return half


def short(name: str) -> str:
    """A folder's or file's name as it may be shown: printable, at most 40 characters."""
    printable = "".join(character for character in name if character.isprintable())
    return printable[:40] or "?"


def _read_into(place: np.ndarray, path: Path, form: Form) -> bool:
    """Put a picture into place (side, side, 3); False, and a black place, for a file that cannot be read."""
    place[:] = 0
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:  # a pipe or a device would never end
            return False
        pixels = decode(path.read_bytes(), path.name).pixels
        arranged = form.arrange(pixels) if form.arrange else fit_square(pixels, form.side)
        place[:] = to_rgb(to_grey(arranged) if form.channels == 1 else arranged)
    except (ExplorerError, OSError):
        return False
    return True


def _all_grey(images: np.ndarray, readable: np.ndarray) -> bool:
    where = readable[:, None, None]
    return all((images[..., 0] == images[..., plane]).all(where=where) for plane in (1, 2))


def _half(images: np.ndarray, labels: np.ndarray, chosen: np.ndarray) -> LabelledImages:
    return LabelledImages(channels_first(images[chosen]), torch.from_numpy(labels[chosen]))


def _note(bad: list[Path]) -> str:
    if not bad:
        return ""
    names = ", ".join(f"“{short(path.name)}”" for path in bad[:NAMED]) + (" and others" if len(bad) > NAMED else "")
    said = f"{counted(len(bad), 'file')} could not be read and {noun(len(bad), 'was', 'were')}"
    return f"{said} left out: {names}."
