"""Accuracy against the cut: every run and study of the same task, and a study at each cut, one after the other. Knows jobs."""

from collections import defaultdict

import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.transfer import cuts_figure
from explorer.live import studies as study_jobs
from explorer.live.runs import story_of
from explorer.study.study import Study, list_studies
from explorer.training.settings import STUDENTS
from explorer.training.timeline import list_runs, runs_root
from explorer.training.transfer import LARGE_SIDE, SHORT_LARGE
from explorer.ui import cache
from explorer.ui.place import place
from explorer.ui.plain import plain
from explorer.ui.shell import is_dark
from explorer.ui.transfer_learning import collection as own
from explorer.ui.transfer_learning.extractor import DEPTH_RATE, Extractor
from explorer.ui.transfer_learning.keys import PAGE, QUIET
from explorer.ui.transfer_learning.studies import REFRESH, guess
from explorer.ui.transfer_learning.task import Task
from explorer.words import counted

SEEDS = 3
_QUEUE = f"{PAGE} cuts to measure"  # studies that wait for the one before
Accuracies = dict[str, dict[str, list[float]]]  # student → cut → one a training


def show_cuts(extractor: Extractor, task: Task) -> None:
    """The chart over all cuts of this source and task, and the button that measures all of them."""
    st.markdown("**Accuracy by where the network is cut**")
    problem = task.problem or extractor.problem or ("" if task.pictures else "Choose a number of training pictures.")
    waiting: list[Study] = st.session_state.setdefault(_QUEUE, [])
    if st.button(
        f"Measure all {counted(len(extractor.cuts), 'cut')}",
        key=f"{PAGE} measure cuts",
        icon="▶",
        disabled=bool(problem) or bool(waiting),
        help=f"Each student at each cut, {SEEDS} times with other pictures and first weights.",
    ):
        waiting.extend(_study(extractor, task, cut.layer) for cut in extractor.cuts)
    measuring = bool(waiting)

    @st.fragment(run_every=REFRESH if measuring else None)
    def follow() -> None:
        if measuring:
            _go_on(waiting, len(extractor.cuts))
        found = _found(extractor, task)
        if not found:
            st.caption("Nothing has been trained for this task yet: train three students above, or measure all cuts.")
            return
        titles = {STUDENTS[name]: found[name] for name in STUDENTS if name in found}
        layers = [cut.layer for cut in extractor.cuts]
        folder = str(task.folder.absolute()) if task.folder else ""
        figure = cuts_figure(layers, titles, guess=guess(task.data, folder), dark=is_dark())
        st.plotly_chart(figure, key=f"{PAGE} cuts", theme=None, config=QUIET)
        st.caption(
            "Every run and every study of this machine with this source, task and number of pictures: a dot each, the line is "
            "their mean. From scratch takes nothing over, wherever the cut is."
        )

    follow()


def _study(extractor: Extractor, task: Task, cut: str) -> Study:
    return Study(
        extractor.source.key, cut, task.data, counts=(task.pictures,), seeds=SEEDS,
        students=place(PAGE).settings.students or tuple(STUDENTS), depth_rate=DEPTH_RATE,
        data_dir=str(task.folder.absolute()) if task.folder else "",
        steps=SHORT_LARGE if extractor.source.side > LARGE_SIDE else Study.steps,
    )  # fmt: skip


def _go_on(waiting: list[Study], cuts: int) -> None:
    """Say how far it is; begin the next study once the one before is over."""
    running = st.session_state.get(f"{_QUEUE} now")
    job = study_jobs.find(running) if running else None
    if job and not job.live:
        waiting.pop(0)
        st.session_state.pop(f"{_QUEUE} now")
        if job.message:
            waiting.clear()
            st.session_state[f"{_QUEUE} failed"] = job.message
        job = None
    if job is None and waiting:
        try:
            job = study_jobs.start(waiting[0])
            st.session_state[f"{_QUEUE} now"] = job.id
        except ExplorerError as error:
            waiting.clear()
            st.session_state[f"{_QUEUE} failed"] = str(error)
    if not waiting:
        st.rerun(scope="app")
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    at = max(0, cuts - len(waiting))
    left.progress(
        min(1.0, (at + len(job.points) / job.total) / cuts), f"Cut {at + 1} of {cuts}: {plain(waiting[0].cut)}"
    )
    if right.button("Stop", key=f"{PAGE} stop cuts", width="stretch", help="What was measured is kept."):
        job.stop()
        waiting.clear()
        st.session_state.pop(f"{_QUEUE} now")  # else it would stand for the first of the next ones
        st.rerun(scope="app")


def _found(extractor: Extractor, task: Task) -> Accuracies:
    """Of finished runs and of studies: the same source, task and number of pictures."""
    if failed := st.session_state.pop(f"{_QUEUE} failed", None):
        st.error(plain(failed))
    found: Accuracies = defaultdict(lambda: defaultdict(list))
    source = extractor.source.key
    names = own.names() if task.data == "own" else ()
    for run in list_runs(runs_root()):
        transfer = run.settings.transfer
        if transfer is None or (transfer.source, run.settings.data) != (source, task.data):
            continue
        if names and run.classes != names:  # of another collection
            continue
        if run.settings.train_pictures == task.train_pictures and (accuracy := _accuracy(run)) is not None:
            found[transfer.student][transfer.cut].append(accuracy)
    folder = str(task.folder.absolute()) if task.folder else ""
    for kept in list_studies(runs_root()):
        study = kept.study
        if (study.source, study.data, study.data_dir) == (source, task.data, folder):
            for point in kept.points:
                if point.count == task.pictures:
                    found[point.student][study.cut].append(point.accuracy)
    return found


def _accuracy(run) -> float | None:
    """The last test accuracy of a finished run; None of any other. Kept as long as its events stay as they are."""
    try:
        changed = (run.folder / "events.jsonl").stat().st_mtime_ns
    except OSError:
        return None

    def make() -> float | None:
        story = story_of(run.id)
        return story.evaluations[-1][1] if story.state == "finished" and story.evaluations else None

    return cache.kept("final accuracy", (run.id, changed), _make=make)
