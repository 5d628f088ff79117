"""Trained networks to take over from, and where each can be cut. Knows the registry and runs; not what learns from them."""

import dataclasses
import functools
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from explorer.data.datasets import DATA_SETS
from explorer.disk import read_end
from explorer.errors import ExplorerError
from explorer.models.registry import MODELS, find
from explorer.models.trainable import Design
from explorer.probe.cutting import Segment, segments
from explorer.training.networks import HANDWRITTEN, feeding_of, network_of
from explorer.training.settings import RunSettings, Transfer
from explorer.training.tasks import task_of
from explorer.training.timeline import Run, list_runs, read_run, read_snapshot, runs_root, snapshot_steps

# What a data set's pictures show; of "own" and "folder" only the user knows
DATA_DOMAINS = {
    **dict.fromkeys((*HANDWRITTEN,), "handwriting"),
    **dict.fromkeys(("fashion_mnist", "cifar10"), "photographs"),
    **dict.fromkeys(("shapes", "corner", "scenes", "boxes", "faces"), "drawings"),
}
BUNDLED = {"lenet5": "handwriting", "lenet5_low": "handwriting", "colour": "photographs"}  # and their domains
LARGE_HEAD = 10**6  # parameters that few examples cannot fill
LAST_EVENT = 4096  # bytes that the last line of a run's events may have


@dataclass(frozen=True)
class SourceFacts:
    """A trained network to take over from.

    key: as Transfer.source. trained_on: in words. domain: what its pictures show, "handwriting", "photographs", "drawings" or
    "unknown". channels, side: of its input. classes: how many it tells apart. has_weights: False where torchvision's weights
    have not been fetched.
    """

    key: str
    title: str
    trained_on: str
    domain: str
    channels: int
    side: int
    classes: int
    has_weights: bool


@dataclass(frozen=True)
class Cut:
    """A place to cut a network at.

    layer: as Transfer.cut. title: as one reads it. shape: of what comes out there, without the batch. kept, new: how many
    parameters are taken over (up to here) and begin anew (above, with the source's number of classes).
    """

    layer: str
    title: str
    shape: tuple[int, ...]
    kept: int
    new: int


def sources(root: Path | None = None) -> tuple[SourceFacts, ...]:
    """What can be taken over from: the bundled networks, torchvision's, and finished runs of one's own, the newest first."""
    named = [*BUNDLED, *(name for name, spec in MODELS.items() if spec.adapt)]
    runs = [
        run for run in list_runs(root or runs_root()) if task_of(run.settings.design).key == "classes" and _ended(run)
    ]
    return (*map(source_of, named), *(_of_run(run, snapshot_steps(run.folder)[-1]) for run in runs))


def source_of(key: str) -> SourceFacts:
    """The facts of one source. Raises ExplorerError for one that does not exist."""
    if ":" in key:
        return _of_run(*_run_of(key))
    spec = find(key)
    if key not in BUNDLED and not spec.adapt:
        raise ExplorerError(f"{spec.title} cannot be made for other classes: choose another network to transfer from.")
    domain = BUNDLED.get(key, "photographs")
    feeding = spec.feeding
    classes = len(spec.labels)
    return SourceFacts(key, spec.title, spec.suits, domain, feeding.channels, feeding.side, classes, spec.has_weights())


def cuts(source: str) -> tuple[Cut, ...]:
    """Where a source can be cut, from the first layer with weights to the last but the output layer."""
    return _cuts(origin_of(source), source_of(source).classes)


def default_cut(source: str) -> str:
    """After the last convolution: dense layers above are new, unless they are large, when only the output layer is."""
    places = cuts(source)
    maps = [place for place in places if len(place.shape) == 3 and place.new <= LARGE_HEAD]
    return (maps or places)[-1].layer


def completed(settings: RunSettings) -> RunSettings:
    """The settings with all that the source decides filled in: design, channels, torchvision's name. Others as they are.

    Dropout and the first weights of what is new stay the settings' own. Raises ExplorerError where the source is gone.
    """
    transfer = settings.transfer
    if transfer is None or transfer.channels is not None:  # its source may have gone since
        return settings
    origin = origin_of(transfer.source)
    if transfer.network not in (None, origin.network) or (
        not origin.network and settings.design.network != origin.design.network
    ):
        raise ExplorerError(
            f"A student of {transfer.source} is the same network as its source: choose "
            f"{origin.network or origin.design.network}."
        )
    mine = settings.design
    design = dataclasses.replace(origin.design, dropout=mine.dropout, initialisation=mine.initialisation)
    return dataclasses.replace(
        settings,
        design=design,
        transfer=dataclasses.replace(transfer, channels=origin.channels, network=origin.network),
    )


@dataclass(frozen=True)
class Origin:
    """A source's architecture: its design, the channels of its input, torchvision's name or None."""

    design: Design
    channels: int
    network: str | None


def origin_of(key: str) -> Origin:
    """What a student of the source has to be built as. Raises ExplorerError for one that does not exist."""
    if ":" not in key:
        channels = source_of(key).channels
        if key in BUNDLED:
            return Origin(Design(key.partition("_")[0]), channels, None)
        return Origin(Design(), channels, key)
    run, _ = _run_of(key)
    settings = completed(run.settings)
    network = settings.transfer.network if settings.transfer else None
    return Origin(settings.design, feeding_of(settings, run.channels).channels, network)


def weights_of(key: str) -> dict[str, torch.Tensor]:
    """The source's state dict. Raises ExplorerError where it has no trained weights here."""
    if ":" in key:
        run, step = _run_of(key)
        return read_snapshot(run.folder, step)
    check_weights(key)
    return find(key).load().state_dict()


def check_weights(key: str) -> None:
    """Raise ExplorerError where the source has no trained weights here."""
    if not source_of(key).has_weights:
        if ":" in key:
            raise ExplorerError(f"The snapshot {key} is not there any more: choose another source.")
        raise ExplorerError(
            f"{find(key).title} has no trained weights here: fetch them on the page CNN Explorer, or choose another "
            f"source."
        )


def check_cut(source: str, cut: str) -> None:
    """Raise ExplorerError where the source cannot be cut there."""
    known = [place.layer for place in cuts(source)]
    if cut not in known:
        raise ExplorerError(f"{source} cannot be cut at “{cut[:80]}”: choose one of {', '.join(known)}.")


@functools.lru_cache(maxsize=64)
def _cuts(origin: Origin, classes: int) -> tuple[Cut, ...]:
    settings = RunSettings(
        origin.design, transfer=Transfer("any", "any", "scratch", 1.0, origin.channels, origin.network)
    )
    with torch.device("meta"):  # shapes are enough
        network = network_of(settings, origin.channels, classes)
    side = feeding_of(settings, origin.channels).side
    parts = segments(network, (origin.channels, side, side))
    sizes = [sum(w.numel() for name in part.layers for w in network.get_submodule(name).parameters()) for part in parts]
    return tuple(
        Cut(part.cut, _title(network, part), part.shape, sum(sizes[: place + 1]), sum(sizes[place + 1 :]))
        for place, part in enumerate(parts[:-1])
    )


def _title(network: nn.Module, part: Segment) -> str:
    """ "c3", "conv1 + bn1", or a block with its kind: "layer1.0 (BasicBlock)"."""
    if part.cut in part.layers:
        return " + ".join(part.layers)
    return f"{part.cut} ({type(network.get_submodule(part.cut)).__name__})"


def _run_of(key: str) -> tuple[Run, int]:
    run, _, step = key.rpartition(":")
    if not step.isdecimal():
        raise ExplorerError(f"“{key[:80]}” is no snapshot to transfer from: write RUN:STEP.")
    return read_run(runs_root(), run), int(step)


def _of_run(run: Run, step: int) -> SourceFacts:
    settings = run.settings
    feeding = feeding_of(completed(settings), run.channels)
    known = DATA_SETS.get(settings.data)
    trained_on = known.title.partition(":")[0] if known else settings.data
    domain = DATA_DOMAINS.get(settings.data, "unknown")
    there = step in snapshot_steps(run.folder)
    return SourceFacts(
        f"{run.id}:{step}", settings.title, trained_on, domain, feeding.channels, feeding.side, len(run.classes), there
    )


def _ended(run: Run) -> bool:
    """Whether the run is over and has a snapshot; only the end of its events is read."""
    try:
        last = read_end(run.folder / "events.jsonl", LAST_EVENT).splitlines()[-1:]
    except OSError:
        return False
    return bool(last) and b'"kind": "ended"' in last[0] and bool(snapshot_steps(run.folder))
