"""One scene, segmented by every network that was trained here. Knows the screen; asks the core."""

from collections.abc import Sequence

import streamlit as st

from explorer.data.labelled import LabelledImages
from explorer.errors import ExplorerError
from explorer.figures.scenes import masks_figure
from explorer.live.runs import live_story
from explorer.training.standings import standings
from explorer.training.timeline import runs_root
from explorer.ui import side_by_side
from explorer.ui.asking import answer
from explorer.ui.scene_picker import pick_scene
from explorer.ui.segmentation.exhibits import DATA, EXAMPLES, PAGE, TITLES
from explorer.ui.shell import is_dark

QUIET = {"displayModeBar": False}
HINT = "Draw one to three shapes"


def ask_networks(runs: Sequence[str], rest: dict[str, int], every: float | None) -> None:
    """A scene to choose or draw, and each network's answer: at the slider's moment, else at its newest."""
    st.markdown("**Ask them all**: draw a scene, or take one of the test set")
    left, right = st.columns([1, 3.4], gap="medium")
    with left:
        pictures = pick_scene(PAGE, DATA, EXAMPLES, hint=HINT)
        if pictures is not None:
            side_by_side.offer_to_follow(PAGE, runs, pictures)
    with right:
        if pictures is None:
            st.info("Draw circles, squares, triangles, crosses or stars; every network answers while you draw.")
            return
        st.fragment(_show_answers, run_every=every)(pictures, runs, rest)


def _show_answers(pictures: LabelledImages, runs: Sequence[str], rest: dict[str, int]) -> None:
    masks, words, problems, classes = {}, [], [], ()
    for network, run in _asked(runs).items():
        try:
            step, scenes = side_by_side.at_moment(run, rest, lambda step, run=run: answer(run, step, pictures))
        except ExplorerError as error:
            problems.append(f"{TITLES[network]}: {error}")
            continue
        classes = scenes.classes
        if scenes.masks is not None:
            masks["truth"] = scenes.masks[0]
        name = TITLES[network]
        masks[name if scenes.ious is None else f"{name}, {scenes.ious[0]:.0%}"] = scenes.predicted_masks[0]
        words.append(f"{name} step {step:,}")
    if masks:
        figure = masks_figure(
            pictures.images[0, 0].numpy(), masks, classes, dark=is_dark(), height=300 if len(masks) < 4 else 240
        )
        st.plotly_chart(figure, key=f"{PAGE} answers", theme=None, config=QUIET)
        st.caption("Per cent: this picture's mean IoU. " * ("truth" in masks) + "Asked: " + ", ".join(words) + ".")
    elif not problems:
        st.caption("Train a network, and its answer appears here.")
    for problem in problems:
        st.caption(problem)


def _asked(runs: Sequence[str]) -> dict[str, str]:
    """Network → the run that is asked: one on the screen, else the newest that was judged."""
    found = {}
    for run in runs:
        found.setdefault(side_by_side.settings_of(run).design.network, run)
    for network, standing in standings(runs_root(), list(TITLES), DATA, live_story).items():
        found.setdefault(network, standing.run.id)
    return {network: found[network] for network in TITLES if network in found}
