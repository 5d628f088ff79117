"""A kernel named by a short text, as a kind of setting: its text and its widgets. Knows kernels; not what is done with one.

A kernel's text, as it stands in the address, is a preset's key (edges), a Gaussian's size and width (g5s1), or its cells
(1_0~0_1).
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.layers.algebra import gaussian
from explorer.layers.grids import resized
from explorer.layers.pictures import LARGEST_KERNEL, checked_kernel
from explorer.layers.presets import PRESETS
from explorer.settings.written import read_numbers, write_numbers
from explorer.ui.widgets import Columns
from explorer.words import counted, written

WIDEST = 100  # of a Gaussian: beyond it, 9 cells are equal to four digits
OPENING = (5, 1.0)  # the Gaussian in its boxes while another kernel is shown: size, σ
OWN = "own"
_GAUSSIAN = re.compile(r"g(\d{1,10})s(\d{1,10}(?:\.\d{1,6})?)")


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


@dataclass(frozen=True)
class Kernel:
    """A kernel's text, asked for as a preset, by rows and columns, and with `blurs` as a Gaussian too."""

    blurs: bool = False
    label: str = field(default="Kernel", init=False)
    boxes: int = field(default=1, init=False)
    wide: float = field(default=3.7, init=False)

    def write(self, value: str) -> str:
        return value

    def read(self, text: str) -> str:
        kernel_of(text)
        return text

    def check(self, value: str) -> None:
        kernel_of(value)

    def ask(self, columns: Columns, value: str, key: str) -> str:
        value = st.session_state.pop(f"{key} new", value)  # what one of the widgets has just made of it
        kernel, blur = kernel_of(value), gaussian_parts(value)
        key_of = lambda name: f"{key} {name} {value}"  # noqa: E731  another kernel's widgets are others

        def take(wanted: Callable[[], str]) -> None:
            with suppress(ExplorerError):  # told where the widgets are drawn again
                st.session_state[f"{key} new"] = wanted()

        def preset() -> str:
            chosen = st.session_state[key_of("preset")]
            return chosen if chosen in PRESETS else value

        def sizes() -> str:
            typed = [st.session_state[key_of(name)] for name in boxes]
            return self._resized(value, tuple(typed[:2]), tuple(typed[2:]))

        names = {key: preset.title for key, preset in PRESETS.items()}
        if value not in PRESETS:
            names[OWN] = f"Gaussian {blur[0]}×{blur[0]}, σ {written(blur[1], 6)}" if blur else "Your own"
        boxes = {"rows": ("Rows", kernel.shape[0], 1), "columns": ("Columns", kernel.shape[1], 1)}
        if self.blurs:
            size, sigma = blur or OPENING
            boxes |= {"size": ("Gauss size", size, 1), "sigma": ("Gauss σ", sigma, 0.5)}
        first, *rest = columns[0].columns([1.6, *[0.8] * len(boxes)], vertical_alignment="bottom")
        first.selectbox(
            self.label, list(names), list(names).index(value if value in PRESETS else OWN), names.__getitem__,
            key=key_of("preset"), on_change=take, args=(preset,),
        )  # fmt: skip
        for column, (name, (label, now, step)) in zip(rest, boxes.items(), strict=True):
            column.number_input(label, value=now, step=step, key=key_of(name), on_change=take, args=(sizes,))
        sizes()  # raises for what cannot be
        return value

    def _resized(self, text: str, shape: tuple[int, int], blur: tuple[int, float]) -> str:
        """The kernel's text with other sizes. Raises ExplorerError where there is no such kernel."""
        kernel = kernel_of(text)
        if shape != kernel.shape:
            return cells_text(checked_kernel(resized(kernel, shape, "A kernel")))
        return gaussian_text(*blur) if blur and blur != (gaussian_parts(text) or OPENING) else text

    def drawn(self, st: Any) -> Any:
        """Any value, by Hypothesis' strategies."""
        cells = st.lists(st.integers(-9, 9), min_size=4, max_size=4).map(lambda four: np.reshape(four, (2, 2)))
        blurs = st.builds(gaussian_text, st.integers(1, LARGEST_KERNEL), st.floats(0.01, WIDEST))
        return st.sampled_from(list(PRESETS)) | blurs | cells.map(cells_text)
