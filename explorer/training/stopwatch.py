"""Training time: the clock without evaluations, pauses and waiting. Knows seconds only."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """Runs from its making on, except inside `stopped()`."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._left_out = 0.0
        self._stopped_at: float | None = None

    @property
    def seconds(self) -> float:
        """Seconds so far."""
        now = time.perf_counter() if self._stopped_at is None else self._stopped_at
        return now - self._started - self._left_out

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Leave out what happens inside."""
        self._stopped_at = time.perf_counter()
        try:
            yield
        finally:
            self._left_out += time.perf_counter() - self._stopped_at
            self._stopped_at = None
