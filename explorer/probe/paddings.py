"""How far a layer's input is padded, before and after. Knows settings and the steps inside a layer; not numbers.

What a layer's settings say is so for PyTorch's own layers. One that pads by itself before it convolves (timm's Conv2dSame,
whose settings say 0) is asked for its steps; what does not explain the output's size is not told at all.
"""

from torch import nn

from explorer.probe import windows
from explorer.probe.graph import Graph
from explorer.probe.kinds import is_known, kind_of, module_kind
from explorer.probe.operations import module_settings
from explorer.probe.plain import Plain

Pair = tuple[int, int]
# along rows and along columns; where before and after differ, both of them
Padding = tuple[int | Pair, int | Pair]


def padding_of(
    module: nn.Module, graph: Graph | None, name: str, taken: tuple[int, ...], given: tuple[int, ...]
) -> Padding | None:
    """The padding of the layer of that name, None where it has none or it cannot be told.

    taken, given: shapes of its input and its output, without the batch.
    """
    settings = module_settings(module)
    if "padding" not in settings or len(given) != 3:
        return None
    if is_known(module_kind(module)):
        return _told([_of_settings(module_kind(module), settings)])
    steps = [node for node in graph if node.block == name and kind_of(node.kind).window] if graph else []
    sums = _told([_of_settings(node.kind, node.settings) for node in steps] or [_of_settings("Conv2d", settings)])
    return sums if sums and _explains(settings, sums, taken, given) else None


def _of_settings(kind: str, settings: dict[str, Plain]) -> tuple[Pair, Pair] | None:
    """(before, after) along rows and along columns."""
    rule = windows.padded if kind_of(kind).window is windows.padding else windows.around
    try:
        return rule(settings, 0), rule(settings, 1)
    except (KeyError, TypeError, IndexError):  # what cannot be read
        return None


def _told(parts: list[tuple[Pair, Pair] | None]) -> Padding | None:
    if None in parts:
        return None
    sums = [tuple(sum(part[axis][end] for part in parts) for end in (0, 1)) for axis in (0, 1)]
    return tuple(before if before == after else (before, after) for before, after in sums)


def _explains(settings: dict[str, Plain], padding: Padding, taken: tuple[int, ...], given: tuple[int, ...]) -> bool:
    """Whether a window with these settings, on so much padding, gives an output of that size."""
    if len(taken) != 3 or "kernel_size" not in settings:
        return False
    for axis in (0, 1):
        both = padding[axis] if isinstance(padding[axis], tuple) else (padding[axis],) * 2
        kernel, dilation = (
            windows.of_axis(settings["kernel_size"], axis),
            windows.of_axis(settings.get("dilation"), axis, 1),
        )
        stride = windows.of_axis(settings.get("stride"), axis, 1)
        if (taken[1 + axis] + sum(both) - dilation * (kernel - 1) - 1) // stride + 1 != given[1 + axis]:
            return False
    return True


def padding_text(padding: Padding | None) -> str:
    """(2, 1) → "2×1"; ((1, 2), 0) → "1/2×0": before and after; "" for none."""
    if padding is None:
        return ""
    return "×".join("/".join(map(str, part)) if isinstance(part, tuple) else str(part) for part in padding)
