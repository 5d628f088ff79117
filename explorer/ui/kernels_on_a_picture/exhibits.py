"""The exhibits of Kernels on a picture, and how a kernel is named. Knows numbers and words; draws nothing.

A kernel is a short text, as it stands in the address: a preset's key (edges), a Gaussian's size and width (g5s1), or its
cells (1_0~0_1).
"""

import re
from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.images.samples import SAMPLES
from explorer.layers.algebra import gaussian
from explorer.layers.padding import MODES
from explorer.layers.pictures import LARGEST_KERNEL, VIEWS, checked_kernel
from explorer.layers.presets import PRESETS
from explorer.ui.address import Codec, choice_codec, read_numbers, write_numbers
from explorer.ui.exhibits import Exhibit
from explorer.words import counted, written

WIDEST = 100  # of a Gaussian: beyond it, 9 cells are equal to four digits
_GAUSSIAN = re.compile(r"g(\d{1,10})s(\d{1,10}(?:\.\d{1,6})?)")
VIEW_TITLES = {"clip": "Cut to 0–255", "absolute": "Without sign", "stretched": "Stretched about grey"}


@dataclass(frozen=True)
class Settings:
    """A kernel's text, how the picture goes on beyond its border, how the result is shown, and the sample looked at.

    sample None: whatever picture is chosen; another one than a sample cannot stand in an address.
    """

    kernel: str = "edges"
    mode: str = "zeros"
    view: str = "clip"
    sample: str | None = None


def kernel_of(text: str) -> np.ndarray:
    """The kernel that a text names, (kh, kw) with 1 to 9 rows and columns. Raises ExplorerError for any other text."""
    if text in PRESETS:
        return PRESETS[text].kernel
    if parts := gaussian_parts(text):
        gaussian_text(*parts)
        return gaussian(*parts)
    return checked_kernel(read_numbers(text, 2))


def gaussian_parts(text: str) -> tuple[int, float] | None:
    """Size and sigma of a Gaussian's text, None for any other kernel's."""
    found = _GAUSSIAN.fullmatch("g5s1" if text == "gaussian" else text)
    return (int(found[1]), float(found[2])) if found else None


def gaussian_text(size: int, sigma: float) -> str:
    """The text of a Gaussian; ExplorerError for a size or a width that is not possible here.

    >>> gaussian_text(5, 1.0)
    'g5s1'
    """
    if not 1 <= size <= LARGEST_KERNEL:
        raise ExplorerError(
            f"A Gaussian of {counted(size, 'cell')} is not possible here: choose 1 to {LARGEST_KERNEL}."
        )
    if not 0.01 <= sigma <= WIDEST:
        raise ExplorerError(f"A Gaussian of σ {written(sigma, 6)} is not possible here: choose 0.01 to {WIDEST} cells.")
    return f"g{size}s{sigma:.6f}".rstrip("0").rstrip(".")


def cells_text(kernel: np.ndarray) -> str:
    """The text of a kernel given by its cells: a preset's key where it is one."""
    for key, preset in PRESETS.items():
        if np.array_equal(preset.kernel, kernel):
            return key
    return write_numbers(np.asarray(kernel, np.float64))


def _read_kernel(text: str) -> str:
    kernel_of(text)
    return text


CODECS = {
    "kernel": Codec(_read_kernel),
    "mode": choice_codec(*MODES),
    "view": choice_codec(*VIEWS),
    "sample": choice_codec(*SAMPLES),
}

_ALL = (
    Exhibit(
        "C2",
        "Kernels on a picture",
        "The cells of the edge detection kernel add up to 0. What becomes of a flat area, such as a clear sky?",
        "It goes black: 8 times the pixel minus 8 equal neighbours is 0. The sharpening kernel adds up to 1, so a flat "
        "area stays as it is. Drag the divider, then change a cell of the kernel: what does the sum do to the brightness? "
        "Horizontal edges, in the list, is the kernel of vertical edges transposed.",
        Settings("edges"),
        {
            "Edges": Settings("edges"),
            "Sharpen": Settings("sharpen"),
            "Blur": Settings("blur"),
            "Vertical": Settings("vertical", view="stretched"),
        },
    ),
    Exhibit(
        "C15",
        "Separable kernels",
        "Blur every row, then every column. Is that the same as blurring with the whole square, and what does it save?",
        "The same, up to rounding: the Gaussian is a column times a row. A pixel takes 2k multiplications instead of k²: "
        "10 instead of 25 for 5×5, 18 instead of 81 for 9×9. Edge detection is no such product. Which other presets are?",
        Settings("g5s1"),
        {
            "5×5, σ 1": Settings("g5s1"),
            "9×9, σ 2": Settings("g9s2"),
            "Edges": Settings("edges"),
        },
    ),
)

EXHIBITS: dict[str, Exhibit] = {exhibit.id: exhibit for exhibit in _ALL}
