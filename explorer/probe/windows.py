"""What a unit of each kind of layer takes of the layer below, along one axis. Knows PyTorch's settings; not networks.

Each function gives the `Taps` of one axis; axis 0 is rows, 1 columns.
"""

import math
from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from explorer.probe.plain import Plain
from explorer.probe.reach import Taps

Settings = Mapping[str, Plain]
WRAPS = {"reflect": "reflect", "replicate": "edge", "circular": "wrap", "edge": "edge"}  # as numpy.pad calls them


def of_axis(value: Plain, axis: int, default: Plain = None) -> Plain:
    """The axis's part of a setting that may be one number for both."""
    if value is None or value == ():
        return default
    if isinstance(value, tuple):
        return value[axis] if len(value) > 1 else value[0]
    return value


def convolution(settings: Settings, axis: int, size: int, count: int) -> Taps:
    """Conv2d: stride, dilation, and padding as a number, "same" or "valid"."""
    kernel, dilation = of_axis(settings["kernel_size"], axis), of_axis(settings.get("dilation"), axis, 1)
    before, after = around(settings, axis)
    taps = _window(kernel, of_axis(settings.get("stride"), axis, 1), before, dilation, count)
    mode = settings.get("padding_mode", "zeros")
    return _mirrored(taps, size, before, after, WRAPS[mode]) if mode in WRAPS else taps


def around(settings: Settings, axis: int) -> tuple[int, int]:
    """How many cells of padding lie before and after: of a number as many, of "same" the odd one goes behind."""
    padding = settings.get("padding", 0)
    if padding == "same":
        spare = of_axis(settings.get("dilation"), axis, 1) * (of_axis(settings["kernel_size"], axis) - 1)
        return spare // 2, spare - spare // 2
    return (0, 0) if padding == "valid" else (of_axis(padding, axis, 0),) * 2


def padded(settings: Settings, axis: int) -> tuple[int, int]:
    """The same of a layer that only pads, (left, right, top, bottom), negative to crop; F.pad may name fewer."""
    pads = settings.get("pad", settings.get("padding"))
    pads = (pads,) * 4 if isinstance(pads, int) else pads
    at = 2 * (1 - axis)  # the last axis comes first
    return tuple(pads[at : at + 2]) if len(pads) >= at + 2 else (0, 0)


def pooling(settings: Settings, axis: int, size: int, count: int) -> Taps:
    """MaxPool2d, AvgPool2d: a stride of None is the kernel; a window that ceil_mode adds hangs over the border."""
    kernel = of_axis(settings["kernel_size"], axis)
    stride = of_axis(settings.get("stride"), axis, kernel)
    padding, dilation = of_axis(settings.get("padding"), axis, 0), of_axis(settings.get("dilation"), axis, 1)
    return _window(kernel, stride, padding, dilation, count)


def transposed(settings: Settings, axis: int, size: int, count: int) -> Taps:
    """ConvTranspose2d: output u takes input i where u = i·stride − padding + tap·dilation."""
    kernel, stride = of_axis(settings["kernel_size"], axis), of_axis(settings.get("stride"), axis, 1)
    padding, dilation = of_axis(settings.get("padding"), axis, 0), of_axis(settings.get("dilation"), axis, 1)
    distance = np.arange(stride)[:, None] + padding - np.arange(kernel)[None] * dilation
    return Taps(count, 1, distance // stride, distance % stride == 0)


def adaptive(settings: Settings, axis: int, size: int, count: int) -> Taps:
    """AdaptiveAvgPool2d, AdaptiveMaxPool2d: output u takes ⌊u·size/count⌋ … ⌈(u+1)·size/count⌉ − 1."""
    common = math.gcd(size, count)
    period, shift = count // common, size // common
    starts = np.arange(period) * size // count
    ends = -(-(np.arange(period) + 1) * size // count)
    return _ragged(count, shift, [range(a, b) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)])


def upsampling(settings: Settings, axis: int, size: int, count: int) -> Taps:
    """Upsample, F.interpolate: nearest, nearest-exact, (bi)linear, bicubic, area; with and without aligned corners."""
    mode = settings.get("mode", "nearest")
    if mode == "area":
        return adaptive(settings, axis, size, count)
    aligned = bool(settings.get("align_corners"))
    scale = _scale(settings, axis, size, count, aligned)
    if mode in ("nearest", "nearest-exact"):
        half = Fraction(1, 2) if mode == "nearest-exact" else 0
        return _ragged(
            count,
            scale.numerator,
            [[math.floor((u + half) * scale)] for u in range(scale.denominator)],
            clamp=size,
        )
    half = 0 if aligned else Fraction(1, 2)
    places = [(u + half) * scale - half for u in range(scale.denominator)]
    cubic = mode == "bicubic"
    rows = []
    for place in places:
        below, between = math.floor(place), place.denominator > 1
        rows.append(([below - 1, below, below + 1, below + 2] if cubic else [below, below + 1]) if between else [below])
    return _ragged(count, scale.numerator, rows, clamp=size)


def _scale(settings: Settings, axis: int, size: int, count: int, aligned: bool) -> Fraction:
    """Inputs per output."""
    if aligned:
        return Fraction(size - 1, count - 1) if count > 1 else Fraction(0)
    factor = of_axis(settings.get("scale_factor", settings.get("scale_factors")), axis)
    return 1 / Fraction(factor).limit_denominator(1000) if factor else Fraction(size, count)


def padding(settings: Settings, axis: int, size: int, count: int) -> Taps:
    """ZeroPad2d and its like, F.pad."""
    before, after = padded(settings, axis)
    taps = _window(1, 1, before, 1, count)
    mode = settings.get("mode", "constant")
    return _mirrored(taps, size, before, after, WRAPS[mode]) if mode in WRAPS else taps


def sliced(start: int, step: int, count: int) -> Taps:
    """x[start::step]."""
    return _window(1, step, -start, 1, count)


def backwards(size: int) -> Taps:
    """Flipped: there is no rule that goes on, which a shift of 0 says."""
    return Taps(size, 0, np.zeros((1, 1), int), np.ones((1, 1), bool), np.arange(size)[::-1, None])


def grouped(factor: int, count: int) -> Taps:
    """PixelUnshuffle: `factor` neighbours become channels of one place."""
    return _window(factor, factor, 0, 1, count)


def spread(factor: int, count: int) -> Taps:
    """PixelShuffle: channels of one place become `factor` neighbours."""
    return Taps(count, 1, np.zeros((factor, 1), int), np.ones((factor, 1), bool))


WITH_KERNEL = (convolution, pooling, transposed)  # cannot be followed without its size


def _window(kernel: int, stride: int, before: int, dilation: int, count: int) -> Taps:
    offsets = (np.arange(kernel) * dilation - before)[None]
    return Taps(count, stride, offsets, np.ones_like(offsets, bool))


def _mirrored(taps: Taps, size: int, before: int, after: int, mode: str) -> Taps:
    """Padding with the picture's own cells: the border's units see them too."""
    source = np.pad(np.arange(size), (max(before, 0), max(after, 0)), mode=mode)
    turn = np.arange(taps.count)[:, None] * taps.shift + taps.offsets + max(before, 0)
    inside = np.where((turn >= 0) & (turn < len(source)), source[np.clip(turn, 0, len(source) - 1)], -1)
    return Taps(taps.count, taps.shift, taps.offsets, taps.taken, inside)


def _ragged(count: int, shift: int, rows: list, clamp: int = 0) -> Taps:
    """Rows of different lengths. clamp: the input's size, where what lies beyond the border is the border's cell."""
    longest = max(len(row) for row in rows)
    offsets, taken = np.zeros((len(rows), longest), int), np.zeros((len(rows), longest), bool)
    for i, row in enumerate(rows):
        offsets[i, : len(row)], taken[i, : len(row)] = list(row), True
    taps = Taps(count, shift, offsets, taken)
    if not clamp:
        return taps
    turn, phase = np.divmod(np.arange(count), len(rows))
    every = np.clip(offsets[phase] + turn[:, None] * shift, 0, clamp - 1)
    return Taps(count, shift, offsets, taken, np.where(taken[phase], every, -1))
