"""A scan on disk, finished or not: one safetensors file with a JSON header. Knows files; not networks, not pictures.

A file is found under what it is about: whatever would change the numbers (the network's weights, the pictures, k) is part of
its identity and so of its name. It is written whole or not at all. One that is damaged or not what it says is not there.
"""

import hashlib
import json
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.numpy import load, save
from torch import nn

from explorer.disk import read_whole, remedy
from explorer.errors import ExplorerError
from explorer.probe.ranking import LAST_PICTURE, NOTHING, Ranking
from explorer.probe.scanning import ScanState
from explorer.typed import parse

SHIPPED = Path(__file__).parents[2] / "assets" / "scans"  # comes with the application
FORMAT = 1  # raised when the same pass would give other numbers
MOST_HEADER = 2**20  # bytes
Identity = dict[str, object]


def cache_root() -> Path:
    """Where what can be computed again is kept: $EXPLORER_CACHE, else ~/.cache/cnn-explorer."""
    return Path(os.environ.get("EXPLORER_CACHE") or Path.home() / ".cache" / "cnn-explorer")


def network_digest(network: nn.Module) -> str:
    """SHA-256 of all parameters and buffers with their names, shapes and types, in hexadecimal."""
    digest = hashlib.sha256()
    for name, tensor in sorted(network.state_dict().items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy())
    return digest.hexdigest()


def state_path(identity: Identity) -> Path:
    """The file of that identity: plain values that JSON can hold."""
    name = hashlib.sha256(_text(identity).encode()).hexdigest()[:32]
    return cache_root() / "patches" / f"{name}.safetensors"


def write_state(identity: Identity, state: ScanState) -> Path:
    """Keep the state; the old file stays until the new one is whole. Raises ExplorerError where it cannot be written."""
    path = state_path(identity)
    told = {
        "format": FORMAT,
        "identity": identity,
        "k": state.k,
        "seen": state.seen,
        "read": state.read,
        "layers": list(state.layers.items()),
        "maps": {name: list(size) for name, size in state.maps.items()},
    }
    data = save({"keys": state.ranking.keys, "places": state.ranking.places}, {"scan": json.dumps(told)})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ExplorerError(
            f"{path.parent} cannot be written ({error.strerror}): {remedy(error)}, or name another folder with "
            f"EXPLORER_CACHE."
        ) from error
    return path


def take_shipped(identity: Identity) -> None:
    """Where nothing of that identity is kept: keep what comes with the application, if it has that."""
    path = state_path(identity)
    shipped = SHIPPED / path.name
    if shipped.is_file() and not path.exists():
        with suppress(OSError):  # then it is scanned anew
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(shipped, path)


def read_state(identity: Identity, layers: dict[str, int], k: int, count: int) -> ScanState | None:
    """The kept state of that identity; None where there is none, or none that can be believed.

    layers: the network's convolutional layers with their channels. count: how many pictures there are.
    """
    path, rows = state_path(identity), 2 * sum(layers.values())
    try:
        data = read_whole(path, rows * k * 12 + MOST_HEADER)
        length = int.from_bytes(data[:8], "little")
        told = parse(parse(data[8 : 8 + length])["__metadata__"]["scan"])
        tensors = load(data)
        ranking = Ranking(rows, k)
        ranking.keys, ranking.places = tensors["keys"].copy(), tensors["places"].copy()
        maps = {str(name): (int(high), int(wide)) for name, (high, wide) in told["maps"].items()}
        state = ScanState(k, dict(layers), maps, ranking, int(told["seen"]), int(told["read"]))
        same = told["format"] == FORMAT and told["identity"] == json.loads(_text(identity)) and told["k"] == k
        same = same and [tuple(pair) for pair in told["layers"]] == list(layers.items())
        return state if same and _sound(state, count) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, SafetensorError):
        return None


def _sound(state: ScanState, count: int) -> bool:
    """Whether every number could have come from a scan: arrays of the right kind, pictures and positions that exist."""
    keys, places = state.ranking.keys, state.ranking.places
    shape = (2 * state.channels, state.k)
    if (
        keys.shape != shape
        or places.shape != shape
        or keys.dtype != np.int64
        or places.dtype not in (np.uint16, np.uint32)
    ):
        return False
    if not (0 <= state.read <= state.seen <= count and set(state.maps) <= set(state.layers)):
        return False
    taken = keys != NOTHING
    pictures = LAST_PICTURE - (keys & 0xFFFFFFFF)
    limits = [np.full(n, np.prod(state.maps.get(name, (0, 0)))) for name, n in state.layers.items()]
    inside = places < np.concatenate(limits * 2)[:, None]
    sorted_rows = (keys[:, 1:] <= keys[:, :-1]).all()
    return bool(sorted_rows and ((pictures >= 0) & (pictures < state.seen) & inside)[taken].all())


def _text(identity: Identity) -> str:
    return json.dumps(identity, sort_keys=True, ensure_ascii=True)
