"""A picture as the numbers a network receives: its planes, its normalised values and their histogram.

Knows the arithmetic of curriculum rows A1 to A3. Does not know which network wants which numbers, or screens.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.images.picture import check_pixels
from explorer.words import counted, noun

MAX_BINS = 1024


@dataclass(frozen=True, eq=False)
class Planes:
    """The planes of a picture, in order: one name for each array, uint8 (H, W)."""

    names: tuple[str, ...]  # ("R", "G", "B") or ("grey",)
    arrays: tuple[np.ndarray, ...]


@dataclass(frozen=True, eq=False)
class Histogram:
    """How often values fall into each bin, and the values' own summary (not the bins')."""

    edges: np.ndarray  # float64 (bins + 1,), ascending
    counts: np.ndarray  # int64 (bins,), their sum is the number of values
    minimum: float
    maximum: float
    mean: float
    std: float  # of the population: divided by the number of values


def planes(pixels: np.ndarray) -> Planes:
    """Take a picture apart into its planes. pixels: uint8 (H, W) or (H, W, 3)."""
    check_pixels(pixels)
    if pixels.ndim == 2:
        return Planes(("grey",), (pixels,))
    return Planes(("R", "G", "B"), tuple(pixels[:, :, channel] for channel in range(3)))


def normalise_centred(pixels: np.ndarray) -> np.ndarray:
    """Return x / 255 − 0.5 as float32 in [−0.5, 0.5], of the same shape.

    >>> normalise_centred(np.array([[0, 255]], dtype=np.uint8))
    array([[-0.5,  0.5]], dtype=float32)
    """
    check_pixels(pixels)
    return pixels.astype(np.float32) / np.float32(255) - np.float32(0.5)


def normalise_standard(pixels: np.ndarray, mean: Sequence[float], std: Sequence[float]) -> np.ndarray:
    """Return (x / 255 − mean) / std as float32, of the same shape: what pretrained networks expect.

    pixels: uint8 (H, W) or (H, W, 3). mean, std: one number a plane, in units of x / 255; std above 0.
    Raises ExplorerError where their count is not the picture's, or a std is not above 0.
    """
    check_pixels(pixels)
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    if len(mean) != channels or len(std) != channels:
        raise ExplorerError(
            f"{counted(len(mean), 'mean')} and {counted(len(std), 'standard deviation')} do not fit a picture of "
            f"{counted(channels, 'plane')}: give one of each a plane."
        )
    if not all(deviation > 0 for deviation in std):
        raise ExplorerError(f"A standard deviation of {min(std)} cannot divide: give numbers above 0.")
    # For a grey picture these have shape (1,) and broadcast over (H, W); for colour (3,) over the last axis.
    return (pixels.astype(np.float32) / np.float32(255) - np.float32(mean)) / np.float32(std)


def histogram(values: np.ndarray, bins: int = 64) -> Histogram:
    """Count values of any shape in `bins` equal bins from their minimum to their maximum.

    Where all values are equal the bins reach 0.5 to either side. bins: 1 to 1024.
    Raises ExplorerError for no values, values that are not finite, or another number of bins.
    """
    if not 1 <= bins <= MAX_BINS:
        raise ExplorerError(f"{counted(bins, 'bin')} {noun(bins, 'is', 'are')} not possible: choose 1 to {MAX_BINS}.")
    if values.size == 0:
        raise ExplorerError("There are no values to count: choose a larger region.")
    flat = values.astype(np.float64).ravel()  # sums of millions of float32 would lose digits
    bad = flat.size - int(np.isfinite(flat).sum())
    if bad:
        raise ExplorerError(
            f"{bad:,} of {counted(flat.size, 'value')} {noun(bad, 'is', 'are')} not numbers (NaN or infinite): check "
            "what made them."
        )
    counts, edges = np.histogram(flat, bins=bins)
    return Histogram(edges, counts, float(flat.min()), float(flat.max()), float(flat.mean()), float(flat.std()))
