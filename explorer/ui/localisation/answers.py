"""One picture with the class and the box that each run on the screen gives it. Knows the screen; asks the core."""

from collections.abc import Sequence

import streamlit as st

from explorer.data.labelled import LabelledImages
from explorer.errors import ExplorerError
from explorer.figures.scenes import boxes_figure
from explorer.live.runs import live_story
from explorer.training.recordings import is_recorded
from explorer.training.scenes import Scenes
from explorer.training.standings import standings
from explorer.training.timeline import runs_root
from explorer.ui.asking import answer
from explorer.ui.runs import Rest, at_moment, settings_of
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart
from explorer.ui.stand import Stand
from explorer.words import written

DATA = "boxes"
NETWORK = "locate"


def show_answers(names: Sequence[str], rest: Rest, pictures: LabelledImages, stand: Stand) -> None:
    """What the runs say of a picture: at the slider's moment, else at their newest."""
    asked = list(names)
    if all(
        map(is_recorded, names)
    ):  # none of one's own is on the screen; the newest that was judged goes before recorded ones
        asked = [one.run.id for one in standings(runs_root(), [NETWORK], DATA, live_story).values()] or asked
    boxes, truth, problems = {}, None, []
    for run in asked:
        try:
            step, scenes = at_moment(run, rest, lambda step, run=run: answer(run, step, pictures))
        except ExplorerError as error:
            problems.append(str(error))
            continue
        boxes[_heading(run, step, scenes)] = scenes.predicted_boxes[0]
        truth = None if scenes.boxes is None else scenes.boxes[0]
    if boxes:
        image = pictures.images[0, 0].numpy()
        chart(stand, boxes_figure(image, boxes, truth, dark=is_dark(), height=330), "answers")
        st.caption("Dashed: the true box. " * (truth is not None) + "Solid: the network's.")
    elif not asked:
        st.caption("Train the network, and its answer appears here.")
    for problem in dict.fromkeys(problems):
        st.caption(problem)


def _heading(run: str, step: int, scenes: Scenes) -> str:
    config = settings_of(run).config
    words = scenes.classes[scenes.predicted_labels[0]]
    if scenes.labels is not None:
        words += " ✓" if scenes.labels[0] == scenes.predicted_labels[0] else " ✗"
    if scenes.ious is not None:
        words += f", IoU {scenes.ious[0]:.0%}"
    return f"<b>{words}</b><br>class × {written(config.class_weight, 6)}, box × {written(config.box_weight, 6)}, step {step:,}"
