"""B2: a CNN and an MLP that saw their objects in one corner only. Knows numbers, words and the screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import streamlit as st
import torch

from explorer.data.corner import CLASSES, HOME, LAST, one_picture
from explorer.errors import ExplorerError
from explorer.predictions import Choice
from explorer.settings.fields import OneOf, Whole
from explorer.training.input_weights import BATCHES
from explorer.training.recordings import is_recorded
from explorer.training.timeline import read_snapshot, run_folder, runs_root
from explorer.ui.exhibit import Exhibit
from explorer.ui.runs import Rest, at_moment, refresh
from explorer.ui.shows import covered, duel
from explorer.ui.stand import Stand
from explorer.ui.why_not_an_mlp.knowledge import State, ask_both, build, show_maps, show_moved


@dataclass(frozen=True)
class Asked:
    """The object that both networks are asked about, where its box begins, and what the gradient is taken of."""

    shape: Annotated[str, OneOf("", CLASSES)] = "star"
    row: Annotated[int, Whole("", 0, LAST)] = 14
    column: Annotated[int, Whole("", 0, LAST)] = 16
    kind: Annotated[str, OneOf("", BATCHES)] = next(iter(BATCHES))


def make(settings: Asked) -> torch.Tensor:
    """The picture that both are asked about, uint8 (1, 1, 32, 32)."""
    return one_picture(CLASSES.index(settings.shape), settings.row, settings.column)


def _show(image: torch.Tensor, stand: Stand[Asked]) -> None:
    """Both networks as they learn, and what they know at the moment that the time slider shows."""
    training, knowledge = st.tabs(["In training", "Where they know the shapes"], key=stand.key("tabs"))
    with training:
        trained = duel(stand, panels=("kernels",))
    if trained is None:
        return
    names, rest = trained
    with knowledge:
        if any(map(is_recorded, names)) and covered(stand, "Move the shapes", "Where does each still know them?"):
            return  # the very thing that is asked
        stand.fragment(partial(_show_knowledge, names, rest), refresh(names))


def _show_knowledge(names: Sequence[str], rest: Rest, stand: Stand[Asked]) -> None:
    """Both maps, one picture asked of both networks, and what a training step moves in the MLP."""
    try:
        states = tuple(_state(name, rest) for name in names)
    except ExplorerError:  # the first snapshots are not written yet
        st.caption("The maps appear with the first snapshots.")
        return
    networks = build(states)
    left, right = st.columns([1.9, 1], gap="medium")
    with left:
        show_maps(networks, states, stand)
    with right:
        stand.choose(st.container(), "shape", "Shape", CLASSES, few=True, label_visibility="collapsed")
        ask_both(networks, make(stand.settings), stand)
    show_moved(networks["MLP"], stand)


def _state(name: str, rest: Rest) -> State:
    """A run's weights at the moment that is looked at."""
    return at_moment(name, rest, lambda step: read_snapshot(run_folder(runs_root(), name), step))[1]


FAR = Asked()
EXHIBITS = (
    Exhibit(
        "B2",
        "Seen in one corner only",
        "Both networks learn five shapes that always lie in the top left corner, and both name them there. Then the shapes "
        "move. Where will each still know them?",
        "The CNN everywhere: its kernels slide over the whole picture, and its last pooling keeps what was found and forgets "
        "where. The MLP in the corner only. It has a weight of its own for every pixel, and a weight's gradient is δ · pixel: "
        "where the pictures were empty nothing was learnt, so elsewhere it guesses, one in five. Try a place next to the "
        "corner, and compare the gradient of one picture with the mean of 500.",
        FAR,
        make,
        _show,
        {"far away": FAR, "in the corner": Asked(row=HOME, column=HOME)},
        predicted=Choice("Everywhere", ("both", "the CNN alone", "neither"), "the CNN alone"),
    ),
)
