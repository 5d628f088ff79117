"""Scanning processes. Knows how one is begun and heard; not what is found or shown.

Whoever wishes the same scan watches the same process.
"""

from dataclasses import dataclass

from explorer.live import registry
from explorer.live.registry import InProcess, Kind
from explorer.models.registry import find as find_network
from explorer.scan.scan import Wish

KIND = Kind("scan", 2, "{} scans are running already: wait for one, or stop it.")


@dataclass(frozen=True)
class Told:
    """What is known of one scan. message: why it failed."""

    state: str = "starting"
    seen: int = 0
    count: int = 0
    skipped: int = 0
    seconds: float = 0.0
    message: str = ""

    @property
    def live(self) -> bool:
        """Whether it still goes on."""
        return registry.is_live(self)


class ScanJob(InProcess):
    """One process that scans, and the last it has told. Made by `start`."""

    patience = 20.0

    def __init__(self, wish: Wish) -> None:
        self.wish, self.told = wish, Told()
        spec = find_network(wish.network)
        request = {"wish": wish.as_json(), "own": list(spec.input_shape) if spec.own else None}
        super().__init__("explorer.scan.worker", f"scan {wish.network}", request)

    @property
    def state(self) -> str:
        """Of LIVE or OVER."""
        return self.told.state

    @property
    def message(self) -> str:
        """Why it failed."""
        return self.told.message

    def _hear(self, event: dict[str, object]) -> None:
        self.told = _after(self.told, event)

    def _over(self, _status: int) -> None:
        told = self.told
        if self.live:
            said = "The scan's process ended without a word, perhaps for want of memory: go on with a smaller batch."
            self.told = Told("failed", told.seen, told.count, told.skipped, told.seconds, said)


def _after(told: Told, event: dict[str, object]) -> Told:
    if event["kind"] == "progress":
        return Told("running", *(event[name] for name in ("seen", "count", "skipped", "seconds")))
    return Told(event["state"], told.seen, told.count, told.skipped, told.seconds, event["message"])


def start(wish: Wish) -> ScanJob:
    """Begin the scan, or go on with it, in a process of its own; the one that is running where there is one.

    Raises ExplorerError where too many run already.
    """
    return registry.begin(KIND, wish, lambda: ScanJob(wish))


def find_job(wish: Wish) -> ScanJob | None:
    """The last process that this server started for the wish; None where there was none."""
    return registry.find(KIND, wish)
