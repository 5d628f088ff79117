"""How a network's steps hang together. Knows nn.Module and torch.fx; not weights' values, not what the steps mean.

`torch.fx` follows the module's own Python code with symbols for tensors; where that code looks at a tensor's shape or
values, `torch.export` runs it once with a real input instead. Both work on a copy: the network is only read.
"""

import copy
import functools
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import torch
from torch import fx, nn

from explorer.errors import ExplorerError
from explorer.probe.kinds import is_one_step, module_kind
from explorer.probe.operations import function_settings, module_settings
from explorer.probe.plain import Plain
from explorer.probe.recording import BARE, borrowed, evaluating, inside, leaves

INPUT = "input"  # the kind of the first node
# of these others make their own, as timm does
LAYERS = (nn.Conv2d, nn.Linear, nn.BatchNorm2d, nn.MaxPool2d, nn.AvgPool2d)
# tracing replaces functions of PyTorch for its duration, so that two at once would restore each other's
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Node:
    """One step.

    name: unique in its graph. kind: as the PyTorch module that does it is called ("Conv2d", "ReLU"), else the function's name
    ("add", "cat", "mul", "getitem"); "input" for the first. module: dotted name of the layer whose output this is, None for a
    step that is no module's. inputs: names of the nodes it takes, in order; one that is taken twice stands twice.
    shape: of its output, without the batch; () where that is several tensors. settings: PyTorch's names → plain values.
    block: dotted name of the module in whose code the step stands, "" for the network's own; a layer's is its own name.
    """

    name: str
    kind: str
    module: str | None
    inputs: tuple[str, ...]
    shape: tuple[int, ...]
    settings: Mapping[str, Plain]
    block: str = ""


@dataclass(frozen=True)
class Graph:
    """A network's nodes in the order of execution, the input first. Only what depends on the input is a node.

    output: names of the nodes that the network returns.
    """

    nodes: tuple[Node, ...]
    output: tuple[str, ...]

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def __getitem__(self, name: str) -> Node:
        """The node of that name. Raises KeyError."""
        for node in self.nodes:
            if node.name == name:
                return node
        raise KeyError(name)

    @functools.cached_property
    def titles(self) -> Mapping[str, str]:
        """What each node is called where people read it, no two alike: its layer's name, of a layer that runs more than once
        also which run it is; a step that is no layer's has its own name."""
        runs: dict[str, list[str]] = {}
        for node in self.nodes:
            runs.setdefault(node.module or node.name, []).append(node.name)
        return {
            name: f"{title}, run {number}" if len(names) > 1 else title
            for title, names in runs.items()
            for number, name in enumerate(names, 1)
        }

    @functools.cached_property
    def layouts(self) -> Mapping[str, str]:
        """Node → what each axis of its output is: "chw" for maps, "hwc" for maps with the channels last; "" for no maps."""
        from explorer.probe.layouts import layouts_of  # which follows the steps that stand here

        return layouts_of(self)

    def shown_shape(self, name: str) -> tuple[int, ...]:
        """A node's shape as it is told: channels first, whatever the order in memory."""
        from explorer.probe.layouts import channels_first

        return channels_first(self[name].shape, self.layouts.get(name, ""))

    def of_layer(self, module: str) -> tuple[Node, ...]:
        """The nodes that are this layer's outputs: several where it runs more than once, none where it never runs.

        Of a block it is the last of the steps in it.
        """
        own = tuple(node for node in self.nodes if node.module == module)
        inner = [node for node in self.nodes if node.block == module or node.block.startswith(f"{module}.")]
        return own or tuple(inner[-1:])


@dataclass(frozen=True, eq=False)
class Program:
    """A graph that can be run again, node by node.

    steps: the calls, named as the graph's nodes are. root: holds the layers; its weights are the network's own.
    given: placeholder → the weight that it stands for. A placeholder without one stands for the input.
    """

    graph: Graph
    steps: fx.Graph
    root: nn.Module
    given: Mapping[str, torch.Tensor]


def trace(network: nn.Module, input_shape: tuple[int, ...]) -> Graph:
    """Follow one input of `input_shape` (without the batch) through `network` in evaluation mode.

    Raises ExplorerError where neither torch.fx nor torch.export can follow the network's code.
    """
    # without numbers it is quick even for large networks; code that needs some gets them in the second attempt
    return _first_that_works(
        network, input_shape, ((_by_symbols, "meta"), (_by_symbols, "cpu"), (_by_export, "cpu"))
    ).graph


def program(network: nn.Module, input_shape: tuple[int, ...]) -> Program:
    """`trace`, with what is needed to run it; the network's weights are shared, not copied. Raises as `trace` does."""
    return _first_that_works(network, input_shape, ((_by_symbols, "shared"), (_by_export, "shared")))


def calls(network: nn.Module) -> fx.Graph:
    """The calls that the network's own code makes, layers as single steps, by symbols; the network comes back as it came.

    Raises ExplorerError for code that looks at shapes or values on its way.
    """
    with _ONE_AT_A_TIME, borrowed(network), evaluating(network):
        try:
            return _LayerTracer().trace(network)
        except Exception as error:  # whatever the network's code makes of symbols
            raise ExplorerError(
                f"The steps of {type(network).__name__} could not be followed: choose a network whose forward has no branches "
                f"that depend on numbers."
            ) from error


def _first_that_works(
    network: nn.Module, input_shape: tuple[int, ...], attempts: Sequence[tuple[Callable, str]]
) -> Program:
    failures = []
    with _ONE_AT_A_TIME, warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        for attempt, device in attempts:
            try:
                example = torch.zeros(1, *input_shape, device="meta" if device == "meta" else "cpu")
                return attempt(_copy(network, device), example)
            except Exception as error:
                failures.append(error)
    reason = (str(failures[0]).splitlines() or [""])[0].rstrip(". ") or type(failures[0]).__name__
    raise ExplorerError(
        f"The steps of {type(network).__name__} could not be followed on an input of shape {tuple(input_shape)}: write its "
        f"forward without branches that depend on numbers. PyTorch says: {reason[:200]}."
    ) from failures[0]


def _copy(network: nn.Module, device: str) -> nn.Module:
    """A copy in evaluation mode and without hooks; on "meta" it has shapes only, "shared" has the network's own weights."""
    tensors = (*network.parameters(), *network.buffers())
    with borrowed(network):
        memo = {id(tensor): _without_numbers(tensor) for tensor in tensors} if device == "meta" else {}
        memo |= {id(tensor): tensor for tensor in tensors} if device == "shared" else {}
        # what a layer has made of its parameters (by a hook before each run) cannot be copied by PyTorch
        made = [value for module in network.modules() for value in vars(module).values() if _is_made(value)]
        memo |= {id(value): value.detach() for value in made}
        return copy.deepcopy(network, memo).eval()


def _is_made(value: object) -> bool:
    return isinstance(value, torch.Tensor) and not value.is_leaf


def _without_numbers(tensor: torch.Tensor) -> torch.Tensor:
    empty = torch.empty_like(tensor, device="meta")
    return nn.Parameter(empty, requires_grad=False) if isinstance(tensor, nn.Parameter) else empty


# ── with torch.fx ───────────────────────────────────────────────────────────────────────────────────────────


class _Tracer(fx.Tracer):
    """PyTorch's layers are steps, everything else is looked into. Other threads' networks run as if nothing was going on."""

    def __init__(self) -> None:
        super().__init__()
        self.thread = threading.get_ident()

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return is_one_step(m)

    def call_module(self, m: nn.Module, forward: Callable, args: tuple, kwargs: dict) -> object:
        if threading.get_ident() != self.thread:
            return forward(*args, **kwargs)
        return super().call_module(m, forward, args, kwargs)


class _LayerTracer(_Tracer):
    """What is made of one of PyTorch's layers is a step too: its own code may look at shapes, and add an activation."""

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return super().is_leaf_module(m, module_qualified_name) or isinstance(m, LAYERS)


class _Shapes(fx.Interpreter):
    """Runs the graph and keeps every output's shape, the batch cut off: a tuple of numbers, or of tuples."""

    def __init__(self, module: fx.GraphModule) -> None:
        super().__init__(module)
        self.shapes: dict[str, tuple] = {}

    def run_node(self, n: fx.Node) -> object:
        result = super().run_node(n)
        if (shape := _shape(result)) is not None:
            self.shapes[n.name] = shape
        return result


def _by_symbols(network: nn.Module, example: torch.Tensor) -> Program:
    tracer = _Tracer()
    graph = tracer.trace(network)
    shapes = _Shapes(fx.GraphModule(tracer.root, graph))
    shapes.run(example)
    inputs = [node for node in graph.nodes if node.op == "placeholder"][:1]
    return Program(_graph(graph, inputs, shapes.shapes, tracer.root, {}), graph, tracer.root, {})


# ── with torch.export ───────────────────────────────────────────────────────────────────────────────────────


def _by_export(network: nn.Module, example: torch.Tensor) -> Program:
    exported = torch.export.export(network, (example,))
    signature = exported.graph_signature
    named = {**signature.inputs_to_parameters, **signature.inputs_to_buffers}
    shapes = {node.name: shape for node in exported.graph.nodes if (shape := _shape(node.meta.get("val"))) is not None}
    inputs = [node for node in exported.graph.nodes if node.name in signature.user_inputs]
    given = {**exported.constants, **exported.state_dict}
    constants = signature.inputs_to_lifted_tensor_constants
    # weights that no module holds (a layer in a plain list) are constants
    given = {name: given[key] for name, key in {**named, **constants}.items() if key in given}
    return Program(_graph(exported.graph, inputs, shapes, network, given), exported.graph, network, given)


# ── both ────────────────────────────────────────────────────────────────────────────────────────────────────


def _graph(
    graph: fx.Graph,
    inputs: list[fx.Node],
    shapes: Mapping[str, tuple],
    root: nn.Module,
    weights: Mapping[str, torch.Tensor],
) -> Graph:
    known = {node.name for node in inputs}
    nodes = [Node(node.name, INPUT, None, (), shapes[node.name], MappingProxyType({})) for node in inputs]
    layers = _layers(graph, root)
    for node in graph.nodes:
        taken = tuple(other.name for other in _tensors(node) if other.name in known)
        if node.op not in ("call_module", "call_function", "call_method") or not taken or node.name not in shapes:
            continue
        known.add(node.name)
        kind, settings = _call(node, root, weights)
        if kind == "div" and len(taken) == 1 and not _is_first(node, taken[0]):
            kind = "rdiv"  # 3 / x is no part of x
        if kind == "Hardtanh" and (settings["min_val"], settings["max_val"]) == (0, 6):
            kind, settings = "ReLU6", {}  # which torch.export writes so
        shape = shapes[node.name]
        if any(isinstance(part, tuple) for part in shape):
            settings, shape = {**settings, "shapes": shape}, ()
        layer = layers.get(node.name)
        nodes.append(Node(node.name, kind, layer, taken, shape, MappingProxyType(settings), layer or _block(node)))
    last = [node for node in graph.nodes if node.op == "output"]
    return Graph(tuple(nodes), tuple(node.name for node in _tensors(last[0]) if node.name in known))


def _tensors(node: fx.Node) -> list[fx.Node]:
    """The nodes that `node` takes, in order; `all_input_nodes` would name each once only."""
    found: list[fx.Node] = []
    fx.map_arg((node.args, node.kwargs), lambda other: found.append(other) or other)
    return found


def _is_first(node: fx.Node, name: str) -> bool:
    """Whether the node of that name is what `node` is called with first."""
    first = node.args[0] if node.args else node.kwargs.get("input", node.kwargs.get("self"))
    return isinstance(first, fx.Node) and first.name == name


def _call(node: fx.Node, root: nn.Module, weights: Mapping[str, torch.Tensor]) -> tuple[str, dict[str, Plain]]:
    if node.op == "call_module":
        module = root.get_submodule(node.target)
        return module_kind(module), module_settings(module)
    weight = None
    if len(node.args) > 1 and isinstance(node.args[1], fx.Node):
        weight = weights.get(node.args[1].name)
        if node.args[1].op == "get_attr":
            path, _, attribute = node.args[1].target.rpartition(".")
            weight = getattr(root.get_submodule(path), attribute)
    return function_settings(node.target, node.args, node.kwargs, weight)


def _layers(graph: fx.Graph, root: nn.Module) -> dict[str, str]:
    """Node → the layer whose output it is: of the steps inside a layer, the last. A block with weights of its own has none."""
    known = {name for name, module in leaves(root).items() if is_one_step(module) or not inside(module)}
    last: dict[str, tuple[str, str]] = {}  # one run of a layer → its layer, and the node it ends with
    for node in graph.nodes:
        if node.op == "call_module":
            last[node.name] = (str(node.target), node.name)
            continue
        stack = node.meta.get("nn_module_stack") or {}
        for run, (path, _) in reversed(stack.items()):
            path = path.removeprefix("L['self'].").removeprefix("L['self']") or BARE
            if path in known and node.op in ("call_function", "call_method"):
                last[run] = (path, node.name)
                break
    return {node: layer or BARE for layer, node in last.values()}


def _block(node: fx.Node) -> str:
    """Of the modules in whose forward the step stands, the innermost."""
    paths = [path for path, _ in (node.meta.get("nn_module_stack") or {}).values()]
    return paths[-1].removeprefix("L['self'].").removeprefix("L['self']") if paths else ""


def _shape(value: object) -> tuple | None:
    """Of one tensor its shape without the batch, of several a tuple of those (() for what is none), of anything else None."""
    if isinstance(value, torch.Tensor):
        return tuple(int(size) for size in value.shape[1:])
    if isinstance(value, list | tuple) and any(_shape(part) is not None for part in value):
        return tuple(_shape(part) if isinstance(part, torch.Tensor) else () for part in value)
    return None
