"""Weights that are being fetched, for all sessions. Knows threads and hub files; draws nothing.

A download goes on when its page is left, and any page can show or stop it.
"""

import threading
from dataclasses import dataclass, field

from explorer.errors import ExplorerError
from explorer.models.hub import HubFile


@dataclass
class Download:
    """One file on its way: bytes done and in all, why it failed ("" while it has not), whether it is over."""

    file: HubFile
    done: int = 0
    total: int = 0
    problem: str = ""
    over: bool = False
    _stop: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        """Give up; what has arrived is thrown away."""
        self._stop.set()

    def run(self) -> None:
        try:
            self.file.download(self._tell, self._stop.is_set)
        except ExplorerError as error:
            self.problem = str(error)
        finally:
            self.over = True

    def _tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total


_downloads: dict[str, Download] = {}
_lock = threading.Lock()


def begin(file: HubFile) -> Download:
    """Fetch the file in the background; one that is on its way already is joined."""
    with _lock:
        running = _downloads.get(file.file)
        if running is None or running.over:
            running = _downloads[file.file] = Download(file, total=round(file.megabytes * 2**20))
            threading.Thread(target=running.run, daemon=True).start()
        return running


def find_download(file: HubFile) -> Download | None:
    """The last download of the file since the server's start, running or over."""
    return _downloads.get(file.file)


def close_all() -> None:
    """Stop every download: the server ends."""
    for download in list(_downloads.values()):
        download.stop()
