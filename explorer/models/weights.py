"""Weights on disk: safetensors files and their cards. Knows files and state dicts; not which networks exist.

safetensors holds numbers only, so that reading a file cannot run code.
"""

import json
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import nn

from explorer.disk import read_whole
from explorer.errors import ExplorerError
from explorer.models.matching import Entry, check_fit, completed
from explorer.typed import parse

MOST_CARD = 2**20  # bytes


def load_weights(network: nn.Module, path: Path) -> nn.Module:
    """Fill `network` from a safetensors file and return it.

    Names, shapes and types are compared before a single value is read.
    Raises ExplorerError saying which tensor does not fit, with found and expected shape.
    """
    expected = network.state_dict()
    try:
        with safe_open(path, framework="pt") as file:
            slices = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118  no mapping
            found = {name: Entry(tuple(one.get_shape()), one.get_dtype()) for name, one in slices.items()}
            check_fit(path.name, found, expected)
            state = completed({name: file.get_tensor(name) for name in found}, expected)
            network.load_state_dict(state)
    except FileNotFoundError as error:
        raise ExplorerError(
            f"The weights file {path.name} is missing: train it again or fetch the project anew."
        ) from error
    except (SafetensorError, OSError) as error:
        raise ExplorerError(f"{path.name} is not a readable safetensors file: fetch it again.") from error
    return network


def save_weights(network: nn.Module, path: Path, card: dict[str, object]) -> None:
    """Write the network's state as `path` (safetensors) and its card beside it (same name, .json)."""
    check_writable(path)
    path.write_bytes(save({name: tensor.cpu().contiguous() for name, tensor in network.state_dict().items()}))
    path.with_suffix(".json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def check_writable(path: Path) -> None:
    """Make the folder of a file to be written, and leave an existing file as it is.

    Raises ExplorerError where it could not be written: asked before hours of training rather than after.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        existed = path.exists()
        path.open("ab").close()
        if not existed:
            path.unlink()
    except OSError as error:
        raise ExplorerError(f"{path} cannot be written ({error.strerror}): choose another file.") from error


def read_card(path: Path) -> dict[str, object]:
    """The card beside a weights file: data, recipe command, seed, steps, accuracy, date.

    Raises ExplorerError where there is none, or none that can be read.
    """
    card = path.with_suffix(".json")
    try:
        told = parse(read_whole(card, MOST_CARD))
        if not isinstance(told, dict):
            raise ValueError("no card")
        return told
    except (OSError, ValueError) as error:
        raise ExplorerError(f"The card {card.name} is missing or unreadable: fetch the project anew.") from error
