"""Pictures that the browser sends by itself, from the webcam or from files: checked before anything believes them.

Knows base64 and limits; not their use.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

from explorer.errors import ExplorerError
from explorer.images.decode import MAX_BYTES, decode
from explorer.images.picture import Picture

MOST_SHOTS = 30  # of one message
MOST_FILES = 50
MOST_TEXT = 400_000  # characters of one shot: 256 pixels a side need a tenth of it
MOST_FILE = 4 * (MAX_BYTES // 3 + 1)  # of one file, as it is
NAME = "your webcam's picture"
DROP = re.compile(r"[0-9]{1,16}-[0-9]{1,9}")


def read_shot(text: object) -> Picture | None:
    """One shot, base64 of a picture file; None where none came. Raises ExplorerError for anything else."""
    if text is None:
        return None
    if not isinstance(text, str) or len(text) > MOST_TEXT:
        raise ExplorerError("The webcam's picture could not be read: take it again.")
    try:
        return decode(base64.b64decode(text, validate=True), NAME)
    except (binascii.Error, ValueError) as error:
        raise ExplorerError("The webcam's picture could not be read: take it again.") from error


def read_shots(message: object) -> list[Picture]:
    """The shots of one message {"images": […]}; none where none came. Raises ExplorerError for anything else."""
    if message is None:
        return []
    shots = message.get("images") if isinstance(message, Mapping) else None
    if not isinstance(shots, list | tuple) or len(shots) > MOST_SHOTS or None in shots:
        raise ExplorerError(f"The webcam's pictures could not be read: take at most {MOST_SHOTS} at once.")
    return [read_shot(shot) for shot in shots]


@dataclass(frozen=True)
class Batch:
    """Some of the files that somebody chose at once.

    drop: names all that were chosen together, chosen: how many. number: counts a page's batches. target: what they are for.
    files: (name, the file's bytes; None where the browser could not read it).
    """

    drop: str
    number: int
    target: str
    chosen: int
    files: tuple[tuple[str, bytes | None], ...]


def read_batch(message: object) -> Batch | None:
    """A batch {"drop", "number", "target", "chosen", "files": [{"name", "image"}]}; None where none came.

    Raises ExplorerError for anything else; whether the bytes are a picture is for `decode` to say.
    """
    if message is None:
        return None
    refused = ExplorerError("The files could not be read: choose them again.")
    if not isinstance(message, Mapping):
        raise refused
    drop, number, target, chosen, files = (
        message.get(name) for name in ("drop", "number", "target", "chosen", "files")
    )
    if not (isinstance(drop, str) and DROP.fullmatch(drop) and isinstance(target, str)):
        raise refused
    if not all(type(count) is int and 0 < count < 2**31 for count in (number, chosen)):
        raise refused
    if (
        not isinstance(files, list | tuple)
        or len(files) > MOST_FILES
        or not all(isinstance(file, Mapping) for file in files)
    ):
        raise refused
    try:
        return Batch(drop, number, target, chosen, tuple(_file(file.get("name"), file.get("image")) for file in files))
    except (binascii.Error, ValueError) as error:
        raise refused from error


def _file(name: object, image: object) -> tuple[str, bytes | None]:
    if not isinstance(name, str) or not (image is None or (isinstance(image, str) and len(image) <= MOST_FILE)):
        raise ValueError("no file")
    return name[:200], None if image is None else base64.b64decode(image, validate=True)
