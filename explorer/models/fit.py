"""Whether a file's tensors are those of a network. Knows names, shapes and types; not files, not values."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch

from explorer.errors import ExplorerError
from explorer.words import counted

# the names that safetensors gives them
TYPES = {
    torch.float32: "F32",
    torch.float64: "F64",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.int16: "I16",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
}
COUNTER = "num_batches_tracked"  # of batch normalisation: counts training steps, and old files have none


@dataclass(frozen=True)
class Entry:
    """A tensor as a file announces it: its shape, and its type as safetensors calls it."""

    shape: tuple[int, ...]
    type: str


def check_fit(file: str, found: Mapping[str, Entry], expected: Mapping[str, torch.Tensor]) -> None:
    """Compare names, shapes and types; no value is read.

    Raises ExplorerError that begins with the file's name and says which tensor does not fit, with found and expected shape.
    """
    missing = {name for name in expected.keys() - found.keys() if not name.endswith(COUNTER)}
    if missing:
        raise ExplorerError(f"{file} lacks the tensor “{min(missing)}”: it belongs to another network.")
    if extra := found.keys() - expected.keys():
        raise ExplorerError(f"{file} has a tensor “{min(extra)[:80]}” that this network does not know.")
    for name, entry in found.items():
        shape, kind = tuple(expected[name].shape), TYPES[expected[name].dtype]
        if entry.shape != shape:
            raise ExplorerError(f"{file}: “{name}” has shape {_short(entry.shape)}, expected {shape}.")
        if entry.type != kind:
            raise ExplorerError(f"{file}: “{name}” has type {entry.type}, expected {kind}.")


def with_counters(state: dict[str, torch.Tensor], expected: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The state with a zero for every counter of batch normalisation that the file did not have."""
    missing = expected.keys() - state.keys()
    return {**state, **{name: torch.zeros((), dtype=torch.int64) for name in missing}}


def _short(shape: tuple[int, ...]) -> str:
    return str(shape) if len(shape) <= 8 else f"of {counted(len(shape), 'axis', 'axes')}"
