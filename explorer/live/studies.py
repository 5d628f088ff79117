"""Studies' processes. Knows how one is begun and heard; not what is measured or shown."""

from pathlib import Path

from explorer.disk import remedy
from explorer.errors import ExplorerError
from explorer.live import registry
from explorer.live.registry import InProcess, Kind
from explorer.study.study import KeptStudy, Point, Study, read_study
from explorer.training.timeline import new_identity, run_folder, runs_root
from explorer.training.transfer import check
from explorer.typed import record

KIND = Kind("study", 2, "{} studies are measured already: wait for one, or stop it.")


class StudyJob(InProcess):
    """One process that measures, and what it has told so far. Made by `start`.

    points: measured so far, in order. message: why it failed.
    """

    def __init__(self, identity: str, folder: Path, study: Study) -> None:
        self.id, self.folder, self.study = identity, folder, study
        self.points: tuple[Point, ...] = ()
        self.state, self.message = "starting", ""
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "log.txt").open("ab") as log:
            environment = {"EXPLORER_RUNS": str(folder.parent)}
            request = {"study": study.as_json(), "folder": str(folder)}
            super().__init__("explorer.study.worker", f"study {identity}", request, environment=environment, log=log)

    @property
    def total(self) -> int:
        """How many points there will be."""
        return self.study.total

    def _over(self, _status: int) -> None:
        if self.live:
            self.message = "The study's process ended without a word, perhaps for want of memory: go on with it."
            self.state = "failed"

    def _hear(self, event: dict[str, object]) -> None:
        if event["kind"] == "point":
            self.state = "running"
            self.points += (record(Point, event, more=True),)
        else:
            self.message, self.state = str(event["message"]), str(event["state"])


def start(study: Study) -> StudyJob:
    """Measure in a process of its own, under a new id.

    Raises ExplorerError where too many measure already, what is to be measured is not there, or nothing can be kept.
    """
    settings = study.settings(study.students[0])
    check(settings, Path(study.data_dir) if study.data_dir else None)
    return _begin(new_identity("study"), study)


def resume(identity: str) -> StudyJob:
    """Go on with a study that was stopped, or is over; the job that is at it where there is one. Raises as `start` does."""
    job = find(identity)
    return _begin(identity, job.study if job else kept(identity).study)


def find(identity: str) -> StudyJob | None:
    """The last process that this server started for the study; None where there was none."""
    return registry.find(KIND, identity)


def live_jobs() -> list[StudyJob]:
    """The studies that are measured now, the newest first."""
    return registry.live_jobs(KIND)


def kept(identity: str) -> KeptStudy:
    """A study as it lies on the disk now. Raises ExplorerError for what is no study."""
    return read_study(run_folder(runs_root(), identity))


def _begin(identity: str, study: Study) -> StudyJob:
    folder = run_folder(runs_root().absolute(), identity)
    try:
        return registry.begin(KIND, identity, lambda: StudyJob(identity, folder, study))
    except OSError as error:
        raise ExplorerError(
            f"The study cannot be begun in {runs_root()} ({error.strerror}): {remedy(error)}, or name another folder "
            f"with EXPLORER_RUNS."
        ) from error
