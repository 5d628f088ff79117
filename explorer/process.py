"""A Python process of the explorer's own that does long work. Knows pipes and how both ends end; not what is worked on.

Both ends speak one JSON value a line. The process ends when its standard input ends: it never outlives the server that began
it. `Process` is the server's end; `begin_work` and `listen` are the worker's.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

from explorer.typed import parse

ROOT = Path(__file__).parents[1]
# The states of long work, of whatever kind
LIVE = ("starting", "running", "paused")
OVER = ("finished", "stopped", "failed", "interrupted")
NICENESS = 5  # the server and its viewers come first


class Process:
    """One process that runs `python -m module`.

    environment: what it has besides this process's own. log: where its standard error goes; lost where there is none.
    Raises OSError where it cannot be begun.
    """

    def __init__(self, module: str, *, environment: dict[str, str] | None = None, log: IO[bytes] | None = None) -> None:
        self._lock = threading.Lock()
        found_at = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            env=os.environ | {"PYTHONPATH": found_at} | (environment or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log or subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl+C in the server's terminal is the server's to handle
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, message: object) -> None:
        """Send one message; nothing happens where the process has just ended."""
        with self._lock, contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()

    def follow(self, name: str, hear: Callable[[object], None], over: Callable[[int], None]) -> None:
        """Hand every message to `hear`, in a thread of that name, and after the last one the exit status to `over`.

        A line that is no JSON, or that `hear` cannot read (ValueError, LookupError, TypeError), is left out.
        """

        def listen_to_it() -> None:
            for line in self._process.stdout:
                with contextlib.suppress(ValueError, LookupError, TypeError):
                    hear(parse(line))
            over(self.wait())

        self._listener = threading.Thread(target=listen_to_it, name=name, daemon=True)
        self._listener.start()

    def wait_heard(self, seconds: float | None = None) -> bool:
        """Wait until `over` has been called, so that the last word is taken in; whether it was after so many seconds."""
        self._listener.join(seconds)
        return not self._listener.is_alive()

    def wait(self, seconds: float | None = None) -> int | None:
        """Wait for the end: the exit status, negative for a signal; None where it goes on after so many seconds."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self._process.poll()

    def kill_after(self, patience: float) -> None:
        """Kill it in so many seconds if it has not ended by then."""
        timer = threading.Timer(patience, self._process.kill)
        timer.daemon = True
        timer.start()

    def close(self) -> None:
        """End it now, and wait until it is gone."""
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        if self.wait(1.0) is None:
            self._process.kill()
            self.wait(1.0)


def begin_work() -> Callable[[dict[str, object]], None]:
    """In the worker, first of all: step back behind the server. Returns the function that tells it something.

    What a library prints goes to standard error from now on, because it is no message.
    """
    messages = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1, encoding="utf-8")
    sys.stdout = sys.stderr
    with contextlib.suppress(AttributeError, OSError):  # not on Windows
        os.nice(NICENESS)

    def tell(message: dict[str, object]) -> None:
        messages.write(json.dumps(message, ensure_ascii=False) + "\n")

    return tell


def listen(hear: Callable[[object], None]) -> None:
    """In the worker: hand every later message to `hear`, in a thread of its own, and end the process when the server is gone.

    It ends wherever the work stands: what it writes must be whole at any moment.
    """

    def run() -> None:
        for line in sys.stdin:
            with contextlib.suppress(ValueError):
                hear(json.loads(line))
        os._exit(0)

    threading.Thread(target=run, daemon=True).start()


def threads_beside_a_server() -> int:
    """How many threads long work may use while somebody watches: one core stays free for the server and the browser."""
    return max(1, (os.cpu_count() or 2) - 1)
