"""Scanning a data set with a network of the registry, from where it was left. Knows both by their names; not processes, not
screens."""

import copy
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from torch import nn

from explorer.errors import ExplorerError
from explorer.models.registry import find
from explorer.models.spec import ModelSpec
from explorer.probe.fields import FieldOf, fields_of_layers
from explorer.probe.graph import trace
from explorer.probe.patches import TopPatches
from explorer.probe.patches_file import Identity, network_digest, read_state, state_path, write_state
from explorer.probe.scanning import K, ScanState, begin, scan, top_patches
from explorer.scan.pictures import Pictures, open_pictures
from explorer.words import counted

SMALL, LARGE = 256, 16  # pictures in a batch, for inputs of at most 64 pixels a side and for larger ones
MOST_BATCH = 4096
KEEP_EVERY = 5.0  # seconds between two writings of an unfinished scan


@dataclass(frozen=True)
class Wish:
    """What to scan. data_dir: "" is the usual place. limit: so many pictures at most. batch_size: None chooses itself."""

    network: str
    data: str
    data_dir: str = ""
    k: int = K
    limit: int | None = None
    batch_size: int | None = None

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    @staticmethod
    def from_json(values: Mapping[str, object]) -> "Wish":
        return Wish(**values)


@dataclass(frozen=True)
class Progress:
    """Where a scan stands: pictures seen and in all, unreadable ones among the seen, seconds since it was begun or resumed."""

    seen: int
    count: int
    skipped: int
    seconds: float

    @property
    def done(self) -> bool:
        return self.seen == self.count


class Scan:
    """One network and one set of pictures, opened; what was found earlier is there at once.

    network, pictures: given where they are open already. Raises ExplorerError where either cannot be had, or k or the batch
    size is out of range.
    """

    def __init__(self, wish: Wish, network: nn.Module | None = None, pictures: Pictures | None = None) -> None:
        self.wish, self.spec = wish, find(wish.network)
        size = wish.batch_size
        if size is not None and not 1 <= size <= MOST_BATCH:
            raise ExplorerError(f"A batch of {counted(size, 'picture')} cannot be run: choose 1 to {MOST_BATCH:,}.")
        self.batch_size = size or (SMALL if self.spec.feeding.side <= 64 else LARGE)
        self.pictures = pictures or pictures_of(wish, self.spec)
        self.network = network or self.spec.load()
        self.state = self._kept()

    def _kept(self) -> ScanState:
        fresh = begin(self.network, self.wish.k)
        return read_state(self.identity, fresh.layers, self.wish.k, self.pictures.count) or fresh

    @property
    def version(self) -> int:
        """Changes when what is kept on disk does."""
        try:
            return state_path(self.identity).stat().st_mtime_ns
        except OSError:
            return 0

    def again(self) -> "Scan":
        """The same network and pictures, with what is kept on disk now."""
        other = copy.copy(self)
        other.state = other._kept()
        return other

    @cached_property
    def identity(self) -> Identity:
        """All that would change the result."""
        return {
            "network": self.wish.network,
            "weights": network_digest(self.network),
            "input": list(self.spec.input_shape),
            "k": self.wish.k,
            **self.pictures.identity,
        }

    @cached_property
    def fields(self) -> Mapping[str, FieldOf]:
        """Layer → what its units see of the picture; empty where the network cannot be followed."""
        try:
            return fields_of_layers(trace(self.network, self.spec.input_shape))
        except ExplorerError:
            return {}

    @property
    def found(self) -> TopPatches:
        """What has been found so far."""
        return top_patches(self.state)

    def run(self) -> Iterator[Progress]:
        """Go on to the end, yielding where it stands; the state is kept on disk meanwhile, at the end, and when this
        generator is closed. Raises ExplorerError where the network fails or nothing can be kept."""
        start = kept = time.monotonic()
        written = self.state.seen
        yield self._progress(start)
        if self.state.seen >= self.pictures.count:
            return
        try:
            batches = self.pictures.batches(self.batch_size, self.state.seen)
            for state in scan(self.network, batches, self.state):
                if time.monotonic() - kept > KEEP_EVERY or state.seen == self.pictures.count:
                    write_state(self.identity, state)
                    kept, written = time.monotonic(), state.seen
                yield self._progress(start)
        finally:
            if written != self.state.seen:
                write_state(self.identity, self.state)

    def _progress(self, start: float) -> Progress:
        state = self.state
        return Progress(state.seen, self.pictures.count, state.seen - state.read, time.monotonic() - start)


def pictures_of(wish: Wish, spec: ModelSpec | None = None) -> Pictures:
    """The pictures that a wish names, as its network takes them. Raises ExplorerError where they cannot be had."""
    feeding = (spec or find(wish.network)).feeding
    folder = Path(wish.data_dir).expanduser() if wish.data_dir else None
    return open_pictures(wish.data, folder, feeding, wish.limit)
