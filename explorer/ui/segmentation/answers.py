"""One scene, segmented by every network that was trained here. Knows the screen; asks the core."""

from collections.abc import Sequence

import streamlit as st

from explorer.data.labelled import LabelledImages
from explorer.errors import ExplorerError
from explorer.figures.scenes import masks_figure
from explorer.training.recordings import is_recorded
from explorer.ui.asking import answer
from explorer.ui.runs import Rest, at_moment, settings_of
from explorer.ui.segmentation.networks import TITLES, reached
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart
from explorer.ui.stand import Stand


def show_answers(names: Sequence[str], rest: Rest, pictures: LabelledImages, stand: Stand) -> None:
    """Each network's answer to a scene: at the slider's moment, else at its newest."""
    masks, words, problems, classes = {}, [], [], ()
    for network, run in _asked(names).items():
        try:
            step, scenes = at_moment(run, rest, lambda step, run=run: answer(run, step, pictures))
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
        height = 300 if len(masks) < 4 else 240
        image = pictures.images[0, 0].numpy()
        chart(stand, masks_figure(image, masks, classes, dark=is_dark(), height=height), "answers")
        st.caption("Per cent: this picture's mean IoU. " * ("truth" in masks) + "Asked: " + ", ".join(words) + ".")
    for problem in problems:
        st.caption(problem)


def _asked(names: Sequence[str]) -> dict[str, str]:
    """Network → the run that is asked: one's own on the screen, else the newest that was judged, else a recorded one."""
    found, own = {}, [name for name in names if not is_recorded(name)]
    for run in own:
        found.setdefault(settings_of(run).design.network, run)
    for network, standing in reached().items():
        if not (own and is_recorded(standing.run.id)):
            found.setdefault(network, standing.run.id)
    return {network: found[network] for network in TITLES if network in found}
