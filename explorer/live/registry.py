"""Long work that goes on beside the pages, all of it in one place. Knows jobs, their states and limits; not what they do.

The server owns it, not a page: every session finds the same job under its kind and name, and at the server's end none goes on.
"""

import contextlib
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Protocol, TypeVar

from explorer.errors import ExplorerError
from explorer.process import LIVE, OVER, Process

MOST_KEPT = 64  # of a kind that are over and can still be asked how they ended


class Job(Protocol):
    """One piece of long work. state: of LIVE or OVER; message: how it goes or how it ended, for a reader."""

    @property
    def state(self) -> str: ...

    @property
    def message(self) -> str: ...

    def stop(self) -> None:
        """Ask it to end; what it has is kept."""

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is over and its last word heard; whether it is."""

    def close(self) -> None:
        """End it now, and wait until it is gone: the server stops."""


@dataclass(frozen=True)
class Kind:
    """A kind of job. most: so many at once; busy: what is said where there are as many, with {} for how many."""

    name: str
    most: int
    busy: str


__all__ = ["LIVE", "OVER", "InProcess", "Job", "Kind", "begin", "close_all", "find", "is_live", "live_jobs"]
J = TypeVar("J", bound=Job)
_JOBS: dict[tuple[str, Hashable], Job] = {}
_LOCK = threading.RLock()


def is_live(job: Job) -> bool:
    """Whether it still goes on."""
    return job.state in LIVE


def begin(kind: Kind, name: Hashable, make: Callable[[], J]) -> J:
    """Begin a job of that name, or join the one that is live. Raises ExplorerError where too many are; and what `make` does."""
    with _LOCK:
        found = _JOBS.get((kind.name, name))
        if found and is_live(found):
            return found
        busy = len(live_jobs(kind))
        if busy >= kind.most:
            raise ExplorerError(kind.busy.format(busy))
        over = [key for key, job in _JOBS.items() if key[0] == kind.name and not is_live(job)]
        for key in over[: max(0, len(over) - MOST_KEPT)]:
            del _JOBS[key]
        job = make()
        _JOBS.pop((kind.name, name), None)  # the newest comes last
        _JOBS[kind.name, name] = job
        return job


def find(kind: Kind, name: Hashable) -> Job | None:
    """The last job of that name since the server's start, live or over; None where there was none, or long ago."""
    with contextlib.suppress(TypeError):  # what cannot be a name is none
        return _JOBS.get((kind.name, name))
    return None


def live_jobs(kind: Kind | None = None) -> list[Job]:
    """All jobs that go on now, or those of one kind, the newest first."""
    with _LOCK:
        jobs = [job for (name, _), job in _JOBS.items() if kind is None or name == kind.name]
    return [job for job in reversed(jobs) if is_live(job)]


def close_all() -> None:
    """End everything, all at once: the server stops."""
    with _LOCK:
        jobs = list(_JOBS.values())
    if jobs:
        with ThreadPoolExecutor(len(jobs)) as pool:
            list(pool.map(lambda job: job.close(), jobs))


class InProcess:
    """What jobs with a process of their own have in common. A kind of them says what it hears, and what its end means."""

    patience = 10.0  # seconds in which a process that was told to stop may finish what it is at

    def __init__(
        self,
        module: str,
        title: str,
        request: object,
        *,
        environment: dict[str, str] | None = None,
        log: IO[bytes] | None = None,
    ) -> None:
        self._process = Process(module, environment=environment, log=log)
        self._process.send(request)
        self._process.follow(title, self._hear, self._over)

    @property
    def live(self) -> bool:
        """Whether it has still something to tell."""
        return is_live(self)

    def stop(self) -> None:
        """Ask the process to end; what it has found is kept."""
        self._process.send("stop")
        self._process.kill_after(self.patience)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is over and its last word heard; whether it is."""
        return self._process.wait_heard(seconds)

    def close(self) -> None:
        """End the process now, and wait until it is gone."""
        self._process.close()

    def _hear(self, event: dict[str, object]) -> None:
        raise NotImplementedError

    def _over(self, status: int) -> None:
        raise NotImplementedError
