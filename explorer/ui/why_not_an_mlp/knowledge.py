"""What a CNN and an MLP of one moment know of the corner's shapes: three drawings. Knows networks and the screen; no runs."""

import hashlib
from collections.abc import Sequence

import streamlit as st
import torch
from torch import nn

from explorer.data.corner import CLASSES
from explorer.errors import ExplorerError
from explorer.figures.maps import picture_figure
from explorer.figures.positions import accuracy_figure, answers_figure, moved_figure
from explorer.models.corner import corner_cnn, corner_mlp
from explorer.models.feeding import DIGITS
from explorer.settings.record import kinds_of
from explorer.training.input_weights import BATCHES, moved_by
from explorer.training.positions import PositionMap, answer_at
from explorer.typed import pair
from explorer.ui import cache
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart
from explorer.ui.stand import Stand
from explorer.words import counted

SHOWN_UNITS = 6
BUILD = {"CNN": corner_cnn, "MLP": corner_mlp}
NOISE = dict(
    zip(
        BATCHES,
        (
            "∂loss/∂weight = δ · pixel. With the noise taken away every pixel around the shape is 0 after normalisation "
            "(but for rounding): those weights stay where they are.",
            "As it is trained: the noise moves the other weights too, this way in one picture and that way in the next.",
            "Over 500 pictures the noise's share averages out, and the shape's stays. One pixel more is outlined on each "
            "side: the training pictures vary by that much.",
        ),
        strict=True,
    )
)
State = dict[str, torch.Tensor]
Networks = dict[str, nn.Sequential]


def build(states: Sequence[State]) -> Networks:
    """The CNN and the MLP with those weights."""
    networks = {}
    for (name, make), state in zip(BUILD.items(), states, strict=True):
        networks[name] = make(1, len(CLASSES))
        networks[name].load_state_dict(state)
        networks[name].eval()
    return networks


def show_maps(networks: Networks, states: Sequence[State], stand: Stand) -> None:
    """Where each still knows the shapes; a click puts the shape there."""
    maps: dict[str, PositionMap] = {}
    for (name, network), state in zip(networks.items(), states, strict=True):
        count = sum(parameter.numel() for parameter in network.parameters())
        maps[f"{name}, {counted(count, 'parameter')}"] = cache.positions(_digest(state), _network=network)
    cnn, mlp = maps.values()
    st.markdown(
        f"**Named rightly, by where the shape lies.** In the trained corner (outlined): CNN {cnn.at_home:.1%}, MLP "
        f"{mlp.at_home:.1%}. Everywhere else: CNN **{cnn.elsewhere:.1%}**, MLP **{mlp.elsewhere:.1%}**; guessing gives "
        f"{1 / len(CLASSES):.0%}."
    )
    figure = accuracy_figure(maps, (stand.settings.row, stand.settings.column), dark=is_dark())
    chart(stand, figure, "positions", clicked=lambda data: take_click(stand, data))
    st.caption(f"{counted(cnn.pictures, 'new picture')} at each place. Click a place to put the shape there.")


def take_click(stand: Stand, where: object) -> None:
    """Take the clicked place; what the browser sends is checked as the address is."""
    if place := pair(where):
        kinds = kinds_of(type(stand.settings))
        try:
            row, column = (kinds[name].read(str(number)) for name, number in zip(("row", "column"), place, strict=True))
        except ExplorerError:
            return
        stand.change(row=row, column=column)


def ask_both(networks: Networks, image: torch.Tensor, stand: Stand) -> None:
    """One picture (1, 1, 32, 32) and both answers."""
    chart(stand, picture_figure(image[0, 0].numpy(), dark=is_dark()).update_layout(height=160), "picture")
    answers = {name: answer_at(network, DIGITS.normalise, image).tolist() for name, network in networks.items()}
    said = {name: CLASSES[values.index(max(values))] for name, values in answers.items()}
    row, column = stand.settings.row, stand.settings.column
    st.markdown(f"In row {row}, column {column}: CNN **{said['CNN']}**, MLP **{said['MLP']}**")
    chart(stand, answers_figure(answers, CLASSES, dark=is_dark()), "answers")


def show_moved(mlp: nn.Sequential, stand: Stand) -> None:
    """Which of the MLP's input weights a training picture moves."""
    shape = stand.settings.shape
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    kind = stand.choose(right, "kind", "Gradient of", list(BATCHES), few=True, width="stretch")
    moved = moved_by(mlp, DIGITS.normalise, CLASSES.index(shape), kind)
    _, _, size = moved.box
    left.markdown(
        f"**Which of the MLP's input weights does a {shape} in training move?** {moved.share:.1%} of the gradient "
        f"(its squares) lies in the outlined {size}×{size} of 32×32 weights."
    )
    chart(stand, moved_figure(moved, SHOWN_UNITS, dark=is_dark()), "moved")
    still = f" {moved.still} of the {counted(len(moved.units), 'hidden unit')} do not move at all: their ReLU is off for this."
    st.caption(NOISE[kind] + (still if moved.still else ""))


def _digest(state: State) -> str:
    hasher = hashlib.sha256()
    for name, tensor in state.items():
        hasher.update(name.encode())
        hasher.update(tensor.cpu().contiguous().numpy().tobytes())
    return hasher.hexdigest()
