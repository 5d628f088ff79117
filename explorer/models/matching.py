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
FLOATS = {"F16", "BF16", "F32", "F64"}  # one of them is brought to another; what does not fit into it is infinite then
COUNTER = "num_batches_tracked"  # of batch normalisation: counts training steps, and old files have none


@dataclass(frozen=True)
class Entry:
    """A tensor as a file announces it: its shape, and its type as safetensors calls it."""

    shape: tuple[int, ...]
    type: str


def check_fit(file: str, found: Mapping[str, Entry], expected: Mapping[str, torch.Tensor]) -> None:
    """Compare names, shapes and types; no value is read. Floating point of any precision stands for any other.

    Raises ExplorerError that begins with the file's name and says which tensor does not fit, with found and expected shape.
    """
    needed = {name for name in expected if not name.endswith(COUNTER)}
    if missing := needed - found.keys():
        more = f" and {len(missing) - 1:,} more" if len(missing) > 1 else ""
        few = 2 * len(missing) > len(needed)
        remedy = "it belongs to another network" if few else "save all of network.state_dict()"
        raise ExplorerError(
            f"{file} lacks the tensor “{min(missing)}”{more} of this network's {len(needed):,}: {remedy}."
        )
    if extra := found.keys() - expected.keys():
        raise ExplorerError(f"{file} has a tensor “{min(extra)[:80]}” that this network does not know.")
    for name, entry in found.items():
        shape, kind = tuple(expected[name].shape), TYPES[expected[name].dtype]
        if entry.shape != shape:
            raise ExplorerError(f"{file}: “{name}” has shape {_short(entry.shape)}, expected {shape}.")
        if entry.type != kind and not {entry.type, kind} <= FLOATS:
            raise ExplorerError(f"{file}: “{name}” has type {entry.type}, expected {kind}.")


def checked(
    file: str, state: Mapping[str, torch.Tensor], expected: Mapping[str, torch.Tensor]
) -> dict[str, torch.Tensor]:
    """A state dict that was read from `file`, checked and completed. Raises ExplorerError where it does not fit."""
    found = {
        name: Entry(tuple(tensor.shape), TYPES.get(tensor.dtype, str(tensor.dtype))) for name, tensor in state.items()
    }
    check_fit(file, found, expected)
    return completed(state, expected)


def completed(state: Mapping[str, torch.Tensor], expected: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """A state that fits, in the network's own types, with a zero for every counter of batch normalisation that it lacks."""
    missing = {name: torch.zeros((), dtype=torch.int64) for name in expected.keys() - state.keys()}
    return {name: tensor.to(expected[name].dtype) for name, tensor in state.items()} | missing


def _short(shape: tuple[int, ...]) -> str:
    return str(shape) if len(shape) <= 8 else f"of {counted(len(shape), 'axis', 'axes')}"
