"""The training studio in the browser. Knows the message to it and what may come back; neither runs nor their server."""

import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

import streamlit as st

from explorer.figures.colours import CLASS_COLOURS, scales
from explorer.figures.series import COLOURS
from explorer.live import wire
from explorer.training.recordings import is_recorded
from explorer.ui import components
from explorer.ui.server import run_path

PANELS = ("scenes", "kernels", "maps", "confusion", "distributions")
MOST_RUNS = 3
RUN_ID = re.compile(r"[\w.-]{1,100}")


def show(
    run_ids: Sequence[str],
    *,
    key: str,
    panels: Sequence[str] = PANELS,
    controls: bool = False,
    on_branch: Callable[[str, int], None] | None = None,
    titles: Mapping[str, str] | None = None,
) -> dict[str, int]:
    """Draw one to three runs, live, under one time slider.

    panels: some of PANELS, beside curves, picture and probabilities, which always show; "scenes" are the test pictures of
    runs that learn masks or boxes. controls: whether there are buttons; their commands go to the server's routes, not
    through the page; runs that come with the application have none, and are called recorded. on_branch: called with the run
    and the snapshot's step that "Continue from here" names. titles: run → words until the server sends the run's own.
    Returns {run: step} where the slider rests, {} while it follows the training.
    """
    if not 1 <= len(run_ids) <= MOST_RUNS or len(set(run_ids)) != len(run_ids):
        raise ValueError(f"one to {MOST_RUNS} different runs can be shown, not {len(run_ids)}")

    def hear_branch() -> None:
        found = read_branch(st.session_state[key].get("branch"), run_ids)
        if found and on_branch:
            on_branch(*found)

    def hear_rest() -> None:
        # The component's own state is gone once it is not drawn: a copy lets it come back where it was.
        st.session_state[f"{key} rest"] = read_rest(st.session_state[key].get("rest"), run_ids)

    rest = read_rest(st.session_state.get(f"{key} rest"), run_ids)
    controls = controls and not any(map(is_recorded, run_ids))
    data = message(
        run_ids, panels=panels, controls=controls, branches=on_branch is not None, titles=titles or {}, rest=rest
    )
    components.studio(
        key=key,
        data=data,
        on_branch_change=hear_branch if controls else lambda: None,
        on_rest_change=hear_rest,
        height="stretch",
    )
    return rest


def message(
    run_ids: Sequence[str],
    *,
    panels: Sequence[str],
    controls: bool,
    branches: bool,
    titles: Mapping[str, str],
    rest: Mapping[str, int],
) -> bytes:
    """What the browser is given: addresses and colours; everything else it asks the server for. Paths only, no host."""
    header = {
        "runs": [_run(name, titles.get(name, "")) for name in run_ids],
        "controls": bool(controls),
        "branches": bool(controls and branches),
        "panels": [panel for panel in PANELS if panel in panels],
        "scales": scales(),
        "awaits_scenes": tuple(panels) != PANELS and "scenes" in panels,  # else there may come none: no room is kept
        "classes": CLASS_COLOURS,
        "colours": {theme: colours[:MOST_RUNS] for theme, colours in COLOURS.items()},
        "rest": dict(rest),
    }
    return wire.pack(header, [])


def _run(name: str, title: str) -> dict[str, str | bool]:
    if not RUN_ID.fullmatch(name):
        raise ValueError(f"{name!r} is no run's name")
    path = run_path(quote(name))
    named = bool(title)  # else the run's own title comes with its first message
    title = f"Recorded: {title}" if title and is_recorded(name) else title
    return {
        "id": name,
        "title": title or name,
        "named": named,
        "events": f"{path}/events",
        "frames": f"{path}/frames/",
        "commands": f"{path}/commands",
    }


def read_branch(sent: object, run_ids: Sequence[str]) -> tuple[str, int] | None:
    """(run, step) of the snapshot to continue from, checked; None for anything else."""
    if not isinstance(sent, Mapping):
        return None
    run, step = sent.get("run"), sent.get("step")
    return (run, step) if isinstance(run, str) and run in run_ids and _is_step(step) else None


def read_rest(sent: object, run_ids: Sequence[str]) -> dict[str, int]:
    """Where the slider rests, {run: step}, with only the known runs and whole steps."""
    if not isinstance(sent, Mapping):
        return {}
    return {run: sent[run] for run in run_ids if _is_step(sent.get(run))}


def _is_step(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**53
