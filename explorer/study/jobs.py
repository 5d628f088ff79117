"""Studies' processes and who owns them: the server, not a page. Knows processes; not what is measured or shown.

One registry for all sessions, behind one lock.
"""

import threading
from pathlib import Path

from explorer.disk import remedy
from explorer.errors import ExplorerError
from explorer.process import Process
from explorer.study.study import KeptStudy, Point, Study, read_study
from explorer.training.timeline import new_identity, run_folder, runs_root
from explorer.training.transfer import check
from explorer.words import counted, noun

MOST_AT_ONCE = 2
PATIENCE = 10.0  # seconds in which a process that was told to stop may finish its training


class StudyJob:
    """One process that measures, and what it has told so far. Made by `start`.

    points: measured so far, in order. state: "starting", "measuring", "done", "stopped" or "failed"; message: why it failed.
    """

    def __init__(self, identity: str, folder: Path, study: Study) -> None:
        self.id, self.folder, self.study = identity, folder, study
        self.points: tuple[Point, ...] = ()
        self.state, self.message = "starting", ""
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "log.txt").open("ab") as log:
            environment = {"EXPLORER_RUNS": str(folder.parent)}
            self._process = Process("explorer.study.worker", environment=environment, log=log)
        self._process.send({"study": study.as_json(), "folder": str(folder)})
        self._process.follow(f"study {identity}", self._hear, self._over)

    @property
    def live(self) -> bool:
        """Whether it has still something to tell."""
        return self.state in ("starting", "measuring")

    @property
    def total(self) -> int:
        """How many points there will be."""
        return self.study.total

    def stop(self) -> None:
        """Ask the process to end after the training it is at; what was measured is kept, and `resume` goes on with it."""
        self._process.send("stop")
        self._process.kill_after(PATIENCE)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is over and its last word heard; whether it is."""
        return self._process.wait_heard(seconds)

    def close(self) -> None:
        """End the process now, and wait until it is gone."""
        self._process.close()

    def _over(self, _status: int) -> None:
        if self.live:
            self.message = "The study's process ended without a word, perhaps for want of memory: go on with it."
            self.state = "failed"

    def _hear(self, event: dict[str, object]) -> None:
        if event["kind"] == "point":
            self.state = "measuring"
            self.points += (Point(**{name: value for name, value in event.items() if name != "kind"}),)
        else:
            self.message, self.state = str(event["message"]), str(event["state"])


_JOBS: dict[str, StudyJob] = {}
_LOCK = threading.Lock()


def start(study: Study) -> StudyJob:
    """Measure in a process of its own, under a new id.

    Raises ExplorerError where too many measure already, what is to be measured is not there, or nothing can be kept.
    """
    settings = study.settings(study.students[0])
    check(settings, Path(study.data_dir) if study.data_dir else None)
    return _begin(new_identity("study"), study)


def resume(identity: str) -> StudyJob:
    """Go on with a study that was stopped, or is over; the job that is at it where there is one. Raises as `start` does."""
    job = _JOBS.get(identity)
    return _begin(identity, job.study if job else kept(identity).study)


def find(identity: str) -> StudyJob | None:
    """The last process that this server started for the study; None where there was none."""
    return _JOBS.get(identity)


def live_jobs() -> list[StudyJob]:
    """The studies that are measured now, the newest first."""
    with _LOCK:
        return [job for job in reversed(_JOBS.values()) if job.live]


def kept(identity: str) -> KeptStudy:
    """A study as it lies on the disk now. Raises ExplorerError for what is no study."""
    return read_study(run_folder(runs_root(), identity))


def close_all() -> None:
    """End every process: the server stops."""
    with _LOCK:
        for job in _JOBS.values():
            job.close()


def _begin(identity: str, study: Study) -> StudyJob:
    with _LOCK:
        if (job := _JOBS.get(identity)) and job.live:  # asked for by two at once
            return job
        busy = sum(job.live for job in _JOBS.values())
        if busy >= MOST_AT_ONCE:
            raise ExplorerError(
                f"{counted(busy, 'study')} {noun(busy, 'is', 'are')} measured already: wait for one, or stop it."
            )
        try:
            _JOBS.pop(identity, None)
            _JOBS[identity] = StudyJob(identity, run_folder(runs_root().absolute(), identity), study)
        except OSError as error:
            raise ExplorerError(
                f"The study cannot be begun in {runs_root()} ({error.strerror}): {remedy(error)}, or name another folder "
                f"with EXPLORER_RUNS."
            ) from error
        return _JOBS[identity]
