"""Training processes. Knows how one is begun, commanded and heard; not what is shown."""

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path

from explorer.disk import remedy
from explorer.errors import ExplorerError
from explorer.live import registry
from explorer.live.registry import InProcess, Kind
from explorer.training.control import Command, check_command
from explorer.training.settings import RunSettings
from explorer.training.sources import completed
from explorer.training.story import Story, kept_in_words, story_on_disk
from explorer.training.timeline import Event, new_identity, run_folder, runs_root, snapshot_steps
from explorer.training.transfer import check
from explorer.words import counted, noun

KIND = Kind("train", 4, "{} runs are training already: stop one of them first.")
PATIENCE = 5.0  # seconds in which a process that was told to stop may write its last snapshot


class RunJob(InProcess):
    """One process that trains, and what it has told so far. Made by `start`."""

    def __init__(self, identity: str, folder: Path, settings: RunSettings, request: dict[str, object]) -> None:
        self.id, self.folder, self.settings = identity, folder, settings
        self.story = Story()
        self._told_to_stop = self._closed = False
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "log.txt").open("wb") as log:
            environment = {"EXPLORER_RUNS": str(folder.parent)}
            super().__init__("explorer.training.worker", f"run {identity}", request, environment=environment, log=log)

    @property
    def state(self) -> str:
        """Of LIVE or OVER."""
        return self.story.state

    @property
    def message(self) -> str:
        """How it goes or how it ended."""
        return self.story.message

    def command(self, command: Command) -> None:
        """Send a command; one that comes after the end does nothing. Raises ExplorerError for what is no command."""
        checked = check_command(command)
        self._process.send(checked)
        if checked["name"] == "stop" and not self._told_to_stop:
            self._told_to_stop = True
            self._process.kill_after(PATIENCE)

    def stop(self) -> None:
        """Ask it to end after its step."""
        self.command({"name": "stop"})

    def close(self) -> None:
        """End the process now, and wait until it is gone."""
        self._closed = True
        super().close()

    def _hear(self, event: Event) -> None:
        self.story.add(event)

    def _over(self, status: int) -> None:
        """Where the process is gone without a word, say so here and in the run's folder."""
        if not self.story.live:
            return
        self.story.snapshots = snapshot_steps(self.folder)  # the newest may be there without a word
        if self._closed:
            self.story.interrupt()
            return
        how = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
        said = f"The training process {how}, perhaps for want of memory. "
        if self._told_to_stop:
            said = "Stopped: the training process did not answer and was ended. "
        said += kept_in_words(len(self.story.snapshots))
        event: Event = {"kind": "ended", "state": "stopped" if self._told_to_stop else "failed", "message": said}
        with contextlib.suppress(OSError), (self.folder / "events.jsonl").open("a", encoding="utf-8") as file:
            file.write("\n" + json.dumps(event, ensure_ascii=False) + "\n")  # its last line may have been cut off
        self.story.add(event)


def start(
    settings: RunSettings,
    *,
    data_dir: Path | None = None,
    download: bool = False,
    commands: tuple[Command, ...] = (),
) -> str:
    """Begin a run in a process of its own; returns its id. commands: obeyed before the first step.

    Raises ExplorerError where too many train already, what is to be transferred or learned from is not there, or the folder
    of runs cannot be written.
    """
    settings = completed(settings)
    check(settings, data_dir)
    identity = new_identity(settings.network)
    folder = run_folder(runs_root().absolute(), identity)
    request = {
        "settings": settings.as_json(),
        "folder": str(folder),
        "data_dir": str(data_dir.absolute()) if data_dir else None,
        "download": download,
        "commands": [check_command(command) for command in commands],
    }
    try:
        registry.begin(KIND, identity, lambda: RunJob(identity, folder, settings, request))
    except OSError as error:
        raise ExplorerError(
            f"The run cannot be begun in {runs_root()} ({error.strerror}): {remedy(error)}, or name another folder with "
            f"EXPLORER_RUNS."
        ) from error
    return identity


def begin_together(
    wanted: Sequence[RunSettings],
    *,
    instead_of: Sequence[str] = (),
    data_dir: Path | None = None,
    commands: tuple[Command, ...] = (),
) -> tuple[str, ...]:
    """Begin runs that are to be compared, all of them or none; returns their ids. commands: as `start`.

    instead_of: runs that make room for them: those that still go on are stopped, and may write their last snapshot.
    Raises ExplorerError as `start` does; too many are refused before anything is stopped.
    """
    leaving = {identity: job for identity in instead_of if (job := find_job(identity)) and job.live}
    staying = [job for job in live_jobs() if job.id not in leaving]
    if len(staying) + len(wanted) > KIND.most:
        raise ExplorerError(
            f"{counted(len(staying), 'other run')} {noun(len(staying), 'is', 'are')} training already, and {KIND.most} may "
            "at once: stop some of them first."
        )
    for job in leaving.values():
        job.stop()
    for job in leaving.values():
        job.wait(PATIENCE)
    begun: list[str] = []
    try:
        for settings in wanted:
            begun.append(start(settings, data_dir=data_dir, commands=commands))
    except ExplorerError:
        for identity in begun:
            find_job(identity).stop()
        raise
    return tuple(begun)


def find_job(identity: str) -> RunJob | None:
    """The process of a run that this server started, also when it is over; None for any other."""
    return registry.find(KIND, identity)


def story_of(identity: str) -> Story:
    """What is known of a run, live or from its folder. Raises ExplorerError for what is no run's name."""
    job = find_job(identity)
    return job.story if job else story_on_disk(run_folder(runs_root(), identity))


def live_story(identity: str) -> Story | None:
    """The story of a run that trains now; None for any other."""
    job = find_job(identity)
    return job.story if job and job.live else None


def live_jobs() -> list[RunJob]:
    """The runs that train now, the newest first."""
    return registry.live_jobs(KIND)
