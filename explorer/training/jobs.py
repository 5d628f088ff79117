"""Training processes and who owns them: the server, not a page. Knows processes; not what is shown.

One registry for all sessions, behind one lock. A process ends when its standard input ends, so that none outlives the server.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from explorer.errors import ExplorerError
from explorer.training.control import Command, check_command
from explorer.training.settings import RunSettings
from explorer.training.story import Story, tell
from explorer.training.timeline import Event, new_identity, read_events, run_folder, runs_root

ROOT = Path(__file__).parents[2]
MOST_AT_ONCE = 4
PATIENCE = 5.0  # seconds in which a process that was told to stop may write its last snapshot


class Job:
    """One process that trains, and what it has told so far. Made by `start`."""

    def __init__(self, identity: str, folder: Path, settings: RunSettings, request: dict[str, object]) -> None:
        self.id, self.folder, self.settings = identity, folder, settings
        self.story = Story()
        self._told_to_stop = self._closed = False
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "log.txt").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "explorer.training.worker"],
                cwd=ROOT,
                env=os.environ | {"EXPLORER_RUNS": str(folder.parent)},  # a relative one means this process's folder
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
                start_new_session=True,  # Ctrl+C in the server's terminal is the server's to handle
            )
        self._send(request)
        threading.Thread(target=self._listen, name=f"run {identity}", daemon=True).start()

    @property
    def live(self) -> bool:
        """Whether the process has still something to tell."""
        return self.story.live

    def command(self, command: Command) -> None:
        """Send a command; one that comes after the end does nothing. Raises ExplorerError for what is no command."""
        checked = check_command(command)
        self._send(checked)
        if checked["name"] == "stop" and not self._told_to_stop:
            self._told_to_stop = True
            timer = threading.Timer(PATIENCE, self._process.kill)
            timer.daemon = True
            timer.start()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the process's end; whether it came."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self._process.poll() is not None

    def close(self) -> None:
        """End the process now, and wait until it is gone."""
        self._closed = True
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        if not self.wait(1.0):
            self._process.kill()
            self.wait(1.0)

    def _send(self, message: dict[str, object]) -> None:
        with self._lock, contextlib.suppress(OSError, ValueError):  # it has just ended
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()

    def _listen(self) -> None:
        for line in self._process.stdout:
            with contextlib.suppress(ValueError, KeyError, TypeError):
                self.story.add(json.loads(line))
        status = self._process.wait()
        if self.story.live:
            self._end(status)

    def _end(self, status: int) -> None:
        """The process is gone without a word: say so here and in the run's folder."""
        if self._closed:
            self.story.interrupt()
            return
        how = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
        said = f"The training process {how}, perhaps for want of memory. "
        if self._told_to_stop:
            said = "Stopped: the training process did not answer and was ended. "
        kept = len(self.story.snapshots)
        said += (
            f"Its {kept} snapshots are kept: continue from any of them." if kept else "Nothing had been recorded yet."
        )
        event: Event = {"kind": "ended", "state": "stopped" if self._told_to_stop else "failed", "message": said}
        with contextlib.suppress(OSError), (self.folder / "events.jsonl").open("a", encoding="utf-8") as file:
            file.write("\n" + json.dumps(event, ensure_ascii=False) + "\n")  # its last line may have been cut off
        self.story.add(event)


_JOBS: dict[str, Job] = {}
_LOCK = threading.Lock()


def start(
    settings: RunSettings,
    *,
    data_dir: Path | None = None,
    download: bool = False,
    commands: tuple[Command, ...] = (),
) -> str:
    """Begin a run in a process of its own; returns its id. commands: obeyed before the first step.

    Raises ExplorerError where too many train already, or the folder of runs cannot be written.
    """
    with _LOCK:
        busy = [job.id for job in _JOBS.values() if job.live]
        if len(busy) >= MOST_AT_ONCE:
            raise ExplorerError(f"{len(busy)} runs are training already: stop one of them first.")
        identity = new_identity(settings.design.network)
        folder = run_folder(runs_root().absolute(), identity)
        request = {
            "settings": settings.as_json(),
            "folder": str(folder),
            "data_dir": str(data_dir.absolute()) if data_dir else None,
            "download": download,
            "commands": [check_command(command) for command in commands],
        }
        try:
            _JOBS[identity] = Job(identity, folder, settings, request)
        except OSError as error:
            raise ExplorerError(
                f"The run cannot be begun ({error.strerror}): make room in the folder of runs, or name another with "
                f"EXPLORER_RUNS."
            ) from error
        return identity


def find_job(identity: str) -> Job | None:
    """The process of a run that this server started, also when it is over; None for any other."""
    return _JOBS.get(identity)


def story_of(identity: str) -> Story:
    """What is known of a run, live or from its folder. Raises ExplorerError for what is no run's name."""
    job = find_job(identity)
    return job.story if job else tell(read_events(run_folder(runs_root(), identity)))


def live_jobs() -> list[Job]:
    """The runs that train now, the newest first."""
    with _LOCK:
        return [job for job in reversed(_JOBS.values()) if job.live]


def close_all() -> None:
    """End every process: the server stops."""
    with _LOCK:
        for job in _JOBS.values():
            job.close()


def threads_beside_a_server() -> int:
    """How many threads a run may use while somebody watches: one core stays free for the server and the browser."""
    return max(1, (os.cpu_count() or 2) - 1)
