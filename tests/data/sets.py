"""Data sets made on the spot: small enough to look at, in the forms in which the real ones lie on disk."""

import io
import pickle
import struct
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from explorer.data.datasets import DataSet, LabelledImages

CIFAR10_CLASSES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


def plain_pictures(count: int) -> np.ndarray:
    """uint8 (count, 32, 32, 3): picture i is all (20 i, 255 − 20 i, 100)."""
    colours = [(20 * i, 255 - 20 * i, 100) for i in range(count)]
    return np.array(colours, np.uint8).reshape(count, 1, 1, 3).repeat(32, axis=1).repeat(32, axis=2)


def write_jpeg_archive(folder: Path, *, train: int = 10, test: int = 10) -> None:
    arrays = {"classes": np.array(CIFAR10_CLASSES)}
    for split, count in (("train", train), ("test", test)):
        files = []
        for pixels in plain_pictures(count):
            buffer = io.BytesIO()
            Image.fromarray(pixels).save(buffer, "JPEG", quality=100)
            files.append(buffer.getvalue())
        arrays[f"{split}_bytes"] = np.frombuffer(b"".join(files), np.uint8)
        arrays[f"{split}_offsets"] = np.cumsum([0, *map(len, files)])
        arrays[f"{split}_labels"] = np.arange(count, dtype=np.uint8) % 10
    np.savez(folder / "cifar10_jpeg.npz", **arrays)


def write_class_folders(folder: Path, *, side: int = 32, classes: tuple[list[str], list[str]] | None = None) -> None:
    for split, names in zip(("train", "test"), classes or (CIFAR10_CLASSES, CIFAR10_CLASSES), strict=True):
        for number, name in enumerate(names):
            (folder / split / name).mkdir(parents=True)
            picture = Image.fromarray(plain_pictures(10)[number]).resize((side, side))
            picture.save(folder / split / name / "one.png")


def write_torchvision_cifar10(folder: Path) -> list[str]:
    """Five batches of two and a test batch of ten, as torchvision unpacks them; returns the files' names."""
    base = folder / "cifar-10-batches-py"
    base.mkdir()
    rows = plain_pictures(10).transpose(0, 3, 1, 2).reshape(10, -1)
    batches = {f"data_batch_{n + 1}": slice(2 * n, 2 * n + 2) for n in range(5)} | {"test_batch": slice(10)}
    for name, part in batches.items():
        content = {"data": rows[part], "labels": list(range(10))[part]}
        (base / name).write_bytes(pickle.dumps(content))
    (base / "batches.meta").write_bytes(pickle.dumps({"label_names": CIFAR10_CLASSES}))
    return [*batches, "batches.meta"]


def write_mnist(folder: Path, *, count: int = 10, kind: str = "MNIST") -> Path:
    """MNIST's own format: picture i is all 20 i, its label i."""
    raw = folder / kind / "raw"
    raw.mkdir(parents=True)
    images = b"".join(bytes([20 * i]) * 784 for i in range(count))
    for half in ("train", "t10k"):
        (raw / f"{half}-images-idx3-ubyte").write_bytes(struct.pack(">IIII", 0x803, count, 28, 28) + images)
        (raw / f"{half}-labels-idx1-ubyte").write_bytes(struct.pack(">II", 0x801, count) + bytes(range(count)))
    return raw


def stripes(count: int = 40) -> DataSet:
    """Two classes, 1×32×32: bright above or bright below, in noise; the test set is the training set."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(count) % 2
    images = torch.randint(0, 60, (count, 1, 32, 32), generator=generator)
    images[labels == 0, :, :16] += 150
    images[labels == 1, :, 16:] += 150
    half = LabelledImages(images.to(torch.uint8), labels)
    return DataSet("stripes", ("above", "below"), half, half)
