"""Photographs of ImageNet's classes: a WordNet id in the name of a file or its folder says which. Knows files; not networks."""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from explorer.errors import ExplorerError
from explorer.scan.pictures import picture_files

_ID = re.compile(r"n\d{8}")
CLASSES = 1_000


@dataclass(frozen=True)
class Photograph:
    """A file and the number of its class, 0 to 999, in the order of the logits."""

    path: Path
    label: int


@functools.cache
def wordnet_ids() -> dict[str, int]:
    """WordNet id → class number, "n01440764" → 0; as timm has them."""
    from timm.data import ImageNetInfo

    return {name: label for label, name in enumerate(ImageNetInfo().label_names())}


def photographs(folder: Path) -> list[Photograph]:
    """Every picture file in the folder and below it whose own or folder's name begins with an id, in order of the names.

    Raises ExplorerError as `picture_files` does, and where none of the files says its class.
    """
    found = [Photograph(path, label) for path, _, _ in picture_files(folder) if (label := _label(path)) is not None]
    if not found:
        raise ExplorerError(
            f"Nothing tells the classes of the pictures in {folder}: name each, or its folder, after its WordNet id, as "
            "n02123045_tabby.jpg."
        )
    return found


def _label(path: Path) -> int | None:
    for name in (path.name, path.parent.name):
        if (begins := _ID.match(name)) and (label := wordnet_ids().get(begins[0])) is not None:
            return label
    return None
