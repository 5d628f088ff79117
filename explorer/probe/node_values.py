"""Every node's number for one input, and how each node can be run again by itself. Knows a Program; not what nodes mean.

The recording knows layers; this knows every step between them too (additions, concatenations, functions).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import torch
from torch import fx

from explorer.errors import ExplorerError
from explorer.probe.graph import Graph, Program
from explorer.probe.kinds import argument_names
from explorer.probe.operations import function_name
from explorer.probe.recording import cannot_take


@dataclass(frozen=True, eq=False)
class Call:
    """One node's calculation. run: its inputs' tensors in the node's order, with the batch → its output.

    weights: PyTorch's names (weight, bias, running_mean, running_var, eps) → what the calculation uses besides its inputs.
    """

    run: Callable[..., object]
    weights: Mapping[str, torch.Tensor | float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class NodeValues:
    """One forward pass, node by node. values: node → its output without the batch, float32; nothing for several tensors."""

    graph: Graph
    values: Mapping[str, torch.Tensor]
    calls: Mapping[str, Call]


def record_nodes(program: Program, inputs: torch.Tensor) -> NodeValues:
    """Run the program on one input (1, C, H, W) and keep every node's output.

    Raises ExplorerError, with PyTorch's reason, for an input that does not fit.
    """
    runner = _Runner(program)
    with torch.no_grad():
        runner.start(inputs)
    values = {name: value[0] for name, value in runner.found.items() if _has_batch(value)}
    return NodeValues(program.graph, values, runner.calls)


def gradients(program: Program, inputs: torch.Tensor, logit: int) -> dict[str, torch.Tensor]:
    """∂logit/∂(every node's output), in the outputs' own coordinates: node → float32, the output's shape without the batch.

    Zeros for a node that the logit does not depend on. By automatic differentiation; no parameter's `grad` is touched.
    Raises ExplorerError for a logit that the network does not have.
    """
    runner = _Runner(program)
    with torch.enable_grad():
        runner.start(inputs.detach().clone().requires_grad_())
        logits = runner.found[program.graph.output[0]].reshape(-1)
        if not 0 <= logit < len(logits):
            raise ExplorerError(f"There is no logit {logit}: choose 0 to {len(logits) - 1}.")
        kept = {name: value for name, value in runner.found.items() if _differentiable(value)}
        found = torch.autograd.grad(logits[logit], list(kept.values()), allow_unused=True)
    zeros = {name: torch.zeros_like(value[0]) for name, value in runner.found.items() if _has_batch(value)}
    return zeros | {name: slope[0].detach() for name, slope in zip(kept, found, strict=True) if slope is not None}


def _has_batch(value: object) -> bool:
    return isinstance(value, torch.Tensor) and value.dim() > 0


def _differentiable(value: object) -> bool:
    return _has_batch(value) and value.requires_grad


class _Runner(fx.Interpreter):
    """Runs a program; what a node puts out is kept as it was, later nodes work on copies (an in-place ReLU overwrites them)."""

    def __init__(self, program: Program) -> None:
        super().__init__(program.root, graph=program.steps)
        self.program = program
        self.known = {node.name for node in program.graph}
        self.found: dict[str, object] = {}
        self.calls: dict[str, Call] = {}

    def start(self, inputs: torch.Tensor) -> None:
        places = [node for node in self.program.steps.nodes if node.op == "placeholder"]
        given = self.program.given
        # a forward's further parameters keep their defaults
        needed = [node for node in places if node.name in given or node.name in self.known]
        try:
            self.run(*(given.get(node.name, inputs) for node in needed))
        except (RuntimeError, ValueError) as error:
            raise cannot_take(inputs, error) from error

    def run_node(self, n: fx.Node) -> object:
        result = super().run_node(n)
        if n.name not in self.known:
            return result
        self.found[n.name] = result
        if n.op != "placeholder":
            self.calls[n.name] = self._call(n)
        return result.clone() if isinstance(result, torch.Tensor) else result

    def _call(self, n: fx.Node) -> Call:
        # the values of everything that does not depend on the input; what does is filled in when the call is run
        fixed = {
            other.name: self.env[other]
            for other in n.all_input_nodes
            if other.name not in self.known and other in self.env
        }
        known, run_op = self.known, getattr(self, n.op)

        def run(*inputs: torch.Tensor) -> object:
            left = iter(inputs)

            def fill(other: fx.Node) -> object:
                value = next(left) if other.name in known else fixed.get(other.name)
                return value.clone() if isinstance(value, torch.Tensor) else value

            args, kwargs = fx.map_arg((n.args, n.kwargs), fill)
            return run_op(n.target, args, dict(kwargs))

        return Call(run, self._weights(n, fixed))

    def _weights(self, n: fx.Node, fixed: Mapping[str, object]) -> dict[str, torch.Tensor | float]:
        if n.op == "call_module":
            layer = self.module.get_submodule(n.target)
            named = {**dict(layer.named_parameters(recurse=False)), **dict(layer.named_buffers(recurse=False))}
            # a weight that is made of others (weight_norm, spectral_norm) is no parameter, but it is what multiplies
            made = {name: getattr(layer, name, None) for name in ("weight", "bias")}
            named |= {name: value for name, value in made.items() if isinstance(value, torch.Tensor)}
            if hasattr(layer, "eps"):
                named["eps"] = layer.eps
            return {name: value.detach() if isinstance(value, torch.Tensor) else value for name, value in named.items()}
        return {
            name: fixed[argument.name].detach()
            for name, argument in _named(n)
            if isinstance(argument, fx.Node) and isinstance(fixed.get(argument.name), torch.Tensor)
        }


def _named(n: fx.Node) -> Iterator[tuple[str, object]]:
    """A function's arguments with their names."""
    yield from zip(argument_names(n.target, function_name(n.target)), n.args, strict=False)
    yield from n.kwargs.items()
