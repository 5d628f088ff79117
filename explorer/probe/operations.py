"""What one step of a traced network is called and how it is set. Knows PyTorch's modules and functions; runs nothing.

A function is called like the module that does the same (`F.relu`, `x.relu_()` and `aten.relu` are all "ReLU"); what has no
module keeps its function's name ("add", "cat", "mul", "mean", "getitem").
"""

from collections.abc import Mapping, Sequence

import torch
from torch import nn

MODULES = {
    "conv2d": "Conv2d",
    "conv_transpose2d": "ConvTranspose2d",
    "max_pool2d": "MaxPool2d",
    "max_pool2d_with_indices": "MaxPool2d",
    "max_unpool2d": "MaxUnpool2d",
    "avg_pool2d": "AvgPool2d",
    "adaptive_avg_pool2d": "AdaptiveAvgPool2d",
    "adaptive_max_pool2d": "AdaptiveMaxPool2d",
    "interpolate": "Upsample",
    "upsample": "Upsample",
    "upsample_nearest2d": "Upsample",
    "upsample_bilinear2d": "Upsample",
    "pad": "Pad",
    "constant_pad_nd": "Pad",
    "reflection_pad2d": "Pad",
    "replication_pad2d": "Pad",
    "linear": "Linear",
    "batch_norm": "BatchNorm2d",
    "layer_norm": "LayerNorm",
    "group_norm": "GroupNorm",
    "flatten": "Flatten",
    "dropout": "Dropout",
    "relu": "ReLU",
    "relu6": "ReLU6",
    "hardtanh": "Hardtanh",
    "leaky_relu": "LeakyReLU",
    "elu": "ELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "softmax": "Softmax",
    "hardswish": "Hardswish",
    "hardsigmoid": "Hardsigmoid",
    "pixel_shuffle": "PixelShuffle",
    "pixel_unshuffle": "PixelUnshuffle",
}
# one thing, several names
SAME = {"concat": "cat", "concatenate": "cat", "iadd": "add", "imul": "mul", "isub": "sub", "itruediv": "div"}
SAME |= {"truediv": "div", "multiply": "mul", "reshape": "view", "swapaxes": "transpose", "subtract": "sub"}
# names of what a function is given, in order; PyTorch's own compiled functions do not tell theirs
PARAMETERS = {
    "conv2d": ("input", "weight", "bias", "stride", "padding", "dilation", "groups"),
    "conv_transpose2d": ("input", "weight", "bias", "stride", "padding", "output_padding", "groups", "dilation"),
    "max_pool2d": ("input", "kernel_size", "stride", "padding", "dilation", "ceil_mode", "return_indices"),
    "max_pool2d_with_indices": ("input", "kernel_size", "stride", "padding", "dilation", "ceil_mode", "return_indices"),
    "max_unpool2d": ("input", "indices", "kernel_size", "stride", "padding", "output_size"),
    "avg_pool2d": ("input", "kernel_size", "stride", "padding", "ceil_mode", "count_include_pad", "divisor_override"),
    "adaptive_avg_pool2d": ("input", "output_size"),
    "adaptive_max_pool2d": ("input", "output_size", "return_indices"),
    "interpolate": ("input", "size", "scale_factor", "mode", "align_corners"),
    "upsample": ("input", "size", "scale_factor", "mode", "align_corners"),
    "pad": ("input", "pad", "mode", "value"),
    "linear": ("input", "weight", "bias"),
    "layer_norm": ("input", "normalized_shape"),
    "flatten": ("input", "start_dim", "end_dim"),
    "getitem": ("input", "index"),
    "chunk": ("input", "chunks", "dim"),
    "split": ("input", "split_size", "dim"),
    "cat": ("tensors", "dim"),
    "stack": ("tensors", "dim"),
    "mean": ("input", "dim", "keepdim"),
    "sum": ("input", "dim", "keepdim"),
    "amax": ("input", "dim", "keepdim"),
    "transpose": ("input", "dim0", "dim1"),
    "narrow": ("input", "dim", "start", "length"),
    "select": ("input", "dim", "index"),
    "unsqueeze": ("input", "dim"),
    "squeeze": ("input", "dim"),
    "softmax": ("input", "dim"),
    "pixel_shuffle": ("input", "upscale_factor"),
    "pixel_unshuffle": ("input", "downscale_factor"),
}
# functions whose numbers may also be given one by one: x.permute(0, 2, 1), x.view(-1, 8)
GATHERED = {"permute": "dims", "flip": "dims", "view": "size", "expand": "size", "repeat": "size", "roll": "shifts"}
MODULE_SETTINGS = (
    *("kernel_size", "stride", "padding", "output_padding", "dilation", "groups", "padding_mode", "ceil_mode"),
    *("output_size", "size", "scale_factor", "mode", "align_corners", "start_dim", "end_dim", "dim", "dims"),
    *("upscale_factor", "downscale_factor", "p", "negative_slope", "normalized_shape"),
)
Plain = bool | int | float | str | None | tuple


def module_settings(module: nn.Module) -> dict[str, Plain]:
    """A module's settings as PyTorch calls them, as plain values."""
    names = [name for name in MODULE_SETTINGS if hasattr(module, name)]
    return {name: plain(getattr(module, name)) for name in names if _is_plain(getattr(module, name))}


def function_name(target: object) -> str:
    """torch.relu_, operator.iadd, aten.relu_.default, "relu_" → "relu", "add", "relu", "relu"."""
    name = target if isinstance(target, str) else getattr(target, "__name__", type(target).__name__)
    name = name.split(".")[0]
    name = name.strip("_") if name.startswith("__") else name.rstrip("_")
    name = name.removeprefix("_").removesuffix("_copy")
    return SAME.get(name, name)


def function_settings(
    target: object, args: Sequence[object], kwargs: Mapping[str, object], weight: torch.Tensor | None
) -> tuple[str, dict[str, Plain]]:
    """(kind, settings) of a call. args, kwargs: with anything that is no plain value where tensors were.

    weight: of a convolution or dense layer that is called as a function; its kernel_size is read from there.
    """
    name = function_name(target)
    named = dict(kwargs)
    if isinstance(target, torch._ops.OpOverload):
        named |= dict(zip((argument.name for argument in target._schema.arguments), args, strict=False))
    elif name in GATHERED:
        rest = args[1:]
        named[GATHERED[name]] = rest[0] if len(rest) == 1 and isinstance(rest[0], Sequence) else rest
    else:
        named |= dict(zip(PARAMETERS.get(name, ()), args, strict=False))
    settings = {key: plain(value) for key, value in named.items() if _is_plain(value)}
    if weight is not None and "kernel_size" not in settings and name.startswith("conv"):
        settings["kernel_size"] = tuple(weight.shape[2:])
    return MODULES.get(name, name), settings


def plain(value: object) -> Plain:
    """Lists become tuples, slices (start, stop, step); what is plain stays."""
    if isinstance(value, slice):
        return ("slice", value.start, value.stop, value.step)
    if value is Ellipsis:
        return "..."
    return tuple(plain(part) for part in value) if isinstance(value, list | tuple) else value


def _is_plain(value: object) -> bool:
    if isinstance(value, list | tuple):
        return all(_is_plain(part) for part in value)
    if isinstance(value, slice):
        return all(_is_plain(part) for part in (value.start, value.stop, value.step))
    return value is None or value is Ellipsis or isinstance(value, bool | int | float | str)
