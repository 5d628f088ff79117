"""A run on disk: what it is, what happened, and snapshots of its weights. Knows files; not processes, not networks' layers.

    <root>/<id>/run.json              the settings, the classes, the channels, when it began
    <root>/<id>/events.jsonl          one JSON object a line, in the order in which things happened
    <root>/<id>/watch.safetensors     some test pictures with what is true of them, to look at the snapshots with
    <root>/<id>/snapshots/N.safetensors   the state dict after N steps

Each file is written under another name first and then renamed, so that a run that was killed has only whole snapshots.
"""

import contextlib
import datetime
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save

from explorer.data.labelled import DataSet, LabelledImages
from explorer.errors import ExplorerError
from explorer.training.settings import RunSettings

IDENTITY = re.compile(r"[0-9a-z][0-9a-z_-]{0,63}")
WATCHED = 1000  # test pictures that are kept with a run
MOST_EVENTS = 256 * 2**20  # bytes of events.jsonl that are read
Event = dict[str, object]


@dataclass(frozen=True)
class Run:
    """A run that was begun. classes: in the order of the labels; channels: of one picture."""

    id: str
    folder: Path
    settings: RunSettings
    classes: tuple[str, ...]
    channels: int
    began: str


def runs_root() -> Path:
    """Where runs are kept: $EXPLORER_RUNS, else ./runs."""
    return Path(os.environ.get("EXPLORER_RUNS") or "runs")


def new_identity(network: str) -> str:
    """A new run's name, sorted by time: 20261121-143005-lenet5-3f2a."""
    now = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
    return f"{now}-{network}-{secrets.token_hex(2)}"


def run_folder(root: Path, identity: str) -> Path:
    """The folder of a run. Raises ExplorerError for what is no run's name, before any path is made of it."""
    if not isinstance(identity, str) or not IDENTITY.fullmatch(identity):
        raise ExplorerError("That is no run's name: choose one of the list.")
    return root / identity


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class Writer:
    """Writes one run's folder. Raises ExplorerError, with what is kept and what to do, where the disk takes no more."""

    def __init__(self, folder: Path, settings: RunSettings, data: DataSet) -> None:
        self.folder = folder
        with _writing(folder):
            (folder / "snapshots").mkdir(parents=True, exist_ok=True)
            about = {
                "settings": settings.as_json(),
                "classes": list(data.classes),
                "channels": data.train.images.shape[1],
                "began": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
                "torch": torch.__version__,
            }
            _write(folder / "run.json", json.dumps(about, indent=2, ensure_ascii=False).encode())
            watched = data.test.sample(WATCHED)
            parts = {name: getattr(watched, name) for name in ("images", "labels", "masks", "boxes")}
            tensors = {name: part.cpu().contiguous() for name, part in parts.items() if part is not None}
            _write(folder / "watch.safetensors", save(tensors))
            self._events = (folder / "events.jsonl").open("ab", buffering=0)
            self._cut_off = False

    def event(self, event: Event) -> None:
        """Add one event. Where the disk took only a part of the one before, this one begins a line of its own."""
        line = b"\n" * self._cut_off + json.dumps(event, ensure_ascii=False).encode() + b"\n"
        with _writing(self.folder):
            self._cut_off = True
            while line:  # a disk that fills up takes a part and says why at the next try
                line = line[self._events.write(line) :]
            self._cut_off = False

    def snapshot(self, steps: int, state: Mapping[str, torch.Tensor]) -> None:
        """Keep a state dict as it is after so many steps."""
        with _writing(self.folder):
            _write(_snapshot_file(self.folder, steps), save({k: v.cpu().contiguous() for k, v in state.items()}))

    def drop(self, steps: int) -> None:
        """Forget one snapshot."""
        with _writing(self.folder):
            _snapshot_file(self.folder, steps).unlink(missing_ok=True)


@contextlib.contextmanager
def _writing(folder: Path):
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExplorerError(
            f"The run can no longer be written to {folder.parent.name}/{folder.name} ({reason}). What was recorded is kept: "
            f"free some space, then continue from the last snapshot."
        ) from error


def _write(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _snapshot_file(folder: Path, steps: int) -> Path:
    return folder / "snapshots" / f"{steps}.safetensors"


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_run(root: Path, identity: str) -> Run:
    """Raises ExplorerError where there is no such run, or none that can be read."""
    folder = run_folder(root, identity)
    try:
        about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        settings = RunSettings.from_json(about["settings"])
        return Run(identity, folder, settings, tuple(about["classes"]), int(about["channels"]), str(about["began"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ExplorerError(f"There is no run called “{identity}” that can be read: choose one of the list.") from error


def list_runs(root: Path, most: int = 50) -> list[Run]:
    """The newest runs that can be read, the newest first; their names begin with the time."""
    runs: list[Run] = []
    for path in sorted(root.glob("*/run.json"), reverse=True):
        if len(runs) == most:
            break
        with contextlib.suppress(ExplorerError):
            runs.append(read_run(root, path.parent.name))
    return runs


def read_events(folder: Path) -> list[Event]:
    """What happened, oldest first. A last line that was cut off is left out."""
    events = []
    with contextlib.suppress(OSError), (folder / "events.jsonl").open("rb") as file:
        for line in file.read(MOST_EVENTS).splitlines():
            with contextlib.suppress(ValueError):
                event = json.loads(line)
                if isinstance(event, dict):
                    events.append(event)
    return events


def snapshot_steps(folder: Path) -> list[int]:
    """After how many steps there is a snapshot, ascending."""
    return sorted(int(path.stem) for path in (folder / "snapshots").glob("*.safetensors") if path.stem.isdecimal())


def read_snapshot(folder: Path, steps: int) -> dict[str, torch.Tensor]:
    """The state dict after so many steps. Raises ExplorerError where there is no such snapshot."""
    try:
        return load_file(_snapshot_file(folder, steps))
    except (OSError, SafetensorError) as error:
        raise ExplorerError(f"There is no snapshot of step {steps:,} any more: choose one of the timeline.") from error


def read_watched(folder: Path) -> LabelledImages:
    """The test pictures that were kept with the run: uint8 (n, C, 32, 32), and what is true of them."""
    try:
        kept = load_file(folder / "watch.safetensors")
        return LabelledImages(kept["images"], kept["labels"], kept.get("masks"), kept.get("boxes"))
    except (OSError, SafetensorError, KeyError) as error:
        raise ExplorerError(f"The run {folder.name} has lost its test pictures: train it again.") from error
