"""What the explorer knows of one network. Knows how to build, weigh and feed it; not which networks there are."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.models.feeding import Feeding
from explorer.models.weights import load_weights

SEED = 0  # of random weights: the same ones at every start


class WeightsFile(Protocol):
    """A file of weights that is not the explorer's own. megabytes: its size in units of 2²⁰ bytes."""

    file: str
    megabytes: float
    ignored: tuple[str, ...]

    def is_there(self) -> bool:
        """Whether `read` would find it."""

    def version(self) -> str:
        """What changes when the file does: "" without one."""

    def origin(self) -> str:
        """Whose weights they are, in a few words."""

    def read(self, expected: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Its tensors under the names of `expected`. Raises ExplorerError for a damaged file and for one that does not fit."""


@dataclass(frozen=True)
class ModelSpec:
    """A network as the explorer knows it.

    name: what one types; title: what one reads; summary: one sentence; suits: what it was trained to see.
    build: a new, untrained network; of a user's own always the one that its factory made. feeding: how a picture becomes its
    input. classes: makes the labels, one per logit.
    weights: the shipped safetensors file, its card beside it under the same name with .json; None where none is shipped.
    adapt: number of classes → a new, untrained network of the same architecture for so many; None where nobody knows how.
    stored: weights that others keep: torchvision's in torch's hub folder, which may be fetched, or an installed package's.
    A network with neither brings its weights itself (a user's own).
    sigmoid: each of its numbers is a probability by itself. A network that returns a map has no labels.
    """

    name: str
    title: str
    summary: str
    suits: str
    build: Callable[[], nn.Module]
    feeding: Feeding
    classes: Callable[[], tuple[str, ...]]
    weights: Path | None = None
    stored: WeightsFile | None = None
    adapt: Callable[[int], nn.Module] | None = None
    sigmoid: bool = False

    def build_for(self, classes: int) -> nn.Module:
        """A new, untrained network of the same architecture for so many classes. Raises ExplorerError where there is none."""
        if self.adapt is None:
            raise ExplorerError(f"{self.title} cannot be made for other classes: choose another network.")
        return self.adapt(classes)

    @property
    def labels(self) -> tuple[str, ...]:
        """One per logit; none where it returns a map."""
        return self.classes()

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """(C, H, W) of one input."""
        return self.feeding.channels, self.feeding.side, self.feeding.side

    @property
    def shipped(self) -> bool:
        """Whether its weights come with the explorer."""
        return self.weights is not None

    @property
    def own(self) -> bool:
        """Whether it is a user's own: its `build` brings its weights."""
        return self.weights is None and self.stored is None

    def has_weights(self) -> bool:
        """Whether `load` gives more than random weights."""
        return self.stored is None or self.stored.is_there()

    def load(self) -> nn.Module:
        """A network in evaluation mode, its parameters frozen: with weights where there are any, else random ones.

        A new one, but for a user's own, which is built once.

        Raises ExplorerError where there are weights that do not fit.
        """
        if self.weights is not None:
            network = load_weights(self.build(), self.weights)
        elif self.own:
            network = self.build()
        elif self.stored.is_there():
            return self.with_weights(self.stored.read(self.shapes()))
        else:
            return self.load_random()
        return network.eval().requires_grad_(False)

    def shapes(self) -> dict[str, torch.Tensor]:
        """The state dict's names, shapes and types: tensors without numbers."""
        with torch.device("cpu" if self.own else "meta"):
            return self.build().state_dict()

    def with_weights(self, state: Mapping[str, torch.Tensor]) -> nn.Module:
        """The network as `load` gives it, with a state dict that fits it; the state's tensors are not copied."""
        if self.own:  # whose code may do more than make layers, and is run once
            try:
                network = copy.deepcopy(self.build())
            except Exception as error:  # whatever its code makes of being copied
                raise ExplorerError(
                    f"{self.title} cannot be copied, as other weights for it need: load them in its factory."
                ) from error
            network.load_state_dict(state)
        else:
            with torch.device("meta"):  # no time for random numbers that are thrown away
                network = self.build()
            network.load_state_dict(state, assign=True)
        return network.eval().requires_grad_(False)

    def load_random(self) -> nn.Module:
        """The network as `load` gives it, untrained: always the same random weights."""
        with torch.random.fork_rng([]):
            torch.manual_seed(SEED)
            return self.build().eval().requires_grad_(False)
