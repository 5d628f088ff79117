"""What lies on the disk: regular files of a bounded size are read, nothing else, and nothing ever waits."""

import errno
import os
from pathlib import Path

import pytest

from explorer.disk import check_regular, read_end, read_whole, remedy

READERS = (read_whole, read_end, check_regular)


def test_a_file_is_read(tmp_path):
    (tmp_path / "a").write_bytes(b"0123456789")
    assert read_whole(tmp_path / "a", 10) == b"0123456789"
    assert read_end(tmp_path / "a", 4) == b"6789"
    assert read_end(tmp_path / "a", 40) == b"0123456789"
    assert check_regular(tmp_path / "a", 10) == tmp_path / "a"


@pytest.mark.parametrize("read", [read_whole, check_regular])
def test_a_larger_file_is_refused(tmp_path, read):
    (tmp_path / "a").write_bytes(b"0123456789")
    with pytest.raises(OSError, match="large"):
        read(tmp_path / "a", 9)


@pytest.mark.parametrize("read", READERS)
def test_what_is_no_regular_file_is_refused_at_once(tmp_path, read):
    (tmp_path / "folder").mkdir()
    paths = [tmp_path / "folder", tmp_path / "missing"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        paths.append(tmp_path / "pipe")
    if Path("/dev/zero").exists():
        (tmp_path / "link").symlink_to("/dev/zero")
        paths.append(tmp_path / "link")
    for path in paths:
        with pytest.raises(OSError, match=r"regular|such file|directory"):
            read(path, 100)


@pytest.mark.parametrize(
    ("number", "helps"),
    [
        (errno.ENOSPC, "free some space"),
        (errno.EFBIG, "free some space"),
        (errno.EACCES, "allow writing there"),
        (errno.EROFS, "allow writing there"),
        (errno.EIO, "look at the disk"),
        (errno.EEXIST, "look at the disk"),
    ],
)
def test_the_remedy_is_that_of_the_reason(number, helps):
    assert remedy(OSError(number, os.strerror(number))) == helps
