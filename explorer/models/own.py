"""A network of the user's own, from their own code: `--model package.module:factory`. Knows how to import and try it.

It is their code on their machine: nothing is checked before it runs. The factory takes nothing and returns an nn.Module, with
weights or without; it is called once. It may carry `input_shape` (C, H, W), `mean` and `std` (of pixel values in [0, 1]) and
`labels`.
"""

import functools
import importlib
import inspect
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.images.picture import fit_square, to_grey, to_rgb
from explorer.models.answer import class_row
from explorer.models.feeding import Arrangement, Feeding, Prepared
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
    The spec's `build` gives this one network, every time: what its code does is done once.
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
    network = _build(target, factory)
    row = class_row(_try(target, network, shape))
    count = 0 if row is None else row.shape[1]
    labels = tuple(str(label) for label in getattr(factory, "labels", range(count))) if count else ()
    if len(labels) != count:
        raise ExplorerError(
            f"{target} gives {counted(count, 'number')} and has {counted(len(labels), 'label')}: let them be as many."
        )
    return ModelSpec(
        name=target,
        title=target.rpartition(":")[2],
        summary=" ".join(filter(None, (f"Your own network, {target}.", _assumed(factory, count)))),
        suits="what you trained it on",
        build=lambda: network,
        feeding=_feeding(factory, shape),
        classes=lambda: labels,
        sigmoid=row is not None and ends_in_sigmoid(network, shape, row),
    )


def add_from(arguments: Sequence[str], try_out: Callable[[ModelSpec], object] = lambda spec: None) -> ModelSpec | None:
    """Add the network that the app's own arguments name, if they name one. Raises ExplorerError like `own_spec`.

    try_out: raises ExplorerError where the network cannot be added, for a reason that this room does not know.
    """
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
    try_out(spec)
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


def _try(target: str, network: nn.Module, shape: tuple[int, int, int]) -> torch.Tensor:
    """Run the network once; returns what it gives for one input of zeros. Layers without a size (Lazy…) have theirs then."""
    _check_code(target, network)
    try:
        with torch.no_grad():
            output = network.eval()(torch.zeros(1, *shape))
    except (Exception, SystemExit) as error:
        raise ExplorerError(
            f"{target} fails on an input of shape {shape} ({_reason(error)}): {_remedy(network, error)}."
        ) from error
    if not isinstance(output, torch.Tensor) or output.shape[:1] != (1,) or output.numel() < 1:
        raise ExplorerError(
            f"{target} returns no tensor of one row for one input: return logits of shape (1, classes)."
        )
    return output


def _check_code(target: str, network: nn.Module) -> None:
    """Raises ExplorerError for a network that takes something else than one input, or whose code is not there to be seen."""
    scripted = [name for name, module in network.named_modules() if isinstance(module, torch.jit.ScriptModule)]
    if "" in scripted:
        raise ExplorerError(
            f"{target} returns TorchScript, whose layers cannot be seen: return the network that it was made from."
        )
    if scripted:
        raise ExplorerError(
            f"{target} has a part in TorchScript (“{scripted[0]}”), whose layers cannot be seen: leave torch.jit out."
        )
    try:
        parameters = inspect.signature(network.forward).parameters.values()
    except (TypeError, ValueError):  # code that is not Python's
        return
    needed = [one.name for one in parameters if one.default is one.empty]
    by_place = [one.name for one in parameters if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    by_keyword = [one.name for one in parameters if one.kind is one.KEYWORD_ONLY and one.name in needed]
    if by_keyword and not by_place:
        raise ExplorerError(
            f"{target} takes its input by keyword only (“{by_keyword[0]}”): write its forward(self, {by_keyword[0]}) without *."
        )
    inputs = [name for name in by_place if name in needed] + by_keyword
    if len(inputs) > 1:
        raise ExplorerError(
            f"{target} takes {counted(len(inputs), 'input')} ({', '.join(inputs)[:80]}) and gets one picture: wrap it in a "
            "module whose forward(self, x) gives it the rest."
        )


def _remedy(network: nn.Module, error: BaseException) -> str:
    """What to do about a network that fails, by what is seen of it."""
    numbers = [*network.parameters(), *network.buffers()]
    other = {str(one.dtype).removeprefix("torch.") for one in numbers if one.is_floating_point()} - {"float32"}
    if other:
        return f"its weights are {min(other)} and pictures come as float32, so let the factory return network.float()"
    if elsewhere := {str(one.device) for one in numbers} - {"cpu"}:
        return f"its weights are on {min(elsewhere)} and pictures on the CPU, so let the factory return network.cpu()"
    if isinstance(error, RuntimeError | ValueError | IndexError | AssertionError):
        return "name the right one with --input-shape"
    return "mend its forward"


# functions that change no number of what they are given
_SAME_NUMBERS = ("View", "UnsafeView", "ReshapeAlias", "Squeeze", "Unsqueeze", "Select", "Slice", "Alias", "Clone")


def ends_in_sigmoid(network: nn.Module, shape: tuple[int, int, int], row: torch.Tensor) -> bool:
    """Whether the last step to `row`, the network's numbers for zeros, is a sigmoid: autograd has written it down."""
    if not bool(((row >= 0) & (row <= 1)).all()):
        return False
    try:
        with torch.enable_grad():  # times 1: a first layer may overwrite its input, but no leaf
            step = network(torch.zeros(1, *shape).requires_grad_() * 1).grad_fn
        while step and step.name().partition("Backward")[0] in _SAME_NUMBERS:
            step = step.next_functions[0][0]
    except Exception:  # it has run without gradients; with them it need not
        return False
    return step is not None and step.name().partition("Backward")[0] in ("Sigmoid", "Hardsigmoid")


def _assumed(factory: object, classes: int) -> str:
    """One sentence about what the factory does not say and is taken for granted, "" where it says all."""
    numbers = {"mean": "a mean of 0", "std": "a deviation of 1"}
    missing = [name for name in ("mean", "std", *(["labels"] if classes else [])) if not hasattr(factory, name)]
    parts = []
    if taken := [words for name, words in numbers.items() if name in missing]:
        parts.append(f"{' and '.join(taken)} for pixel values from 0 to 1")
    if "labels" in missing:
        parts.append(f"{counted(classes, 'class')} called by number")
    if not missing:
        return ""
    return f"Assumed, because the factory does not say: {', '.join(parts)} (set {', '.join(f'factory.{m}' for m in missing)})."


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
    return Arrangement(image, (Prepared("picture", "and its square", rgb, (top, left, top + shorter, left + shorter)),))


def _reason(error: BaseException) -> str:
    first = (str(error).splitlines() or [""])[0].rstrip(". ")[:160]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__
