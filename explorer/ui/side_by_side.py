"""One to three runs that a page begins and shows beside each other. Knows the session and the address; not what is learned."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from explorer.data.labelled import LabelledImages
from explorer.errors import ExplorerError
from explorer.live import runs as jobs
from explorer.live.channel import channel
from explorer.live.runs import find_job
from explorer.training.settings import RunSettings
from explorer.training.timeline import read_run, run_folder, runs_root, snapshot_steps
from explorer.ui import studio

PARAMETER = "runs"  # of the address: the runs' names, joined by dots
TRIES = 3
Titles = Callable[[RunSettings], str]
T = TypeVar("T")


def runs_of(page: str, fits: Callable[[RunSettings], bool]) -> tuple[str, ...]:
    """The runs that this session shows on the page; at first those of the address, with a note where some are left out.

    fits: whether a run belongs to the page.
    """
    if _key(page) not in st.session_state:
        names = [name for name in st.query_params.get(PARAMETER, "")[:400].split(".") if name]
        found = [name for name in dict.fromkeys(names) if _fits(name, fits)][: studio.MOST_RUNS]
        if len(found) < len(names):
            st.warning(
                "Not all runs of the address are on this machine: train them again, or go on with what is shown."
            )
        st.session_state[_key(page)] = tuple(found)
    shown = st.session_state[_key(page)]
    kept = tuple(name for name in shown if _fits(name, fits))
    if len(kept) < len(shown):
        st.warning("A run that was shown here is gone from the folder of runs: train it again.")
        st.session_state[_key(page)] = kept
    _write(kept)
    return kept


def begin(page: str, wanted: Callable[[], Sequence[RunSettings]]) -> None:
    """Begin the runs that are wanted, all or none; the page's former ones make room for them. A button's callback.

    wanted: asked when the button is pressed, which may be before the page has drawn the newest settings.
    """
    try:
        begun = jobs.begin_together(wanted(), instead_of=st.session_state.get(_key(page), ()))
    except ExplorerError as error:
        st.session_state[f"{_key(page)} problem"] = str(error)
    else:
        st.session_state[_key(page)] = begun


def show(page: str, runs: Sequence[str], title: Titles, *, panels: Sequence[str]) -> dict[str, int]:
    """The runs, live, under one time slider; returns where it rests ({} at the newest)."""
    if problem := st.session_state.pop(f"{_key(page)} problem", None):
        st.error(problem)
    if not runs:
        return {}
    return studio.show(
        runs,
        key=f"studio of {page}",
        panels=panels,
        controls=True,
        titles={name: title(settings_of(name)) for name in runs},
    )


def offer_to_follow(page: str, runs: Sequence[str], pictures: LabelledImages) -> None:
    """A button that pins one picture (1, 1, 32, 32): the studio then shows it at every moment of the runs."""
    if runs:
        st.button(
            "Follow it through the training",
            key=f"{page} follow",
            on_click=_pin,
            args=(tuple(runs), pictures),
            help="Everybody who watches these runs sees it as their pinned picture, at every moment of the time slider.",
            width="stretch",
        )


def _pin(runs: Sequence[str], pictures: LabelledImages) -> None:
    label = int(pictures.labels[0])
    for name in runs:
        try:
            channel(name).pin(pictures.images[0, 0].numpy(), label if label >= 0 else None)
        except ExplorerError as error:
            st.toast(str(error))


def settings_of(name: str) -> RunSettings:
    """What a run is. Raises ExplorerError for an unknown one."""
    job = find_job(name)
    return job.settings if job else read_run(runs_root(), name).settings


def any_live(runs: Sequence[str]) -> bool:
    """Whether one of them trains now."""
    return any((job := find_job(name)) is not None and job.live for name in runs)


def moment(name: str, rest: dict[str, int]) -> int:
    """The snapshot of a run that is looked at: where the slider rests, else the newest. Raises ExplorerError for none."""
    kept = snapshot_steps(run_folder(runs_root(), name))
    if not kept:
        told = "its answer comes with the first snapshot" if any_live([name]) else "train it again"
        raise ExplorerError(f"Nothing is recorded of this run: {told}.")
    return rest.get(name, kept[-1])


def at_moment(name: str, rest: dict[str, int], look: Callable[[int], T]) -> tuple[int, T]:
    """The moment of a run that is looked at, and what `look` finds there. Raises ExplorerError for none.

    While it trains, the newest snapshot gives way to a newer one at any time: then that one is looked at.
    """
    for _ in range(TRIES):
        step = moment(name, rest)
        try:
            return step, look(step)
        except ExplorerError:
            if name in rest:
                break
    return step, look(step)


def _key(page: str) -> str:
    return f"explorer.runs of {page}"


def _write(runs: Sequence[str]) -> None:
    if runs:
        st.query_params[PARAMETER] = ".".join(runs)
    elif PARAMETER in st.query_params:
        del st.query_params[PARAMETER]


def _fits(name: str, fits: Callable[[RunSettings], bool]) -> bool:
    try:
        return fits(settings_of(name))
    except ExplorerError:
        return False
