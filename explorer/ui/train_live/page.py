"""*Train LeNet live*: begin runs, watch them, rewind them, compare them. Knows the screen; trains nothing itself."""

import dataclasses

import streamlit as st

from explorer.errors import ExplorerError
from explorer.live import runs as jobs
from explorer.live.runs import find_job, live_jobs
from explorer.process import threads_beside_a_server
from explorer.training.devices import choose_device, in_words
from explorer.training.settings import Start
from explorer.training.timeline import Run, damaged_runs, list_runs, runs_root
from explorer.ui import studio
from explorer.ui.runs import settings_of
from explorer.ui.train_live import settings as train_settings
from explorer.ui.train_live.files import offer_files
from explorer.ui.train_live.pin import pin_picture
from explorer.words import counted

NONE = ""  # no second run


@st.fragment
def explore() -> None:
    """The run that is watched on top, what the next one is to be beneath it."""
    run, other = _runs_of_address()
    if "watch" in st.query_params and run:
        studio.show([run, other] if other else [run], key="studio of the audience", controls=False)
        return
    stage, below = st.container(), st.container()
    with below:
        begun = _ask(expanded=run is None)
        if damaged := damaged_runs(runs_root()):
            st.caption(f"Damaged, and not in the list of runs: {', '.join(damaged[:3])}{' …' if damaged[3:] else '.'}")
    if begun:
        run, other = begun, None
        _write_address(run, other)
    with stage:
        if run:
            _watch(run, other)
        else:
            st.info("Choose a beginning below, or change anything, and press Train.")


def _runs_of_address() -> tuple[str | None, str | None]:
    """The watched run and the one beside it: the address's, else the newest that trains now."""
    chosen = []
    for name in ("run", "with"):
        identity = st.query_params.get(name)
        if identity:
            try:
                settings_of(identity)
                chosen.append(identity)
                continue
            except ExplorerError as error:
                st.warning(str(error))
        chosen.append(None)
    run, other = chosen
    if run is None and "run" not in st.query_params and (live := live_jobs()):
        run = live[0].id
        st.query_params["run"] = run
    return run, other if run and other != run else None


def _write_address(run: str | None, other: str | None) -> None:
    parts = {name: value for name, value in (("run", run), ("with", other)) if value}
    st.query_params.from_dict(parts)


# ── what the next run is to be ───────────────────────────────────────────────────────────────────────────────────────


def _ask(*, expanded: bool) -> str | None:
    """The settings and the Train button; returns the id of a run that was just begun."""
    offered = train_settings.presets()
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.container(width="content")
        for name, wish in offered.items():
            st.button(name, key=f"preset {name}", on_click=train_settings.load, args=(wish,), help=wish.settings.title)
        st.caption(f"Trains on: {_device()}")
    start = train_settings.wished().settings.start
    if start:
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.info(f"Goes on from step {start.step:,} of {start.run}: change what you like, and press Train.")
        right.button("Begin afresh instead", on_click=_begin_afresh, width="stretch")
    with st.expander("Settings of the next run", expanded=expanded, key="train settings"):
        wish = train_settings.ask()
    with pressed:
        if not st.button("Train", type="primary", icon="▶", disabled=wish is None) or wish is None:
            return None
    commands = ({"name": "speed", "value": wish.steps_a_second},) if wish.steps_a_second else ()
    try:
        return jobs.start(wish.settings, data_dir=wish.folder, download=wish.download, commands=commands)
    except ExplorerError as error:
        st.error(str(error))
        return None


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


def _watch(run: str, other: str | None) -> None:
    run, other = _choose_runs(run, other)
    rest = studio.show(
        [run, other] if other else [run],
        key="studio",
        controls=True,
        on_branch=_branch,
    )
    left, middle, right = st.columns(3)
    with left:
        pin_picture([run, other] if other else [run])
    with middle:
        offer_files(run, rest.get(run))
    with right, st.popover("Show it to an audience", width="stretch"):
        st.markdown("A view without buttons, for any number of viewers. Watching costs the training nothing.")
        st.code(f"/train_live?run={run}{f'&with={other}' if other else ''}&watch=1", language=None)
        st.caption("Put this machine's address before it; how to open the server to a network stands in the README.")


def _choose_runs(run: str, other: str | None) -> tuple[str, str | None]:
    """The runs on this machine, to watch one or two of them."""
    known = {one.id: one for one in list_runs(runs_root())}
    names = list(known)
    for identity in (other, run):
        if identity and identity not in known:  # has just begun, or is older than the list
            names.insert(0, identity)
    left, right = st.columns(2)
    chosen = _select(left, "Run", names, run, known)
    beside = _select(right, "Compare with", [NONE, *(name for name in names if name != chosen)], other or NONE, known)
    if (chosen, beside or None) != (run, other):
        _write_address(chosen, beside or None)
    return chosen, beside or None


def _select(column, label: str, names: list[str], value: str, known: dict[str, Run]) -> str:
    key = f"train {label}"
    if st.session_state.get(f"{key} shown") != value:  # the address, a new run or a branch says so
        st.session_state[key] = st.session_state[f"{key} shown"] = value if value in names else names[0]
    elif st.session_state.get(key) not in names:
        st.session_state[key] = names[0]
    chosen = column.selectbox(label, names, key=key, format_func=lambda name: _title(name, known.get(name)))
    st.session_state[f"{key} shown"] = chosen
    return chosen


def _title(identity: str, run: Run | None) -> str:
    if not identity:
        return "no other run"
    when = f"{identity[9:11]}:{identity[11:13]}:{identity[13:15]}"
    job = find_job(identity)
    settings = job.settings if job else run.settings if run else None
    return f"{when}  {settings.title if settings else ''}"
