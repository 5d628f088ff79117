"""Scanning processes and who owns them: the server, not a page. Knows processes; not what is found or shown.

One registry for all sessions, behind one lock: whoever wishes the same scan watches the same process.
"""

import threading
from dataclasses import dataclass

from explorer.errors import ExplorerError
from explorer.models.registry import find
from explorer.process import Process
from explorer.scan.scan import Wish
from explorer.words import counted, noun

MOST_AT_ONCE = 2
MOST_KEPT = 64  # jobs that are over and can still be asked how they ended
PATIENCE = 20.0  # seconds in which a process that was told to stop may finish its batches


@dataclass(frozen=True)
class Told:
    """What is known of one scan. state: starting|scanning|done|stopped|failed; message: why it failed."""

    state: str = "starting"
    seen: int = 0
    count: int = 0
    skipped: int = 0
    seconds: float = 0.0
    message: str = ""

    @property
    def live(self) -> bool:
        return self.state in ("starting", "scanning")


class ScanJob:
    """One process that scans, and the last it has told. Made by `start`."""

    def __init__(self, wish: Wish) -> None:
        self.wish, self.told = wish, Told()
        self._process = Process("explorer.scan.worker")
        spec = find(wish.network)
        self._process.send({"wish": wish.as_json(), "own": list(spec.input_shape) if spec.own else None})
        self._process.follow(f"scan {wish.network}", self._hear, self._over)

    @property
    def live(self) -> bool:
        return self.told.live

    def stop(self) -> None:
        """Ask the process to end; what it has found is kept."""
        self._process.send("stop")
        self._process.kill_after(PATIENCE)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is over and its last word heard; whether it is."""
        return self._process.wait_heard(seconds)

    def close(self) -> None:
        """End the process now, and wait until it is gone."""
        self._process.close()

    def _hear(self, event: dict[str, object]) -> None:
        self.told = _after(self.told, event)

    def _over(self, _status: int) -> None:
        told = self.told
        if told.live:
            said = "The scan's process ended without a word, perhaps for want of memory: go on with a smaller batch."
            self.told = Told("failed", told.seen, told.count, told.skipped, told.seconds, said)


def _after(told: Told, event: dict[str, object]) -> Told:
    if event["kind"] == "progress":
        return Told("scanning", *(event[name] for name in ("seen", "count", "skipped", "seconds")))
    return Told(event["state"], told.seen, told.count, told.skipped, told.seconds, event["message"])


_JOBS: dict[Wish, ScanJob] = {}
_LOCK = threading.Lock()


def start(wish: Wish) -> ScanJob:
    """Begin the scan, or go on with it, in a process of its own; the one that is running where there is one.

    Raises ExplorerError where too many run already.
    """
    with _LOCK:
        if wish in _JOBS and _JOBS[wish].live:
            return _JOBS[wish]
        busy = sum(job.live for job in _JOBS.values())
        if busy >= MOST_AT_ONCE:
            raise ExplorerError(
                f"{counted(busy, 'scan')} {noun(busy, 'is', 'are')} running already: wait for one, or stop it."
            )
        _JOBS.pop(wish, None)
        for old in [key for key, job in _JOBS.items() if not job.live][: max(0, len(_JOBS) - MOST_KEPT)]:
            del _JOBS[old]
        _JOBS[wish] = ScanJob(wish)
        return _JOBS[wish]


def find_job(wish: Wish) -> ScanJob | None:
    """The last process that this server started for the wish; None where there was none."""
    return _JOBS.get(wish)


def close_all() -> None:
    """End every process: the server stops."""
    with _LOCK:
        for job in _JOBS.values():
            job.close()
