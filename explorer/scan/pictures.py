"""The pictures that a scan looks at: a data set's, or any folder's. Knows files and how a network is fed; not what is found.

A data set's are its training pictures. A folder's are all picture files in it and below it, of any size; they are decoded
batch by batch, and one that cannot be read is left out.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from explorer.data.datasets import DATA_SETS, default_data_dir, load_data_set
from explorer.data.folder_set import MOST_PICTURES, SUFFIXES
from explorer.errors import ExplorerError
from explorer.images.decode import MAX_BYTES, clean_name, decode
from explorer.models.feeding import Feeding
from explorer.probe.scanning import Batch
from explorer.words import counted

FOLDER = "folder"
THREADS = 4  # Pillow decodes without Python's lock
AT_ONCE = 32  # pictures read to be looked at: float32 of 224×224 are 600 kB each
LUMINANCE = (0.299, 0.587, 0.114)
ENDS = 16  # so many first and last pictures tell one data set from another
Read = Callable[[Sequence[int]], tuple[torch.Tensor, list[int]]]


@dataclass(frozen=True, eq=False)
class Pictures:
    """Pictures by their index, 0 … count − 1, as one network takes them.

    identity: what tells them from any others, plain values. read: indices → inputs float32 (n, C, H, W) and which of them
    could be read. name: what a picture is called. display: one input back to uint8 (side, side) or (side, side, 3).
    """

    title: str
    count: int
    identity: dict[str, object]
    read: Read
    name: Callable[[int], str]
    display: Callable[[torch.Tensor], np.ndarray]

    def batches(self, size: int, start: int = 0) -> Iterator[Batch]:
        """Everything from picture `start` on, `size` pictures at a time."""
        for first in range(start, self.count, size):
            end = min(first + size, self.count)
            inputs, kept = self.read(range(first, end))
            yield Batch(inputs, kept, end)

    def look(self, indices: Sequence[int]) -> dict[int, np.ndarray]:
        """These pictures as the network sees them; one that can no longer be read is left out."""
        seen = {}
        for at in range(0, len(indices), AT_ONCE):
            inputs, kept = self.read(indices[at : at + AT_ONCE])
            seen |= {index: self.display(inputs[place : place + 1]) for place, index in enumerate(kept)}
        return seen


def open_pictures(data: str, data_dir: Path | None, feeding: Feeding, limit: int | None = None) -> Pictures:
    """The pictures of a data set, or of a folder (`data` = "folder"), brought to what `feeding` wants.

    limit: so many at most, evenly from the whole. Raises ExplorerError where there is no such set, no copy, or no picture.
    """
    if limit is not None and limit < 1:
        raise ExplorerError(f"{counted(limit, 'picture')} cannot be scanned: choose 1 or more.")
    if data == FOLDER:
        return _of_folder(data_dir or default_data_dir(), feeding, limit)
    return _of_data_set(data, data_dir, feeding, limit)


# ── a data set in memory ─────────────────────────────────────────────────────────────────────────────────────


def _of_data_set(data: str, data_dir: Path | None, feeding: Feeding, limit: int | None) -> Pictures:
    half = load_data_set(data, data_dir).train
    images = (half if limit is None else half.sample(limit)).images

    def read(indices: Sequence[int]) -> tuple[torch.Tensor, list[int]]:
        chosen = images[indices.start : indices.stop] if isinstance(indices, range) else images[list(indices)]
        return _as_inputs(chosen, feeding), list(indices)

    digest = hashlib.sha256(np.ascontiguousarray(images[:ENDS]).tobytes())
    digest.update(np.ascontiguousarray(images[-ENDS:]).tobytes())
    identity = {"data": data, "count": len(images), "ends": digest.hexdigest()}
    return Pictures(
        DATA_SETS[data].title, len(images), identity, read, lambda index: f"{data} {index}", feeding.display
    )


def _as_inputs(images: torch.Tensor, feeding: Feeding) -> torch.Tensor:
    """uint8 (N, 1 or 3, 32, 32) → the network's inputs. Pictures of the network's own size are not arranged again."""
    if images.shape[-1] != feeding.side:
        arrays = [image.permute(1, 2, 0).squeeze(2).numpy() for image in images]
        return torch.cat([feeding.preprocess(array) for array in arrays])
    if images.shape[1] == 3 and feeding.channels == 1:
        images = (images * torch.tensor(LUMINANCE).reshape(1, 3, 1, 1)).sum(1, keepdim=True).round()
    elif images.shape[1] == 1 and feeding.channels == 3:
        images = images.expand(-1, 3, -1, -1)
    return feeding.normalise(images)


# ── a folder of files ────────────────────────────────────────────────────────────────────────────────────────


def _of_folder(folder: Path, feeding: Feeding, limit: int | None) -> Pictures:
    found = picture_files(folder)
    if not found:
        raise ExplorerError(f"{folder} has no pictures ({', '.join(SUFFIXES)}): name another folder.")
    if limit is not None and limit < len(found):
        found = [found[i * len(found) // limit] for i in range(limit)]
    paths = [path for path, _, _ in found]
    digest = hashlib.sha256()
    for path, size, changed in found:
        digest.update(f"{path.relative_to(folder).as_posix()!r} {size} {changed}\n".encode())
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="pictures")

    def read(indices: Sequence[int]) -> tuple[torch.Tensor, list[int]]:
        inputs = pool.map(lambda index: _read(paths[index], feeding), indices)
        kept = [(index, one) for index, one in zip(indices, inputs, strict=True) if one is not None]
        empty = torch.empty(0, feeding.channels, feeding.side, feeding.side)
        return torch.cat([empty, *(one for _, one in kept)]), [index for index, _ in kept]

    identity = {"data": FOLDER, "count": len(paths), "files": digest.hexdigest()}
    return Pictures(
        folder.name or str(folder),
        len(paths),
        identity,
        read,
        lambda index: clean_name(paths[index].name),
        feeding.display,
    )


def picture_files(folder: Path) -> list[tuple[Path, int, int]]:
    """Every picture file in the folder and below it, in order, with its size in bytes and when it changed (ns).

    Links to folders are not followed. Raises ExplorerError for what is no folder, and for more than 200,000 files.
    """
    if not folder.is_dir():
        raise ExplorerError(f"There is no folder {folder}: check its name.")
    found = []
    for above, below, files in os.walk(folder):
        below[:] = [name for name in below if not name.startswith(".")]
        for name in files:
            if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                try:
                    about = Path(above, name).stat()
                except OSError:  # a link to nothing
                    continue
                found.append((Path(above, name), about.st_size, about.st_mtime_ns))
        if len(found) > MOST_PICTURES:
            raise ExplorerError(f"{folder} has more than {MOST_PICTURES:,} pictures: choose a folder with fewer.")
    return sorted(found)


def _read(path: Path, feeding: Feeding) -> torch.Tensor | None:
    """One file as an input (1, C, H, W); None for a file that cannot be read."""
    try:
        return read_input(path, feeding)
    except (ExplorerError, OSError):
        return None


def read_input(path: Path, feeding: Feeding) -> torch.Tensor:
    """One file as an input (1, C, H, W). Raises ExplorerError or OSError for a file that cannot be read."""
    if not path.is_file() or path.stat().st_size > MAX_BYTES:  # a pipe or a device would never end
        raise ExplorerError(
            f"Only picture files up to {MAX_BYTES // 2**20} MB are read, and not {clean_name(path.name)}."
        )
    return feeding.preprocess(decode(path.read_bytes(), path.name).pixels)
