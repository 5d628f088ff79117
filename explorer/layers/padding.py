"""Padding with provenance: every cell of the padded input knows which input cell its value came from.

Knows the four padding modes and the amounts 'valid' and 'same'; not what slides over the result.
"""

from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.layers.checks import (
    ensure_cells,
    frozen,
    image_array,
    number_pair,
    size_text,
    whole_number,
)

MODES = ("zeros", "reflect", "replicate", "circular")  # torch.nn.Conv2d's names
NOWHERE = -1  # provenance of a cell that zero padding made up

Amounts = tuple[tuple[int, int], tuple[int, int]]  # ((top, bottom), (left, right))


@dataclass(frozen=True, eq=False)
class Padded:
    """A padded input. With H⁺ = top+H+bottom and W⁺ = left+W+right:

    values   (C, H⁺, W⁺)  the padded input
    amounts  ((top, bottom), (left, right))
    source   (H⁺, W⁺)     flat input index row·W + col each value was copied from, −1 for a made-up zero
    border   (H⁺, W⁺)     True where the cell lies outside the input, whatever its value was copied from
    """

    values: np.ndarray
    amounts: Amounts
    source: np.ndarray
    border: np.ndarray


def pad(image: object, padding: object = 0, mode: str = "zeros") -> Padded:
    """Pad (C, H, W) or (H, W).

    padding: one number, (down, across), or ((top, bottom), (left, right)), as `padding_amounts` takes it.
    Raises ExplorerError for an unknown mode, and where reflect or circular padding would need more input than there is.

    >>> pad([[1, 2, 3]], (0, 2), "reflect").values[0].tolist()
    [[3.0, 2.0, 1.0, 2.0, 3.0, 2.0, 1.0]]
    """
    image = image_array(image)
    channels, height, width = image.shape
    (top, bottom), (left, right) = amounts = padding_amounts(padding)
    ensure_cells(channels * (top + height + bottom) * (left + width + right), "The padded input")
    rows = axis_sources(height, top, bottom, mode)
    cols = axis_sources(width, left, right, mode)
    made_up = (rows == NOWHERE)[:, np.newaxis] | (cols == NOWHERE)
    values = np.where(made_up, 0.0, image[:, rows[:, np.newaxis], cols])
    source = np.where(made_up, NOWHERE, rows[:, np.newaxis] * width + cols)
    border = np.ones(source.shape, dtype=bool)
    border[top : top + height, left : left + width] = False
    return Padded(frozen(values), amounts, frozen(source), frozen(border))


def axis_sources(size: int, before: int, after: int, mode: str) -> np.ndarray:
    """Return, for each position −before … size−1+after along one axis, the input index it copies (−1: none).

    >>> axis_sources(3, 2, 1, "circular").tolist()
    [1, 2, 0, 1, 2, 0]
    """
    position = np.arange(-before, size + after)
    if mode == "zeros":
        return np.where((position >= 0) & (position < size), position, NOWHERE)
    if mode == "replicate":
        return position.clip(0, size - 1)
    if mode == "circular":
        ensure_reach(mode, max(before, after), size)
        return position % size
    if mode == "reflect":
        # The edge itself is not repeated, so only size − 1 cells can be mirrored.
        ensure_reach(mode, max(before, after), size - 1)
        return (size - 1) - np.abs((size - 1) - np.abs(position))
    raise ExplorerError(f"Padding mode {mode!r} is unknown: choose one of {', '.join(MODES)}.")


def ensure_reach(mode: str, amount: int, reach: int) -> None:
    """Refuse padding that would have to copy cells the input does not have."""
    if amount > reach:
        raise ExplorerError(
            f"{mode.capitalize()} padding of {amount} needs more cells than this input has: choose padding ≤ {reach}, "
            "or zero or replicate padding."
        )


def same_amounts(kernel: int, dilation: int = 1) -> tuple[int, int]:
    """Return (before, after) that keep the size at stride 1: d(k−1) in all; an odd one out goes after, as in torch."""
    total = dilation * (kernel - 1)
    return total // 2, total - total // 2


def padding_amounts(
    padding: object,
    kernel: tuple[int, int] = (1, 1),
    stride: tuple[int, int] = (1, 1),
    dilation: tuple[int, int] = (1, 1),
) -> Amounts:
    """Return ((top, bottom), (left, right)) from any way of saying it.

    padding: 'valid' (none), 'same' (output as large as the input; stride 1 only), a number for all four sides,
    (down, across), or ((top, bottom), (left, right)). Only 'same' looks at the other arguments.

    >>> padding_amounts("same", kernel=(3, 3))
    ((1, 1), (1, 1))
    """
    if isinstance(padding, str):
        if padding == "valid":
            return (0, 0), (0, 0)
        if padding != "same":
            raise ExplorerError(f"Padding {padding!r} is unknown: choose 'valid', 'same' or a number ≥ 0.")
        if stride != (1, 1):
            raise ExplorerError(
                f"Padding 'same' keeps the size only at stride 1, not {size_text(stride)}: choose stride 1 or a number."
            )
        return same_amounts(kernel[0], dilation[0]), same_amounts(kernel[1], dilation[1])
    if isinstance(padding, tuple | list) and len(padding) == 2 and any(isinstance(p, tuple | list) for p in padding):
        return number_pair(padding[0], "Padding"), number_pair(padding[1], "Padding")
    if isinstance(padding, tuple | list):
        down, across = number_pair(padding, "Padding")
    else:
        down = across = whole_number(padding, "Padding")
    return (down, down), (across, across)
