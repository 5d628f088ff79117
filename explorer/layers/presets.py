"""Well-known kernels, and the fast way to run one over a whole picture.

Knows each kernel's numbers and what it does in one sentence; not the step-by-step record (see `convolution`).
"""

from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.layers.algebra import gaussian
from explorer.layers.checks import MAX_TAPS, ensure_cells, frozen, number_array, size_text
from explorer.layers.padding import axis_sources, same_amounts


@dataclass(frozen=True, eq=False)
class KernelPreset:
    """A named kernel (kh, kw), and in one sentence what it does and why."""

    key: str
    title: str
    kernel: np.ndarray
    does: str


_SOBEL = ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))
_VERTICAL = ((-1, 0, 1), (-1, 0, 1), (-1, 0, 1))

PRESETS = {
    key: KernelPreset(key, title, frozen(np.array(kernel, dtype=np.float64)), does)
    for key, title, kernel, does in [
        ("identity", "Identity", ((0, 0, 0), (0, 1, 0), (0, 0, 0)), "Copies the picture: only the middle weight is 1."),
        (
            "edges",
            "Edge detection",
            ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
            "Sums to 0, so flat areas go black and only changes remain.",
        ),
        (
            "sharpen",
            "Sharpen",
            ((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
            "Sums to 1, so flat areas stay while differences to the neighbours grow.",
        ),
        ("blur", "Box blur", np.full((3, 3), 1 / 9), "Replaces every pixel by the average of its 3×3 neighbourhood."),
        (
            "gaussian",
            "Gaussian blur 5×5",
            gaussian(5, 1.0),
            "Averages with weights that fall off with distance; it separates into a column and a row.",
        ),
        (
            "vertical",
            "Vertical edges",
            _VERTICAL,
            "Right minus left: bright where the picture gets brighter to the right.",
        ),
        (
            "horizontal",
            "Horizontal edges",
            np.transpose(_VERTICAL),
            "Below minus above, the transpose of vertical edges: bright where the picture gets brighter downwards.",
        ),
        ("sobel_x", "Sobel, vertical edges", _SOBEL, "Right minus left with the middle row counted twice, less noisy."),
        (
            "sobel_y",
            "Sobel, horizontal edges",
            np.transpose(_SOBEL),
            "Below minus above with the middle column counted twice, less noisy.",
        ),
        (
            "laplacian",
            "Laplacian",
            ((0, 1, 0), (1, -4, 1), (0, 1, 0)),
            "The second derivative: sums to 0 and answers to corners, lines and noise in every direction.",
        ),
        (
            "emboss",
            "Emboss",
            ((-2, -1, 0), (-1, 1, 1), (0, 1, 2)),
            "Light from the bottom right: sums to 1, so flat areas stay and slopes look raised.",
        ),
        (
            "diagonal",
            "Diagonal",
            ((2, -1, -1), (-1, 2, -1), (-1, -1, 2)),
            "Sums to 0 and answers most to thin lines running like a backslash.",
        ),
    ]
}


def find_preset(key: str) -> KernelPreset:
    """Return the preset of that key."""
    if key not in PRESETS:
        raise ExplorerError(f"Kernel preset {key!r} is unknown: choose one of {', '.join(PRESETS)}.")
    return PRESETS[key]


def red_circle_finder() -> np.ndarray:
    """Return a (1, 3, 5, 5) kernel that looks for a red circle, not a blue, green or white one (C11).

    On the circle's cells red counts +1, green and blue −1; its centre must not be red. A pure red circle of radius 2
    scores 12, every other single colour at most 0 at the same place, white −12.
    """
    ring = np.array([[0, 1, 1, 1, 0], [1, 0, 0, 0, 1], [1, 0, -1, 0, 1], [1, 0, 0, 0, 1], [0, 1, 1, 1, 0]])
    on_ring = (ring == 1).astype(np.float64)
    return frozen(np.stack([ring, -on_ring, -on_ring])[np.newaxis].astype(np.float64))


def apply_to_picture(pixels: np.ndarray, kernel: object, padding_mode: str = "zeros") -> np.ndarray:
    """Run one kernel over a whole picture, each colour by itself; the output has the picture's size (C2, C17).

    pixels: uint8 (H, W) or (H, W, 3), 0 … 255. kernel: (kh, kw). Returns float32 of the same shape, unclipped:
    its range is whatever the kernel makes of it. Cross-correlation, as in every network.

    Kernel cell by kernel cell over the whole picture: k² shifted additions in float32 keep memory at one picture
    where unrolled windows would take k² of them.
    """
    pixels = np.asarray(pixels)
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or pixels.size == 0:
        raise ExplorerError(f"A picture of {pixels.dtype} {pixels.shape} was given: give uint8 (H, W) or (H, W, 3).")
    kernel = number_array(kernel, "Kernel")
    if kernel.ndim != 2 or kernel.size > MAX_TAPS:
        raise ExplorerError(
            f"Kernel has shape {size_text(kernel.shape)}: give rows × columns, at most {MAX_TAPS:,} cells."
        )
    ensure_cells(pixels.size, "The picture")
    return _slide(pixels, kernel, padding_mode)


def apply_in_two_passes(pixels: np.ndarray, column: object, row: object, padding_mode: str = "zeros") -> np.ndarray:
    """Run a column (k, 1) and then a row (1, k) over a picture: `apply_to_picture` with column × row, cheaper (C15)."""
    return _slide(apply_to_picture(pixels, column, padding_mode), number_array(row, "Row"), padding_mode)


def _slide(pixels: np.ndarray, kernel: np.ndarray, padding_mode: str) -> np.ndarray:
    height, width = pixels.shape[:2]
    padded = _pad_axis(pixels, 0, kernel.shape[0], padding_mode)
    padded = _pad_axis(padded, 1, kernel.shape[1], padding_mode).astype(np.float32)
    output = np.zeros(pixels.shape, dtype=np.float32)
    scratch = np.empty_like(output)
    for (y, x), weight in np.ndenumerate(kernel.astype(np.float32)):
        if weight != 0:
            np.multiply(padded[y : y + height, x : x + width], weight, out=scratch)
            output += scratch
    return output


def _pad_axis(pixels: np.ndarray, axis: int, kernel: int, mode: str) -> np.ndarray:
    """Return the picture padded along one axis as 'same' wants it; a source of −1 reads the zero appended for it."""
    before, after = same_amounts(kernel)
    sources = axis_sources(pixels.shape[axis], before, after, mode)
    zero = np.zeros_like(pixels.take([0], axis=axis))
    return np.concatenate([pixels, zero], axis=axis).take(sources, axis=axis)
