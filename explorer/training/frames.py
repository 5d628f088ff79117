"""What one snapshot shows: kernels, maps of a pinned picture, answers, spreads, dead units. Knows networks and timelines.

A snapshot holds weights only; all of this is computed from them when somebody looks, so that watching costs the training
nothing and any picture can be pinned afterwards.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import nn

from explorer.data.labelled import LabelledImages
from explorer.errors import ExplorerError
from explorer.probe.kinds import Kind, kind_of, module_kind
from explorer.probe.kinds.kind import ENLARGING, NEVER, POOLING
from explorer.probe.recording import Recording, leaves, record
from explorer.probe.spread import dead_units
from explorer.training.evaluation import judge
from explorer.training.networks import feeding_of, network_of
from explorer.training.scenes import Scenes, scenes_of
from explorer.training.tasks import task_of
from explorer.training.timeline import Run, read_snapshot, read_watched

SPREAD_PICTURES = 128  # whose activations are counted
SCENES = 12  # whose masks or boxes are shown; in such a run only their activations are counted, which are large
JUDGED_VALUES = 6e9  # multiply-adds that labelling the test pictures may cost
JUDGED_SCENES = 4e8, 12  # the same of masks and boxes, and of how many pictures at least
JUDGED_AT_ONCE = 125  # whose maps fit into a processor's cache: twice as fast as a thousand
BINS = 41
MOST_VALUES = 8192  # of one layer's maps: more channels than that are left out
MOST_KERNELS = 5000  # weights of one layer
FLAT_SIGMOID, FLAT_TANH = 0.0125, 0.05  # a twentieth of the largest slope: saturated


@dataclass(frozen=True)
class Maps:
    """One layer's answer to the pinned picture: values float32 (channels, h, w); whole: how many channels there are."""

    layer: str
    title: str
    values: np.ndarray
    whole: int
    signed: bool


@dataclass(frozen=True)
class Distribution:
    """How a layer's numbers are spread: counts float32 (41,) over [low, high].

    Of activations also: dead, how many of `units` (channels of a convolution) are never above 0 on any test picture; and
    saturated, the share of values where the activation is nearly flat. None where the question makes no sense.
    """

    layer: str
    counts: np.ndarray
    low: float
    high: float
    units: int = 0
    dead: int | None = None
    saturated: float | None = None


@dataclass(frozen=True)
class Frame:
    """A network at one moment of its training.

    image: the pinned picture, uint8 (32, 32) or (32, 32, 3); label: its true class where known. kernels: layer → float32
    (out, in, h, w). probabilities float32 (k,): of a network for masks their mean over the pixels, the expected share of each
    class. confusion int64 (k, k): row = true class, over `pictures` test pictures; for masks it counts pixels. accuracy: what
    `metric` calls it. extras, per_class: as training.tasks.Score. scenes: some watched test pictures, and pinned: the
    pinned picture alone (n = 1), of a run that learns masks or boxes; None of a run that learns classes.
    """

    steps: int
    image: np.ndarray
    label: int | None
    kernels: dict[str, np.ndarray]
    maps: tuple[Maps, ...]
    probabilities: np.ndarray
    confusion: np.ndarray
    accuracy: float
    pictures: int
    weights: tuple[Distribution, ...]
    activations: tuple[Distribution, ...]
    metric: str = "accuracy"
    extras: Mapping[str, float] = field(default_factory=dict)
    per_class: tuple[float | None, ...] = ()
    scenes: Scenes | None = None
    pinned: Scenes | None = None


class Viewer:
    """Looks at the snapshots of one run. pinned: index of the test picture or an own one, uint8 as Frame.image."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._watched = read_watched(run.folder)
        self._network = network_of(run.settings, run.channels, len(run.classes)).eval().requires_grad_(False)
        self._network.to(memory_format=torch.channels_last)
        self._feeding = feeding_of(run.settings, run.channels)
        self._normalise = self._feeding.normalise
        self._lock = threading.Lock()
        self._task = task_of(run.settings.design)
        only_classes = self._task.key == "classes"
        self._judged = self._watched
        self._some = self._watched.sample(SPREAD_PICTURES if only_classes else SCENES)
        cost = self._multiply_adds()
        values, fewest = (JUDGED_VALUES, 100) if only_classes else JUDGED_SCENES
        if cost * len(self._watched) > values:
            self._judged = self._watched.sample(max(fewest, int(values / cost)))

    def test_picture(self, index: int) -> tuple[np.ndarray, int]:
        """A test picture that was kept with the run, uint8 (32, 32) or (32, 32, 3), and its class."""
        index %= len(self._watched)
        image = self._watched.images[index].permute(1, 2, 0).numpy()
        return (image[:, :, 0] if self.run.channels == 1 else image), int(self._watched.labels[index])

    def arrange(self, pixels: np.ndarray) -> np.ndarray:
        """Any picture uint8 (H, W) or (H, W, 3) in the form of the run's own. Raises ExplorerError for an empty one."""
        return self._feeding.arrange(pixels).image

    def look(self, steps: int, image: np.ndarray, label: int | None = None) -> Frame:
        """The network after so many steps. Raises ExplorerError where there is no such snapshot, or none of this network.

        Also where its numbers overflow: such a network has nothing to show.
        """
        state = read_snapshot(self.run.folder, steps)
        with self._lock:
            try:
                self._network.load_state_dict(state)
            except RuntimeError as error:
                raise ExplorerError(f"The snapshot of step {steps:,} is of another network: train it again.") from error
            planes = torch.from_numpy(np.atleast_3d(image).copy()).permute(2, 0, 1)[None]
            single = record(self._network, self._normalise(planes))
            layers, active = leaves(self._network), self._active()
            heard = active if self._task.key == "classes" else [*active, next(reversed(layers))]
            many = record(self._network, self._normalise(self._some.images), heard)
            verdict = judge(self._network, self._judged, self._normalise, task=self._task, batch_size=JUDGED_AT_ONCE)
            kernels = {name: values for name, layer in layers.items() if (values := _kernels(layer)) is not None}
            weights = {name: layer.weight.clone() for name, layer in layers.items() if _has_weights(layer)}
        shown = *state.values(), *single.outputs.values(), *many.outputs.values()
        if not all(tensor.isfinite().all() for tensor in shown):
            raise ExplorerError(
                f"The network of step {steps:,} no longer answers in numbers: choose an earlier snapshot."
            )
        return Frame(
            steps=steps,
            image=image,
            label=label,
            kernels=kernels,
            maps=_maps(single, layers),
            probabilities=_shares(self._task.answers(single.final)[0]),
            confusion=verdict.confusion.numpy(),
            accuracy=verdict.accuracy,
            pictures=len(self._judged),
            weights=tuple(_spread(name, values) for name, values in weights.items()),
            activations=tuple(
                _activity(name, layers[name], values) for name, values in many.outputs.items() if name in active
            ),
            metric=self._task.metric,
            extras=verdict.extras,
            per_class=verdict.per_class,
            scenes=scenes_of(self._task, self._some, many.final, self.run.classes),
            pinned=scenes_of(self._task, self._truth(planes, label), single.final, self.run.classes),
        )

    def _truth(self, planes: torch.Tensor, label: int | None) -> LabelledImages:
        """The pinned picture uint8 (1, C, 32, 32) with what is known of it: of a watched one everything."""
        if self._task.key != "classes" and label is not None:
            found = (self._watched.images == planes).flatten(1).all(1).nonzero()
            if len(found):
                return self._watched.take(found[0])
        return LabelledImages(planes, torch.full((1,), -1))

    def _active(self) -> list[str]:
        return [name for name, layer in leaves(self._network).items() if _kind(layer).activation]

    def _multiply_adds(self) -> int:
        from explorer.probe.facts import describe

        facts = describe(self._network, (self._feeding.channels, self._feeding.side, self._feeding.side))
        return max(1, facts.macs)


def _shares(logits: torch.Tensor) -> np.ndarray:
    """Logits (k, …) → each class's probability, of a map's places their mean: float32 (k,)."""
    return logits.softmax(0).reshape(len(logits), -1).mean(1).numpy()


def _kind(layer: nn.Module) -> Kind:
    return kind_of(module_kind(layer))


def _has_weights(layer: nn.Module) -> bool:
    return isinstance(layer, nn.Conv2d | nn.Linear | nn.ConvTranspose2d)


def _kernels(layer: nn.Module) -> np.ndarray | None:
    if not isinstance(layer, nn.Conv2d | nn.ConvTranspose2d) or layer.weight.numel() > MOST_KERNELS:
        return None
    weight = layer.weight.detach()
    weight = weight.transpose(0, 1) if isinstance(layer, nn.ConvTranspose2d) else weight  # (in, out, …) there
    return weight.contiguous().numpy().copy()


def _maps(recording: Recording, layers: dict[str, nn.Module]) -> tuple[Maps, ...]:
    """What the activations, the poolings, their opposites and the last layer put out."""
    chosen, source, signed = [], "", True
    last = next(reversed(recording.outputs))
    for name, output in recording.outputs.items():
        layer, kind = layers[name], _kind(layers[name])
        if _has_weights(layer):
            source, signed = name, True
        elif kind.activation:
            signed = kind.sign != NEVER
        resizes = kind.group in (POOLING, ENLARGING) or isinstance(layer, nn.ConvTranspose2d)
        if not kind.activation and not resizes and name != last:
            continue
        values = output[0].numpy()
        values = values.reshape(len(values), *(values.shape[1:] or (1, 1)))
        channels = max(1, min(len(values), MOST_VALUES // values[0].size))
        title = f"{source} · {kind.word}" if kind.activation else name
        chosen.append(Maps(name, title, values[:channels], len(values), signed))
    return tuple(chosen)


def _spread(name: str, values: torch.Tensor, **more: object) -> Distribution:
    flat = values.detach().float().flatten()
    flat = flat[flat.isfinite()]  # of a run that failed there may be none left
    low, high = (flat.min().item(), flat.max().item()) if len(flat) else (0.0, 0.0)
    if low == high:  # zeros, as they were first: one bar in the middle of a width of its own
        low, high = low - 0.5, high + 0.5
    return Distribution(name, torch.histc(flat, BINS, low, high).numpy(), low, high, **more)


def _activity(name: str, layer: nn.Module, values: torch.Tensor) -> Distribution:
    """values (N, units, …)."""
    units = values.shape[1]
    dead = saturated = None
    if isinstance(layer, nn.ReLU):
        dead = dead_units(values)
    elif isinstance(layer, nn.Sigmoid):
        saturated = (values * (1 - values) < FLAT_SIGMOID).float().mean().item()
    elif isinstance(layer, nn.Tanh):
        saturated = (1 - values**2 < FLAT_TANH).float().mean().item()
    return _spread(name, values, units=units, dead=dead, saturated=saturated)
