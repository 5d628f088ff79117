"""One convolution of a volume, every setting open: what the page's steppers are about. Knows no exhibit."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.boards import Board, convolution_board
from explorer.layers.convolution import Walkthrough, convolve
from explorer.layers.grids import resized_volume, small_numbers
from explorer.layers.sizes import output_formula, parameter_formula
from explorer.settings.fields import Numbers, Whole
from explorer.settings.written import Kernels, Volume, as_plain
from explorer.ui.exhibit import Exhibit
from explorer.ui.shows import steps
from explorer.ui.stand import Stand
from explorer.ui.volumes.biases import Biases
from explorer.words import counted

MOST_OUTPUTS = 4096  # cells of all maps together that can still be looked at
SIZES_IN = {0: "Channels in, Cin", 1: "Input rows", 2: "Input columns"}
SIZES_OF_KERNELS = {0: "Maps out, Cout", 2: "Kernel rows", 3: "Kernel columns"}


@dataclass(frozen=True)
class Layer:
    """All that decides one convolution of a volume. bias None: the layer has none."""

    input: Annotated[Volume, Numbers("Input", 3, SIZES_IN)]
    kernel: Annotated[Kernels, Numbers("Kernels", 4, SIZES_OF_KERNELS)]
    stride: Annotated[int, Whole("Stride", 1, 64)] = 1
    padding: Annotated[int, Whole("Padding", 0, 64)] = 0
    bias: Annotated[tuple[float, ...] | None, Biases()] = None


def walk(settings: Layer) -> Walkthrough:
    """Every step of the convolution. Raises ExplorerError where the sizes do not fit, or give more than can be looked at."""
    made = convolve(
        settings.input, settings.kernel, bias=settings.bias, stride=settings.stride, padding=settings.padding
    )
    if len(made) > MOST_OUTPUTS:
        raise ExplorerError(
            f"The maps would have {counted(len(made), 'cell')}: choose sizes with at most {MOST_OUTPUTS:,}."
        )
    return made


def board(walk: Walkthrough, names: Sequence[str] | None = None) -> Board:
    """The stepper's board. names: of the input's channels, where they have any."""
    channels, maps = walk.image.shape[0], walk.kernel.shape[0]
    return convolution_board(
        walk,
        names=names or ([f"channel {i}" for i in range(channels)] if channels > 1 else None),
        outputs=[f"map {i}" for i in range(maps)] if maps > 1 else None,
        signed_input=bool((walk.image < 0).any()),
    )


def show(walk: Walkthrough, stand: Stand) -> None:
    """The stepper, then parameters and output size with the numbers substituted."""
    steps(stand, board(walk))
    st.markdown(formulas(walk))


def formulas(walk: Walkthrough) -> str:
    """Parameters and output size with the chosen numbers substituted."""
    maps, depth, kh, kw = walk.kernel.shape
    rows = output_formula(walk.image.shape[1], kh, walk.window.stride[0], walk.window.padding[0][0])
    cols = output_formula(walk.image.shape[2], kw, walk.window.stride[1], walk.window.padding[1][0])
    named = "(Wk·Hk·Cin + 1)·Cout" if walk.has_bias else "Wk·Hk·Cin·Cout"
    return (
        f"**Parameters** {named} = {parameter_formula(kw, kh, depth, maps, walk.has_bias)}  \n"
        f"**Output** {maps} × {walk.output.shape[1]}×{walk.output.shape[2]}: rows {rows}; columns {cols}"
    )


def exhibit(identity: str, title: str, question: str, answer: str, opening: Layer, **more: object) -> Exhibit:
    """An exhibit with this page's settings, its computation and, unless `more` says otherwise, its stage."""
    told = {"make": walk, "show": show, "fit": _fit, "acts": ACTS} | more
    return Exhibit(identity, title, question, answer, opening, **told)


def _fit(settings: Layer, before: Layer) -> Layer:
    """A kernel is as deep as its input, and each has its bias."""
    maps, _, tall, wide = np.shape(settings.kernel)
    kernel = as_plain(resized_volume(settings.kernel, (maps, len(settings.input), tall, wide), "Kernels"))
    bias = None if settings.bias is None else (*settings.bias, *[0.0] * maps)[:maps]
    return replace(settings, kernel=kernel, bias=bias)


def _fill(settings: Layer, name: str, low: int, high: int) -> Layer:
    """Other whole numbers, which one can add in one's head."""
    shape = np.shape(getattr(settings, name))
    return replace(settings, **{name: as_plain(small_numbers(shape, random.randrange(2**32), low, high))})


ACTS: dict[str, Callable[[Layer], Layer]] = {
    "Random input": partial(_fill, name="input", low=0, high=5),
    "Random kernels": partial(_fill, name="kernel", low=-2, high=2),
}
