"""The user's own pictures: a folder with one sub-folder for each class. Knows files and treats each as hostile; not networks.

Two trees are understood: FOLDER/<class>/<picture>, of which every fifth picture of a class is held out for the test, and
FOLDER/train/<class>/<picture> with FOLDER/test/<class>/<picture>. Pictures lie directly in their class's folder.
"""

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch

from explorer.errors import ExplorerError
from explorer.images.decode import MAX_BYTES, decode
from explorer.models.feeding import arrange_photo
from explorer.training.labelled import SIDE, DataSet, LabelledImages, channels_first

FEWEST_CLASSES, MOST_CLASSES = 2, 1_000
MOST_PICTURES = 200_000
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")
HELD_OUT = 5  # of so many pictures of a class the last is for the test
THREADS = 4  # Pillow decodes without Python's lock
NAMED = 3  # unreadable files that are called by their names

Tree = dict[str, list[Path]]  # class → its picture files


def load_folder(folder: Path, _download: bool = False) -> DataSet:
    """Read the tree: each picture's centred square at 32×32, one channel if all are grey and else three.

    Files that are no pictures are left out, and the set's note says how many. Raises ExplorerError where there are fewer
    than 2 classes with pictures, more than 1,000 classes or 200,000 pictures, or nothing to test with.
    """
    halves = _halves(folder)
    trees = [_tree(half) for half in halves]
    classes = sorted(trees[0])
    _check(folder, trees)
    paths = [(number, path) for number, tree in enumerate(trees) for name in sorted(tree) for path in tree[name]]
    images = np.empty((len(paths), SIDE, SIDE, 3), np.uint8)
    with ThreadPoolExecutor(THREADS) as pool:
        readable = np.array(list(pool.map(lambda i: _read_into(images[i], paths[i][1]), range(len(paths)))), dtype=bool)
    half = np.array([number for number, _ in paths])
    label_of = {name: label for label, name in enumerate(classes)}
    labels = np.array([label_of[path.parent.name] for _, path in paths])
    if len(trees) == 1:
        half = _held_out(labels, readable)
    for label, name in enumerate(classes):
        if not (readable & (half == 0) & (labels == label)).any():
            raise ExplorerError(
                f"The class “{_short(name)}” has no readable picture to learn from: add some, or remove its folder."
            )
    if not (readable & (half == 1)).any():
        raise ExplorerError(f"No picture under {folder} is left to test with: give each class at least two.")
    if all((images[..., 0] == images[..., plane]).all(where=readable[:, None, None]) for plane in (1, 2)):
        images = images[..., :1]
    train, test = (_half(images, labels, readable & (half == number)) for number in (0, 1))
    bad = [path for (_, path), good in zip(paths, readable, strict=True) if not good]
    return DataSet("folder", tuple(_short(name) for name in classes), train, test, _note(bad))


def count_classes(folder: Path) -> int | None:
    """How many class folders with a picture's name in them there are; None where there is no such folder at all."""
    if not folder.is_dir():
        return None
    found = (child for child in _folders(_halves(folder)[0]) if next(_pictures(child), None) is not None)
    return sum(1 for _ in itertools.islice(found, MOST_CLASSES + 1)) or None


def _halves(folder: Path) -> list[Path]:
    """[train, test] where both are there, [train] where only that is, else the folder itself."""
    train, test = folder / "train", folder / "test"
    if not train.is_dir():
        return [folder]
    return [train, test] if test.is_dir() else [train]


def _folders(folder: Path) -> Iterator[Path]:
    return (child for child in folder.iterdir() if child.is_dir() and not child.name.startswith("."))


def _pictures(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and not path.name.startswith("."))


def _tree(folder: Path) -> Tree:
    """Every class folder that has pictures, with its files in order. Stops counting where there are too many."""
    tree: Tree = {}
    count = 0
    for child in _folders(folder):
        files = sorted(itertools.islice(_pictures(child), MOST_PICTURES + 1 - count))
        if files:
            tree[child.name] = files
            count += len(files)
        if count > MOST_PICTURES or len(tree) > MOST_CLASSES:
            break
    return tree


def _check(folder: Path, trees: list[Tree]) -> None:
    if len(trees[0]) < FEWEST_CLASSES:
        raise ExplorerError(
            f"{folder} has {len(trees[0])} sub-folders with pictures: make one for each class, at least "
            f"{FEWEST_CLASSES}, and put each picture ({', '.join(SUFFIXES)}) into its class's."
        )
    if len(trees[0]) > MOST_CLASSES:
        raise ExplorerError(f"{folder} has more than {MOST_CLASSES:,} classes: choose a folder with fewer.")
    if sum(len(files) for tree in trees for files in tree.values()) > MOST_PICTURES:
        raise ExplorerError(f"{folder} has more than {MOST_PICTURES:,} pictures: choose a folder with fewer.")
    if unknown := sorted(set(trees[-1]) - set(trees[0])):
        raise ExplorerError(
            f"{folder} has test pictures of the class “{_short(unknown[0])}” and none to learn from: "
            "give train and test the same class folders."
        )


def _read_into(place: np.ndarray, path: Path) -> bool:
    """Put a picture's centred square into place (32, 32, 3); False, and a black place, for a file that cannot be read."""
    place[:] = 0
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:  # a pipe or a device would never end
            return False
        place[:] = arrange_photo(decode(path.read_bytes(), path.name).pixels).image
    except (ExplorerError, OSError):
        return False
    return True


def _held_out(labels: np.ndarray, readable: np.ndarray) -> np.ndarray:
    """0 for learning, 1 for the test: every fifth readable picture of a class, and the last of a class of two to four."""
    half = np.zeros(len(labels), int)
    for label in np.unique(labels):
        own = np.flatnonzero((labels == label) & readable)
        if len(own) > 1:
            half[own[HELD_OUT - 1 :: HELD_OUT] if len(own) >= HELD_OUT else own[-1:]] = 1
    return half


def _half(images: np.ndarray, labels: np.ndarray, chosen: np.ndarray) -> LabelledImages:
    return LabelledImages(channels_first(images[chosen]), torch.from_numpy(labels[chosen].astype(np.int64)))


def _note(bad: list[Path]) -> str:
    if not bad:
        return ""
    names = ", ".join(f"“{_short(path.name)}”" for path in bad[:NAMED]) + (" and others" if len(bad) > NAMED else "")
    counted = "1 file could not be read and was" if len(bad) == 1 else f"{len(bad):,} files could not be read and were"
    return f"{counted} left out: {names}."


def _short(name: str) -> str:
    """A folder's or file's name as it may be shown: printable, at most 40 characters."""
    printable = "".join(character for character in name if character.isprintable())
    return printable[:40] or "?"
