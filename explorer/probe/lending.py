"""A network lent to another library's code, which comes back exactly as it was. Knows nn.Module; not what is done with it."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.probe.recording import borrowed, evaluating


@contextmanager
def lent(network: nn.Module) -> Iterator[nn.Module]:
    """For a while nobody else looks into any network; this one is in evaluation mode, no layer overwrites its input.

    Whatever happens inside, afterwards every sub-module has the hooks, `training` and `inplace` it came with, every parameter
    its `requires_grad` and `grad`. Raises ExplorerError, with PyTorch's reason, where the work fails in a forward or backward
    pass: the input does not fit, or the memory is not enough.
    """
    with borrowed(network):
        hooks = [(books, dict(books)) for module in network.modules() for books in _hook_books(module)]
        inplace = [module for module in network.modules() if getattr(module, "inplace", False) is True]
        gradients = [(parameter, parameter.requires_grad, parameter.grad) for parameter in network.parameters()]
        kept = [None if grad is None else grad.clone() for _, _, grad in gradients]
        try:
            for module in inplace:
                module.inplace = False
            with evaluating(network), torch.enable_grad():
                yield network
        except (RuntimeError, ValueError, AssertionError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(". ")
            raise ExplorerError(
                f"The network could not be asked for its reasons: choose another method or network. PyTorch says: {reason}."
            ) from error
        finally:
            for module in inplace:
                module.inplace = True
            for books, before in hooks:
                books.clear()
                books.update(before)
            for (parameter, required, grad), copy in zip(gradients, kept, strict=True):
                parameter.requires_grad_(required)
                parameter.grad = grad
                if grad is not None and not torch.equal(grad, copy):
                    grad.copy_(copy)


def _hook_books(module: nn.Module) -> list[OrderedDict]:
    """Where a module keeps its hooks, by PyTorch's own names."""
    return [
        value
        for name, value in vars(module).items()
        if name.endswith(("_hooks", "_hooks_with_kwargs")) and value is not None
    ]
