"""What every layer of a network puts out. Knows nn.Module; not pictures, not which networks exist.

The only place in the project that registers hooks.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.probe.kinds import is_one_step

# A network may be shared by several sessions; hooks of one must not hear the other's forward pass.
_ONE_AT_A_TIME = threading.Lock()
BARE = "layer"  # what a network that is a single layer calls it


@dataclass(frozen=True)
class Recording:
    """One forward pass: layer name → output (N, …) on the CPU, in the order of execution, and the input itself.

    taken: layer name → shape of what the layer was given. A layer that runs twice keeps its last output.
    returned: what the network's forward returned, None where that was no tensor.
    """

    input: torch.Tensor
    outputs: Mapping[str, torch.Tensor]
    taken: Mapping[str, tuple[int, ...]]
    returned: torch.Tensor | None = None

    def tensors(self) -> dict[str, torch.Tensor]:
        """Everything recorded by name, the network's input as "input": to be saved."""
        return {"input": self.input, **self.outputs}

    @property
    def final(self) -> torch.Tensor:
        """The network's answer: what it returned, which need not be what its last layer put out."""
        return self.returned if self.returned is not None else next(reversed(self.outputs.values()))


def leaves(network: nn.Module) -> dict[str, nn.Module]:
    """The layers that compute, by their dotted name; a bare layer is called "layer".

    Those without others inside, what PyTorch itself runs as one step (attention), and blocks that hold weights of their own
    beside the layers in them.
    """
    return dict(_leaves("", network, set()))


def _leaves(name: str, module: nn.Module, seen: set[nn.Module]) -> Iterator[tuple[str, nn.Module]]:
    if module in seen:  # a layer that stands in two places is one layer
        return
    seen.add(module)
    parts = {} if is_one_step(module) else inside(module)
    if not parts or (name and holds_weights(module)):
        yield name or BARE, module
    for part, child in parts.items():
        yield from _leaves(f"{name}.{part}" if name else part, child, seen)


def inside(module: nn.Module) -> dict[str, nn.Module]:
    """The modules in it by name, but for what only makes its weights (weight_norm, spectral_norm)."""
    return {name: child for name, child in module.named_children() if name != "parametrizations"}


def holds_weights(module: nn.Module) -> bool:
    """Whether it has parameters of its own, besides those of the modules in it."""
    return any(True for _ in module.parameters(recurse=False))


@contextmanager
def evaluating(network: nn.Module) -> Iterator[None]:
    """Evaluation mode for a while; afterwards each sub-module has the mode it came with, also after a failure."""
    modes = [(module, module.training) for module in network.modules()]
    network.eval()
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training


@contextmanager
def borrowed(network: nn.Module) -> Iterator[None]:
    """For a while nobody records this or any other network: its sub-modules have no hooks of ours, and their own modes."""
    with _ONE_AT_A_TIME:
        yield


@contextmanager
def listening(
    network: nn.Module, layers: Iterable[str], hear: Callable[[str, tuple[int, ...], torch.Tensor], None]
) -> Iterator[Callable[[torch.Tensor], object]]:
    """Give a function that runs `network` on inputs (N, C, H, W) and returns what it returns; every named layer's output is
    heard as soon as it is there.

    hear(name, shape of what the layer was given, output): the output itself, not a copy. What is to be kept of it has to be
    taken before `hear` returns: an in-place ReLU overwrites it. A layer that runs twice is heard twice. Of several tensors
    that one of PyTorch's own layers or a block with weights returns (a max pooling its switches, attention its scores, a
    recurrent layer its state) the first is heard, of any other module none.
    Inside, nobody else may listen, and the network is in evaluation mode without gradients; it is returned as it came: hooks
    removed, each sub-module's `training` restored, parameters untouched; also after a failure.
    Raises ExplorerError for a layer that does not exist, and with PyTorch's reason where the forward pass fails: the input
    does not fit, or the memory is not enough.
    """
    known = {name or BARE: module for name, module in network.named_modules()}
    chosen = list(dict.fromkeys(layers))
    if unknown := [name for name in chosen if name not in known]:
        raise ExplorerError(f"There is no layer called “{unknown[0]}”: choose one of {', '.join(leaves(network))}.")

    def hook_of(name: str):
        def hook(module: nn.Module, args: tuple, output: object) -> None:
            if isinstance(output, tuple) and output and (is_one_step(module) or holds_weights(module)):
                output = output[0]
            if isinstance(output, torch.Tensor):
                hear(name, tuple(args[0].shape) if args and isinstance(args[0], torch.Tensor) else (), output.detach())

        return hook

    def run(inputs: torch.Tensor) -> object:
        try:
            with torch.no_grad():
                return network(inputs)
        except (RuntimeError, ValueError, IndexError) as error:
            raise cannot_take(inputs, error) from error

    with _ONE_AT_A_TIME:
        handles = []
        try:
            for name in chosen:
                handles.append(known[name].register_forward_hook(hook_of(name)))
            with evaluating(network):
                yield run
        finally:
            for handle in handles:
                handle.remove()


def record(network: nn.Module, inputs: torch.Tensor, layers: Iterable[str] | None = None) -> Recording:
    """Run `network` on `inputs` (N, C, H, W) once and keep what the named layers (default: all leaves) put out.

    The network comes back as it came, and raises what `listening` raises.
    """
    outputs: OrderedDict[str, torch.Tensor] = OrderedDict()
    taken: dict[str, tuple[int, ...]] = {}

    def keep(name: str, given: tuple[int, ...], output: torch.Tensor) -> None:
        outputs.pop(name, None)
        taken[name] = given
        outputs[name] = output.clone().cpu()  # a copy: an in-place ReLU overwrites its input

    with listening(network, leaves(network) if layers is None else layers, keep) as run:
        returned = run(inputs)
    answer = returned.detach().clone().cpu() if isinstance(returned, torch.Tensor) else None
    return Recording(inputs.detach().clone().cpu(), outputs, taken, answer)


def cannot_take(inputs: torch.Tensor, error: Exception) -> ExplorerError:
    """What a user reads where a network failed on an input."""
    reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(". ")
    return ExplorerError(
        f"The network fails on an input of shape {tuple(inputs.shape)}: choose the size it was made for. "
        f"PyTorch says: {reason}."
    )
