"""Every data set by its name: what is known of it before it is read, and the set itself. Knows where each lies; not networks.

An existing copy is taken from `data_dir` (the command line's --data-dir, else the environment's EXPLORER_DATA, else
./data); nothing is fetched from outside unless the caller says `download=True`.
"""

import dataclasses
import os
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from explorer.data import corner, faces, folder_set, halves, offline_sets, own_set, scenes, torchvision_sets
from explorer.data.labelled import SIDE, DataSet, LabelledImages, few
from explorer.data.read_files import Arrange, Form
from explorer.errors import ExplorerError

__all__ = [
    "DATA_SETS",
    "SIDE",
    "DataSet",
    "DataSetFacts",
    "LabelledImages",
    "default_data_dir",
    "describe_data_set",
    "downloaded_bytes",
    "few",
    "load_data_set",
    "with_targets",
]

# What torchvision, NumPy and Pillow raise for a missing, cut off or damaged copy
UNREADABLE = (RuntimeError, OSError, EOFError, LookupError, ValueError, AssertionError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True)
class Source:
    """Where a data set comes from.

    channels, classes: None where the pictures themselves decide. load: folder, leave to download → the set; with the
    pictures' form as a third where the set is `formed`: read from files of any size. targets: what can be learned from
    it: "classes" always, with "masks" also the class of every pixel, with "boxes" also where the object is.
    found: whether there is a copy in the folder, without reading it. archives: the files that a download writes into
    the folder, download_bytes their sizes' sum; origin: whom one would download from, or what the set is made of.
    """

    title: str
    channels: int | None
    classes: int | None
    load: Callable[..., DataSet]
    found: Callable[[Path], bool] = lambda folder: True
    count_classes: Callable[[Path], int | None] | None = None
    archives: tuple[str, ...] = ()
    download_bytes: int | None = None
    origin: str = ""
    targets: str = "classes"
    formed: bool = False


@dataclass(frozen=True)
class DataSetFacts:
    """What is known of a data set before any of its pictures is read.

    channels, classes: None where only reading would tell. found: there is a copy, or none is needed.
    download_bytes: what a download would fetch; None for what cannot be downloaded. source: whom from, in words.
    """

    name: str
    title: str
    channels: int | None
    classes: int | None
    found: bool
    download_bytes: int | None
    source: str


def _torchvision(name: str, title: str, size: int, origin: str) -> Source:
    return Source(
        title,
        channels=1,
        classes=10,
        load=lambda folder, download: torchvision_sets.load_idx(name, folder, download),
        found=lambda folder: torchvision_sets.idx_is_whole(name, folder),
        archives=torchvision_sets.idx_archives(name),
        download_bytes=size,
        origin=origin,
    )


DATA_SETS: dict[str, Source] = {
    "mnist": _torchvision("mnist", "MNIST: handwritten digits", 11_594_722, "ossci-datasets.s3.amazonaws.com"),
    "fashion_mnist": _torchvision(
        "fashion_mnist", "Fashion-MNIST: clothes", 30_878_645, "fashion-mnist.s3-website.eu-central-1.amazonaws.com"
    ),
    "kmnist": _torchvision("kmnist", "KMNIST: handwritten Japanese characters", 21_240_888, "codh.rois.ac.jp"),
    "cifar10": Source(
        "CIFAR-10: small colour photographs",
        channels=3,
        classes=10,
        load=torchvision_sets.load_cifar10,
        found=torchvision_sets.has_cifar10,
        archives=("cifar-10-python.tar.gz",),
        download_bytes=170_498_071,
        origin="www.cs.toronto.edu",
    ),
    "digits": Source("Small digits (offline)", 1, 10, offline_sets.load_digits, origin="scikit-learn, 8×8 pixels each"),
    "shapes": Source(
        "Shapes (offline)", 1, len(offline_sets.SHAPES), offline_sets.load_shapes, origin="drawn here, from a seed"
    ),
    "corner": Source(
        "Shapes in one corner (offline)", 1, len(corner.CLASSES), corner.load_corner, origin="drawn here, from a seed"
    ),
    "faces": Source(
        "Drawn faces (offline)", 1, len(faces.EMOTIONS), faces.load_faces, origin="drawn here, from a seed"
    ),
    "scenes": Source(
        "Scenes of shapes (offline)",
        channels=1,
        classes=len(scenes.CLASSES),
        load=scenes.load_scenes,
        origin="drawn here, from a seed",
        targets="masks",
    ),
    "boxes": Source(
        "Shapes and their boxes (offline)",
        channels=1,
        classes=len(scenes.SHAPES),
        load=scenes.load_boxes,
        origin="drawn here, from a seed",
        targets="boxes",
    ),
    "folder": Source(
        "Your own pictures",
        channels=None,
        classes=None,
        load=folder_set.load_folder,
        found=lambda folder: (folder_set.count_classes(folder) or 0) >= folder_set.FEWEST_CLASSES,
        count_classes=folder_set.count_classes,
        origin="a folder with one sub-folder of pictures for each class",
        formed=True,
    ),
    "own": Source(
        "Your own classes",
        channels=None,
        classes=None,
        load=own_set.load_own,
        found=own_set.own_is_ready,
        count_classes=own_set.count_own_classes,
        origin="a collection that you filled",
        formed=True,
    ),
}


def _half(whole: str, classes: range, words: str) -> Source:
    """A set of which only some classes are taken: it lies where the whole one does, and is downloaded with it."""
    source = DATA_SETS[whole]
    title, _, kind = source.title.partition(":")
    title = f"{title} {words}:{kind}" if kind else source.title.replace(" (", f" {words} (")
    load = halves.loader_of(source.load, classes, f"{whole}_{'low' if classes == halves.LOW else 'high'}")
    return dataclasses.replace(source, title=title, classes=len(classes), load=load)


for _whole in ("mnist", "digits"):
    DATA_SETS |= {
        f"{_whole}_low": _half(_whole, halves.LOW, "0–4"),
        f"{_whole}_high": _half(_whole, halves.HIGH, "5–9"),
    }


def default_data_dir() -> Path:
    """Where data sets are looked for when nobody says: $EXPLORER_DATA, else ./data."""
    return Path(os.environ.get("EXPLORER_DATA") or "data")


def with_targets(targets: str = "classes") -> tuple[str, ...]:
    """The names of the sets that are made for learning this: "classes", "masks" or "boxes"."""
    return tuple(name for name, source in DATA_SETS.items() if source.targets == targets)


def load_data_set(
    name: str,
    data_dir: Path | None = None,
    *,
    download: bool = False,
    side: int = SIDE,
    channels: int | None = None,
    arrange: Arrange | None = None,
) -> DataSet:
    """Read a data set. Raises ExplorerError for an unknown name or where there is no copy and no leave to download.

    side, channels, arrange: the form of the pictures of "own" and "folder", as `read_files.Form` says; every other set
    comes as it is. For "own" the folder is the collection's.
    """
    source, folder = _find(name), data_dir or default_data_dir()
    form = Form(side, channels, arrange)
    try:
        return source.load(folder, download, form) if source.formed else source.load(folder, download)
    except UNREADABLE as error:
        remedy = (
            "look at the network and the disk"
            if download and source.download_bytes
            else "name its folder with --data-dir, or allow --download"
        )
        raise ExplorerError(f"No readable copy of {name} under {folder}: {remedy}.") from error


def describe_data_set(name: str, data_dir: Path | None = None) -> DataSetFacts:
    """What is known of a data set without reading its pictures. Raises ExplorerError for an unknown name."""
    source, folder = _find(name), data_dir or default_data_dir()
    try:
        found = source.found(folder)
        classes = source.count_classes(folder) if source.count_classes else source.classes
    except OSError:  # a folder that may not be looked into
        found, classes = False, source.classes
    return DataSetFacts(name, source.title, source.channels, classes, found, source.download_bytes, source.origin)


def downloaded_bytes(name: str, data_dir: Path | None = None) -> int:
    """How much of a data set's download lies on the disk by now, in bytes: the sizes of its archives, summed.

    Grows from 0 to `DataSetFacts.download_bytes`; 0 for a set that came in another form or needs no download.
    """
    folder, total = data_dir or default_data_dir(), 0
    for archive in _find(name).archives:
        try:
            total += (folder / archive).stat().st_size
        except OSError:  # not yet
            continue
    return total


def _find(name: str) -> Source:
    if name not in DATA_SETS:
        raise ExplorerError(f"There is no data set called “{name[:40]}”: choose one of {', '.join(DATA_SETS)}.")
    return DATA_SETS[name]
