"""The deep stack of dense layers that two exhibits measure, and how its lines are drawn. Knows settings; no exhibit."""

from dataclasses import dataclass
from typing import Annotated

from explorer.layers.activation import ACTIVATIONS, LEAKY_SLOPE
from explorer.probe.spread import MOST_DEPTH, MOST_SEED, MOST_WIDTH, Spread, StackSettings
from explorer.settings.fields import Real, Switch, Whole
from explorer.ui import cache


@dataclass(frozen=True)
class Stack:
    """What both have, as StackSettings: an activation and an initialisation make it whole."""

    depth: Annotated[int, Whole("Layers", 1, MOST_DEPTH)] = 20
    width: Annotated[int, Whole("Units a layer", 2, MOST_WIDTH)] = 100
    seed: Annotated[int, Whole("Seed", 0, MOST_SEED)] = 0
    slope: Annotated[float, Real("Leaky slope a", step=0.01)] = LEAKY_SLOPE
    deviation: Annotated[float, Real("Spread of the input", step=0.5)] = 1.0
    batch_norm: Annotated[bool, Switch("Batch normalisation")] = False


def measure(settings: Stack, activation: str, scheme: str, **more: float) -> Spread:
    """The stack with that activation and initialisation and everything else as set. Raises ExplorerError."""
    return cache.spread(stack(settings, activation, scheme, **more))


def stack(settings: Stack, activation: str, scheme: str, **more: float) -> StackSettings:
    """The settings of that stack. more: as StackSettings."""
    told = {name: getattr(settings, name) for name in ("depth", "width", "seed", "slope", "deviation", "batch_norm")}
    return StackSettings(activation=activation, scheme=scheme, **told, **more)


def activation_title(key: str) -> str:
    """As one reads it; leaky ReLU without its slope."""
    return "leaky ReLU" if key == "leaky" else ACTIVATIONS[key].title
