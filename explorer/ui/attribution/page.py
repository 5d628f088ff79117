"""Which pixels matter: five heat maps of one picture, and whether they notice that the weights are lost. Knows the screen."""

import hashlib
import time
from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.figures.attribution import check_figure, heat_figure
from explorer.models.answer import probabilities
from explorer.models.registry import find
from explorer.probe.attribution import ATTRIBUTIONS, INTEGRATION_STEPS, HeatMap, attribute, be_ready, logits
from explorer.probe.randomised import FAILS_FROM, Level, cascade, failing, randomised, similarities
from explorer.ui import cache
from explorer.ui.attribution.exhibits import ANSWER, CODECS, EXHIBITS, RANKS
from explorer.ui.exhibits import change, choose_exhibit, mirror, place
from explorer.ui.looking import follow, inputs_of, sample_now, take_over
from explorer.ui.networks import current
from explorer.ui.pickers import pick_network, pick_picture
from explorer.ui.plain import plain, shortened
from explorer.ui.shell import is_dark
from explorer.words import duration, fixed

PAGE = "attribution"
QUIET = {"displayModeBar": False}
AT_ONCE = 0.5  # seconds after which the maps made so far are shown
WORK = {"integrated_gradients": INTEGRATION_STEPS, "occlusion": 75}  # in gradients; some 225 passes, forward only
PATIENCE = 8.0  # seconds that the check may take without being asked for
RANK_TITLES = {"sizes": "sizes only", "signs": "with their signs"}


@dataclass(frozen=True)
class Asked:
    """One network with one input, and what its maps are kept under. pixels: uint8, what it sees. random: untrained."""

    network: nn.Module
    inputs: torch.Tensor
    baseline: torch.Tensor
    pixels: np.ndarray
    random: bool
    key: tuple[object, ...]


@st.fragment
def explore() -> None:
    """The question; picture, network and class; the five maps; and beneath them what random weights do to them."""
    exhibit = choose_exhibit(PAGE, EXHIBITS, CODECS)
    take_over(PAGE)
    left, right = st.columns([1, 2.7], gap="medium")
    with left:
        pick_picture()
        name = pick_network()
    _follow(name)
    try:
        asked, note = _asked(name)
        with right:
            if note:
                st.error(plain(note))
            target = _pick_class(name, asked)
            _show_maps(asked, target)
        _show_check(asked, target)
    except ExplorerError as error:
        right.error(plain(str(error)))
    mirror(PAGE, exhibit, CODECS)


def _follow(name: str) -> None:
    """Write down which picture and network are looked at; a class and a level of another one mean nothing."""
    before = place(PAGE).settings
    if before.network in ("", name) and before.sample != sample_now():
        change(PAGE, target=ANSWER)
    follow(PAGE, name, target=ANSWER, level=0)


def _asked(name: str) -> tuple[Asked, str]:
    """The network and its input, and one sentence where the picture cannot be one and the example stands for it."""
    feeding, loaded = find(name).feeding, current(name)
    inputs, note = inputs_of(name)
    pixels = feeding.display(inputs)
    black = feeding.normalise(torch.zeros_like(inputs))
    key = (name, loaded.key, hashlib.sha256(pixels.tobytes()).hexdigest())
    return Asked(loaded.network, inputs, black, pixels, loaded.random, key), note


def _pick_class(name: str, asked: Asked) -> int:
    """Which class is explained: the network's answer first, then the others as probable as it finds them."""
    spec, row = find(name), logits(asked.network, asked.inputs)
    shares = probabilities(row, sigmoid=spec.sigmoid)
    labels = spec.labels if len(spec.labels) == len(row) else tuple(map(str, range(len(row))))
    chances = ["" if shares is None else f" · {share:.1%}" for share in (row if shares is None else shares).tolist()]
    order = row.argsort(descending=True, stable=True).tolist()
    wanted = place(PAGE).settings.target
    if wanted >= len(order):
        st.error(f"There is no class {wanted} here: the network's answer is explained.")
        wanted = ANSWER
    best = order[0]
    target = st.selectbox(
        "Which pixels speak for",
        order,
        index=order.index(best if wanted == ANSWER else wanted),
        format_func=lambda index: (
            f"{shortened(labels[index])}{chances[index]}" + (" · the network's answer" if index == best else "")
        ),
        key=f"{PAGE} class {place(PAGE).token} {hash(asked.key)}",
    )
    change(PAGE, target=ANSWER if target == best else target)
    return target


# ── maps ────────────────────────────────────────────────────────────────────────────────────────────────────


def _map(method: str, asked: Asked, target: int, level: Level) -> HeatMap | str:
    """One map, kept once made; a sentence where there is none."""
    return _timed_map(method, asked, target, level)[0]


def _timed_map(method: str, asked: Asked, target: int, level: Level) -> tuple[HeatMap | str, float]:
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


def _show_maps(asked: Asked, target: int) -> None:
    """The picture and every method's map; those of a large network one after the other, as they are made."""
    maps: dict[str, HeatMap | None] = {method.title: None for method in ATTRIBUTIONS.values()}
    said, room, problems, began, once = st.empty(), st.empty(), [], time.monotonic(), 0.0
    work = [WORK.get(name, 1) for name in ATTRIBUTIONS]
    for done, (name, method) in enumerate(ATTRIBUTIONS.items()):
        if time.monotonic() - began > AT_ONCE:
            _chart(room, maps, asked.pixels, f"maps {done}")
            left = f" (all that is missing: about {duration(once * sum(work[done:]))})" if name in WORK else ""
            said.progress(sum(work[:done]) / sum(work), f"{method.title} …{left}")
        found, seconds = _timed_map(name, asked, target, Level(()))
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
        _chart(room, maps, asked.pixels, "maps")
    for problem in problems:
        st.caption(plain(problem))
    with st.popover("What each asks"):
        st.markdown("\n".join(f"- **{method.title}**: {method.asks}" for method in ATTRIBUTIONS.values()))
        st.markdown(
            "Red speaks for the class, blue against it. Covered, and where the way begins, the picture is black."
        )


def _chart(room: st.delta_generator.DeltaGenerator, maps: dict[str, HeatMap | None], pixels: np.ndarray, key: str):
    figure = heat_figure(maps, picture=pixels, columns=3, height=300, dark=is_dark())
    room.plotly_chart(figure, key=f"{PAGE} {key}", theme=None, config=QUIET)


# ── the check ───────────────────────────────────────────────────────────────────────────────────────────────


def _show_check(asked: Asked, target: int) -> None:
    """The slider, the maps with so many random layers, and the curve of every method."""
    levels = cache.kept("cascade", asked.key[:2], _make=lambda: cascade(asked.network, asked.inputs))
    st.markdown("#### Does the map notice that the weights are gone?")
    if asked.random:
        st.caption("These weights are random already, so that there is nothing learned to lose.")
    left, right = st.columns([3, 1.2], vertical_alignment="bottom")
    names = ["nothing", *(level.lowest for level in levels[1:])]
    if len(names) < 2:
        st.caption("This network has no weights to lose.")
        return
    token = place(PAGE).token
    at = left.select_slider(
        "Randomised from the top down to layer",
        range(len(names)),
        value=min(place(PAGE).settings.level, len(names) - 1),
        format_func=names.__getitem__,
        key=f"{PAGE} level {token} {asked.key[0]}",
    )
    ranks = right.segmented_control(
        "Maps are compared by",
        RANKS,
        default=place(PAGE).settings.ranks,
        format_func=RANK_TITLES.__getitem__,
        key=f"{PAGE} ranks {token}",
        required=True,
        width="stretch",
    )
    change(PAGE, level=at, ranks=ranks or place(PAGE).settings.ranks)
    checked = _run_check(asked, target, levels)
    if not checked:
        return
    maps = {title: series[at] for title, series in checked.items()}
    st.plotly_chart(
        heat_figure(maps, columns=len(maps), height=230, dark=is_dark()), key=f"{PAGE} lost", theme=None, config=QUIET
    )
    sizes = place(PAGE).settings.ranks == "sizes"
    curves = {t: similarities([found.values for found in series], sizes=sizes) for t, series in checked.items()}
    st.markdown(_verdict(curves))
    figure = check_figure(curves, names, at, FAILS_FROM, dark=is_dark())
    st.plotly_chart(figure, key=f"{PAGE} check", theme=None, config=QUIET)


def _run_check(asked: Asked, target: int, levels: tuple[Level, ...]) -> dict[str, list[HeatMap]] | None:
    """Every method's map at every level, with progress; None while a long check was not asked for."""
    began, room = time.monotonic(), st.empty()
    once = sum(_timed_map(method, asked, target, levels[0])[1] for method in ATTRIBUTIONS)
    seconds = once * (len(levels) - 1)
    wish = (PAGE, "check", *asked.key, target)
    if seconds > PATIENCE and st.session_state.get(f"{PAGE} wish") != hash(wish):
        if not room.button(f"Run the check (about {duration(seconds)})"):
            return None
        room.empty()
        st.session_state[f"{PAGE} wish"] = hash(wish)
    checked: dict[str, list[HeatMap]] = {}
    jobs = [(method, level) for level in levels for method in ATTRIBUTIONS]
    for done, (method, level) in enumerate(jobs):
        if time.monotonic() - began > 0.3:
            room.progress(
                done / len(jobs), f"{ATTRIBUTIONS[method].title}, random down to {plain(level.lowest or 'nothing')}"
            )
        found = _map(method, asked, target, level)
        if not isinstance(found, str):
            checked.setdefault(ATTRIBUTIONS[method].title, []).append(found)
    room.empty()
    return {title: series for title, series in checked.items() if len(series) == len(levels)}


def _verdict(curves: dict[str, np.ndarray]) -> str:
    """Which methods did not notice, with their numbers: for this picture and these random numbers."""
    stay = failing(curves)
    numbers = ", ".join(
        f"{title} {'has an empty map' if np.isnan(curve[-1]) else fixed(curve[-1], 2)}"
        for title, curve in curves.items()
    )
    if not stay:
        said = "**every map changes**"
    elif len(stay) == 1:
        said = f"**{stay[0]}** stays much as before, so that here it shows the picture more than what was learned"
    else:
        said = (
            f"**{', '.join(stay)}** stay much as before, so that here they show the picture more than what was learned"
        )
    return (
        f"With every weight random, on this picture, {said}. Similarity then: {numbers}. It fails from {FAILS_FROM} on."
    )
