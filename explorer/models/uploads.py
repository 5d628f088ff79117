"""Weights that somebody uploads: safetensors, or a state dict saved by PyTorch. Knows files; trusts nothing in them.

Names, shapes, types and sizes are compared with the network's before a number is read, and nothing in a file is run.
"""

import io
import json
import struct
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping

import safetensors.torch
import torch
from safetensors import SafetensorError

from explorer.errors import ExplorerError
from explorer.models.matching import TYPES, Entry, check_fit, completed
from explorer.models.pickled import Tensor, read_pickled

MOST_MEMBERS = 20_000
MOST_HEADER = 2**23  # bytes of a pickle or a safetensors header: names and shapes only
MOST_PREFIXES = 16
DEEPEST = 4  # dicts in dicts: where training programs put the weights is no deeper
_DTYPES = {name: dtype for dtype, name in TYPES.items()}


def most_bytes(expected: Mapping[str, torch.Tensor]) -> int:
    """How large a file may be: the weights with an optimiser's three numbers each, and some room."""
    return 4 * sum(tensor.numel() * tensor.element_size() for tensor in expected.values()) + 2**20


def read_state_dict(
    data: bytes, expected: Mapping[str, torch.Tensor], *, file: str = "The file", ignored: tuple[str, ...] = ()
) -> dict[str, torch.Tensor]:
    """The tensors of a .safetensors, .pt or .pth file by name: new ones, of the names, shapes and types of `expected`.

    expected: the network's state dict (on any device, "meta" too). file: what the sentences call it. ignored: beginnings of
    names that the network does not need. The weights may lie in a dict beside other things, and all their names may begin
    alike. Raises ExplorerError for a file that is too large, damaged, wants to run code or does not fit.
    """
    if len(data) > most_bytes(expected):
        megabytes = [f"{count / 2**20:,.1f} MB" for count in (len(data), most_bytes(expected))]
        raise ExplorerError(f"{file} has {megabytes[0]}, more than {megabytes[1]}: it belongs to another network.")
    # a safetensors file may begin with any byte, its header's length; its ninth is this one, an archive's never
    if data[8:9] == b"{":
        state = _read_safetensors(data, expected, file, ignored)
    elif data.startswith(b"PK"):
        state = _read_archive(data, expected, file, ignored)
    elif data.startswith(b"\x80"):
        raise ExplorerError(
            f"{file} is a bare pickle, as PyTorch wrote before 1.6, which may run code, and is refused: load it with "
            "torch.load(…, weights_only=True) and save what it gives with torch.save, or as safetensors."
        )
    else:
        state = _read_safetensors(data, expected, file, ignored)
    state = completed(state, expected)
    for name, tensor in state.items():
        if tensor.is_floating_point() and not tensor.isfinite().all():
            raise ExplorerError(
                f"{file}: “{name}” has values that are no numbers (NaN or infinite): save weights from before that happened."
            )
    return state


def matching(found: Iterable[str], expected: Mapping[str, object], ignored: tuple[str, ...] = ()) -> dict[str, str]:
    """Name in the network → name in the file, without what is ignored.

    Training programs put something before every name ("module.", "_orig_mod.", "model."): what makes most names the network's
    is taken off, and names that do not begin so are left out.
    """
    names, wanted = list(found), list(expected)
    samples = {*wanted[:1], *wanted[len(wanted) // 2 :][:1], *wanted[-1:]}
    before = Counter(name.removesuffix(known) for known in samples for name in names if name.endswith(f".{known}"))
    tried = sorted(
        {"", *(prefix for prefix, _ in before.most_common(MOST_PREFIXES))}, key=len
    )  # of equals the shortest
    ways = [{name[len(prefix) :]: name for name in names if name.startswith(prefix)} for prefix in tried]
    best = max(ways, key=lambda way: len(way.keys() & expected.keys()))
    return {short: name for short, name in best.items() if not (ignored and short.startswith(ignored))}


# ── safetensors ──────────────────────────────────────────────────────────────────────────────────────


def _read_safetensors(
    data: bytes, expected: Mapping[str, torch.Tensor], file: str, ignored: tuple[str, ...]
) -> dict[str, torch.Tensor]:
    unreadable = f"{file} is neither safetensors nor a state dict of PyTorch: save the weights as one of the two."
    try:
        (length,) = struct.unpack_from("<Q", data)
        if length > min(len(data) - 8, MOST_HEADER):
            raise ValueError("the header is longer than the file")
        header = json.loads(data[8 : 8 + length])
        header.pop("__metadata__", None)
        entries = {name: Entry(tuple(entry["shape"]), str(entry["dtype"])[:8]) for name, entry in header.items()}
    except (struct.error, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ExplorerError(unreadable) from error
    names = matching(entries, expected, ignored)
    check_fit(file, {short: entries[name] for short, name in names.items()}, expected)
    try:
        tensors = safetensors.torch.load(data)
    except SafetensorError as error:
        raise ExplorerError(unreadable) from error
    return {short: tensors[name] for short, name in names.items()}


# ── PyTorch ──────────────────────────────────────────────────────────────────────────────────────────


def _read_archive(
    data: bytes, expected: Mapping[str, torch.Tensor], file: str, ignored: tuple[str, ...]
) -> dict[str, torch.Tensor]:
    damaged = f"{file} is damaged or no state dict: save the weights again."
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            folder = _check_archive(archive, len(data), file)
            top = read_pickled(archive.read(f"{folder}/data.pkl"), file)
            tensors, names = _weights_in(top, expected, file, ignored)
            found = {short: Entry(tensors[name].shape, tensors[name].storage.type) for short, name in names.items()}
            check_fit(file, found, expected)
            storages: dict[str, bytearray] = {}
            for name in names.values():
                _check_storage(archive, folder, tensors[name], file)
            for name in names.values():
                key = tensors[name].storage.key
                if key not in storages:
                    storages[key] = bytearray(archive.read(f"{folder}/data/{key}"))
            return {short: _make(tensors[name], storages) for short, name in names.items()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, KeyError, ValueError, OSError, EOFError) as error:
        raise ExplorerError(damaged) from error


def _check_archive(archive: zipfile.ZipFile, size: int, file: str) -> str:
    """The folder in which everything lies. Raises ExplorerError for an archive that is not as torch.save writes it."""
    members = archive.infolist()
    pickles = [member for member in members if member.filename.endswith("/data.pkl")]
    if any(member.filename.endswith("/constants.pkl") for member in members):
        raise ExplorerError(
            f"{file} is TorchScript, a network with its code: save torch.jit.load(…).state_dict() with torch.save instead."
        )
    if len(pickles) != 1 or len(members) > MOST_MEMBERS or len({m.filename for m in members}) < len(members):
        raise ExplorerError(f"{file} is an archive, but not of weights: save them with torch.save or as safetensors.")
    packed = [m for m in members if m.compress_type != zipfile.ZIP_STORED or m.file_size != m.compress_size]
    if packed or sum(member.file_size for member in members) > size:
        raise ExplorerError(
            f"{file} is compressed and could grow without end: save it as torch.save does, or as safetensors."
        )
    if pickles[0].file_size > MOST_HEADER:
        raise ExplorerError(f"{file} describes more than a state dict: save the weights alone.")
    folder = pickles[0].filename.removesuffix("/data.pkl")
    order = f"{folder}/byteorder"
    if order in archive.namelist() and archive.getinfo(order).file_size < 16 and archive.read(order) != b"little":
        raise ExplorerError(f"{file} has its bytes in another order than this machine: save it as safetensors.")
    return folder


def _weights_in(
    top: object, expected: Mapping[str, torch.Tensor], file: str, ignored: tuple[str, ...]
) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Of all dicts with tensors the one that has most of the network's, and its names; of equal ones the first, outer one."""
    dicts, seen, found = [top], set(), []
    for _ in range(DEEPEST):
        level = {id(one): one for one in dicts if isinstance(one, dict) and id(one) not in seen}
        seen |= level.keys()
        found += [{name: one for name, one in inside.items() if isinstance(one, Tensor)} for inside in level.values()]
        dicts = [one for inside in level.values() for one in inside.values()]
    ways = [(tensors, matching(tensors, expected, ignored)) for tensors in found if tensors]
    if not ways:
        raise ExplorerError(f"{file} holds no weights by name: save network.state_dict().")
    return max(ways, key=lambda way: len(way[1].keys() & expected.keys()))


def _check_storage(archive: zipfile.ZipFile, folder: str, tensor: Tensor, file: str) -> None:
    """Every number of the tensor lies inside its storage, and the storage is as long as is said."""
    storage = tensor.storage
    last = tensor.offset + sum((length - 1) * step for length, step in zip(tensor.shape, tensor.stride, strict=True))
    there = archive.getinfo(f"{folder}/data/{storage.key}").file_size
    if there != storage.count * storage.width or (0 not in tensor.shape and last >= storage.count):
        raise ExplorerError(f"{file} is damaged or no state dict: save the weights again.")


def _make(tensor: Tensor, storages: Mapping[str, bytearray]) -> torch.Tensor:
    if 0 in tensor.shape:
        return torch.zeros(tensor.shape, dtype=_DTYPES[tensor.storage.type])
    flat = torch.frombuffer(storages[tensor.storage.key], dtype=_DTYPES[tensor.storage.type])
    return flat.as_strided(tensor.shape, tensor.stride, tensor.offset).clone(memory_format=torch.contiguous_format)
