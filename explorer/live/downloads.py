"""Weights that are being fetched. Knows threads and hub files; draws nothing.

A download goes on when its page is left, and any page can show or stop it.
"""

import threading
from dataclasses import dataclass, field

from explorer.errors import ExplorerError
from explorer.live import registry
from explorer.live.registry import Kind
from explorer.models.hub import HubFile

KIND = Kind("download", 16, "{} downloads are running already: wait for one, or stop it.")


@dataclass
class Download:
    """One file on its way: bytes done and in all; message: why it failed. Made by `begin`."""

    file: HubFile
    done: int = 0
    total: int = 0
    state: str = "running"
    message: str = ""
    _stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def live(self) -> bool:
        """Whether it is still on its way."""
        return registry.is_live(self)

    def stop(self) -> None:
        """Give up; what has arrived is thrown away."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is over; whether it is."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def close(self) -> None:
        """Give up: the server ends, which does not wait for an answer from elsewhere."""
        self.stop()

    def _run(self) -> None:
        over = "failed"
        try:
            over = "finished" if self.file.download(self._tell, self._stop.is_set) else "stopped"
        except ExplorerError as error:
            self.message = str(error)
        finally:
            self.state = over

    def _tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total


def begin(file: HubFile) -> Download:
    """Fetch the file in the background; one that is on its way already is joined. Raises ExplorerError for too many."""
    return registry.begin(KIND, file.file, lambda: Download(file, total=round(file.megabytes * 2**20)))


def find_download(file: HubFile) -> Download | None:
    """The last download of the file since the server's start, running or over."""
    return registry.find(KIND, file.file)
