"""A network of the user's own, from their own code: `--model package.module:factory`. Knows how to import and try it.

It is their code on their machine: nothing is checked before it runs. The factory takes nothing and returns an nn.Module, with
weights or without. It may carry `input_shape` (C, H, W), `mean` and `std` (of pixel values in [0, 1]) and `labels`.
"""

import functools
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.images.picture import fit_square, to_grey, to_rgb
from explorer.models.feeding import Arrangement, Feeding, Step
from explorer.models.registry import add
from explorer.models.spec import ModelSpec
from explorer.words import counted

MOST_SIDE = 1024
OPTIONS = ("--model", "--input-shape")


def read_shape(text: str) -> tuple[int, int, int]:
    """ "3,224,224" → (3, 224, 224). Raises ExplorerError for anything but one or three square channels."""
    try:
        shape = tuple(int(part) for part in text.split(","))
    except ValueError:
        shape = ()
    return _check_shape(shape, text)


def own_spec(target: str, shape: tuple[int, int, int] | None = None) -> ModelSpec:
    """The network that `target`, "package.module:factory", makes; imported, built and run once on zeros.

    shape: (C, H, W) of an input; None takes the factory's `input_shape`. The package is looked for in the current folder too.
    Raises ExplorerError saying what could not be imported, called or run.
    """
    factory = _import(target)
    if shape is None:
        shape = getattr(factory, "input_shape", None)
        if shape is None:
            raise ExplorerError(
                f"{target} does not say what it takes: add --input-shape 3,224,224 or set factory.input_shape."
            )
        shape = _check_shape(tuple(shape), str(shape))
    build = functools.partial(_build, target, factory)
    logits = _try(target, build(), shape)
    labels = tuple(str(label) for label in getattr(factory, "labels", range(logits)))
    if len(labels) != logits:
        raise ExplorerError(
            f"{target} gives {counted(logits, 'number')} and has {counted(len(labels), 'label')}: let them be as many."
        )
    return ModelSpec(
        name=target,
        title=target.rpartition(":")[2],
        summary=f"Your own network, {target}.",
        suits="what you trained it on",
        build=build,
        feeding=_feeding(factory, shape),
        classes=lambda: labels,
    )


def add_from(arguments: Sequence[str]) -> ModelSpec | None:
    """Add the network that the app's own arguments name, if they name one. Raises ExplorerError like `own_spec`."""
    values = {}
    for option, value in zip(arguments, [*arguments[1:], ""], strict=True):
        for name in OPTIONS:
            if option == name:
                values[name] = value
            elif option.startswith(f"{name}="):
                values[name] = option.partition("=")[2]
    if OPTIONS[0] not in values:
        return None
    shape = read_shape(values[OPTIONS[1]]) if OPTIONS[1] in values else None
    spec = own_spec(values[OPTIONS[0]], shape)
    add(spec)
    return spec


def _import(target: str) -> object:
    module_name, colon, factory_name = target.partition(":")
    if not colon or not module_name or not factory_name:
        raise ExplorerError(f"“{target[:80]}” names no network: write --model package.module:factory.")
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.append(here)
    try:
        module = importlib.import_module(module_name)
    except (Exception, SystemExit) as error:
        raise ExplorerError(f"{module_name} cannot be imported ({_reason(error)}): mend it or name another.") from error
    factory = getattr(module, factory_name, None)
    if not callable(factory):
        raise ExplorerError(f"{module_name} has no function “{factory_name}”: name one that returns an nn.Module.")
    return factory


def _build(target: str, factory: object) -> nn.Module:
    try:
        network = factory()
    except (Exception, SystemExit) as error:
        raise ExplorerError(
            f"{target} fails when it is called ({_reason(error)}): it is called without arguments."
        ) from error
    if not isinstance(network, nn.Module):
        raise ExplorerError(f"{target} returns {type(network).__name__} and not an nn.Module: return the network.")
    return network


def _try(target: str, network: nn.Module, shape: tuple[int, int, int]) -> int:
    """Run the network once; returns how many numbers it gives."""
    try:
        with torch.no_grad():
            output = network.eval()(torch.zeros(1, *shape))
    except (Exception, SystemExit) as error:
        raise ExplorerError(
            f"{target} fails on an input of shape {shape} ({_reason(error)}): name the right one with --input-shape."
        ) from error
    if not isinstance(output, torch.Tensor) or output.shape[:1] != (1,) or output.numel() < 1:
        raise ExplorerError(
            f"{target} returns no tensor of one row for one input: return logits of shape (1, classes)."
        )
    return output.numel()


def _check_shape(shape: tuple[object, ...], text: str) -> tuple[int, int, int]:
    whole = len(shape) == 3 and all(type(part) is int for part in shape)
    if not whole or shape[0] not in (1, 3) or shape[1] != shape[2] or not 1 <= shape[1] <= MOST_SIDE:
        raise ExplorerError(
            f"“{text[:40]}” is no input shape that a picture can take: write channels,height,width, with 1 or 3 channels and "
            f"equal sides up to {MOST_SIDE}."
        )
    return shape


def _feeding(factory: object, shape: tuple[int, int, int]) -> Feeding:
    channels, side, _ = shape
    numbers = {}
    for name, usual in (("mean", 0.0), ("std", 1.0)):
        values = getattr(factory, name, (usual,) * channels)
        try:
            numbers[name] = tuple(float(value) for value in values)
        except (TypeError, ValueError):
            numbers[name] = ()
        if len(numbers[name]) != channels or (name == "std" and 0 in numbers[name]):
            raise ExplorerError(
                f"The factory's {name} is {values!r}: give {counted(channels, 'number')}, one a channel, a std above 0."
            )
    return Feeding(
        channels, side, numbers["mean"], numbers["std"], functools.partial(_arrange, channels=channels, side=side)
    )


def _arrange(pixels: object, channels: int, side: int) -> Arrangement:
    rgb = to_rgb(pixels)
    height, width = rgb.shape[:2]
    shorter = min(height, width)
    top, left = (height - shorter) // 2, (width - shorter) // 2
    image = fit_square(rgb if channels == 3 else to_grey(rgb), side)
    return Arrangement(image, (Step("picture", "and its square", rgb, (top, left, top + shorter, left + shorter)),))


def _reason(error: BaseException) -> str:
    first = (str(error).splitlines() or [""])[0].rstrip(". ")[:160]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__
