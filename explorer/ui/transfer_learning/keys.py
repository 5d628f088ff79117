"""What the parts of the page Transfer learning share: its name, keys of widgets, folders as typed. Draws nothing."""

from pathlib import Path

from explorer.errors import ExplorerError
from explorer.ui.place import place

PAGE = "transfer_learning"
QUIET = {"displayModeBar": False}


def key(name: str) -> str:
    """A widget's key: a new one whenever settings are loaded anew."""
    return f"{PAGE} {name} {place(PAGE).exhibit} {place(PAGE).token}"


def folder_of(text: str) -> Path | None:
    """A folder as somebody typed it, None for nothing. Raises ExplorerError for what is no path."""
    if not text.strip():
        return None
    try:
        if not text.isprintable():
            raise ValueError
        return Path(text.strip()).expanduser()
    except (ValueError, RuntimeError) as error:  # ~somebody without a home
        raise ExplorerError("That is no folder of this machine: type another path.") from error
