"""One pass over a data set that finds what excites every channel of every convolutional layer. Knows nn.Module and batches;
not where pictures come from, not files, not screens.

Inside the hook only the largest and the smallest value of each map are taken; a position is looked for where one of them
enters the ranking, which soon is rare. All rankings are brought up to date together, every eight batches. Everything is in
the network's own precision: the scores are those of the pass itself, and no picture is run twice.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.probe.patches import Extremes, LayerPatches, TopPatches
from explorer.probe.ranking import Ranking
from explorer.probe.recording import BARE, listening
from explorer.words import counted

K, MOST_K = 9, 100
MERGE_EVERY = 8  # batches; the first eight are merged one by one, because at first nearly every picture enters
LONGEST = 0.5  # seconds between two merges: a large network's scan can be stopped in time
MOST_WAITING = 100_000  # candidates between two merges: pictures sorted by what is measured would all enter
MOST_COPIED = 2**18  # numbers of the maps in which positions are looked for at once: what a core's cache holds
CONVOLUTIONS = (nn.Conv2d, nn.ConvTranspose2d)


# rows of the ranking, scores, pictures and positions: four arrays (n,)
Candidates = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True, eq=False)
class Batch:
    """Some pictures, ready for the network.

    inputs: float32 (n, C, H, W). pictures: their indices in the data set, growing. end: the first index that has not been
    looked at yet; an index below it that never came is a picture that could not be read.
    """

    inputs: torch.Tensor
    pictures: Sequence[int]
    end: int


@dataclass(eq=False)
class ScanState:
    """How far a scan has come: all that is needed to go on. `scan` changes it.

    layers: name → channels. maps: name → (rows, columns), of those that have run. ranking: one row for each channel's
    largest, then one for each channel's smallest, whose sign is turned.
    """

    k: int
    layers: dict[str, int]
    maps: dict[str, tuple[int, int]]
    ranking: Ranking
    seen: int = 0
    read: int = 0

    @property
    def channels(self) -> int:
        return sum(self.layers.values())


def convolutions(network: nn.Module) -> dict[str, int]:
    """The convolutional layers by name, each with its number of output channels."""
    return {
        name or BARE: module.out_channels
        for name, module in network.named_modules()
        if isinstance(module, CONVOLUTIONS)
    }


def begin(network: nn.Module, k: int = K) -> ScanState:
    """The state before the first picture. Raises ExplorerError for a network without convolutions or a k out of range."""
    layers = convolutions(network)
    if not layers:
        raise ExplorerError("This network has no convolutional layer: choose another one.")
    if not 1 <= k <= MOST_K:
        raise ExplorerError(f"{counted(k, 'patch')} a channel cannot be kept: choose 1 to {MOST_K}.")
    return ScanState(k, layers, {}, Ranking(2 * sum(layers.values()), k))


def scan(network: nn.Module, batches: Iterable[Batch], state: ScanState) -> Iterator[ScanState]:
    """Go on with `state` over `batches`, which begin at picture `state.seen`; yields it whenever it is up to date.

    At each yield the state may be saved, shown (`top_patches`) or left for good, and the network is free for others. Stopped
    and gone on with, the same batches give the same result. Raises ExplorerError where the forward pass fails; the state
    then is as at the last yield.
    """
    ears, waiting, merges, over = _Ears(state), iter(batches), 0, False
    while not over:
        began, heard = time.monotonic(), 0
        most = 1 if merges < MERGE_EVERY else MERGE_EVERY
        with torch.inference_mode(), listening(network, state.layers, ears.hear) as run:
            while heard < most and time.monotonic() - began < LONGEST and ears.offered < MOST_WAITING:
                batch = next(waiting, None)
                if over := batch is None:
                    break
                ears.begin(batch)
                if len(batch.pictures):
                    run(batch.inputs)
                ears.close()
                heard += 1
        if heard:
            ears.merge()
            merges += 1
            yield state


def top_patches(state: ScanState) -> TopPatches:
    """What has been found so far, layer by layer."""
    ranked, first, layers = state.ranking.ranked(), 0, []
    for name, channels in state.layers.items():
        if name in state.maps:
            most = slice(first, first + channels)
            least = slice(state.channels + first, state.channels + first + channels)
            width = state.maps[name][1]
            both = [
                Extremes(sign * ranked.scores[at], ranked.pictures[at], *np.divmod(ranked.places[at], width))
                for at, sign in ((most, np.float32(1)), (least, np.float32(-1)))
            ]
            layers.append(LayerPatches(name, state.maps[name], *both))
        first += channels
    return TopPatches(state.k, state.seen, state.seen - state.read, tuple(layers))


@dataclass(eq=False)
class _Ears:
    """What is heard of one batch after the other, until it is merged into the state's ranking.

    offered: how many candidates wait for that. end, read: of the pictures heard so far.
    """

    state: ScanState
    end: int = 0
    read: int = 0
    offered: int = 0
    maps: dict[str, tuple[int, int]] = field(default_factory=dict)
    waiting: list[Candidates] = field(default_factory=list)

    def __post_init__(self) -> None:
        firsts = np.cumsum([0, *self.state.layers.values()])
        self.first = dict(zip(self.state.layers, firsts.tolist(), strict=False))
        self._look()

    def _look(self) -> None:
        """What has to be exceeded now, by layer: (2, 1, channels), the largest and the smallest with its sign turned.

        free: for both ends, whether a channel of the layer still takes anything.
        """
        bounds = self.state.ranking.bounds().reshape(2, 1, -1)
        self.bounds = {name: bounds[:, :, at : at + self.state.layers[name]] for name, at in self.first.items()}
        self.free = {name: np.isneginf(bound).any((1, 2)).tolist() for name, bound in self.bounds.items()}

    def begin(self, batch: Batch) -> None:
        self.end, self.pictures = batch.end, np.fromiter(batch.pictures, np.int64, len(batch.pictures))
        self.heard: dict[str, list[Candidates]] = {}  # a layer's second run in one batch replaces its first

    def close(self) -> None:
        for parts in self.heard.values():
            self.waiting += parts
            self.offered += sum(len(part[0]) for part in parts)
        self.read += len(self.pictures)

    def hear(self, name: str, _given: tuple[int, ...], output: torch.Tensor) -> None:
        """Keep what enters the ranking."""
        self.maps[name] = tuple(output.shape[2:])
        first, self.heard[name] = self.first[name], []
        single = output.shape[2] * output.shape[3] == 1
        extremes = (output[:, :, 0, 0],) * 2 if single else (output.amax((2, 3)), output.amin((2, 3)))
        for end, extreme in enumerate(extremes):
            scores = _array(extreme).astype(np.float32, copy=False)  # (n, channels)
            scores = -scores if end else scores
            enters = scores > self.bounds[name][end]
            if self.free[name][end] and self.state.k < len(scores):  # at first the batch's own k suffice
                enters &= scores >= np.partition(scores, -self.state.k, axis=0)[-self.state.k]
            picture, channel = np.divmod(np.flatnonzero(enters), scores.shape[1])
            if len(picture):
                rows = end * self.state.channels + first + channel
                places = np.zeros_like(rows) if single else _places(output, extreme, picture, channel)
                self.heard[name].append((rows, scores[picture, channel], self.pictures[picture], places))

    def merge(self) -> None:
        """Bring the state up to date."""
        if self.waiting:
            self.state.ranking.offer(*(np.concatenate(parts) for parts in zip(*self.waiting, strict=True)))
            self._look()
        self.state.maps.update(self.maps)
        self.state.seen, self.state.read = self.end, self.state.read + self.read
        self.waiting, self.offered, self.read = [], 0, 0


def _places(output: torch.Tensor, extreme: torch.Tensor, picture: np.ndarray, channel: np.ndarray) -> np.ndarray:
    """The first position of each chosen map's extreme, counted row by row: (n,).

    extreme: every map's largest or smallest value (N, C), which is looked for as it is, and by NumPy: that is 20 times
    quicker than PyTorch's argmax.
    """
    maps, extreme, found = _array(output.flatten(2)), _array(extreme), []
    step = max(1, MOST_COPIED // maps.shape[2])
    for start in range(0, len(picture), step):
        chosen = picture[start : start + step], channel[start : start + step]
        found.append((maps[chosen] == extreme[chosen][:, np.newaxis]).argmax(1))
    return np.concatenate(found)


def _array(values: torch.Tensor) -> np.ndarray:
    """The same numbers for NumPy, which does not know bfloat16; float32 has all of its numbers."""
    return (values.float() if values.dtype == torch.bfloat16 else values).cpu().numpy()
