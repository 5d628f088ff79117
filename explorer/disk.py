"""Files on the user's disk: what may be read of them, and in words why the disk refuses. Knows files; not what they mean.

What lies in the explorer's folders may have been put there by anybody: only regular files are read (a pipe would never end),
and only so many bytes of each.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

FULL = {errno.ENOSPC, errno.EFBIG, *(getattr(errno, name) for name in ("EDQUOT",) if hasattr(errno, name))}
FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextlib.contextmanager
def open_regular(path: Path) -> Iterator[BinaryIO]:
    """The file, to be read. Raises OSError where there is none, and for what is no regular file."""
    # without O_NONBLOCK the opening of a pipe would wait for somebody who writes into it
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "no regular file")
        yield file


def read_whole(path: Path, most: int) -> bytes:
    """All of a file of at most so many bytes. Raises OSError as `open_regular` does, and where it is larger."""
    with open_regular(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, "too large")
    return content


def read_end(path: Path, most: int) -> bytes:
    """The last bytes of a file, at most so many. Raises OSError as `open_regular` does."""
    with open_regular(path) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - most))
        return file.read(most)


def check_regular(path: Path, most: int) -> Path:
    """The path, for a library that opens it itself. Raises OSError for no regular file, and for one that is larger."""
    about = path.stat()
    if not stat.S_ISREG(about.st_mode) or about.st_size > most:
        raise OSError(errno.EINVAL, "no regular file, or too large")
    return path


def remedy(error: OSError) -> str:
    """What helps where something cannot be written, to be put into a sentence: "free some space"."""
    if error.errno in FULL:
        return "free some space"
    if error.errno in FORBIDDEN:
        return "allow writing there"
    return "look at the disk"
