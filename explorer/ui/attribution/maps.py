"""Five heat maps of one picture: which pixels speak for a class. Knows the screen; the maps are made in probe/."""

import hashlib
import time
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import streamlit as st
import torch
from streamlit.delta_generator import DeltaGenerator
from torch import nn

from explorer.errors import ExplorerError
from explorer.figures.attribution import heat_figure
from explorer.models.answer import probabilities
from explorer.models.registry import find
from explorer.probe.attribution import ATTRIBUTIONS, INTEGRATION_STEPS, HeatMap, attribute, be_ready, logits
from explorer.probe.randomised import MOST_LEVELS, Level, randomised
from explorer.settings.fields import OneOf, Whole
from explorer.ui import cache
from explorer.ui.networks import current
from explorer.ui.plain import plain
from explorer.ui.shell import is_dark
from explorer.ui.shows import QUIET
from explorer.ui.stand import Stand
from explorer.ui.state import MINE
from explorer.ui.subject import NETWORK, PICTURE, inputs_of
from explorer.words import duration, shortened

ANSWER = -1  # the class that the network answers
RANKS = ("sizes", "signs")
AT_ONCE = 0.5  # seconds after which the maps made so far are shown
WORK = {"integrated_gradients": INTEGRATION_STEPS, "occlusion": 75}  # in gradients; some 225 passes, forward only


@dataclass(frozen=True)
class Explained:
    """target: a class or ANSWER. level: down to which step of the cascade weights are random.

    ranks: whether a map's signs count when maps are compared.
    """

    sample: Annotated[str, PICTURE] = MINE
    network: Annotated[str, NETWORK] = ""
    target: Annotated[int, Whole("", ANSWER, 999)] = ANSWER
    level: Annotated[int, Whole("", 0, MOST_LEVELS)] = 0
    ranks: Annotated[str, OneOf("", RANKS)] = "sizes"


@dataclass(frozen=True)
class Asked:
    """One network with one input, and what its maps are kept under. pixels: uint8, what it sees. random: untrained.

    name: the network's. row: what it returned, (classes,). shares: the same as probabilities, None where it is none.
    note: why the picture could not be the input and the example stands for it, else "".
    """

    name: str
    network: nn.Module
    inputs: torch.Tensor
    baseline: torch.Tensor
    pixels: np.ndarray
    row: torch.Tensor
    shares: torch.Tensor | None
    random: bool
    key: tuple[object, ...]
    note: str


def look(settings: Explained) -> Asked:
    """The network, its input and its answer. Raises ExplorerError for a network that cannot be had, or names no classes."""
    name = settings.network
    spec, feeding, loaded = find(name), find(name).feeding, current(name)
    inputs, note = inputs_of(name)
    pixels = feeding.display(inputs)
    black = feeding.normalise(torch.zeros_like(inputs))
    key = (name, loaded.key, hashlib.sha256(pixels.tobytes()).hexdigest())
    row = logits(loaded.network, inputs)
    shares = probabilities(row, sigmoid=spec.sigmoid)
    return Asked(name, loaded.network, inputs, black, pixels, row, shares, loaded.random, key, note)


def target_of(asked: Asked, settings: Explained) -> int:
    """The class that is explained: the chosen one, else the network's answer."""
    return settings.target if 0 <= settings.target < len(asked.row) else int(asked.row.argmax())


def show(asked: Asked, stand: Stand[Explained], row: DeltaGenerator) -> None:
    """The class to be explained, asked in the row, and every method's map of it."""
    if asked.note:
        st.error(plain(asked.note))
    _show_maps(asked, _pick_class(asked, stand, row), stand)


def tell_methods() -> None:
    """What each method asks, on request."""
    with st.popover("What each asks"):
        st.markdown("\n".join(f"- **{method.title}**: {method.asks}" for method in ATTRIBUTIONS.values()))
        st.markdown(
            "Red speaks for the class, blue against it. Covered, and where the way begins, the picture is black."
        )


def _pick_class(asked: Asked, stand: Stand[Explained], at: DeltaGenerator) -> int:
    """The network's answer first, then the others as probable as it finds them."""
    spec, row, shares = find(asked.name), asked.row, asked.shares
    labels = spec.labels if len(spec.labels) == len(row) else tuple(map(str, range(len(row))))
    chances = ["" if shares is None else f" · {share:.1%}" for share in (row if shares is None else shares).tolist()]
    order = row.argsort(descending=True, stable=True).tolist()
    if stand.settings.target >= len(order):
        st.error(f"There is no class {stand.settings.target} here: the network's answer is explained.")
    best = order[0]

    def title(index: int) -> str:
        return f"{shortened(labels[index])}{chances[index]}" + (" · the network's answer" if index == best else "")

    return stand.choose(at, "target", "Which pixels speak for", order, title)


def kept_map(method: str, asked: Asked, target: int, level: Level) -> HeatMap | str:
    """One map, kept once made; a sentence where there is none."""
    return timed_map(method, asked, target, level)[0]


def timed_map(method: str, asked: Asked, target: int, level: Level) -> tuple[HeatMap | str, float]:
    """The map and how many seconds it took."""

    def make() -> tuple[HeatMap | str, float]:
        be_ready()
        began = time.monotonic()
        network = randomised(asked.network, level) if level.layers else asked.network
        try:
            found = attribute(method, network, asked.inputs, target, baseline=asked.baseline)
        except ExplorerError as error:
            found = str(error)
        return found, time.monotonic() - began

    return cache.kept("heat map", (method, target, level.layers, *asked.key), _make=make)


def _show_maps(asked: Asked, target: int, stand: Stand) -> None:
    """The picture and every method's map; those of a large network one after the other, as they are made."""
    maps: dict[str, HeatMap | None] = {method.title: None for method in ATTRIBUTIONS.values()}
    said, room, problems, began, once = st.empty(), st.empty(), [], time.monotonic(), 0.0
    work = [WORK.get(name, 1) for name in ATTRIBUTIONS]
    for done, (name, method) in enumerate(ATTRIBUTIONS.items()):
        if time.monotonic() - began > AT_ONCE:
            _chart(room, maps, asked.pixels, stand.key(f"maps {done}"))
            left = f" (all that is missing: about {duration(once * sum(work[done:]))})" if name in WORK else ""
            said.progress(sum(work[:done]) / sum(work), f"{method.title} …{left}")
        found, seconds = timed_map(name, asked, target, Level(()))
        once = once if name in WORK else seconds
        if isinstance(found, str):
            del maps[method.title]
            problems.append(f"{method.title}: {found}")
            continue
        maps[method.title] = found
        if not found.values.any():
            problems.append(f"{method.title} is empty: it finds nothing that speaks for this class.")
    said.empty()
    if maps:
        _chart(room, maps, asked.pixels, stand.key("maps"))
    for problem in problems:
        st.caption(plain(problem))


def _chart(room: DeltaGenerator, maps: dict[str, HeatMap | None], pixels: np.ndarray, key: str):
    figure = heat_figure(maps, picture=pixels, columns=1 + len(maps), dark=is_dark())
    room.plotly_chart(figure, key=key, theme=None, config=QUIET, height="stretch")
