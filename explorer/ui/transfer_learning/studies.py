"""Accuracy against the number of examples, and against the cut: studies in a process of their own. Knows widgets and jobs."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from explorer.data.datasets import describe_data_set
from explorer.errors import ExplorerError
from explorer.figures.transfer import examples_figure
from explorer.live import studies as study_jobs
from explorer.study.study import Study, list_studies, means, possible_counts, read_study
from explorer.training.run import load_data
from explorer.training.settings import STUDENTS
from explorer.training.sources import source_of
from explorer.training.timeline import run_folder, runs_root
from explorer.training.transfer import LARGE_SIDE, SHORT_LARGE
from explorer.ui.place import change, place
from explorer.ui.plain import plain
from explorer.ui.shell import is_dark
from explorer.ui.transfer_learning.extractor import DEPTH_RATE, Extractor
from explorer.ui.transfer_learning.keys import PAGE, QUIET, key
from explorer.ui.transfer_learning.settings import MOST_SEEDS, TASKS
from explorer.ui.transfer_learning.task import Task
from explorer.words import counted, duration, fixed

REFRESH = 1.0  # seconds between two looks at a study
FEW = 10  # examples a class at most that a large network is measured with at first


def show_study(extractor: Extractor, task: Task) -> None:
    """The button, the study that is measured or chosen, and its chart."""
    st.markdown("**Accuracy against the number of examples**")
    kept = {one.id: one for one in list_studies(runs_root())}
    wanted = place(PAGE).settings.study
    left, middle, right = st.columns([2.4, 1, 1.2], vertical_alignment="bottom")
    seeds = middle.number_input(
        "Repetitions",
        1,
        MOST_SEEDS,
        place(PAGE).settings.seeds,
        key=key("seeds"),
        help="Each with other pictures and other first weights.",
    )
    change(PAGE, seeds=seeds)
    problem = task.problem or extractor.problem
    if right.button("Measure", key=f"{PAGE} measure", icon="▶", disabled=bool(problem), width="stretch"):
        begun = _begin(extractor, task, seeds)
        wanted = begun or wanted
    options = [name for name in kept if len(kept[name].study.counts) > 1 or name == wanted]
    same = (extractor.source.key, extractor.cut, task.data, _data_dir(task))
    if not wanted:  # the newest of this very task
        mine = [name for name in options if _about(kept[name].study) == same]
        wanted = mine[0] if mine else ""
    if wanted and wanted not in options:
        options.insert(0, wanted)
    if options:
        chosen = left.selectbox(
            "Study",
            options,
            index=options.index(wanted) if wanted else None,
            placeholder="none of this task yet: measure, or choose another task's",
            format_func=lambda name: title(name, kept[name].study if name in kept else None),
            key=f"{key('study')} {wanted} {len(options)}",
        )
        if chosen:
            change(PAGE, study=chosen)
            show_points(chosen)
    else:
        left.caption(
            "Each student is trained anew for every number of examples, several times: some two minutes in all."
        )


def _data_dir(task: Task) -> str:
    return str(task.folder.absolute()) if task.folder else ""


def _about(study: Study) -> tuple[str, str, str, str]:
    return study.source, study.cut, study.data, study.data_dir


def title(identity: str, study: Study | None) -> str:
    """As one reads it in a list: "08:31 Digits 5–9 (MNIST), from LeNet-5, digits 0–4, up to f6"."""
    job = study_jobs.find(identity)
    study = study or (job.study if job else None)
    when = f"{identity[9:11]}:{identity[11:13]}"
    if study is None:
        return when
    try:
        source = source_of(study.source).title
    except ExplorerError:
        source = "a run that is gone"
    return f"{when}  {TASKS.get(study.data, study.data)}, from {source}, up to {study.cut}"


def _begin(extractor: Extractor, task: Task, seeds: int) -> str | None:
    students = place(PAGE).settings.students or tuple(STUDENTS)
    try:
        study = Study(
            extractor.source.key,
            extractor.cut,
            task.data,
            seeds=seeds,
            students=students,
            depth_rate=DEPTH_RATE,
            data_dir=_data_dir(task),
        )
        with st.spinner("Looking how many pictures there are …"):
            counts = possible_counts(load_data(study.settings(students[0]), task.folder), study.counts)
        if extractor.source.side > LARGE_SIDE:
            counts = tuple(count for count in counts if count <= FEW) or counts[:1]
            study = dataclasses.replace(study, steps=SHORT_LARGE)
        return study_jobs.start(dataclasses.replace(study, counts=counts)).id
    except ExplorerError as error:
        st.error(plain(str(error)))
        return None


def show_points(identity: str) -> None:
    """A study's chart; while it is measured, its progress and the button that stops it."""
    job = study_jobs.find(identity)

    @st.fragment(run_every=REFRESH if job and job.live else None)
    def follow() -> None:
        now = study_jobs.find(identity)
        if now and now.live:
            _show_progress(now)
        elif job and job.live:
            st.rerun(scope="app")
        elif now and now.message:
            st.error(plain(now.message))
        try:
            study, points = (now.study, now.points) if now else _read(identity)
        except ExplorerError as error:
            st.warning(plain(str(error)))
            return
        if not now or not now.live:
            _offer_to_go_on(identity, study, len(points))
        if points:
            _show_chart(study, points)

    follow()


def _read(identity: str) -> tuple[Study, Sequence]:
    found = read_study(run_folder(runs_root(), identity))
    return found.study, found.points


def _show_progress(job: study_jobs.StudyJob) -> None:
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    done = len(job.points)
    words = (
        f"{done} of {counted(job.total, 'training')}" if done else "Starting: PyTorch is loaded in a process of its own"
    )
    if done > 2:
        words += f", about {duration(sum(point.seconds for point in job.points) / done * (job.total - done))} to go"
    left.progress(min(1.0, done / job.total), words)
    if right.button("Stop", key=f"{PAGE} stop {job.id}", width="stretch", help="What was measured is kept."):
        job.stop()


def _offer_to_go_on(identity: str, study: Study, done: int) -> None:
    total = len(study.counts) * study.seeds * len(study.students)
    if done < total and st.button(
        f"Go on: {done} of {counted(total, 'training')} are done", key=f"{PAGE} resume {identity}", width="content"
    ):
        try:
            study_jobs.resume(identity)
        except ExplorerError as error:
            st.error(plain(str(error)))
        st.rerun(scope="app")


def _show_chart(study: Study, points: Sequence) -> None:
    found = means(points)
    figure = examples_figure(found, STUDENTS, study.counts, guess=guess(study.data, study.data_dir), dark=is_dark())
    st.plotly_chart(figure, key=f"{PAGE} examples", theme=None, config=QUIET)
    seeds = max(mean.seeds for mean in found)
    bars = (
        f"the bars are their standard deviation over {counted(seeds, 'repetition')}"
        if seeds > 1
        else "one repetition so far"
    )
    last = [point.seconds for point in points if point.student == "last"]
    instant = (
        f" Last layers only took {fixed(sum(last) / len(last), 1)} s each: what is frozen was computed once."
        if last
        else ""
    )
    st.caption(f"Means over the whole test half; {bars}.{instant}")
    with st.expander("The command that measures the same"):
        st.code(study.command(), language="bash", wrap_lines=True)


def guess(data: str, folder: str = "") -> float:
    """What guessing reaches, in [0, 1]."""
    classes = describe_data_set(data, Path(folder) if folder else None).classes
    return 1 / classes if classes else 0.0
