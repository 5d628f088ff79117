"""One picture with the class and the box that each run on the screen gives it. Knows the screen; asks the core."""

from collections.abc import Sequence

import streamlit as st

from explorer.data.labelled import LabelledImages
from explorer.errors import ExplorerError
from explorer.figures.scenes import boxes_figure
from explorer.live.runs import live_story
from explorer.training.scenes import Scenes
from explorer.training.standings import standings
from explorer.training.timeline import runs_root
from explorer.ui import side_by_side
from explorer.ui.asking import answer
from explorer.ui.localisation.exhibits import DATA, EXAMPLES, NETWORK, PAGE
from explorer.ui.scene_picker import pick_scene
from explorer.ui.shell import is_dark

QUIET = {"displayModeBar": False}
HINT = "Draw one shape"


def ask_networks(runs: Sequence[str], rest: dict[str, int], every: float | None) -> None:
    """A picture to choose, draw or upload, and what the runs say of it: at the slider's moment, else at their newest."""
    st.markdown("**Ask it yourself**: draw a shape, upload a picture, or take one of the test set")
    left, right = st.columns([1, 3], gap="medium")
    with left:
        pictures = pick_scene(PAGE, DATA, EXAMPLES, hint=HINT, upload=True)
        if pictures is not None:
            side_by_side.offer_to_follow(PAGE, runs, pictures)
    with right:
        if pictures is None:
            st.info("Draw or upload a circle, a square, a triangle, a cross or a star: its box is put here at once.")
            return
        st.fragment(_show_answers, run_every=every)(pictures, runs, rest)


def _show_answers(pictures: LabelledImages, runs: Sequence[str], rest: dict[str, int]) -> None:
    asked = list(runs) or [one.run.id for one in standings(runs_root(), [NETWORK], DATA, live_story).values()]
    boxes, truth, problems = {}, None, []
    for run in asked:
        try:
            step, scenes = side_by_side.at_moment(run, rest, lambda step, run=run: answer(run, step, pictures))
        except ExplorerError as error:
            problems.append(str(error))
            continue
        boxes[_heading(run, step, scenes)] = scenes.predicted_boxes[0]
        truth = None if scenes.boxes is None else scenes.boxes[0]
    if boxes:
        figure = boxes_figure(pictures.images[0, 0].numpy(), boxes, truth, dark=is_dark(), height=330)
        st.plotly_chart(figure, key=f"{PAGE} answers", theme=None, config=QUIET)
        st.caption("Dashed: the true box. " * (truth is not None) + "Solid: the network's.")
    elif not asked:
        st.caption("Train the network, and its answer appears here.")
    for problem in dict.fromkeys(problems):
        st.caption(problem)


def _heading(run: str, step: int, scenes: Scenes) -> str:
    config = side_by_side.settings_of(run).config
    words = scenes.classes[scenes.predicted_labels[0]]
    if scenes.labels is not None:
        words += " ✓" if scenes.labels[0] == scenes.predicted_labels[0] else " ✗"
    if scenes.ious is not None:
        words += f", IoU {scenes.ious[0]:.0%}"
    return f"<b>{words}</b><br>class × {config.class_weight:g}, box × {config.box_weight:g}, step {step:,}"
