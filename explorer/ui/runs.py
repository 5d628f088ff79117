"""The runs that a page shows: begun, found again by the address, kept while others are looked at, asked at a moment.

Knows jobs, recorded runs and where the session stands; not what is learned, and it draws nothing but a sentence.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import streamlit as st

from explorer.data.labelled import LabelledImages
from explorer.errors import ExplorerError
from explorer.live import runs as jobs
from explorer.live.channel import channel
from explorer.live.runs import find_job
from explorer.training.control import Command
from explorer.training.settings import RunSettings
from explorer.training.timeline import read_run, run_folder, runs_root, snapshot_steps
from explorer.ui.place import keep_runs, place
from explorer.ui.studio import MOST_RUNS

OTHER = "it is none of this exhibit's"  # why a run is not shown
TRIES = 3
REFRESH = 3.0  # seconds
Rest = dict[str, int]  # run → the step at which its time slider rests; {} while it follows the training
Fits = Callable[[str, Sequence[str]], str]
T = TypeVar("T")


def settings_of(name: str) -> RunSettings:
    """What a run is. Raises ExplorerError for an unknown one."""
    job = find_job(name)
    return job.settings if job else read_run(runs_root(), name).settings


def shown(page: str, fits: Fits) -> tuple[str, ...]:
    """The runs that are shown with the present exhibit, at first those of the address; one note says which are left out.

    fits: (a run, those before it) → "", or why it is not shown here; raises ExplorerError for an unknown one.
    """
    here = place(page)
    wanted, kept, reasons = here.runs.get(here.exhibit, ()), [], []
    for name in wanted[:MOST_RUNS]:
        try:
            why = fits(name, kept)
        except ExplorerError:
            why = "it is not on this machine"
        if why:
            reasons.append(why)
        else:
            kept.append(name)
    if len(kept) < len(wanted):
        why = "; ".join(dict.fromkeys(reasons)) or f"{MOST_RUNS} fit side by side"
        st.warning(f"A run that was to be shown is left out: {why}. Train it again, or go on with what is shown.")
        keep_runs(page, tuple(kept))
    return tuple(kept)


def begin(
    page: str,
    wanted: Callable[[], Sequence[RunSettings]],
    data_dir: Path | None = None,
    commands: tuple[Command, ...] = (),
) -> None:
    """Begin the runs that are wanted, all or none; those shown before make room for them. A button's callback.

    wanted: asked when the button is pressed, which may be before the page has drawn the newest settings. commands: obeyed
    before the first step.
    """
    here = place(page)
    former = here.runs.get(here.exhibit, ())
    try:
        begun = jobs.begin_together(wanted(), instead_of=former, data_dir=data_dir, commands=commands)
    except ExplorerError as error:
        st.session_state[f"explorer.runs problem {page}"] = str(error)
    else:
        keep_runs(page, begun)


def problem(page: str) -> str:
    """Once, why the runs that were wanted last could not begin; "" where they could."""
    return st.session_state.pop(f"explorer.runs problem {page}", "")


def refresh(names: Sequence[str]) -> float | None:
    """Seconds between two looks at what these runs answer; None while none of them trains."""
    return REFRESH if any_live(names) else None


def any_live(names: Sequence[str]) -> bool:
    """Whether one of them trains now."""
    return any((job := find_job(name)) is not None and job.live for name in names)


def moment(name: str, rest: Rest) -> int:
    """The snapshot of a run that is looked at: where the slider rests, else the newest. Raises ExplorerError for none."""
    kept = snapshot_steps(run_folder(runs_root(), name))
    if not kept:
        told = "its answer comes with the first snapshot" if any_live([name]) else "train it again"
        raise ExplorerError(f"Nothing is recorded of this run: {told}.")
    return rest.get(name, kept[-1])


def at_moment(name: str, rest: Rest, look: Callable[[int], T]) -> tuple[int, T]:
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


def pin(names: Sequence[str], pictures: LabelledImages) -> None:
    """Show everybody who watches these runs one picture (1, 1, 32, 32) at every moment. A button's callback."""
    label = int(pictures.labels[0])
    for name in names:
        try:
            channel(name).pin(pictures.images[0, 0].numpy(), label if label >= 0 else None)
        except ExplorerError as error:
            st.toast(str(error))
