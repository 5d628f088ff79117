"""What became of the students: how good, how long, what moved, and the plane of features. Knows records and figures."""

import hashlib

import numpy as np
import streamlit as st
import torch

from explorer.data.labelled import LabelledImages
from explorer.errors import ExplorerError
from explorer.figures.compare import planes_figure
from explorer.figures.transfer import movement_figure
from explorer.live.runs import story_of
from explorer.probe.averages import features
from explorer.probe.cutting import widest
from explorer.probe.embedding import Plane, embed, neighbour_accuracy
from explorer.training.movement import movement
from explorer.training.run import load_data
from explorer.training.sources import cuts
from explorer.training.timeline import read_watched
from explorer.ui import cache
from explorer.ui.place import change, place
from explorer.ui.plain import plain
from explorer.ui.shell import is_dark
from explorer.ui.train_live.files import offer_files
from explorer.ui.transfer_learning import collection as own
from explorer.ui.transfer_learning.keys import PAGE, QUIET, key
from explorer.ui.transfer_learning.moment import Moment, moments
from explorer.ui.transfer_learning.settings import PLANES
from explorer.ui.transfer_learning.students import Student
from explorer.words import counted, fixed, noun

REFRESH = 1.5  # seconds between two looks at what is still being trained
MOST_POINTS, FEWEST_POINTS = 300, 5


def show_numbers(shown: list[Student], rest: dict[str, int]) -> None:
    """Under each student's curves: how many pictures it knows, and how long it took. Looks again while one is being trained."""
    live = any(student.live for student in shown)
    before = _how_far(shown)

    @st.fragment(run_every=REFRESH if live else None)
    def follow() -> None:
        if _how_far(shown) != before:  # one can be tried by now, or is over: the rest of the page shows it
            st.rerun(scope="app")
        found = moments(shown, rest)
        for column, student in zip(st.columns(len(shown)), shown, strict=True):
            with column:
                _show_number(student, next((one for one in found if one.student == student), None))

    follow()


def _how_far(shown: list[Student]) -> list[tuple[bool, bool]]:
    """Of each student: whether it can be looked at, and whether it is being trained."""
    seen = {one.student.id for one in moments(shown, {})}
    return [(student.id in seen, student.live) for student in shown]


def _show_number(student: Student, moment: Moment | None) -> None:
    judged = moment.evaluation() if moment else None
    if judged is None:
        loading = "PyTorch is loaded in a process of its own, some three seconds."
        st.caption(loading if student.live else plain(story_of(student.id).message))
        return
    test, train, seconds = judged
    pictures = sum(map(sum, moment.story.confusion)) if moment.story.confusion else 0
    right = f"{round(test * pictures):,} of {pictures:,}" if pictures else f"{test:.0%}"
    instant = ": what is frozen was computed only once" if student.key == "last" else ""
    st.markdown(
        f"**{right}** test pictures right; {train:.0%} of those it learned from. {fixed(seconds, 1)} s{instant}."
    )


def show_reasons(shown: list[Student], rest: dict[str, int]) -> None:
    """Why: what moved, and the plane of features before and after; and the files."""
    found = moments(shown, rest)
    if not found:
        return
    try:
        _show_movement(found)
        if not any(student.live for student in shown):
            _show_planes(found)
    except ExplorerError as error:
        st.error(plain(str(error)))
    _offer(found, rest)


def _show_movement(found: list[Moment]) -> None:
    moved = {
        one.title: cache.kept("movement", (one.run.id, one.step), _make=lambda one=one: movement(one.run, one.step))
        for one in found
    }
    steps = " or ".join(f"{step:,}" for step in sorted({one.step for one in found}))
    st.markdown(f"**How far each layer's weights moved** from where they began, after step {steps}")
    st.plotly_chart(movement_figure(moved, dark=is_dark()), key=f"{PAGE} movement", theme=None, config=QUIET)
    st.caption(
        "‖w − w₀‖ / ‖w₀‖ of a layer's weights; each line is ten times as far. ❄ frozen; striped: new, begun at random."
    )


def _offer(found: list[Moment], rest: dict[str, int]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        titles = {one.run.id: one.title for one in found}
        chosen = st.pills(
            "Keep", list(titles), default=found[0].run.id, format_func=titles.__getitem__, key=f"{PAGE} keep {titles}",
            required=True,
        )  # fmt: skip
        with st.container(width=220):
            offer_files(chosen or found[0].run.id, rest.get(chosen))


# ── the plane of features ────────────────────────────────────────────────────────────────────────────────────────────


def _show_planes(found: list[Moment]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("**The plane of features**, before and after", width="content")
        chosen = st.pills(
            "Layer",
            list(PLANES),
            default=place(PAGE).settings.plane,
            format_func=PLANES.__getitem__,
            key=key("plane"),
            required=True,
            label_visibility="collapsed",
            width="content",
        )
    change(PAGE, plane=chosen or "last")
    pictures, said = _pictures(found[0])
    if len(pictures) < FEWEST_POINTS:
        st.caption(
            f"{counted(len(pictures), 'test picture')} {noun(len(pictures), 'makes', 'make')} no plane: give the classes more."
        )
        return
    labels = pictures.labels.numpy()
    planes: dict[str, Plane] = {}
    notes = []
    taken = next((one for one in found if one.student.key != "scratch"), None)
    columns = [("before", taken, taken.first)] if taken else []
    for title, moment, step in columns + [(one.title, one, one.step) for one in found]:
        planes[title], near = _plane(moment, step, pictures, chosen or "last")
        notes.append(f"nearest neighbour right: {near:.0%}")
    figure = planes_figure(planes, labels, found[0].run.classes, notes=notes, dark=is_dark())
    st.plotly_chart(figure.update_layout(height=380), key=f"{PAGE} planes", theme=None, config=QUIET)
    st.caption(
        f"{len(pictures):,} {said}, each as the features of {PLANES[chosen or 'last']}, in their two main directions (PCA). "
        "The note counts how often the nearest other picture, in all features, is of the same class."
    )


def _plane(moment: Moment, step: int, pictures: LabelledImages, which: str) -> tuple[Plane, float]:
    """The features' plane, and how often the nearest neighbour in all of them is right."""
    transfer = moment.run.settings.transfer
    layer = transfer.cut if which == "cut" else cuts(transfer.source)[-1].layer

    def make() -> tuple[Plane, float]:
        network = moment.network(step)
        inputs = moment.feeding.normalise(pictures.images)
        values = features(network, inputs, widest(network, layer))
        return embed(values, "pca"), neighbour_accuracy(values, pictures.labels.numpy())

    digest = hashlib.sha256(np.ascontiguousarray(pictures.images.numpy()).data).hexdigest()
    return cache.kept("student's plane", (moment.run.id, step, layer, digest), _make=make)


def _pictures(moment: Moment) -> tuple[LabelledImages, str]:
    """What is drawn as points, and what these are: the run's test pictures; of a few own ones all."""
    watched = read_watched(moment.run.folder)
    if moment.run.settings.data == "own" and len(watched) < MOST_POINTS and (pictures := _own(moment)) is not None:
        return pictures, "pictures of your classes"
    return watched.sample(MOST_POINTS), "test pictures"


def _own(moment: Moment) -> LabelledImages | None:
    """Pictures of the session's collection, as it is now; None where the student did not learn these classes."""
    try:
        collection = own.current()
        classes = collection.classes() if collection else ()
        if not classes or tuple(facts.name for facts in classes) != moment.run.classes:
            return None
        newest = tuple(collection.pictures(facts.id, 1) for facts in classes)

        def make() -> LabelledImages:
            whole = load_data(moment.run.settings, collection.folder)
            return _joined(whole.train, whole.test).sample(MOST_POINTS)

        return cache.kept_large("own pictures", (moment.run.id, collection.id, classes, newest), _make=make)
    except ExplorerError:  # removed meanwhile
        return None


def _joined(*halves: LabelledImages) -> LabelledImages:
    return LabelledImages(torch.cat([half.images for half in halves]), torch.cat([half.labels for half in halves]))
