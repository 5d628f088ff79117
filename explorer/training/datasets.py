"""Labelled pictures to train with, as tensors in memory. Knows where each set comes from; not networks.

An existing copy is taken from `data_dir` (the command line's --data-dir, else the environment's EXPLORER_DATA, else
./data); nothing is fetched from outside unless the caller says `download=True`.
"""

import io
import os
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from explorer.errors import ExplorerError

# What torchvision, NumPy and Pillow raise for a missing, cut off or damaged copy
UNREADABLE = (RuntimeError, OSError, EOFError, LookupError, ValueError, AssertionError, zipfile.BadZipFile, zlib.error)
SIDE = 32  # every set is brought to 32×32, the input of both bundled networks


@dataclass(frozen=True)
class LabelledImages:
    """One half of a data set: images uint8 (N, C, 32, 32), labels int64 (N,)."""

    images: torch.Tensor
    labels: torch.Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def to(self, device: torch.device) -> "LabelledImages":
        return LabelledImages(self.images.to(device), self.labels.to(device))


@dataclass(frozen=True)
class DataSet:
    """A data set: its classes in the order of the labels, what to learn from and what to judge by."""

    name: str
    classes: tuple[str, ...]
    train: LabelledImages
    test: LabelledImages


def default_data_dir() -> Path:
    """Where data sets are looked for when nobody says: $EXPLORER_DATA, else ./data."""
    return Path(os.environ.get("EXPLORER_DATA") or "data")


def load_data_set(name: str, data_dir: Path | None = None, *, download: bool = False) -> DataSet:
    """Read a data set. Raises ExplorerError for an unknown name or where there is no copy and no leave to download."""
    if name not in DATA_SETS:
        raise ExplorerError(f"There is no data set called “{name[:40]}”: choose one of {', '.join(DATA_SETS)}.")
    folder = data_dir or default_data_dir()
    try:
        return DATA_SETS[name](folder, download)
    except UNREADABLE as error:
        remedy = (
            "look at the network and the disk" if download else "name its folder with --data-dir, or allow --download"
        )
        raise ExplorerError(f"No readable copy of {name} under {folder}: {remedy}.") from error


def _mnist(folder: Path, download: bool) -> DataSet:
    from torchvision.datasets import MNIST

    def half(train: bool) -> LabelledImages:
        source = MNIST(str(folder), train=train, download=download)
        padded = torch.nn.functional.pad(source.data[:, None], (2, 2, 2, 2))  # 28×28 → LeNet-5's 32×32
        return LabelledImages(padded, source.targets.long())

    return DataSet("mnist", tuple("0123456789"), half(True), half(False))


def _cifar10(folder: Path, download: bool) -> DataSet:
    """CIFAR-10 in whichever of three forms the folder has: torchvision's, JPEGs in one .npz, or class folders."""
    from torchvision.datasets import CIFAR10

    if (folder / "cifar10_jpeg.npz").exists():
        return _jpeg_archive(folder / "cifar10_jpeg.npz")
    if (folder / "train").is_dir() and (folder / "test").is_dir():
        return _class_folders("cifar10", folder)

    def half(train: bool) -> tuple[LabelledImages, list[str]]:
        source = CIFAR10(str(folder), train=train, download=download)
        return LabelledImages(_channels_first(source.data), torch.tensor(source.targets)), source.classes

    (train, classes), (test, _) = half(True), half(False)
    return DataSet("cifar10", tuple(classes), train, test)


def _jpeg_archive(path: Path) -> DataSet:
    """An .npz with `{train,test}_bytes`, `_offsets`, `_labels` and `classes`: picture i is bytes[offsets[i]:offsets[i+1]]."""
    archive = np.load(path, allow_pickle=False)

    def half(split: str) -> LabelledImages:
        blob, offsets = archive[f"{split}_bytes"], archive[f"{split}_offsets"]
        labels = archive[f"{split}_labels"]
        images = np.stack(
            [_square_rgb(io.BytesIO(blob[offsets[i] : offsets[i + 1]].tobytes())) for i in range(len(labels))]
        )
        return LabelledImages(_channels_first(images), torch.from_numpy(labels.astype(np.int64)))

    return DataSet("cifar10", tuple(str(name) for name in archive["classes"]), half("train"), half("test"))


def _class_folders(name: str, folder: Path) -> DataSet:
    """`folder`/{train,test}/<class>/<picture>: the tree that torchvision's ImageFolder reads."""
    from torchvision.datasets import ImageFolder

    def half(split: str) -> tuple[LabelledImages, list[str]]:
        source = ImageFolder(str(folder / split))
        images = np.stack([_square_rgb(path) for path, _ in source.samples])
        return LabelledImages(_channels_first(images), torch.tensor(source.targets)), source.classes

    (train, classes), (test, test_classes) = half("train"), half("test")
    if classes != test_classes:
        raise ExplorerError(f"{folder}: train and test have different class folders; give both the same ones.")
    return DataSet(name, tuple(classes), train, test)


def _channels_first(images: np.ndarray) -> torch.Tensor:
    """uint8 (N, H, W, C) → (N, C, H, W)."""
    return torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()


def _square_rgb(source: str | io.BytesIO) -> np.ndarray:
    with Image.open(source) as image:
        rgb = image.convert("RGB")
        return np.asarray(rgb if rgb.size == (SIDE, SIDE) else rgb.resize((SIDE, SIDE)))


def _digits(_folder: Path, _download: bool) -> DataSet:
    """scikit-learn's 1,797 handwritten digits (8×8, values 0–16), enlarged four times; every fifth is for the test."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    images = torch.from_numpy(np.round(bunch.images * (255 / 16)).astype(np.uint8))[:, None]
    images = torch.nn.functional.interpolate(images.float(), size=(SIDE, SIDE), mode="bilinear").round().to(torch.uint8)
    labels = torch.from_numpy(bunch.target.astype(np.int64))
    test = torch.arange(len(labels)) % 5 == 0
    return DataSet(
        "digits",
        tuple("0123456789"),
        LabelledImages(images[~test], labels[~test]),
        LabelledImages(images[test], labels[test]),
    )


DATA_SETS: dict[str, Callable[[Path, bool], DataSet]] = {"mnist": _mnist, "cifar10": _cifar10, "digits": _digits}
