"""Two runs side by side that differ in one thing. Knows the screen and the address; training/duels.py says which runs."""

import streamlit as st

from explorer.data.datasets import describe_data_set
from explorer.errors import ExplorerError
from explorer.live import runs as jobs
from explorer.training.duels import DUELS, Duel
from explorer.training.timeline import read_run, runs_root
from explorer.ui import studio

PACE = 50.0  # steps a second at first: slow enough to be watched
PARAMETER = "runs"  # of the address: both ids, joined by a dot
OFFLINE = "digits"  # where there is no copy of the data set


def show_duel(
    name: str, *, panels: tuple[str, ...] = ("kernels", "distributions")
) -> tuple[tuple[str, str], dict] | None:
    """The button that trains both runs of the duel, and both runs, live, once they are begun.

    Returns their ids and where the time slider rests ({} at the newest); None before they are begun.
    """
    duel = _with_data_at_hand(DUELS[name])
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.markdown(f"**See it in training: {duel.names[0]} against {duel.names[1]}.** {duel.watch}")
    key = f"explorer.duel {name}"
    if key not in st.session_state and (found := _runs_of_address(duel)):
        st.session_state[key] = found
    right.button(
        "Train both again" if key in st.session_state else "Train both",
        type="primary",
        key=f"{key} begin",
        on_click=_begin,
        args=(key, duel),
        width="stretch",
    )
    if problem := st.session_state.pop(f"{key} problem", None):
        st.error(problem)
    runs = st.session_state.get(key)
    if not runs:
        return None
    st.query_params[PARAMETER] = ".".join(runs)
    rest = studio.show(
        runs,
        key=f"studio {name}",
        panels=panels,
        controls=True,
        titles=dict(zip(runs, duel.names, strict=True)),
    )
    with st.expander("The commands that train the same"):
        for run in duel.runs:
            st.code(run.command(), language="bash", wrap_lines=True)
    return runs, rest


def _with_data_at_hand(duel: Duel) -> Duel:
    """The duel on the data set that it names, or on the small digits where there is no copy of that."""
    return duel if describe_data_set(duel.runs[0].data).found else duel.with_data(OFFLINE)


def _begin(key: str, duel: Duel) -> None:
    """Begin both, or none; the runs of the same button that are still going on make room for them."""
    try:
        pace = ({"name": "speed", "value": PACE},)
        st.session_state[key] = jobs.begin_together(duel.runs, instead_of=st.session_state.get(key, ()), commands=pace)
    except ExplorerError as error:
        st.session_state[f"{key} problem"] = str(error)


def _runs_of_address(duel: Duel) -> tuple[str, str] | None:
    """Both runs that an address names, if they are there and are runs of this duel."""
    names = tuple(st.query_params.get(PARAMETER, "").split("."))
    if len(names) != 2 or names[0] == names[1]:
        return None
    try:
        found = [read_run(runs_root(), name).settings.design for name in names]
    except ExplorerError:
        return None
    return names if found == [settings.design for settings in duel.runs] else None
