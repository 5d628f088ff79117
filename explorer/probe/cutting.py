"""Cutting a network in two at a layer, so that the part below can be computed once. Knows nn.Module and torch.fx; not training.

A cut is possible after every step where a single value is alive: all that comes later is computed from it. A block (a module
with code of its own, such as a residual block) is not cut in two.
"""

from dataclasses import dataclass

import torch
from torch import fx, nn

from explorer.errors import ExplorerError
from explorer.probe.graph import calls
from explorer.probe.recording import evaluating


def cut_points(network: nn.Module, input_shape: tuple[int, ...]) -> tuple[str, ...]:
    """Layers and blocks after which only one value is alive, in the order of execution; not the last one.

    input_shape: (C, H, W) of one input. The network comes back as it came. Raises ExplorerError where its code cannot be
    followed.
    """
    if _is_flat(network):
        return tuple(name for name, _ in network.named_children())[:-1]
    return tuple(_named_nodes(network, calls(network)))


def split(network: nn.Module, cut: str, input_shape: tuple[int, ...]) -> tuple[nn.Module, nn.Module]:
    """The part up to and with `cut`, and the part above: above(below(x)) = network(x).

    Both share the network's own layers, by their old names: what one part learns or its mode, the network has too.
    Raises ExplorerError for a cut that is none of `cut_points`.
    """
    points = cut_points(network, input_shape)
    if cut not in points:
        known = ", ".join(points[:40]) or "none"
        raise ExplorerError(f"The network cannot be cut at “{str(cut)[:80]}”: choose one of {known}.")
    if _is_flat(network):
        at = points.index(cut) + 1
        return network[:at], network[at:]
    graph = calls(network)
    return _halves(network, graph, _named_nodes(network, graph)[cut])


@dataclass(frozen=True)
class Segment:
    """What lies between one place to cut and the next. last: the cut at its end, "" after the last. shape: of what comes out
    there, without the batch. layers: those that hold weights, in order."""

    last: str
    shape: tuple[int, ...]
    layers: tuple[str, ...]


def segments(network: nn.Module, input_shape: tuple[int, ...]) -> tuple[Segment, ...]:
    """A network's layers with weights, cut at every place where it can be, the parts without weights joined to those before.

    A normalisation stays with the layer before it. The network comes back as it came. Raises as `cut_points` does.
    """
    found: list[Segment] = []
    for name, shape, layers in _pieces(network, input_shape):
        normalises = layers and all(isinstance(network.get_submodule(layer), _NORMS) for layer in layers)
        if found and normalises:
            found[-1] = Segment(name, shape, found[-1].layers + layers)
        elif layers:
            found.append(Segment(name, shape, layers))
    return tuple(found)


def widest(network: nn.Module, cut: str, input_shape: tuple[int, ...]) -> str:
    """The last place to cut that has the same weights below it as `cut`: activations and poolings too, but no dropout."""
    names = [name for name, _, _ in _pieces(network, input_shape)]
    for name, _, layers in _pieces(network, input_shape)[names.index(cut) + 1 :] if cut in names else ():
        modules = [module for path, module in network.named_modules() if path == name]
        if layers or not name or any(isinstance(module, _DROPS) for module in modules):
            break
        cut = name
    return cut


_NORMS = (nn.modules.batchnorm._BatchNorm, nn.GroupNorm, nn.LayerNorm, nn.LocalResponseNorm)
_DROPS = (nn.modules.dropout._DropoutNd,)
