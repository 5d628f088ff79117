"""Pooling and its two undoings without weights: nearest-neighbour and max unpooling.

Knows max and average pooling as torch.nn.functional defines them, each channel by itself; not their gradients.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.layers.checks import (
    array_like_output,
    ensure_cells,
    ensure_index,
    frozen,
    image_array,
    number_pair,
    size_text,
    whole_number,
)
from explorer.layers.convolution import sliding_windows
from explorer.layers.padding import NOWHERE, Padded, pad
from explorer.layers.sizes import Window
from explorer.words import written

KINDS = ("max", "average")


@dataclass(frozen=True, eq=False)
class PoolStep:
    """What made one output cell.

    rows, cols  (kh,) (kw,)  where the window lies, in input coordinates
    source      (kh, kw)     flat input index row·W + col, −1 where the window hangs over the edge
    values      (kh, kw)     the window; over the edge 0 for average, −∞ for max
    value                    the output
    position                 flat input index of the maximum; None for average pooling
    divisor                  what the window's sum is divided by; None for max pooling
    """

    channel: int
    row: int
    col: int
    rows: np.ndarray
    cols: np.ndarray
    source: np.ndarray
    values: np.ndarray
    value: float
    position: int | None
    divisor: int | None


@dataclass(frozen=True, eq=False)
class Pooling:
    """A pooling layer at work on one input.

    image      (C, H, W)
    padded                      the padded input; bottom and right include what `ceil_mode` lets hang over
    output     (C, rows, cols)
    positions  (C, rows, cols)  flat input index row·W + col of each maximum, as torch's indices (None: average)
    divisors   (rows, cols)     cells each average divides by (None: max)
    """

    kind: str
    image: np.ndarray
    window: Window
    ceil_mode: bool
    count_include_pad: bool
    padded: Padded
    output: np.ndarray
    positions: np.ndarray | None
    divisors: np.ndarray | None

    def __len__(self) -> int:
        """The number of steps: one per output cell."""
        return self.output.size

    def __iter__(self) -> Iterator[PoolStep]:
        """The steps in raster order: channel, then row, then column."""
        return (self.at(index) for index in range(len(self)))

    def at(self, index: int) -> PoolStep:
        """Return step number `index` in raster order, from 0."""
        index = whole_number(index, "Step", 0, len(self) - 1)
        return self.step(*(int(i) for i in np.unravel_index(index, self.output.shape)))

    def step(self, channel: int, row: int, col: int) -> PoolStep:
        """Return what made output cell (channel, row, col)."""
        channel, row, col = cell = ensure_index((channel, row, col), self.output.shape, "Output cell")
        (top, _), (left, _) = self.padded.amounts
        rows = row * self.window.stride[0] + np.arange(self.window.kernel[0])
        cols = col * self.window.stride[1] + np.arange(self.window.kernel[1])
        return PoolStep(
            *cell,
            rows=rows - top,
            cols=cols - left,
            source=self.padded.source[np.ix_(rows, cols)],
            values=self.padded.values[channel][np.ix_(rows, cols)],
            value=float(self.output[cell]),
            position=None if self.positions is None else int(self.positions[cell]),
            divisor=None if self.divisors is None else int(self.divisors[row, col]),
        )


def pool(
    image: object,
    kind: str = "max",
    kernel: object = 2,
    stride: object = None,
    padding: object = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Pooling:
    """Pool (C, H, W) or (H, W).

    kind: 'max' or 'average'. kernel, stride (default: the kernel), padding ≤ kernel/2: a number or (down, across).
    ceil_mode: also keep a last window that hangs over the bottom or right edge, if it starts before that edge.
    count_include_pad: whether padded zeros count in an average's divisor. Equal maxima: the first in reading order
    wins, as in torch. Raises ExplorerError for impossible settings; the kernel must fit even with ceil_mode.

    >>> pool([[1, 2], [3, 4]], "average").output.tolist()
    [[[2.5]]]
    """
    if kind not in KINDS:
        raise ExplorerError(f"Pooling {kind!r} is unknown: choose one of {', '.join(KINDS)}.")
    image = image_array(image)
    window = pool_window(kernel, stride, padding)
    _, height, width = image.shape
    rows, cols = pooled_size(window, height, width, ceil_mode)
    ensure_cells(image.shape[0] * rows * cols * window.kernel[0] * window.kernel[1], "All windows together")

    overhang = [
        max(0, (count - 1) * step + k - (n + sum(p)))
        for count, step, k, n, p in zip(
            (rows, cols), window.stride, window.kernel, (height, width), window.padding, strict=True
        )
    ]
    amounts = [(before, after + extra) for (before, after), extra in zip(window.padding, overhang, strict=True)]
    padded = pad(image, amounts)
    if kind == "max":
        padded = _padded_for_maximum(padded)
    # Without ceil_mode a last, incomplete window is dropped; sliding_windows drops it too.
    windows = sliding_windows(padded.values, window)
    positions = divisors = None
    if kind == "max":
        output, positions = _maximum(windows, sliding_windows(padded.source[np.newaxis], window)[0])
    else:
        counted = padded.source != NOWHERE
        if count_include_pad:  # the padding asked for counts; what only hangs over never does
            counted = np.ones_like(counted)
            counted[counted.shape[0] - overhang[0] :] = False
            counted[:, counted.shape[1] - overhang[1] :] = False
        divisors = frozen(sliding_windows(counted[np.newaxis], window)[0].sum(axis=(2, 3)))
        output = windows.sum(axis=(3, 4)) / divisors
    return Pooling(
        kind=kind,
        image=image,
        window=window,
        ceil_mode=bool(ceil_mode),
        count_include_pad=bool(count_include_pad),
        padded=padded,
        output=frozen(output),
        positions=positions,
        divisors=divisors,
    )


def max_unpool(values: object, positions: object, shape: tuple[int, int]) -> np.ndarray:
    """Put each value back where its maximum was, zeros elsewhere (K3). Returns (C, H, W).

    values, positions: (C, h, w) or (h, w), positions as in `Pooling.positions`. shape: (H, W) to restore.
    Where windows overlapped and two values return to one cell, the later one in reading order stays.
    """
    values = image_array(values, "Values")
    places = array_like_output(positions, "Positions", values.shape)
    height, width = number_pair(shape, "Size to restore", minimum=1)
    channels = len(values)
    ensure_cells(channels * height * width, "The unpooled output")
    if np.any(places != np.floor(places)) or places.min() < 0 or places.max() >= height * width:
        raise ExplorerError(
            f"Positions run from {written(places.min(), 6)} to {written(places.max(), 6)}, but a {height}×{width} "
            "output has cells "
            f"0 … {height * width - 1}: give the positions of the pooling, and restore the size that was pooled."
        )
    positions = places.astype(np.int64)
    restored = np.zeros((channels, height * width))
    np.put_along_axis(restored, positions.reshape(channels, -1), values.reshape(channels, -1), axis=1)
    return frozen(restored.reshape(channels, height, width))


def nearest_unpool(image: object, factor: object = 2) -> np.ndarray:
    """Repeat each cell factor × factor times (K2): (C, H, W) → (C, H·factor, W·factor).

    >>> nearest_unpool([[1, 2]], 2).tolist()
    [[[1.0, 1.0, 2.0, 2.0], [1.0, 1.0, 2.0, 2.0]]]
    """
    image = image_array(image)
    down, across = number_pair(factor, "Factor", minimum=1)
    ensure_cells(image.size * down * across, "The unpooled output")
    return frozen(image.repeat(down, axis=1).repeat(across, axis=2))


def pooled_size(window: Window, height: int, width: int, ceil_mode: bool = False) -> tuple[int, int]:
    """Return (rows, columns) of the output; ExplorerError when the window does not fit."""
    rows, cols = window.output_size(height, width)
    if ceil_mode:
        rows, cols = (_ceil_size(n, axis, window) for axis, n in enumerate((height, width)))
    return rows, cols


def pool_window(kernel: object, stride: object, padding: object) -> Window:
    """Return how a pooling window slides, checked; stride None: the kernel."""
    kernel = number_pair(kernel, "Kernel size", minimum=1)
    amounts = number_pair(padding, "Padding")
    if any(2 * p > k for p, k in zip(amounts, kernel, strict=True)):
        raise ExplorerError(
            f"Padding {size_text(amounts)} is more than half of the {size_text(kernel)} kernel, so a window could see "
            f"padding only: choose padding ≤ {size_text([k // 2 for k in kernel])}."
        )
    return Window(kernel, kernel if stride is None else stride, amounts)


def _ceil_size(n: int, axis: int, window: Window) -> int:
    (before, after), k, step = window.padding[axis], window.kernel[axis], window.stride[axis]
    count = -(-(n + before + after - k) // step) + 1
    # A window that would start in the padding behind the input sees nothing of it.
    return count - 1 if (count - 1) * step >= n + before else count


def _padded_for_maximum(padded: Padded) -> Padded:
    values = np.where(padded.source == NOWHERE, -np.inf, padded.values)
    return Padded(frozen(values), padded.amounts, padded.source, padded.border)


def _maximum(windows: np.ndarray, sources: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the maxima of (C, rows, cols, kh, kw) and the flat input index of each."""
    flat = windows.reshape(*windows.shape[:3], -1)
    winner = flat.argmax(axis=-1)[..., np.newaxis]
    output = np.take_along_axis(flat, winner, axis=-1)[..., 0]
    flat_sources = np.broadcast_to(sources.reshape(1, *sources.shape[:2], -1), flat.shape)
    return output, frozen(np.take_along_axis(flat_sources, winner, axis=-1)[..., 0])
