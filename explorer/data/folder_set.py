"""The user's own pictures: a folder with one sub-folder for each class. Knows files and treats each as hostile; not networks.

Two trees are understood: FOLDER/<class>/<picture>, of which every fifth picture of a class is held out for the test, and
FOLDER/train/<class>/<picture> with FOLDER/test/<class>/<picture>. Pictures lie directly in their class's folder.
"""

import itertools
from collections.abc import Iterator
from pathlib import Path

from explorer.data.labelled import DataSet
from explorer.data.read_files import AS_THEY_ARE, File, Form, read_set, short
from explorer.errors import ExplorerError

FEWEST_CLASSES, MOST_CLASSES = 2, 1_000
MOST_PICTURES = 200_000
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")

Tree = dict[str, list[Path]]  # class → its picture files


def load_folder(folder: Path, _download: bool = False, form: Form = AS_THEY_ARE) -> DataSet:
    """Read the tree, each picture as `form` says: its centred square at 32×32, one channel if all are grey and else three.

    Files that are no pictures are left out, and the set's note says how many. Raises ExplorerError where there are fewer
    than 2 classes with pictures, more than 1,000 classes or 200,000 pictures, or nothing to test with.
    """
    trees = [_tree(half) for half in _halves(folder)]
    classes = sorted(trees[0])
    _check(folder, trees)
    files = [
        File(path, classes.index(name), number)
        for number, tree in enumerate(trees)
        for name in sorted(tree)
        for path in tree[name]
    ]
    remedy = "add some, or remove its folder"
    return read_set("folder", [short(n) for n in classes], files, form, remedy=remedy, split=len(trees) == 1)


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
            f"{folder} has test pictures of the class “{short(unknown[0])}” and none to learn from: "
            "give train and test the same class folders."
        )
