"""Why not an MLP: a CNN and an MLP that saw their objects in one corner only. Knows the screen; computes nothing itself."""

import hashlib

import streamlit as st
import torch
from torch import nn

from explorer.data.corner import one_picture
from explorer.errors import ExplorerError
from explorer.figures.maps import picture_figure
from explorer.figures.positions import accuracy_figure, answers_figure, moved_figure
from explorer.live.runs import find_job
from explorer.models.corner import corner_cnn, corner_mlp
from explorer.models.feeding import DIGITS
from explorer.training.moved import moved_by
from explorer.training.positions import PositionMap, answer_at
from explorer.training.timeline import read_snapshot, run_folder, runs_root, snapshot_steps
from explorer.ui import cache
from explorer.ui.duel import show_duel
from explorer.ui.exhibits import change, choose_exhibit, mirror, place
from explorer.ui.shell import is_dark
from explorer.ui.why_not_an_mlp.exhibits import CODECS, EXHIBITS, KINDS, SHAPES, Settings

PAGE = "why_not_an_mlp"
CHART = "positions_chart"
QUIET = {"displayModeBar": False}
SHOWN_UNITS = 6
REFRESH = 3.0  # seconds between two looks at what is still being trained
BUILD = {"CNN": corner_cnn, "MLP": corner_mlp}
State = dict[str, torch.Tensor]


@st.fragment
def explore() -> None:
    """The question, both networks as they learn, and what they know at the moment that the time slider shows."""
    exhibit = choose_exhibit(PAGE, EXHIBITS, CODECS)
    trained = show_duel(exhibit.id, panels=("kernels",))
    if trained is None:
        st.info("Nothing is trained yet. Press **Train both**: it takes a quarter of a minute.")
    else:
        runs, rest = trained
        st.fragment(_show_knowledge, run_every=REFRESH if any(map(_is_live, runs)) else None)(runs, rest)
    mirror(PAGE, exhibit, CODECS)


def _show_knowledge(runs: tuple[str, str], rest: dict[str, int]) -> None:
    """Both maps, one picture asked of both networks, and what a training step moves in the MLP."""
    try:
        states = tuple(_state(run, rest.get(run)) for run in runs)
    except ExplorerError:  # the first snapshots are not written yet
        st.caption("The maps appear with the first snapshots.")
        return
    networks = {name: _network(name, state) for name, state in zip(BUILD, states, strict=True)}
    left, right = st.columns([1.7, 1], gap="medium")
    with left:
        _show_maps(networks, states)
    with right:
        _ask_both(networks)
    _show_moved(networks["MLP"])


def _is_live(run: str) -> bool:
    job = find_job(run)
    return job is not None and job.live


def _state(run: str, steps: int | None) -> State:
    """The weights of a run's snapshot; None: of the newest."""
    folder = run_folder(runs_root(), run)
    newest = snapshot_steps(folder)[-1:] or [0]
    return read_snapshot(folder, newest[0] if steps is None else steps)


def _network(name: str, state: State) -> nn.Sequential:
    network = BUILD[name](1, len(SHAPES))
    network.load_state_dict(state)
    return network.eval()


def _digest(state: State) -> str:
    hasher = hashlib.sha256()
    for name, tensor in state.items():
        hasher.update(name.encode())
        hasher.update(tensor.cpu().contiguous().numpy().tobytes())
    return hasher.hexdigest()


# ── where each still knows the objects ──────────────────────────────────────────────────────────────────────


def _show_maps(networks: dict[str, nn.Sequential], states: tuple[State, State]) -> None:
    maps: dict[str, PositionMap] = {}
    for (name, network), state in zip(networks.items(), states, strict=True):
        known = cache.positions(_digest(state), _network=network)
        count = sum(parameter.numel() for parameter in network.parameters())
        maps[f"{name}, {count:,} parameters"] = known
    settings = place(PAGE).settings
    cnn, mlp = maps.values()
    st.markdown(
        f"**Named rightly, by where the shape lies.** In the trained corner (outlined): CNN {cnn.at_home:.1%}, MLP "
        f"{mlp.at_home:.1%}. Everywhere else: CNN **{cnn.elsewhere:.1%}**, MLP **{mlp.elsewhere:.1%}**; guessing gives "
        f"{1 / len(SHAPES):.0%}."
    )
    st.plotly_chart(
        accuracy_figure(maps, (settings.row, settings.column), dark=is_dark()),
        key=f"{CHART} {place(PAGE).token}",
        on_select=_take_click,
        selection_mode="points",
        theme=None,
        config=QUIET,
    )
    st.caption(f"{cnn.pictures} new pictures at each place. Click a place to put the shape there.")


def _take_click() -> None:
    """Take the clicked place; what the browser sends is checked as the address is."""
    points = st.session_state[f"{CHART} {place(PAGE).token}"]["selection"]["points"]
    where = points[0].get("customdata") if points else None
    if isinstance(where, list | tuple) and len(where) == 2 and all(type(number) is int for number in where):
        try:
            row, column = (
                CODECS[name].read(str(number)) for name, number in zip(("row", "column"), where, strict=True)
            )
        except ExplorerError:
            return
        change(PAGE, row=row, column=column)


# ── one picture, both answers ───────────────────────────────────────────────────────────────────────────────


def _ask_both(networks: dict[str, nn.Sequential]) -> None:
    token = place(PAGE).token
    chosen = st.pills("Shape", SHAPES, default=place(PAGE).settings.shape, key=f"{PAGE} shape {token}", required=True)
    change(PAGE, shape=chosen)
    settings: Settings = place(PAGE).settings
    image = one_picture(SHAPES.index(settings.shape), settings.row, settings.column)
    st.plotly_chart(
        picture_figure(image[0, 0].numpy(), dark=is_dark()).update_layout(height=160),
        key="positions_picture",
        theme=None,
        config=QUIET,
    )
    answers = {name: answer_at(network, DIGITS.normalise, image).tolist() for name, network in networks.items()}
    said = {name: SHAPES[values.index(max(values))] for name, values in answers.items()}
    st.markdown(f"In row {settings.row}, column {settings.column}: CNN **{said['CNN']}**, MLP **{said['MLP']}**")
    st.plotly_chart(answers_figure(answers, SHAPES, dark=is_dark()), key="positions_answers", theme=None, config=QUIET)


# ── what a training picture moves ───────────────────────────────────────────────────────────────────────────


def _show_moved(mlp: nn.Sequential) -> None:
    token = place(PAGE).token
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    kind = right.segmented_control(
        "Gradient of",
        KINDS,
        default=place(PAGE).settings.kind,
        key=f"{PAGE} kind {token}",
        required=True,
        width="stretch",
    )
    change(PAGE, kind=kind)
    settings: Settings = place(PAGE).settings
    moved = moved_by(mlp, DIGITS.normalise, SHAPES.index(settings.shape), settings.kind)
    _, _, size = moved.box
    left.markdown(
        f"**Which of the MLP's input weights does a {settings.shape} in training move?** {moved.share:.1%} of the gradient "
        f"(its squares) lies in the outlined {size}×{size} of 32×32 weights."
    )
    st.plotly_chart(moved_figure(moved, SHOWN_UNITS, dark=is_dark()), key="positions_moved", theme=None, config=QUIET)
    st.caption(f"{_NOISE[settings.kind]} {_still(moved.still, len(moved.units))}")


_NOISE = {
    KINDS[
        0
    ]: "∂loss/∂weight = δ · pixel. With the noise taken away every pixel around the shape is 0 after normalisation (but "
    "for rounding): those weights stay where they are.",
    KINDS[
        1
    ]: "As it is trained: the noise moves the other weights too, this way in one picture and that way in the next.",
    KINDS[
        2
    ]: "Over 500 pictures the noise's share averages out, and the shape's stays. One pixel more is outlined on each "
    "side: the training pictures vary by that much.",
}


def _still(still: int, units: int) -> str:
    if not still:
        return ""
    return f"{still} of the {units} hidden units do not move at all: their ReLU is off for this."
