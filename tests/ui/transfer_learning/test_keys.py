"""A user's own paths: taken as they are, and refused where they are none."""

from pathlib import Path

import pytest

from explorer.errors import ExplorerError
from explorer.ui.transfer_learning.keys import folder_of


def test_a_path_or_nothing():
    assert folder_of("  ") is None
    assert folder_of(" /a/b ") == Path("/a/b")
    assert folder_of("~") == Path.home()


@pytest.mark.parametrize("text", ["~nobody-at-all/x", "a\0b", "a\nb"])
def test_no_path_is_refused(text):
    with pytest.raises(ExplorerError, match="another path"):
        folder_of(text)
