"""Unpooling step by step: nearest, bilinear and sub-pixel as stamps of a fixed kernel, max unpooling with its switches.

Knows which input cell puts what where (K2, K3, K4), as torch's interpolate, max_unpool2d and pixel_shuffle do; not pictures.
Without switches every unpooling is a transposed convolution whose kernel nobody learned, so that its steps are that
module's: see `fixed_stamping`. What a learned kernel does to a flat input is told by `overlap_pattern`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.layers.checks import (
    array_like_output,
    ensure_cells,
    ensure_index,
    frozen,
    image_array,
    kernel_array,
    number_pair,
    shown,
    whole_number,
)
from explorer.layers.padding import Padded, pad
from explorer.layers.pooling import Pooling, max_unpool
from explorer.layers.transposed import Stamping, transpose_convolve
from explorer.words import counted

FIXED = ("nearest", "bilinear", "subpixel")  # that neither learn nor remember anything


@dataclass(frozen=True, eq=False)
class Return:
    """One value on its way back. channel, row, col: its place among the values; to: (row, col) that its switch names."""

    channel: int
    row: int
    col: int
    value: float
    to: tuple[int, int]


@dataclass(frozen=True, eq=False)
class MaxUnpooling:
    """Max unpooling of one input. pooling: whose switches are used; values (C, h, w); output (C, H, W)."""

    pooling: Pooling
    values: np.ndarray
    output: np.ndarray

    def __len__(self) -> int:
        """The number of steps: one per value."""
        return self.values.size

    def __iter__(self) -> Iterator[Return]:
        """The steps in raster order: channel, then row, then column."""
        return (self.at(index) for index in range(len(self)))

    def at(self, index: int) -> Return:
        """Return step number `index` in raster order, from 0."""
        index = whole_number(index, "Step", 0, len(self) - 1)
        cell = ensure_index(
            tuple(int(i) for i in np.unravel_index(index, self.values.shape)), self.values.shape, "Cell"
        )
        row, col = np.unravel_index(self.pooling.positions[cell], self.pooling.image.shape[1:])
        return Return(*cell, value=float(self.values[cell]), to=(int(row), int(col)))


@dataclass(frozen=True, eq=False)
class FixedStamping:
    """An unpooling without weights to learn, as the stamps it is made of.

    kind: of FIXED. padded: the input that stamps; bilinear unpooling continues it by one ring of equal cells, so that the
    output does not fade at the border. stamping: see `transposed`; its kernel is fixed.
    """

    kind: str
    factor: int
    padded: Padded
    stamping: Stamping


@dataclass(frozen=True, eq=False)
class OverlapPattern:
    """What a transposed convolution does to a flat input of ones, away from the border: it repeats every stride cells.

    counts (sy, sx)  how many stamps meet on each cell of the period
    sums   (sy, sx)  what they add up to
    even_counts      True where equally many meet everywhere: the stride divides the kernel (without dilation)
    flat             True where the sums are equal: no checkerboard. Equal weights need even counts for that; a tent does not
    """

    counts: np.ndarray
    sums: np.ndarray
    even_counts: bool
    flat: bool


@dataclass(frozen=True, eq=False)
class OverlapTable:
    """Fewest and most stamps on one cell away from the border. lows, highs: (kernels, strides), squares of whole numbers."""

    kernels: tuple[int, ...]
    strides: tuple[int, ...]
    lows: np.ndarray
    highs: np.ndarray


# ── with switches ───────────────────────────────────────────────────────────────────────────────────────────


def unpool_with_switches(pooling: Pooling, values: object = None) -> MaxUnpooling:
    """Put each value where its window's maximum was, zeros elsewhere (K3).

    pooling: a max pooling, which remembers the positions (switches). values: (C, h, w) like its output; default: that
    output. Where windows overlap, of two values on one cell the later stays. Raises ExplorerError for average pooling.
    """
    if pooling.positions is None:
        raise ExplorerError("Average pooling has no maxima to remember: choose max pooling.")
    values = pooling.output if values is None else array_like_output(values, "Values", pooling.output.shape)
    return MaxUnpooling(pooling, values, max_unpool(values, pooling.positions, pooling.image.shape[1:]))


# ── without weights ─────────────────────────────────────────────────────────────────────────────────────────


def bilinear_unpool(image: object, factor: object = 2) -> np.ndarray:
    """(C, H, W) → (C, H·factor, W·factor), as F.interpolate(…, mode="bilinear", align_corners=False) does.

    Cell i of the output lies at (i + ½)/factor − ½ of the input and takes from its two neighbours by their nearness;
    beyond the first and the last cell nothing changes any more.

    >>> bilinear_unpool([[0, 4]], (1, 2)).tolist()
    [[[0.0, 1.0, 3.0, 4.0]]]
    """
    image = image_array(image)
    down, across = number_pair(factor, "Factor", minimum=1)
    ensure_cells(image.size * down * across, "The unpooled output")
    rows, cols = _nearness(image.shape[1], down), _nearness(image.shape[2], across)
    return frozen(rows @ image @ cols.T)


def pixel_shuffle(image: object, factor: object = 2) -> np.ndarray:
    """(C·f², H, W) → (C, H·f, W·f): f² channels take turns within each f×f block, in reading order (sub-pixel).

    After Shi et al. 2016 ("sub-pixel convolution": a convolution to f² channels, then this). Raises ExplorerError where the
    channels are no multiple of f².

    >>> pixel_shuffle([[[1]], [[2]], [[3]], [[4]]], 2).tolist()
    [[[1.0, 2.0], [3.0, 4.0]]]
    """
    image = image_array(image)
    f = whole_number(factor, "Factor", minimum=1)
    channels, height, width = image.shape
    _ensure_shares(channels, f)
    parts = image.reshape(-1, f, f, height, width).transpose(0, 3, 1, 4, 2)
    return frozen(parts.reshape(-1, height * f, width * f))


def pixel_unshuffle(image: object, factor: object = 2) -> np.ndarray:
    """The way back: (C, H·f, W·f) → (C·f², H, W). Raises ExplorerError where f does not divide rows and columns."""
    image = image_array(image)
    f = whole_number(factor, "Factor", minimum=1)
    channels, height, width = image.shape
    if height % f or width % f:
        raise ExplorerError(f"{height}×{width} cells cannot be dealt out in {f}×{f} blocks: choose multiples of {f}.")
    parts = image.reshape(channels, height // f, f, width // f, f).transpose(0, 2, 4, 1, 3)
    return frozen(parts.reshape(-1, height // f, width // f))


def bilinear_kernel(factor: object = 2) -> np.ndarray:
    """The tent that bilinear unpooling stamps, (2f, 2f) for an even factor and (2f − 1, 2f − 1) for an odd one.

    Its weights add up to 1 on every cell, however many stamps meet there (Long, Shelhamer, Darrell 2015 begin with it).

    >>> bilinear_kernel(2)[0].tolist()
    [0.0625, 0.1875, 0.1875, 0.0625]
    """
    f = whole_number(factor, "Factor", minimum=1, maximum=64)
    size = 2 * f - f % 2
    tent = 1 - np.abs(np.arange(size) - (size - 1) / 2) / f
    return frozen(np.outer(tent, tent))


def equal_kernel(factor: object = 2) -> np.ndarray:
    """(2f − 1, 2f − 1) equal weights, 1 a cell on average: stamps overlap unevenly, so a flat input comes out chequered."""
    f = whole_number(factor, "Factor", minimum=1, maximum=64)
    size = 2 * f - 1
    return frozen(np.full((size, size), (f / size) ** 2))


def fixed_stamping(image: object, kind: str = "nearest", factor: object = 2) -> FixedStamping:
    """The same outputs as `nearest_unpool`, `bilinear_unpool` and `pixel_shuffle`, stamp by stamp (K2).

    image: (C, H, W) or (H, W); for sub-pixel C is a multiple of factor². Raises ExplorerError for an unknown kind.
    """
    if kind not in FIXED:
        raise ExplorerError(f"Unpooling {shown(kind)} is unknown: choose one of {', '.join(FIXED)}.")
    image = image_array(image)
    f = whole_number(factor, "Factor", minimum=1, maximum=64)
    channels = len(image)
    crop = 0
    if kind == "nearest":
        one, groups = np.ones((1, f, f)), channels
    elif kind == "bilinear":
        one, groups = bilinear_kernel(f)[np.newaxis], channels
        crop = f + f // 2  # the stamps of the ring, but for what reaches inside
    else:
        _ensure_shares(channels, f)
        one, groups = np.eye(f * f).reshape(f * f, f, f), channels // f**2
    padded = pad(image, int(kind == "bilinear"), "replicate")
    kernel = np.tile(one, (channels // len(one), 1, 1))[:, np.newaxis]
    return FixedStamping(
        kind, f, padded, transpose_convolve(padded.values, kernel, stride=f, padding=crop, groups=groups)
    )


def _ensure_shares(channels: int, factor: int) -> None:
    if channels % factor**2:
        raise ExplorerError(
            f"{counted(channels, 'channel')} cannot take turns in {factor}×{factor} blocks: give a multiple of {factor**2}."
        )


def _nearness(cells: int, factor: int) -> np.ndarray:
    """(cells·factor, cells): how much each cell of the longer line takes from each of the shorter one; rows add up to 1."""
    at = np.clip((np.arange(cells * factor) + 0.5) / factor - 0.5, 0, cells - 1)
    return np.maximum(0, 1 - np.abs(at[:, np.newaxis] - np.arange(cells)))


# ── overlaps ────────────────────────────────────────────────────────────────────────────────────────────────


def overlap_pattern(kernel: object, stride: object = 2, dilation: object = 1) -> OverlapPattern:
    """How many stamps of a kernel (kh, kw) meet on each cell of a period, and what they add up to (K4).

    Source: Odena et al., "Deconvolution and checkerboard artifacts", 2016.

    >>> overlap_pattern([[1, 1, 1]], stride=(1, 2)).counts.tolist()
    [[2, 1]]
    """
    kernel = kernel_array(kernel)[0, 0]
    steps = number_pair(stride, "Stride", minimum=1)
    apart = number_pair(dilation, "Dilation", minimum=1)
    ensure_cells(steps[0] * steps[1], "The pattern")
    rows, cols = (np.arange(k) * d % s for k, d, s in zip(kernel.shape, apart, steps, strict=True))
    counts, sums = np.zeros(steps, np.int64), np.zeros(steps)
    np.add.at(counts, np.ix_(rows, cols), 1)
    np.add.at(sums, np.ix_(rows, cols), kernel)
    close = np.ptp(sums) <= 1e-9 * max(1.0, np.abs(kernel).sum())
    return OverlapPattern(frozen(counts), frozen(sums), bool(np.ptp(counts) == 0), bool(close))


def overlap_table(kernels: Sequence[int], strides: Sequence[int]) -> OverlapTable:
    """For every kernel size and stride the fewest and the most stamps on one cell away from the border."""
    patterns = [[overlap_pattern(np.ones((k, k)), s).counts for s in strides] for k in kernels]
    lows, highs = (np.array([[pick(counts) for counts in row] for row in patterns]) for pick in (np.min, np.max))
    return OverlapTable(tuple(kernels), tuple(strides), frozen(lows), frozen(highs))


def away_from_border(stamping: Stamping) -> tuple[slice, slice] | None:
    """The rows and columns of the output that no input cell beyond the border could have reached; None where there are none.

    Only there the overlaps follow `overlap_pattern`; nearer to the border stamps are missing.
    """
    found = []
    for n, k, s, d, p, size in zip(
        stamping.image.shape[1:], stamping.kernel.shape[2:], stamping.stride, stamping.dilation,
        stamping.padding, stamping.output.shape[1:], strict=True,
    ):  # fmt: skip
        first, last = max(0, d * (k - 1) - s + 1 - p), min(size, n * s - p)
        if first >= last:
            return None
        found.append(slice(first, last))
    return found[0], found[1]


def stamped_formula(n: int, k: int, s: int = 1, p: int = 0, extra: int = 0) -> str:
    """The output size of a transposed convolution along one axis, without dilation, with its numbers substituted.

    >>> stamped_formula(2, 3, 2, 1, 1)
    '(2−1)·2 − 2·1 + 3 + 1 = 4'
    """
    return f"({n}−1)·{s} − 2·{p} + {k} + {extra} = {(n - 1) * s - 2 * p + k + extra}"
