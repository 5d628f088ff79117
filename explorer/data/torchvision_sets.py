"""MNIST and its likes, and CIFAR-10, through torchvision's loaders. Knows how each lies on disk; not networks.

torchvision is imported when a set is read: it takes a second.
"""

import io
import math
import struct
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from explorer.data.labelled import SIDE, DataSet, LabelledImages, channels_first
from explorer.errors import ExplorerError

# name → torchvision's class, which is also the folder's name, and the classes in the order of the labels
IDX_SETS: dict[str, tuple[str, tuple[str, ...]]] = {
    "mnist": ("MNIST", tuple("0123456789")),
    "fashion_mnist": (
        "FashionMNIST",
        ("T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"),
    ),
    "kmnist": ("KMNIST", ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")),
}
IDX_FILES = tuple(f"{half}-{kind}-ubyte" for half in ("train", "t10k") for kind in ("images-idx3", "labels-idx1"))
CIFAR10_FILES = (*(f"data_batch_{n}" for n in range(1, 6)), "test_batch", "batches.meta")


def load_idx(name: str, folder: Path, download: bool) -> DataSet:
    """MNIST, Fashion-MNIST or KMNIST: 28×28 padded to 32×32. Raises what torchvision raises for a missing copy."""
    from torchvision import datasets

    kind, classes = IDX_SETS[name]
    if download:
        _clear_torn_files(name, folder)
    loader = getattr(datasets, kind)

    def half(train: bool) -> LabelledImages:
        source = loader(str(folder), train=train, download=download)
        padded = torch.nn.functional.pad(source.data[:, None], (2, 2, 2, 2))  # 28×28 → LeNet-5's 32×32
        return LabelledImages(padded, source.targets.long())

    return DataSet(name, classes, half(True), half(False))


def idx_is_whole(name: str, folder: Path) -> bool:
    """Whether all four files of MNIST or one of its likes are there and as long as their headers say."""
    return all(_is_whole(path) for path in _idx_paths(name, folder))


def idx_archives(name: str) -> tuple[str, ...]:
    """The files that torchvision downloads, below the data folder."""
    return tuple(f"{IDX_SETS[name][0]}/raw/{file}.gz" for file in IDX_FILES)


def _idx_paths(name: str, folder: Path) -> list[Path]:
    return [folder / IDX_SETS[name][0] / "raw" / file for file in IDX_FILES]


def _is_whole(path: Path) -> bool:
    """An IDX file says in its header how many axes it has (fourth byte), and how long each is (four bytes each)."""
    try:
        with path.open("rb") as file:
            axes = file.read(4)[3]
            lengths = struct.unpack(f">{axes}I", file.read(4 * axes))
        return path.stat().st_size == 4 + 4 * axes + math.prod(lengths)
    except (OSError, IndexError, struct.error):
        return False


def _clear_torn_files(name: str, folder: Path) -> None:
    """Remove what an interrupted download has unpacked half: torchvision takes any file of that name for whole."""
    for path in _idx_paths(name, folder):
        if path.exists() and not _is_whole(path):
            path.unlink()


def load_cifar10(folder: Path, download: bool) -> DataSet:
    """CIFAR-10 in whichever of three forms the folder has: torchvision's, JPEGs in one .npz, or class folders."""
    from torchvision.datasets import CIFAR10

    if (folder / "cifar10_jpeg.npz").exists():
        return _jpeg_archive(folder / "cifar10_jpeg.npz")
    if _has_halves(folder):
        return _class_folders("cifar10", folder)

    def half(train: bool) -> tuple[LabelledImages, list[str]]:
        source = CIFAR10(str(folder), train=train, download=download)
        return LabelledImages(channels_first(source.data), torch.tensor(source.targets)), source.classes

    (train, classes), (test, _) = half(True), half(False)
    return DataSet("cifar10", tuple(classes), train, test)


def has_cifar10(folder: Path) -> bool:
    """Whether one of the three forms is there; torchvision checks the files' sums when it reads them."""
    batches = folder / "cifar-10-batches-py"
    return (
        (folder / "cifar10_jpeg.npz").exists()
        or _has_halves(folder)
        or all((batches / name).is_file() for name in CIFAR10_FILES)
    )


def _has_halves(folder: Path) -> bool:
    return (folder / "train").is_dir() and (folder / "test").is_dir()


def _jpeg_archive(path: Path) -> DataSet:
    """An .npz with `{train,test}_bytes`, `_offsets`, `_labels` and `classes`: picture i is bytes[offsets[i]:offsets[i+1]]."""
    archive = np.load(path, allow_pickle=False)

    def half(split: str) -> LabelledImages:
        blob, offsets = archive[f"{split}_bytes"], archive[f"{split}_offsets"]
        labels = archive[f"{split}_labels"]
        images = np.stack(
            [_square_rgb(io.BytesIO(blob[offsets[i] : offsets[i + 1]].tobytes())) for i in range(len(labels))]
        )
        return LabelledImages(channels_first(images), torch.from_numpy(labels.astype(np.int64)))

    return DataSet("cifar10", tuple(str(name) for name in archive["classes"]), half("train"), half("test"))


def _class_folders(name: str, folder: Path) -> DataSet:
    """`folder`/{train,test}/<class>/<picture>: the tree that torchvision's ImageFolder reads."""
    from torchvision.datasets import ImageFolder

    def half(split: str) -> tuple[LabelledImages, list[str]]:
        source = ImageFolder(str(folder / split))
        images = np.stack([_square_rgb(path) for path, _ in source.samples])
        return LabelledImages(channels_first(images), torch.tensor(source.targets)), source.classes

    (train, classes), (test, test_classes) = half("train"), half("test")
    if classes != test_classes:
        raise ExplorerError(f"{folder}: train and test have different class folders; give both the same ones.")
    return DataSet(name, tuple(classes), train, test)


def _square_rgb(source: str | io.BytesIO) -> np.ndarray:
    with Image.open(source) as image:
        rgb = image.convert("RGB")
        return np.asarray(rgb if rgb.size == (SIDE, SIDE) else rgb.resize((SIDE, SIDE)))
