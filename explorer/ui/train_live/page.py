"""*Train LeNet live*: begin runs, watch them, rewind them, compare them. Knows the screen; trains nothing itself."""

import dataclasses

import streamlit as st

from explorer.errors import ExplorerError
from explorer.live import runs as jobs
from explorer.live.runs import find_job, live_jobs
from explorer.process import threads_beside_a_server
from explorer.training.devices import choose_device, in_words
from explorer.training.recordings import LIVE, is_recorded, recorded
from explorer.training.settings import Start
from explorer.training.timeline import Run, damaged_runs, list_runs, runs_root
from explorer.ui import studio
from explorer.ui.frame import controls, frame
from explorer.ui.runs import settings_of
from explorer.ui.train_live import settings as train_settings
from explorer.ui.train_live.files import offer_files
from explorer.ui.train_live.pin import pin_picture
from explorer.words import counted

NONE = ""  # no second run


@st.fragment
def explore() -> None:
    """The run that is watched on the stage, what the next one is to be beside it; before the first a recorded one."""
    run, other, problems = _runs_of_address()
    if "watch" in st.query_params and run:
        studio.show([run, other] if other else [run], key="studio of the audience", controls=False)
        return
    places = frame()
    with places.bar:
        controls("train_live", settings=True)
    with places.settings:
        wish = train_settings.ask()
        st.caption(f"Trains on: {_device()}")
        if damaged := damaged_runs(runs_root()):
            st.caption(f"Damaged, and not in the list of runs: {', '.join(damaged[:3])}{' …' if damaged[3:] else '.'}")
    with places.stage:
        row = st.container(horizontal=True, vertical_alignment="center", gap="small", key="train row")
        with row:
            begun, problem = _begin(wish)
        if begun:
            run, other = begun, None
            _write_address(run, other)
        for told in problems:
            st.warning(told)
        if problem:
            st.error(problem)
        with row:
            known = {one.id: one for one in list_runs(runs_root())}
            if run or known:
                run, other = _choose_runs(run, other, known)
        shown = [run, other] if other else [run] if run else list(recorded(LIVE))
        titles = {name: settings_of(name).title for name in shown if is_recorded(name)}
        rest = studio.show(shown, key="studio", controls=True, on_branch=_branch, titles=titles) if shown else {}
    with places.line:
        _tell_next()
        if run:
            _offer(run, other, rest)


def _runs_of_address() -> tuple[str | None, str | None, list[str]]:
    """The watched run and the one beside it: the address's, else the newest that trains now; and why one is not there."""
    chosen, problems = [], []
    for name in ("run", "with"):
        identity = st.query_params.get(name)
        if identity:
            try:
                settings_of(identity)
                chosen.append(identity)
                continue
            except ExplorerError as error:
                problems.append(str(error))
        chosen.append(None)
    run, other = chosen
    if run is None and "run" not in st.query_params and (live := live_jobs()):
        run = live[0].id
        st.query_params["run"] = run
    return run, other if run and other != run else None, problems


def _write_address(run: str | None, other: str | None) -> None:
    parts = {name: value for name, value in (("run", run), ("with", other)) if value}
    st.query_params.from_dict(parts)


# ── what the next run is to be ───────────────────────────────────────────────────────────────────────────────────────


def _begin(wish: train_settings.Wish | None) -> tuple[str | None, str]:
    """The Train button and what one may begin with; the id of a run that was just begun, or why it could not be."""
    pressed = st.button("Train", type="primary", icon="▶", disabled=wish is None)
    for name, offered in train_settings.presets().items():
        st.button(
            name, key=f"preset {name}", on_click=train_settings.load, args=(offered,), help=offered.settings.title
        )
    if not pressed or wish is None:
        return None, ""
    commands = ({"name": "speed", "value": wish.steps_a_second},) if wish.steps_a_second else ()
    try:
        return jobs.start(wish.settings, data_dir=wish.folder, download=wish.download, commands=commands), ""
    except ExplorerError as error:
        return None, str(error)


def _tell_next() -> None:
    """What the next run goes on from, else what one can do here."""
    start = train_settings.wished().settings.start
    if start is None:
        st.markdown("Press **Train**, and pull the slider back through the whole run afterwards.", width="stretch")
        return
    st.markdown(
        f"**Goes on from step {start.step:,} of {start.run}**: change what you like in the settings, and press Train.",
        width="stretch",
    )
    st.button("Begin afresh instead", on_click=_begin_afresh)


def _device() -> str:
    device = choose_device("auto")
    threads = threads_beside_a_server()
    return in_words(device) if device.type != "cpu" else f"CPU, {counted(threads, 'thread')}"


def _begin_afresh() -> None:
    wish = train_settings.wished()
    train_settings.load(dataclasses.replace(wish, settings=dataclasses.replace(wish.settings, start=None)))


def _branch(run: str, step: int) -> None:
    """Put a run's settings into the widgets, to go on from one of its snapshots."""
    try:
        settings = settings_of(run)
    except ExplorerError as error:
        st.toast(str(error))
        return
    wish = train_settings.wished()
    train_settings.load(dataclasses.replace(wish, settings=dataclasses.replace(settings, start=Start(run, step))))


# ── the run that is watched ──────────────────────────────────────────────────────────────────────────────────────────


def _offer(run: str, other: str | None, rest: dict[str, int]) -> None:
    """What is done with the run that is watched."""
    pin_picture([run, other] if other else [run])
    offer_files(run, rest.get(run))
    with st.popover("Show it to an audience"):
        st.markdown("A view without buttons, for any number of viewers. Watching costs the training nothing.")
        st.code(f"/train_live?run={run}{f'&with={other}' if other else ''}&watch=1", language=None)
        st.caption("Put this machine's address before it; how to open the server to a network stands in the README.")


def _choose_runs(run: str | None, other: str | None, known: dict[str, Run]) -> tuple[str | None, str | None]:
    """The runs on this machine, to watch one or two of them."""
    names = list(known)
    for identity in (other, run):
        if identity and identity not in known:  # has just begun, or is older than the list
            names.insert(0, identity)
    chosen = _select("Run", [*names, NONE], run or NONE, known, "a recorded run")
    others = [NONE, *(name for name in names if name != chosen)] if chosen else [NONE]
    beside = _select("Compare with", others, other or NONE, known, "no other run")
    if (chosen, beside) != (run or NONE, other or NONE):
        _write_address(chosen or None, beside or None)
    return chosen or None, beside or None


def _select(label: str, names: list[str], value: str, known: dict[str, Run], none: str) -> str:
    key = f"train {label}"
    if st.session_state.get(f"{key} shown") != value:  # the address, a new run or a branch says so
        st.session_state[key] = st.session_state[f"{key} shown"] = value if value in names else names[0]
    elif st.session_state.get(key) not in names:
        st.session_state[key] = names[0]
    chosen = st.selectbox(
        label,
        names,
        key=key,
        format_func=lambda name: _title(name, known.get(name)) if name else none,
        label_visibility="collapsed",
    )
    st.session_state[f"{key} shown"] = chosen
    return chosen


def _title(identity: str, run: Run | None) -> str:
    when = f"{identity[9:11]}:{identity[11:13]}:{identity[13:15]}"
    job = find_job(identity)
    settings = job.settings if job else run.settings if run else None
    return f"{when}  {settings.title if settings else ''}"
