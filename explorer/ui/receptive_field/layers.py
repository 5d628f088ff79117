"""A stack of layers as one setting: a row of boxes for each layer, and its text in an address. Knows no exhibit."""

import re
from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.errors import ExplorerError
from explorer.figures.receptive import MOST_LAYERS
from explorer.layers.receptive import KINDS
from explorer.ui.widgets import Columns

Layer = tuple[str, int, int, int, int]  # kind, kernel, stride, padding, dilation: as typed, perhaps impossible
_LAYER = re.compile(r"([cp])(\d{1,4})\.(\d{1,4})\.(\d{1,4})\.(\d{1,4})")
_KINDS = {"c": "conv", "p": "pool"}
_HEADS = ("Layer", "Kernel", "Stride", "Padding", "Dilation")
_WIDTHS = (1.25, 1, 1, 1, 1, 0.5)


def conv(kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> Layer:
    """A convolution as a setting."""
    return ("conv", kernel, stride, padding, dilation)


def pool(kernel: int = 2, stride: int = 2) -> Layer:
    """A pooling as a setting."""
    return ("pool", kernel, stride, 0, 1)


_MORE = {"Add conv 3": conv(3), "Add pool 2, s 2": pool()}


def layer_text(layer: Layer) -> str:
    """One layer as it stands in the address.

    >>> layer_text(("conv", 3, 1, 0, 2))
    'c3.1.0.2'
    """
    kind, *numbers = layer
    return kind[0] + ".".join(str(number) for number in numbers)


def read_layers(text: str) -> tuple[Layer, ...]:
    """The layers of c3.1.0.1~p2.2.0.1: kind, kernel, stride, padding, dilation. Raises ExplorerError for other text."""
    parts = text.split("~")
    found = [_LAYER.fullmatch(part) for part in parts[: MOST_LAYERS + 1]]
    if len(parts) > MOST_LAYERS or not all(found):
        raise ExplorerError(f"give 1 to {MOST_LAYERS} layers as c3.1.0.1~p2.2.0.1: kernel, stride, padding, dilation")
    return tuple((_KINDS[match[1]], *(int(match[i]) for i in range(2, 6))) for match in found)


@dataclass(frozen=True)
class Layers:
    """1 to MOST_LAYERS layers, from the input upwards; impossible numbers are answered where they are computed."""

    label: str = "Layers"
    boxes: int = 1
    wide: float = 2.0

    def write(self, value: tuple[Layer, ...]) -> str:
        return "~".join(layer_text(layer) for layer in value)

    def read(self, text: str) -> tuple[Layer, ...]:
        return read_layers(text)

    def check(self, value: tuple[Layer, ...]) -> None:
        if not value:
            raise ExplorerError("There is no layer left: add one.")

    def ask(self, columns: Columns, value: tuple[Layer, ...], key: str) -> tuple[Layer, ...]:
        """A row for each layer, with a button that removes it, and a button for each kind that can be added."""
        edited = f"{key} edited"
        value = st.session_state.pop(edited, value)
        rows = f"{key} of {len(value)}"  # another number of rows: each may stand for another layer, in boxes of its own

        def button(at: DeltaGenerator, title: str, new: tuple[Layer, ...], name: str, **how: object) -> None:
            take = partial(st.session_state.__setitem__, edited, new)
            at.button(title, key=f"{rows} {name}", width="stretch", on_click=take, **how)

        with columns[0]:
            for column, head in zip(st.columns(_WIDTHS, gap="xxsmall"), _HEADS, strict=False):
                column.caption(head)
            layers = []
            for i, layer in enumerate(value):
                *boxes, last = st.columns(_WIDTHS, gap="xxsmall", vertical_alignment="center")
                layers.append(_ask_layer(boxes, i, layer, rows))
                button(last, "✕", value[:i] + value[i + 1 :], f"remove {i}", help=f"Remove layer {i + 1}")
            full = len(value) >= MOST_LAYERS
            for column, (title, layer) in zip(st.columns(len(_MORE)), _MORE.items(), strict=True):
                button(column, title, (*layers, layer), title, disabled=full)
        return tuple(layers)

    def drawn(self, st):
        """Any layers, by Hypothesis' strategies."""
        number = st.integers(0, 9_999)
        return st.lists(st.tuples(st.sampled_from(KINDS), *[number] * 4), min_size=1, max_size=MOST_LAYERS).map(tuple)


def _ask_layer(boxes: Columns, i: int, layer: Layer, key: str) -> Layer:
    """Kind and numbers of the layer with that index."""
    kind, *numbers = layer
    kept = boxes[0].selectbox(
        f"Kind of layer {i + 1}",
        KINDS,
        index=KINDS.index(kind),
        key=f"{key} kind {i}",
        label_visibility="collapsed",
    )
    typed = (
        column.number_input(
            f"{head} of layer {i + 1}", value=number, step=1, key=f"{key} {head} {i}", label_visibility="collapsed"
        )
        for column, head, number in zip(boxes[1:], _HEADS[1:], numbers, strict=True)
    )
    return (kept, *typed)
