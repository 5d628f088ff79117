"""One side of a comparison: a network of the registry, trained or random, or a moment of a run. Knows runs and the cache.

In the address a side is the network's name, with ".random" for random weights, or "run.ID.STEP" (STEP "last" for the newest).
"""

import re
from dataclasses import dataclass

import torch
from torch import nn

from explorer.data.labelled import LabelledImages
from explorer.errors import ExplorerError
from explorer.models.batches import feed
from explorer.models.feeding import Feeding
from explorer.models.registry import MODELS, find
from explorer.probe.facts import NetworkFacts, describe
from explorer.probe.kinds import kind_of
from explorer.training.moments import feeding_of_run, network_at
from explorer.training.timeline import IDENTITY, Run, list_runs, read_run, runs_root, snapshot_steps
from explorer.ui import cache
from explorer.ui.networks import current, uploaded

RANDOM = ".random"
RUN = re.compile(r"run\.([0-9a-z_-]+)\.(last|[0-9]{1,12})")
MOST_RUNS = 20  # the newest ones are offered


@dataclass(frozen=True, eq=False)
class Side:
    """A network to be looked into. key: what everything computed of it is kept under. own: it was trained on data sets as
    they are, so that these need no arranging."""

    title: str
    network: nn.Module
    feeding: Feeding
    facts: NetworkFacts
    key: str
    own: bool = False

    @property
    def layers(self) -> list[str]:
        """The layers that can be compared, in order; flattening changes no number."""
        return [layer.name for layer in self.facts.layers if not kind_of(layer.type).listing]

    def layout(self, layer: str) -> str:
        """What the axes of the layer's output are, "hwc" where its channels are last; "" where it is no map."""
        return next((one.layout for one in self.facts.layers if one.name == layer), "")

    def inputs(self, pictures: LabelledImages) -> torch.Tensor:
        """A data set's pictures as this network's input. Raises ExplorerError where one cannot be an input."""
        return feed(pictures.images, self.feeding, arranged=self.own)


def read_side(text: str) -> str:
    """Check how a side is written; whether the run exists is asked when it is looked at."""
    match = RUN.fullmatch(text)
    if match and IDENTITY.fullmatch(match[1]):
        return text
    if text.removesuffix(RANDOM) not in MODELS:
        raise ExplorerError(f"“{text[:40]}” is neither a network nor a moment of a run")
    return text


def side(text: str) -> Side:
    """The side that a text of `read_side` names. Raises ExplorerError where the run or its snapshot is gone."""
    match = RUN.fullmatch(text)
    if match:
        return _moment(read_run(runs_root(), match[1]), match[2])
    name = text.removesuffix(RANDOM)
    spec = find(name)
    if text.endswith(RANDOM):
        return Side(f"{spec.title}, random weights", cache.random_network(name), spec.feeding, cache.facts(name), text)
    loaded = current(name)
    return Side(
        f"{spec.title}, {loaded.weights}", loaded.network, spec.feeding, cache.facts(name), f"{name} {loaded.key}"
    )


def networks() -> dict[str, str]:
    """What can be chosen, without a run's moment: "lenet5", "lenet5.random", "run.ID" → its title."""
    offered = {}
    for name, spec in MODELS.items():
        trained = spec.has_weights() or uploaded(name)
        if trained:
            offered[name] = spec.title if spec.own else f"{spec.title}, trained"
        if not spec.own:  # a user's own brings its weights: nobody knows whether they are random
            offered[name + RANDOM] = f"{spec.title}, random"
    return offered | {
        f"run.{run.id}": f"{run.settings.title} · run {run.id}" for run in list_runs(runs_root(), MOST_RUNS)
    }


def moments(run: str) -> list[int]:
    """After how many steps a run, "run.ID", has snapshots."""
    return snapshot_steps(read_run(runs_root(), run.removeprefix("run.")).folder)


def _moment(run: Run, step: str) -> Side:
    steps = snapshot_steps(run.folder)
    if not steps:
        raise ExplorerError(f"The run {run.id} has no snapshot yet: let it go on, or choose another.")
    at = steps[-1] if step == "last" else int(step)
    key = f"run.{run.id}.{at}"
    network = cache.kept_network(key, _make=lambda: network_at(run, at))
    feeding = feeding_of_run(run)
    shape = (feeding.channels, feeding.side, feeding.side)
    facts = cache.kept("facts", (run.id,), _make=lambda: describe(network, shape))
    return Side(f"{run.settings.title}, step {at:,}", network, feeding, facts, key, own=True)
