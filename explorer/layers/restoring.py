"""What pooling takes from a picture and what each kind of unpooling brings back, measured (K5).

Knows pictures as numbers 0–255, pairs of pooling and unpooling, the difference and the PSNR; not networks, not screens.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from explorer.errors import ExplorerError
from explorer.layers.checks import frozen, shown
from explorer.layers.pooling import KINDS, Pooling, nearest_unpool, pool
from explorer.layers.transposed import transpose_convolve
from explorer.layers.unpooling import (
    bilinear_kernel,
    bilinear_unpool,
    equal_kernel,
    pixel_shuffle,
    pixel_unshuffle,
    unpool_with_switches,
)

WHITE = 255.0
SIZES = (2, 4, 8)
SMALLEST, LARGEST = 32, 128  # pixels a side that a picture is looked at with


@dataclass(frozen=True, eq=False)
class Restored:
    """One way back to a picture.

    title: what one reads. numbers: how many numbers the picture came back from. pixels: float64 (H, W) or (H, W, 3), not
    clipped. difference: (H, W), restored − original, the mean of the planes. psnr: in dB, see `psnr`.
    """

    title: str
    numbers: int
    pixels: np.ndarray
    difference: np.ndarray
    psnr: float


@dataclass(frozen=True, eq=False)
class RoundTrip:
    """One picture down and up again. original: uint8 as given; pooled: float64 (h, w) or (h, w, 3); ways: by their keys."""

    original: np.ndarray
    pooled: np.ndarray
    ways: Mapping[str, Restored]


@dataclass(frozen=True)
class Way:
    """One unpooling. title: what one reads; does: one sentence; back: (pooling, size) → float64 (C, H, W)."""

    title: str
    does: str
    back: Callable[[Pooling, int], np.ndarray]
    needs_switches: bool = False


def psnr(original: object, restored: object, peak: float = WHITE) -> float:
    """Peak signal-to-noise ratio in dB: 10 · log₁₀(peak² / MSE), MSE the mean of the squared differences; ∞ where none differ.

    Off by 25.5 everywhere, a tenth of the peak: MSE = 25.5² = 650.25 and 10 · log₁₀(65025 / 650.25) = 10 · log₁₀ 100 = 20 dB.
    Ten times smaller differences give 20 dB more. peak: the largest possible value. Raises ExplorerError for unequal shapes.

    >>> psnr([[0, 0]], [[25.5, 25.5]])
    20.0
    """
    first, second = np.asarray(original, np.float64), np.asarray(restored, np.float64)
    if first.shape != second.shape:
        raise ExplorerError(f"Pictures of {first.shape} and {second.shape} cannot be compared: give equal sizes.")
    error = float(np.mean((first - second) ** 2))
    return float("inf") if error == 0 else float(10 * np.log10(peak**2 / error))


def _stamped(pooled: np.ndarray, kernel: np.ndarray, size: int) -> np.ndarray:
    """Each plane by itself; padding and output padding so that the output is `size` times as large (K4)."""
    channels, odd = len(pooled), kernel.shape[0] % 2
    kernels = np.broadcast_to(kernel, (channels, 1, *kernel.shape))
    crop = (kernel.shape[0] - size + odd) // 2
    return transpose_convolve(pooled, kernels, None, size, crop, odd, groups=channels).output


WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "nearest": Way(
            "Nearest",
            "Each number is repeated over its whole block.",
            lambda down, size: nearest_unpool(down.output, size),
        ),
        "bilinear": Way(
            "Bilinear",
            "Between the numbers lie their weighted means.",
            lambda down, size: bilinear_unpool(down.output, size),
        ),
        "switches": Way(
            "Max unpooling",
            "Each maximum goes back to where it was, which its switch remembers; all other pixels are 0.",
            lambda down, size: unpool_with_switches(down).output,
            needs_switches=True,
        ),
        "tent": Way(
            "Transposed convolution, bilinear kernel",
            "Each number stamps a tent. Nothing is learned here; beyond the border nobody stamps, so that it fades.",
            lambda down, size: _stamped(down.output, bilinear_kernel(size), size),
        ),
        "equal": Way(
            "Transposed convolution, equal weights",
            "Each number stamps an odd square of equal weights: the stride does not divide it, and overlaps are uneven.",
            lambda down, size: _stamped(down.output, equal_kernel(size), size),
        ),
        "subpixel": Way(
            "Sub-pixel",
            "Instead of pooling, each block's pixels became channels, and take their turns again: nothing was thrown away.",
            lambda down, size: pixel_shuffle(pixel_unshuffle(down.image, size), size),
        ),
    }
)


def whole_side(height: int, width: int) -> int:
    """The side of the square that a picture of this size is brought to: the shorter side, within 32 to 128, a multiple of 8.

    >>> whole_side(303, 115)
    112
    """
    return min(LARGEST, max(SMALLEST, min(height, width))) // SIZES[-1] * SIZES[-1]


def round_trip(pixels: np.ndarray, size: int = 2, kind: str = "max", ways: Sequence[str] | None = None) -> RoundTrip:
    """Pool a picture in size×size windows and bring it back in every way (default: all that this pooling allows).

    pixels: uint8 (H, W) or (H, W, 3), rows and columns multiples of size. kind: 'max' or 'average'; only max has switches.
    Raises ExplorerError for anything else.
    """
    if kind not in KINDS:
        raise ExplorerError(f"Pooling {shown(kind)} is unknown: choose one of {', '.join(KINDS)}.")
    values = pixels.astype(np.float64)
    image = values[np.newaxis] if values.ndim == 2 else values.transpose(2, 0, 1)
    if size < 1 or image.shape[1] % size or image.shape[2] % size:
        raise ExplorerError(
            f"{image.shape[1]}×{image.shape[2]} pixels cannot be pooled in {size}×{size} windows without a rest: "
            f"choose a picture whose sides are multiples of {size}."
        )
    down = pool(image, kind, size)
    allowed = [key for key, way in WAYS.items() if kind == "max" or not way.needs_switches]
    chosen = allowed if ways is None else [key for key in allowed if key in ways]
    found = {}
    for key in chosen:
        numbers = image.size if key == "subpixel" else down.output.size
        found[key] = restored(WAYS[key].title, values, _as_pixels(WAYS[key].back(down, size), values.ndim), numbers)
    return RoundTrip(pixels, _as_pixels(down.output, values.ndim), MappingProxyType(found))


def restored(title: str, original: np.ndarray, pixels: np.ndarray, numbers: int) -> Restored:
    """The record of one way back: float64 pixels like the original's (H, W) or (H, W, 3), compared with it."""
    difference = pixels - original
    flat = difference if difference.ndim == 2 else difference.mean(axis=2)
    return Restored(title, numbers, frozen(pixels), frozen(flat), psnr(original, pixels))


def _as_pixels(planes: np.ndarray, axes: int) -> np.ndarray:
    return planes[0].copy() if axes == 2 else planes.transpose(1, 2, 0).copy()
