"""How many multiplications by weights one forward pass takes, and whose weights they are. Knows PyTorch's products only.

Counted where PyTorch itself multiplies, beneath layers and functions, so that no way of writing a layer is missed. Not
counted: additions, a factor for each number by itself (a normalisation's, a gate's), products of two things that both depend
on the input (attention's scores), and of weights with weights (a spectral norm).
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import torch
from torch import nn
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

NOBODY = ""  # whose a weight is that no layer holds, and the network's own
_PARAMETRISED = ".parametrizations."  # weight_norm, spectral_norm: the layer's weight is made of what lies below that
# products of two matrices: name → the first one's place among the arguments, the second follows
_MATRICES = {
    "mm": 0,
    "bmm": 0,
    "mv": 0,
    "dot": 0,
    "vdot": 0,
    "linear": 0,
    "addmm": 1,
    "baddbmm": 1,
    "addmv": 1,
    "addbmm": 1,
}
_MATRICES |= {"_addmm_activation": 1}
_CONVOLUTIONS = {"convolution", "_convolution", "convolution_overrideable", "mkldnn_convolution", "cudnn_convolution"}
# several products in one step: each token (row of the first argument) meets each entry of each matrix of weights once
_FUSED = {
    "_native_multi_head_attention",
    "_transformer_encoder_layer_fwd",
    "mkldnn_rnn_layer",
    "_cudnn_rnn",
    "miopen_rnn",
}


def owner_of(parameter: str) -> str:
    """The layer that a parameter or buffer belongs to: "c1.weight" and "c1.parametrizations.weight.original0" → "c1"."""
    whose = parameter.rpartition(".")[0]
    if whose.startswith(_PARAMETRISED[1:]):
        return NOBODY
    return whose.partition(_PARAMETRISED)[0]


class Products(TorchDispatchMode):
    """While it is entered, this thread's products of the network's weights are counted.

    inputs: the very tensor that the network is then run on, (1, C, H, W). found: layer → multiply-adds, NOBODY for weights
    that no layer holds.
    """

    def __init__(self, network: nn.Module, inputs: torch.Tensor) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()
        # memory that depends on the input, and memory that comes from weights alone, with whose they are; the references see
        # to it that no place in memory is used twice
        self._seen: dict[int, StorageWeakRef] = {}
        self._owned: dict[int, tuple[StorageWeakRef, str]] = {}
        named = (*network.named_parameters(), *network.named_buffers())
        for name, tensor in named:
            self._own([tensor], owner_of(name))
        self._depend([inputs])

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        given, made = _tensors((args, kwargs)), _tensors(result)
        self._count(func._schema.name.partition("::")[2], args, given, made)
        if any(_place(tensor) in self._seen for tensor in given):
            self._depend(made)
        elif owners := [self._owned[_place(tensor)][1] for tensor in given if _place(tensor) in self._owned]:
            self._own(made, owners[0])
        return result

    def _count(self, name: str, args: tuple, given: list[torch.Tensor], made: list[torch.Tensor]) -> None:
        if name in _MATRICES:
            first, second = args[_MATRICES[name] :][:2]
            # of (…, n, k) times (k, m) each number of the result takes k
            summed = first.shape[0] if name == "addbmm" else 1
            self._add(first, second, made[0].numel() * first.shape[-1] * summed)
        elif name in _CONVOLUTIONS:
            image, kernels = args[:2]
            # each output value meets one kernel; of a transposed convolution each input value does
            places = image if len(args) > 6 and args[6] is True else made[0]
            self._add(image, kernels, places.numel() * kernels[0].numel())
        elif name in ("bilinear", "_trilinear"):
            weight = max(given, key=torch.Tensor.dim)
            self._add(args[0], weight, math.prod(made[0].shape[:-1]) * weight.numel())
        elif name in _FUSED:
            tokens = math.prod(args[0].shape[:-1])
            for weight in given:
                if weight.dim() == 2 and _place(weight) in self._owned:
                    self._add(args[0], weight, tokens * weight.numel())

    def _add(self, first: torch.Tensor, second: torch.Tensor, count: int) -> None:
        """A product counts where one of the two is a weight and the other none; beside the input a constant is a weight too."""
        places = [_place(first), _place(second)]
        if self._sort(places[0]) != self._sort(places[1]):
            owners = [self._owned[place][1] for place in places if place in self._owned and place not in self._seen]
            self.found[owners[0] if owners else NOBODY] += count

    def _sort(self, place: int) -> int:
        return 2 if place in self._seen else int(place in self._owned)

    def _depend(self, tensors: Iterable[torch.Tensor]) -> None:
        for tensor in tensors:
            self._seen[_place(tensor)] = StorageWeakRef(tensor.untyped_storage())

    def _own(self, tensors: Iterable[torch.Tensor], owner: str) -> None:
        for tensor in tensors:
            if _place(tensor) not in self._owned:  # a view is whose its whole is
                self._owned[_place(tensor)] = StorageWeakRef(tensor.untyped_storage()), owner


def _tensors(values: object) -> list[torch.Tensor]:
    found = (value for value in tree_leaves(values) if isinstance(value, torch.Tensor))
    return [tensor for tensor in found if tensor.layout is torch.strided]  # others have no one memory


def _place(tensor: torch.Tensor) -> int:
    """Which memory a tensor lies in; views lie in their whole's."""
    return tensor.untyped_storage()._cdata


def shared_out(found: Mapping[str, int], layers: Iterable[str], rest: str = NOBODY) -> Counter[str]:
    """What belongs to which of `layers`: to the innermost that it lies in, `rest` where it lies in none."""
    known, shares = set(layers), Counter()
    for owner, count in found.items():
        shares[next((name for name in _around(owner) if name in known), rest)] += count
    return shares


def _around(path: str) -> Iterator[str]:
    """The path and what it lies in, the innermost first."""
    while path:
        yield path
        path = path.rpartition(".")[0]
