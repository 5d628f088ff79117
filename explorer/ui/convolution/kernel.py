"""One kernel over one input, every setting open: what most exhibits of the page are about. Knows no exhibit."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated

import streamlit as st

from explorer.figures.boards import convolution_board
from explorer.figures.maps import map_figure
from explorer.layers.activation import ACTIVATIONS
from explorer.layers.convolution import Walkthrough, convolve
from explorer.layers.padding import MODES
from explorer.layers.sizes import output_formula
from explorer.settings.fields import Numbers, OneOf, Real, Switch, Whole
from explorer.settings.written import Matrix, as_matrix, matrix
from explorer.ui.exhibit import Exhibit
from explorer.ui.frame import filling
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, steps
from explorer.ui.stand import Stand
from explorer.ui.state import drawn_digit

SIZE = ("Output size",)  # of what is asked where the feature map's size is
FEW = 100  # output cells for which the symbolic terms are written out
C9 = matrix("1 1 1 4; 2 6 5 8; 3 2 1 0; 1 1 3 5")


@dataclass(frozen=True)
class OneKernel:
    """All that decides one convolution of one plane. bias None: the layer has none."""

    input: Annotated[Matrix, Numbers("Input")]
    kernel: Annotated[Matrix, Numbers("Kernel")]
    stride: Annotated[int, Whole("Stride", 1, 64)] = 1
    padding: Annotated[int, Whole("Padding", 0, 64)] = 0
    mode: Annotated[str, OneOf("Padding mode", MODES)] = "zeros"
    dilation: Annotated[int, Whole("Dilation", 1, 64)] = 1
    bias: Annotated[float | None, Real("Bias", optional=True)] = None
    activation: Annotated[str, OneOf("Activation", tuple(ACTIVATIONS))] = "identity"
    flip: Annotated[bool, Switch("Turn the kernel by 180°")] = False


def walk(settings: OneKernel) -> Walkthrough:
    """Every step of the convolution. Raises ExplorerError where the sizes do not fit."""
    line = len(settings.input) == 1  # one row is a signal: the kernel moves and is padded along it only
    return convolve(
        settings.input,
        settings.kernel,
        bias=settings.bias,
        stride=settings.stride,
        padding=(0, settings.padding) if line else settings.padding,
        padding_mode=settings.mode,
        dilation=settings.dilation,
        flip=settings.flip,
        activation=settings.activation,
    )


def show(walk: Walkthrough, stand: Stand) -> None:
    """The stepper, and the output's size along both axes with the numbers substituted (C12).

    Where that size is what is asked, input and kernel alone until it is revealed: the feature map's cells would tell it.
    """
    if stand.exhibit.hidden == SIZE and not stand.revealed:
        _show_before(walk, stand)
        return
    steps(stand, convolution_board(walk, symbols=len(walk) <= FEW and walk.kernel.size <= 9))
    (top, _), (left, _) = walk.window.padding
    parts = []
    for name, n, axis, p in (("rows", walk.image.shape[1], 0, top), ("columns", walk.image.shape[2], 1, left)):
        k, s, d = (getattr(walk.window, field)[axis] for field in ("kernel", "stride", "dilation"))
        parts.append(f"{name} {output_formula(n, k, s, p, d)}")
    st.markdown("Output size ⌊(n + 2p − d(k−1) − 1)/s⌋ + 1:  " + " ;  ".join(dict.fromkeys(parts)))


def _show_before(walk: Walkthrough, stand: Stand) -> None:
    parts = (("Input", walk.image), ("Kernel", walk.kernel[0]))
    for at, (title, values) in zip(filling("before", "stretch", "stretch"), parts, strict=True):
        at.markdown(f"**{title}, {'×'.join(map(str, values[0].shape))}**")
        figure = map_figure(values[0], signed=True, dark=is_dark(), name=title)
        chart(stand, figure, title, at, height="stretch")
    st.markdown("Predict first: the feature map is drawn once the answer is revealed, or a setting changed.")


def show_with(more: Callable[[Walkthrough, Stand], None]) -> Callable[[Walkthrough, Stand], None]:
    """The same, and beneath it what belongs to one exhibit alone, once that gives nothing away."""

    def both(walk: Walkthrough, stand: Stand) -> None:
        show(walk, stand)
        if stand.revealed or not stand.exhibit.hidden:
            more(walk, stand)

    return both


def take_drawing(settings: OneKernel) -> OneKernel:
    """The session's drawing, or the example digit, as the input."""
    return replace(settings, input=as_matrix(drawn_digit()))


def exhibit(identity: str, title: str, question: str, answer: str, opening: OneKernel, **more: object) -> Exhibit:
    """An exhibit with this page's settings, its computation and, unless `more` says otherwise, its stage."""
    told = {"make": walk, "show": show, "acts": {"Use my drawing, 28×28": take_drawing}} | more
    return Exhibit(identity, title, question, answer, opening, **told)
