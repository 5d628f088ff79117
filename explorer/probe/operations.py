"""What one step of a traced network is called and how it is set. Knows how PyTorch's calls are written; runs nothing.

A function is called like the module that does the same (`F.relu`, `x.relu_()` and `aten.relu` are all "ReLU"); what has no
module keeps its function's name ("add", "cat", "mul", "mean", "getitem"). Which is which, the kinds tell.
"""

from collections.abc import Mapping, Sequence

import torch
from torch import nn

from explorer.probe.kinds import KINDS, argument_names, of_function
from explorer.probe.plain import Plain, is_plain, plain

MODULE_SETTINGS = (
    *("kernel_size", "stride", "padding", "output_padding", "dilation", "groups", "padding_mode", "ceil_mode"),
    *("output_size", "size", "scale_factor", "mode", "align_corners", "start_dim", "end_dim", "dim", "dims"),
    *("upscale_factor", "downscale_factor", "p", "negative_slope", "normalized_shape"),
)


def module_settings(module: nn.Module) -> dict[str, Plain]:
    """A module's settings as PyTorch calls them, as plain values."""
    names = [name for name in MODULE_SETTINGS if hasattr(module, name)]
    return {name: plain(getattr(module, name)) for name in names if is_plain(getattr(module, name))}


def function_name(target: object) -> str:
    """torch.relu_, operator.iadd, aten.relu_.default, "relu_" → "relu", "add", "relu", "relu"."""
    name = target if isinstance(target, str) else getattr(target, "__name__", type(target).__name__)
    name = name.split(".")[0]
    name = name.strip("_") if name.startswith("__") else name.rstrip("_")
    name = name.removeprefix("_").removesuffix("_copy")
    kind = of_function(name)
    return name if hasattr(nn, kind) else kind  # one function, several names: concat is cat


def function_settings(
    target: object, args: Sequence[object], kwargs: Mapping[str, object], weight: torch.Tensor | None
) -> tuple[str, dict[str, Plain]]:
    """(kind, settings) of a call. args, kwargs: with anything that is no plain value where tensors were.

    weight: of a convolution or dense layer that is called as a function; its kernel_size is read from there.
    """
    name = function_name(target)
    kind = of_function(name)
    named = dict(kwargs)
    gathers = KINDS[kind].gathers if kind in KINDS else ""
    if gathers and not isinstance(target, torch._ops.OpOverload):
        rest = args[1:]
        named[gathers] = rest[0] if len(rest) == 1 and isinstance(rest[0], Sequence) else rest
    else:
        named |= dict(zip(argument_names(target, name), args, strict=False))
    settings = {key: plain(value) for key, value in named.items() if is_plain(value)}
    if weight is not None and "kernel_size" not in settings and name.startswith("conv"):
        settings["kernel_size"] = tuple(weight.shape[2:])
    return kind, settings
