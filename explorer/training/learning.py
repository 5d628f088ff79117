"""Which part of a network learns, and how fast at which depth. Knows networks and cuts; not data sets' names, not files."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from explorer.data.labelled import DataSet, LabelledImages
from explorer.models.feeding import Feeding
from explorer.probe.cutting import layers_below, segments, split, widest
from explorer.training.features import features_of
from explorer.training.settings import Transfer


@dataclass(frozen=True, eq=False)
class Learning:
    """What of a network learns.

    below: the frozen part, None where there is none; above: what learns from its output, the network itself without one.
    rates: a factor on the learning rate, and the parameters that have it; all that learn, each once.
    features: the data set with `below`'s output in the pictures' place, None where it is computed in each step.
    """

    below: nn.Module | None
    above: nn.Module
    rates: tuple[tuple[float, tuple[nn.Parameter, ...]], ...]
    features: DataSet | None = None

    def with_features(
        self, data: DataSet, feeding: Feeding, device: torch.device, done: Callable[[int], None] = lambda pictures: None
    ) -> "Learning":
        """The same, with what the frozen part makes of all pictures; unchanged where that is too much to keep in memory.

        done: hears how many pictures are done; may raise.
        """
        if self.below is None:
            return self
        halves: list[LabelledImages] = []
        for half in (data.train, data.test):
            before = sum(map(len, halves))
            features = features_of(
                self.below, feeding, half.images, device, done=lambda count, before=before: done(before + count)
            )
            if features is None:
                return self
            halves.append(dataclasses.replace(half, images=features))
        return dataclasses.replace(self, features=dataclasses.replace(data, train=halves[0], test=halves[1]))


def all_of(network: nn.Module) -> Learning:
    """All of the network learns, at one rate."""
    return Learning(None, network, ((1.0, tuple(network.parameters())),))


def learning_of(network: nn.Module, transfer: Transfer | None, input_shape: tuple[int, int, int]) -> Learning:
    """What a student learns with; the parameters of what is frozen no longer ask for gradients.

    network: built for the transfer. input_shape: (C, H, W) of one input. Raises ExplorerError for an unknown cut.
    """
    if transfer is None or not transfer.takes_over:
        return all_of(network)
    if transfer.student == "last":
        below, above = split(network, widest(network, transfer.cut), input_shape)
        below.requires_grad_(False).eval()
        return Learning(below, above, ((1.0, tuple(above.parameters())),))
    factors = depth_factors(network, transfer, input_shape)
    groups: dict[float, list[nn.Parameter]] = {}
    for name, weights in network.named_parameters():
        groups.setdefault(factors.get(name.rpartition(".")[0], 1.0), []).append(weights)
    return Learning(None, network, tuple((factor, tuple(group)) for factor, group in groups.items()))


def depth_factors(network: nn.Module, transfer: Transfer, input_shape: tuple[int, int, int]) -> dict[str, float]:
    """Each layer that is taken over → the factor on its learning rate: depth_rate at the cut, once more for each one below.

    A block that is not cut in two counts as one layer, a normalisation with the layer before it.
    """
    taken = set(layers_below(network, transfer.cut))
    parts = [part for part in segments(network, input_shape) if taken & set(part.layers)]
    return {
        name: transfer.depth_rate ** (place + 1)
        for place, part in enumerate(reversed(parts))
        for name in part.layers
        if name in taken
    }
