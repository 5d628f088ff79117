"""Cutting a network in two at a layer, so that the part below can be computed once. Knows nn.Module and torch.fx; not training.

A cut is possible after every step where a single value is alive: all that comes later is computed from it. A block (a module
with code of its own, such as a residual block) is not cut in two.
"""

from dataclasses import dataclass

import torch
from torch import fx, nn

from explorer.errors import ExplorerError
from explorer.probe.graph import calls
from explorer.probe.kinds import kind_of, module_kind
from explorer.probe.kinds.kind import DROPOUT, NORMALISING
from explorer.probe.recording import evaluating


@dataclass(frozen=True)
class Segment:
    """What lies between two cuts that keep different weights.

    cut: the one at its end, "" after the last. shape: of what comes out there, without the batch; () where it is several
    tensors. layers: those that hold weights, in the order of execution.
    """

    cut: str
    shape: tuple[int, ...]
    layers: tuple[str, ...]


@dataclass(frozen=True)
class _Piece:
    """The steps up to one place to cut: its name, "" after the last; its last node; the layers that ran since the last."""

    cut: str
    node: fx.Node
    layers: tuple[str, ...]


def cut_points(network: nn.Module, input_shape: tuple[int, ...]) -> tuple[str, ...]:
    """Layers and blocks after which only one value is alive, in the order of execution; not the last one.

    input_shape: (C, H, W) of one input. The network comes back as it came. Raises ExplorerError where its code cannot be
    followed.
    """
    return tuple(piece.cut for piece in _pieces(network)[1] if piece.cut)


def split(network: nn.Module, cut: str, input_shape: tuple[int, ...]) -> tuple[nn.Module, nn.Module]:
    """The part up to and with `cut`, and the part above: above(below(x)) = network(x).

    Both share the network's own layers, under their own names: what a part learns and the mode it is in, the network shares.
    Raises ExplorerError for a cut that is none of `cut_points`.
    """
    graph, pieces = _pieces(network)
    piece = _find(cut, pieces)
    if _is_flat(network):
        at = [name for name, _ in network.named_children()].index(cut) + 1
        return network[:at], network[at:]
    return _halves(network, graph, piece.node)


def segments(network: nn.Module, input_shape: tuple[int, ...]) -> tuple[Segment, ...]:
    """A network's layers with weights, apart wherever it can be cut; a normalisation stays with the layer before it.

    The network comes back as it came. Raises as `cut_points` does.
    """
    graph, pieces = _pieces(network)
    shapes, found = _shapes(network, graph, input_shape), []
    for piece in pieces:
        layers = tuple(name for name in piece.layers if _holds_weights(network.get_submodule(name)))
        shape = shapes.get(piece.node, ())
        if found and layers and all(_group(network.get_submodule(name)) == NORMALISING for name in layers):
            found[-1] = Segment(piece.cut, shape, found[-1].layers + layers)
        elif layers:
            found.append(Segment(piece.cut, shape, layers))
    if found:  # what comes after the last weights ends with the network
        found[-1] = Segment("", shapes.get(pieces[-1].node, ()), found[-1].layers)
    return tuple(found)


def widest(network: nn.Module, cut: str) -> str:
    """The last place to cut with the same weights below it as `cut`: with activations and poolings after it, but no dropout.

    Raises ExplorerError for a cut that is none of `cut_points`.
    """
    pieces = _pieces(network)[1]
    for piece in pieces[pieces.index(_find(cut, pieces)) + 1 :]:
        modules = [network.get_submodule(name) for name in piece.layers]
        if not piece.cut or any(_holds_weights(module) or _group(module) == DROPOUT for module in modules):
            break
        cut = piece.cut
    return cut


def layers_below(network: nn.Module, cut: str) -> tuple[str, ...]:
    """The layers up to and with the cut, in the order of execution; one that runs twice stands twice.

    Raises ExplorerError for a cut that is none of `cut_points`.
    """
    pieces = _pieces(network)[1]
    return tuple(name for piece in pieces[: pieces.index(_find(cut, pieces)) + 1] for name in piece.layers)


def _find(cut: str, pieces: list[_Piece]) -> _Piece:
    for piece in pieces:
        if piece.cut == cut and cut:
            return piece
    known = ", ".join(piece.cut for piece in pieces[:40] if piece.cut)
    raise ExplorerError(f"The network cannot be cut at “{str(cut)[:80]}”: choose one of {known}.")


def _holds_weights(module: nn.Module) -> bool:
    return any(True for _ in module.parameters())


def _group(module: nn.Module) -> str:
    return kind_of(module_kind(module)).group


def _is_flat(network: nn.Module) -> bool:
    children = list(network.children())
    return type(network) is nn.Sequential and not any(list(child.children()) for child in children)


def _pieces(network: nn.Module) -> tuple[fx.Graph, list[_Piece]]:
    """The network's calls, and the pieces between all places where it can be cut."""
    graph = calls(network)
    nodes = [node for node in graph.nodes if node.op not in ("placeholder", "get_attr", "output")]
    names = _names(network, nodes)
    alive = {node for node in graph.nodes if node.op == "placeholder"}
    waiting = {node: len(node.users) for node in graph.nodes}
    pieces, layers = [], []
    for node in nodes:
        for taken in node.all_input_nodes:
            waiting[taken] -= 1
            if not waiting[taken]:
                alive.discard(taken)
        alive.add(node)
        if node.op == "call_module":
            layers.append(str(node.target))
        if node is nodes[-1]:
            pieces.append(_Piece("", node, tuple(layers)))
        elif alive == {node} and node in names:
            pieces.append(_Piece(names[node], node, tuple(layers)))
            layers = []
    return graph, pieces


def _names(network: nn.Module, nodes: list[fx.Node]) -> dict[fx.Node, str]:
    """Node → the layer or block that ends with it; nodes inside a block have none, nor layers that run more than once."""
    last: dict[str, fx.Node] = {}  # block → its last node
    blocks = {node: _blocks(network, node) for node in nodes}
    for node in nodes:
        last |= dict.fromkeys(blocks[node], node)
    runs = [node.target for node in nodes if node.op == "call_module"]
    names = {}
    for node in nodes:
        if blocks[node]:
            if last[blocks[node][0]] is node:  # the outermost one's end
                names[node] = blocks[node][0]
        elif node.op == "call_module" and runs.count(node.target) == 1:
            names[node] = str(node.target)
    return names


def _blocks(network: nn.Module, node: fx.Node) -> list[str]:
    """The modules with code of their own in whose forward the step stands, the outermost first; not the network itself."""
    paths = [path for path, _ in (node.meta.get("nn_module_stack") or {}).values()]
    own = str(node.target) if node.op == "call_module" else None
    return [
        path for path in paths if path and path != own and not isinstance(network.get_submodule(path), nn.Sequential)
    ]


def _halves(network: nn.Module, graph: fx.Graph, at: fx.Node) -> tuple[nn.Module, nn.Module]:
    halves, (below, above) = ({}, {}), (fx.Graph(), fx.Graph())
    nodes, upper = list(graph.nodes), False
    for node in nodes:
        if node.op == "output":
            above.output(fx.map_arg(node.args[0], lambda other: halves[1][other]))
        elif node.op == "get_attr":  # a weight of its own: wherever it is needed
            halves[0][node], halves[1][node] = below.node_copy(node), above.node_copy(node)
        elif upper:
            halves[1][node] = above.node_copy(node, lambda other: halves[1][other])
        else:
            halves[0][node] = below.node_copy(node, lambda other: halves[0][other])
            if node is at:
                below.output(halves[0][node])
                halves[1][node], upper = above.placeholder("features"), True
    return fx.GraphModule(network, below, "Below"), fx.GraphModule(network, above, "Above")


class _Sizes(fx.Interpreter):
    """Runs the calls and keeps the shape of every tensor, the batch cut off."""

    def __init__(self, module: fx.GraphModule) -> None:
        super().__init__(module)
        self.shapes: dict[fx.Node, tuple[int, ...]] = {}

    def run_node(self, n: fx.Node) -> object:
        result = super().run_node(n)
        if isinstance(result, torch.Tensor):
            self.shapes[n] = tuple(result.shape[1:])
        return result


def _shapes(network: nn.Module, graph: fx.Graph, input_shape: tuple[int, ...]) -> dict[fx.Node, tuple[int, ...]]:
    weights = next(iter(network.parameters()), torch.empty(0))
    runner = _Sizes(fx.GraphModule(network, graph))
    with evaluating(network), torch.no_grad():
        runner.run(torch.zeros(1, *input_shape, device=weights.device, dtype=weights.dtype))
    by_name = {node.name: shape for node, shape in runner.shapes.items()}
    return {node: by_name[node.name] for node in graph.nodes if node.name in by_name}
