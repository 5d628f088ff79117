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
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save

from explorer.data.labelled import SIDE, DataSet, LabelledImages
from explorer.disk import check_regular, open_regular, read_whole, remedy
from explorer.errors import ExplorerError
from explorer.models.registry import find
from explorer.models.trainable import MOST_CLASSES
from explorer.training.networks import OWN
from explorer.training.settings import IDENTITY, RunSettings
from explorer.training.tasks import task_of
from explorer.typed import parse, record

WATCHED = 1000  # test pictures that are kept with a run
MOST_ABOUT = 2**20  # bytes of run.json
MOST_EVENTS = 256 * 2**20  # bytes of events.jsonl that are read
MOST_LINE = 4 * 2**20  # of one event
MOST_TENSORS = 2 * 2**30  # of a snapshot, and of the pictures that are watched
MOST_NAME = 255  # characters of a class's name
DIGITS = 15  # of a snapshot's step
RECORDINGS = Path(__file__).parents[2] / "assets" / "recordings"  # runs that come with the application (recordings.py)
RECORDED = "recorded-"  # what their names begin with; a user's run's begins with the time
Event = dict[str, object]


@dataclass(frozen=True)
class About:
    """What run.json says."""

    settings: dict[str, object]
    classes: tuple[str, ...]
    channels: int
    began: str
    torch: str = ""

    def __post_init__(self) -> None:
        """Refuse what no run can be."""
        if not 2 <= len(self.classes) <= MOST_CLASSES or not all(len(name) <= MOST_NAME for name in self.classes):
            raise ValueError("no classes")
        if self.channels not in (1, 3):
            raise ValueError("no pictures")
        datetime.datetime.fromisoformat(self.began).timestamp()


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
    """The folder of a run, among `root`'s or those that come with the application.

    Raises ExplorerError for what is no run's name, before any path is made of it.
    """
    if not isinstance(identity, str) or not IDENTITY.fullmatch(identity):
        raise ExplorerError("That is no run's name: choose one of the list.")
    return (RECORDINGS if identity.startswith(RECORDED) else root) / identity


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
        reason, helps = error.strerror or str(error), remedy(error)
        kept = (
            f"What was recorded is kept: {helps}, then continue from the last snapshot."
            if snapshot_steps(folder)
            else f"Nothing of it was recorded: {helps}, then begin it again."
        )
        raise ExplorerError(
            f"The run can no longer be written to {folder.parent.name}/{folder.name} ({reason}). {kept}"
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
    """Raises ExplorerError where there is no such run, where nothing of it was recorded, and for one that is damaged."""
    folder = run_folder(root, identity)
    try:
        about = record(About, parse(read_whole(folder / "run.json", MOST_ABOUT)), more=True)
        run = Run(identity, folder, RunSettings.from_json(about.settings), about.classes, about.channels, about.began)
        _check_known(run)
        return run
    except FileNotFoundError as error:
        if (folder / "log.txt").is_file() and not (folder / "study.json").exists():  # a server has begun it
            raise ExplorerError(
                f"Nothing of the run “{identity}” is recorded yet: wait for its first step, or begin it again where it "
                f"does not train any more."
            ) from error
        raise ExplorerError(f"There is no run called “{identity}”: choose one of the list.") from error
    except (OSError, ValueError, OverflowError, ExplorerError) as error:
        raise ExplorerError(
            f"There is no run called “{identity}” that can be read: it is damaged, so choose another, or move its folder away."
        ) from error


def _check_known(run: Run) -> None:
    """Refuse a run of a network that does not exist here. Raises ValueError, and ExplorerError from the registry."""
    transfer = run.settings.transfer
    if transfer and (transfer.channels is None or (transfer.network and find(transfer.network).adapt is None)):
        raise ValueError("no student that was ever trained")
    _ = run.settings.title, run.settings.command(), task_of(run.settings.design)


def list_runs(root: Path, most: int = 50) -> list[Run]:
    """The newest runs that can be read, the newest first; their names begin with the time."""
    runs: list[Run] = []
    for name in _names(root):
        if len(runs) == most:
            break
        with contextlib.suppress(ExplorerError):
            runs.append(read_run(root, name))
    return runs


def damaged_runs(root: Path, most: int = 50) -> list[str]:
    """Of the newest runs the names of those that cannot be read, the newest first."""
    damaged: list[str] = []
    for name in _names(root)[:most]:
        try:
            read_run(root, name)
        except ExplorerError:
            damaged.append(name)
    return damaged


def _names(root: Path) -> list[str]:
    """Of all that have a run.json, the newest first."""
    found = (path.parent.name for path in sorted(root.glob("*/run.json"), reverse=True))
    return [name for name in found if IDENTITY.fullmatch(name)]


def read_events(folder: Path) -> list[Event]:
    """What happened, oldest first. A last line that was cut off is left out, and what is no event."""
    events = []
    with contextlib.suppress(OSError), open_regular(folder / "events.jsonl") as file:
        for line in file.read(MOST_EVENTS).splitlines():
            with contextlib.suppress(ValueError):
                event = parse(line) if len(line) <= MOST_LINE else None
                if isinstance(event, dict):
                    events.append(event)
    return events


def snapshot_steps(folder: Path) -> list[int]:
    """After how many steps there is a snapshot, ascending."""
    stems = (path.stem for path in (folder / "snapshots").glob("*.safetensors"))
    return sorted(int(stem) for stem in stems if stem.isdecimal() and len(stem) <= DIGITS and stem == str(int(stem)))


def read_snapshot(folder: Path, steps: int) -> dict[str, torch.Tensor]:
    """The state dict after so many steps: float32, and whole numbers. Raises ExplorerError where there is no such snapshot.

    A recording's weights are kept in half precision.
    """
    try:
        state = load_file(check_regular(_snapshot_file(folder, steps), MOST_TENSORS))
        state = {name: tensor.float() if tensor.dtype == torch.float16 else tensor for name, tensor in state.items()}
        if not all(tensor.dtype in (torch.float32, torch.int64) for tensor in state.values()):
            raise ValueError("no weights")
        return state
    except (OSError, SafetensorError, ValueError) as error:
        helps = "choose one of the timeline" if snapshot_steps(folder) else "it has kept none, so train it again"
        raise ExplorerError(f"There is no snapshot of step {steps:,} any more: {helps}.") from error


def read_watched(folder: Path) -> LabelledImages:
    """The test pictures that were kept with the run: uint8 (n, C, 32, 32), and what is true of them."""
    try:
        kept = load_file(check_regular(folder / "watch.safetensors", MOST_TENSORS))
        watched = LabelledImages(kept["images"], kept["labels"], kept.get("masks"), kept.get("boxes"))
        _check_watched(watched, read_run(folder.parent, folder.name))
        return watched
    except (OSError, SafetensorError, KeyError, ValueError, ExplorerError) as error:
        raise ExplorerError(f"The run {folder.name} has lost its test pictures: train it again.") from error


def _check_watched(watched: LabelledImages, run: Run) -> None:
    """Raises ValueError for what this run cannot have had, ExplorerError where its task's masks or boxes are missing."""
    images, labels, masks, boxes = watched.images, watched.labels, watched.masks, watched.boxes
    count, classes = len(images), len(run.classes)
    side = images.shape[-1] if run.settings.data in OWN else SIDE
    task_of(run.settings.design).check(watched, run.settings.data)
    for tensor, kind, shape in (
        (images, torch.uint8, (count, run.channels, side, side)),
        (labels, torch.int64, (count,)),
        (masks, torch.uint8, (count, side, side)),
        (boxes, torch.float32, (count, 4)),
    ):
        if tensor is not None and (tensor.dtype != kind or tensor.shape != shape or not tensor.numel()):
            raise ValueError("of another form")
    for numbers in (labels, masks):
        if numbers is not None and not 0 <= int(numbers.min()) <= int(numbers.max()) < classes:
            raise ValueError("no class")
    if boxes is not None and not boxes.isfinite().all():
        raise ValueError("no boxes")
