"""What the frozen part of a network makes of every picture, computed once and kept on disk. Knows networks and files; not
training.

A file is found under all that would change its numbers: the frozen part's layers and weights, how pictures are fed, the
pictures. One that is damaged or of another shape is not there; the oldest go when there is no more room.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import nn

from explorer.disk import check_regular
from explorer.models.feeding import Feeding
from explorer.probe.patches_file import cache_root, network_digest
from explorer.probe.recording import evaluating

FORMAT = 1  # raised when the same layers would give other numbers
MOST_OF_ONE = 2**29  # bytes of one half's features in memory; larger ones are computed anew in each step
MOST_ON_DISK = 2**30  # bytes of all files together
VALUES_AT_ONCE = 2**21  # input values of one batch
Between = Callable[[int], None]


def features_of(
    below: nn.Module,
    feeding: Feeding,
    images: torch.Tensor,
    device: torch.device,
    *,
    done: Between = lambda pictures: None,
) -> torch.Tensor | None:
    """float32 (N, …) on the CPU: `below`, in evaluation mode, of the pictures; None where that is more than 512 MiB.

    images: uint8 (N, C, H, W), as `feeding` takes them. done: hears after each batch how many pictures are done; may raise.
    """
    path = cache_root() / "features" / f"{_identity(below, feeding, images, device)}.safetensors"
    kept = _read(path, len(images))
    if kept is None:
        kept = _compute(below, feeding, images, device, done)
        if kept is not None:
            _write(path, kept)
    return kept


def _compute(
    below: nn.Module, feeding: Feeding, images: torch.Tensor, device: torch.device, done: Between
) -> torch.Tensor | None:
    batch = max(1, VALUES_AT_ONCE // (feeding.channels * feeding.side**2))
    parts, count = [], 0
    below = below.to(device, memory_format=torch.channels_last)
    with evaluating(below), torch.no_grad():
        for some in images.split(batch):
            inputs = feeding.normalise(some.to(device)).contiguous(memory_format=torch.channels_last)
            parts.append(below(inputs).float().cpu().contiguous())
            if parts[0][0].numel() * 4 * len(images) > MOST_OF_ONE:
                return None
            count += len(some)
            done(count)
    return torch.cat(parts)


def _identity(below: nn.Module, feeding: Feeding, images: torch.Tensor, device: torch.device) -> str:
    pictures = hashlib.sha256(images.cpu().contiguous().flatten().view(torch.uint8).numpy())
    told = {
        "format": FORMAT,
        "layers": str(below),  # for a graph with its code
        "weights": network_digest(below),
        "feeding": [feeding.channels, feeding.side, feeding.mean, feeding.std],
        "pictures": [pictures.hexdigest(), list(images.shape)],
        "device": device.type,
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]


def _read(path: Path, count: int) -> torch.Tensor | None:
    try:
        features = load_file(check_regular(path, MOST_OF_ONE + 4096))["features"]
        os.utime(path)  # used: others go first
    except (OSError, SafetensorError, KeyError):
        return None
    sound = features.dtype == torch.float32 and features.dim() >= 2 and len(features) == count
    return features if sound and features.isfinite().all() else None


def _write(path: Path, features: torch.Tensor) -> None:
    """Keep them where there is room; without a cache all goes on, only slower."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_room(path.parent, MOST_ON_DISK - features.numel() * 4)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(save({"features": features}))
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)


def _make_room(folder: Path, most: int) -> None:
    """Forget the files that were not used for longest, until the rest has at most so many bytes."""
    files = []
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            files.append((path.stat().st_mtime, path.stat().st_size, path))
    total = sum(size for _, size, _ in files)
    for _, size, path in sorted(files):
        if total <= most:
            return
        with contextlib.suppress(OSError):
            path.unlink()
            total -= size
