"""All kinds by name, and how to find a module's or a function's. Knows classes and calls; runs nothing."""

import inspect
from collections.abc import Mapping
from types import MappingProxyType

import torch
from torch import nn

from explorer.probe.kinds import activations, arithmetic, arranging, left_out, normalising, weights, windowed
from explorer.probe.kinds.kind import Kind

_ALL = (
    *weights.KINDS,
    *activations.KINDS,
    *windowed.KINDS,
    *normalising.KINDS,
    *arranging.KINDS,
    *arithmetic.KINDS,
)
KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in _ALL})
_FUNCTIONS = {name: kind for kind in _ALL for name in (kind.name, *kind.functions)}
_CLASSES = {name: kind for kind in _ALL for name in (kind.name, *kind.also)}
# a class that has its own version of one of these computes something else than the class it comes from
_COMPUTING = ("forward", "_conv_forward")


def kind_of(name: str) -> Kind:
    """What is known of a node's kind or a layer's class by its name; one that is not here is taken as it is."""
    return _CLASSES.get(name) or Kind(name, name)


def is_known(name: str) -> bool:
    """Whether there is more to say of it than its name."""
    return name in _CLASSES


def of_function(name: str) -> str:
    """The kind that a function or method of that name is: relu → ReLU; without one, the name itself."""
    return _FUNCTIONS[name].name if name in _FUNCTIONS else name


def module_kind(module: nn.Module) -> str:
    """The name of the module's kind: of a class that comes from a known one and computes as that does, the known one's name."""
    own = _without_parametrisation(type(module))
    for above in own.__mro__:
        if above.__name__ in _CLASSES and all(getattr(own, name, 0) is getattr(above, name, 0) for name in _COMPUTING):
            return above.__name__
    return own.__name__


def is_one_step(module: nn.Module) -> bool:
    """Whether PyTorch's own code runs it, whatever is inside it: attention and a recurrent layer are one step each."""
    own = _without_parametrisation(type(module))
    return own.__module__.startswith(("torch.nn", "torch.ao.nn")) and own.__name__ not in left_out.MODULES


def _without_parametrisation(own: type) -> type:
    """weight_norm and spectral_norm give a layer a class of its own, in PyTorch's name."""
    return own.__mro__[1] if own.__module__ == "torch.nn.utils.parametrize" else own


def argument_names(target: object, name: str) -> tuple[str, ...]:
    """What a function, called `name` here, calls its arguments, in order; () where it does not tell."""
    if isinstance(target, torch._ops.OpOverload):
        return tuple(argument.name for argument in target._schema.arguments)
    if inspect.isfunction(target):
        parameters = inspect.signature(target).parameters.values()
        if not any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters):
            return tuple(parameter.name for parameter in parameters)
    return _FUNCTIONS[name].arguments if name in _FUNCTIONS else ()
