"""What a run is to be: the settings of *Train LeNet live*, as widgets. Knows widgets and settings; starts nothing."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from explorer.data.datasets import DATA_SETS, describe_data_set, with_targets
from explorer.errors import ExplorerError
from explorer.models.trainable import Design
from explorer.process import threads_beside_a_server
from explorer.settings.fields import OneOf
from explorer.settings.record import kinds_of
from explorer.training.config import TrainConfig
from explorer.training.recipes import FAST, RECIPES
from explorer.training.settings import RunSettings
from explorer.ui import widgets
from explorer.ui.settings import ask as ask_fields
from explorer.ui.staging import IN_SETTINGS
from explorer.words import counted, fixed

_KEY = "explorer.training settings"
OFFERED = ("lenet5", "colour", "deep")  # networks; the others belong to pages of their own
SETS = tuple(name for name in with_targets("classes") if name not in ("corner", "own"))  # those have pages of their own
NETWORK = OneOf("Network", OFFERED, lambda name: RECIPES[name].title, wide=1.6)
# What a network has a use for
USES = {
    "lenet5": ("activation", "pooling", "initialisation", "dropout", "batch_norm"),
    "colour": ("initialisation", "batch_norm"),
    "deep": ("activation", "initialisation", "dropout", "batch_norm"),
}
# How it is trained: what only networks for boxes have, and the machine's threads, are not asked
ASKED = tuple(name for name in kinds_of(TrainConfig) if name not in ("threads", "class_weight", "box_weight"))
SPEEDS = (1.0, 2.0, 5.0, 10.0, 50.0, None)
SPEED = OneOf("Speed at first", SPEEDS, lambda pace: f"{counted(pace, 'step')} a second" if pace else "Full")


@dataclass(frozen=True)
class Wish:
    """What is asked for. data_dir: "" is the usual place. steps_a_second: None is full speed. download: leave was given."""

    settings: RunSettings
    data_dir: str = ""
    download: bool = False
    steps_a_second: float | None = None

    @property
    def folder(self) -> Path | None:
        """Where the data set is looked for; None for the usual place."""
        return Path(self.data_dir).expanduser() if self.data_dir else None


def _plain(**changes: object) -> RunSettings:
    """LeNet-5 without variations of the pictures, as the page opens: MNIST where there is a copy, else the small digits."""
    data = "mnist" if describe_data_set("mnist").found else "digits"
    usual = {"epochs": 3.0 if data == "mnist" else 30.0, "batch_size": 64, "augmentation": "none"}
    config = dataclasses.replace(RECIPES["lenet5"].config, threads=threads_beside_a_server(), **{**usual, **changes})
    return RunSettings(data=data, config=config)


def presets() -> Mapping[str, Wish]:
    """What the page offers to begin with."""
    return {
        "First look": Wish(_plain()),
        "Slow motion": Wish(_plain(batch_size=16, schedule="constant"), steps_a_second=2.0),
        "Fast to 99 %": Wish(_plain(**FAST)),
        "Too high a rate": Wish(_plain(optimiser="sgd", schedule="constant", rate=1.0)),
    }


@dataclass(frozen=True)
class _Form:
    """token: raised whenever settings are loaded anew, so that the widgets take them over."""

    wish: Wish
    token: int = 0


def load(wish: Wish) -> None:
    """Put these settings into the widgets."""
    form = st.session_state.get(_KEY)
    st.session_state[_KEY] = _Form(wish, form.token + 1 if form else 0)


def wished() -> Wish:
    """The last settings that a run could be begun with."""
    if _KEY not in st.session_state:
        load(presets()["First look"])
    return st.session_state[_KEY].wish


def ask() -> Wish | None:
    """Show the widgets; returns what they say, or None, with one sentence on the screen, where it cannot be trained."""
    wish = wished()
    try:
        asked = _ask(wish)
    except ExplorerError as error:
        st.error(str(error))
        return None
    st.session_state[_KEY] = dataclasses.replace(st.session_state[_KEY], wish=asked)
    return asked


def _key(name: str) -> str:
    return f"train {name} {st.session_state[_KEY].token}"


def _ask(wish: Wish) -> Wish:
    settings = wish.settings
    data, data_dir, download, pictures = _ask_data(wish)
    design, refused = settings.design, None
    try:
        design = _ask_design(settings.design)
    except ExplorerError as error:  # told beneath; how it is trained is asked all the same
        refused = error
    config, speed = _ask_config(settings.config, wish.steps_a_second)
    if refused:
        raise refused
    return Wish(RunSettings(design, data, config, pictures, settings.start), data_dir, download, speed)


def _ask_data(wish: Wish) -> tuple[str, str, bool, int | None]:
    settings = wish.settings
    data = st.selectbox(
        "Data set",
        SETS,
        index=SETS.index(settings.data) if settings.data in SETS else 0,
        format_func=lambda name: DATA_SETS[name].title,
        key=_key("data"),
    )
    folder = st.text_input(
        "Its folder",
        wish.data_dir,
        placeholder="the usual place",
        key=_key("folder"),
        help="Where a copy lies on this machine. For your own pictures: a folder with one sub-folder for each class.",
    )
    pictures = st.number_input(
        "Training pictures",
        value=settings.train_pictures,
        min_value=1,
        step=100,
        placeholder="all",
        key=_key("pictures"),
        help="Use only so many, evenly from all classes. Few pictures show what is learned by heart.",
    )
    facts = describe_data_set(data, Path(folder).expanduser() if folder else None)
    download = False
    if facts.found:
        st.caption("A copy was found.")
    elif facts.download_bytes:
        download = st.checkbox(
            f"Download {fixed(facts.download_bytes / 1e6, 1)} MB from {facts.source}",
            wish.download,
            key=_key(f"download {data}"),
        )
    else:
        st.caption(f"Not found: needs {facts.source}.")
    if not facts.found and not download:
        remedy = "name the folder of a copy, or allow the download" if facts.download_bytes else "name its folder"
        raise ExplorerError(f"{facts.title} is not on this machine: {remedy}.")
    return data, folder, download, pictures


def _ask_design(design: Design) -> Design:
    network = widgets.ask(NETWORK, [st], design.network, _key("network"))
    return ask_fields(dataclasses.replace(design, network=network), USES[network], _key("design"), room=IN_SETTINGS)[0]


def _ask_config(config: TrainConfig, speed: float | None) -> tuple[TrainConfig, float | None]:
    above = st.container()
    pace = widgets.ask(SPEED, [st], speed, _key("speed"))  # first: what stands above may refuse
    with above:
        return ask_fields(config, ASKED, _key("config"), room=IN_SETTINGS)[0], pace
