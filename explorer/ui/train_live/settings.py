"""What a run is to be: the settings of *Train LeNet live*, as widgets. Knows widgets and settings; starts nothing."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from explorer.data.augment import AUGMENTATIONS
from explorer.data.datasets import DATA_SETS, describe_data_set, with_targets
from explorer.errors import ExplorerError
from explorer.models.activations import ACTIVATION_LAYERS
from explorer.models.initialise import INITIALISATIONS
from explorer.models.trainable import POOLINGS, Design
from explorer.process import threads_beside_a_server
from explorer.training.config import TrainConfig
from explorer.training.devices import available
from explorer.training.optimisers import OPTIMISERS
from explorer.training.recipes import FAST, RECIPES
from explorer.training.schedules import SCHEDULES
from explorer.training.settings import RunSettings
from explorer.words import counted, fixed

_KEY = "explorer.training settings"
OFFERED = ("lenet5", "colour", "deep")  # networks; the others belong to pages of their own
SETS = tuple(name for name in with_targets("classes") if name not in ("corner", "own"))  # those have pages of their own
ACTIVATIONS = {"relu": "ReLU", "leaky": "Leaky ReLU", "tanh": "tanh", "sigmoid": "Sigmoid"}
OPTIMISER_TITLES = {
    "sgd": "SGD",
    "momentum": "SGD with momentum",
    "adam": "Adam",
    "adamw": "AdamW",
    "rmsprop": "RMSprop",
}
SCHEDULE_TITLES = {
    "one_cycle": "One cycle: up, then down",
    "constant": "Constant",
    "cosine": "Cosine: down to 0",
    "steps": "Steps: ÷ 10 at ½ and ¾",
}


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
    design = _ask_design(settings.design)
    config, speed = _ask_config(settings.config, wish.steps_a_second)
    return Wish(RunSettings(design, data, config, pictures, settings.start), data_dir, download, speed)


def _ask_data(wish: Wish) -> tuple[str, str, bool, int | None]:
    columns = st.columns([1.6, 1.6, 1, 1.4], vertical_alignment="bottom")
    settings = wish.settings
    data = columns[0].selectbox(
        "Data set",
        SETS,
        index=SETS.index(settings.data) if settings.data in SETS else 0,
        format_func=lambda name: DATA_SETS[name].title,
        key=_key("data"),
    )
    folder = columns[1].text_input(
        "Its folder",
        wish.data_dir,
        placeholder="the usual place",
        key=_key("folder"),
        help="Where a copy lies on this machine. For your own pictures: a folder with one sub-folder for each class.",
    )
    pictures = columns[2].number_input(
        "Training pictures",
        value=settings.train_pictures,
        min_value=1,
        step=100,
        placeholder="all",
        key=_key("pictures"),
        help="Use only so many, evenly from all classes. Few pictures show what is learned by heart.",
    )
    facts = describe_data_set(data, Path(folder).expanduser() if folder else None)
    with columns[3]:
        if facts.found:
            st.caption("A copy was found.")
            download = False
        elif facts.download_bytes:
            download = st.checkbox(
                f"Download {fixed(facts.download_bytes / 1e6, 1)} MB from {facts.source}",
                wish.download,
                key=_key(f"download {data}"),
            )
        else:
            download = False
            st.caption(f"Not found: needs {facts.source}.")
    if not facts.found and not download:
        remedy = "name the folder of a copy, or allow the download" if facts.download_bytes else "name its folder"
        raise ExplorerError(f"{facts.title} is not on this machine: {remedy}.")
    return data, folder, download, pictures


def _ask_design(design: Design) -> Design:
    columns = st.columns([1.6, 1.2, 1.2, 1.4, 1, 1], vertical_alignment="bottom")
    network = columns[0].selectbox(
        "Network",
        OFFERED,
        index=OFFERED.index(design.network) if design.network in OFFERED else 0,
        format_func=lambda name: RECIPES[name].title,
        key=_key("network"),
    )
    lenet, bends = network == "lenet5", network != "colour"
    activation = _choose(columns[1], "Activation", ACTIVATION_LAYERS, design.activation, ACTIVATIONS, off=not bends)
    pooling = _choose(
        columns[2], "Pooling", POOLINGS, design.pooling, {"max": "Maximum", "average": "Average"}, not lenet
    )
    initialisation = _choose(columns[3], "Initialisation", INITIALISATIONS, design.initialisation, INITIALISATIONS)
    dropout = columns[4].number_input(
        "Dropout", 0.0, 0.95, design.dropout, 0.1, key=_key("dropout"), disabled=not bends, help="Of the dense layers."
    )
    batch_norm = columns[5].toggle("Batch norm", design.batch_norm, key=_key("batch_norm"))
    return Design(network, activation, pooling, initialisation, batch_norm, dropout)


def _ask_config(config: TrainConfig, speed: float | None) -> tuple[TrainConfig, float | None]:
    first = st.columns([1.6, 1, 1.6, 1, 1, 1.6], vertical_alignment="bottom")
    optimiser = _choose(first[0], "Optimiser", OPTIMISERS, config.optimiser, OPTIMISER_TITLES)
    rate = first[1].number_input(
        "Learning rate", value=config.rate, format="%g", step=0.001, key=_key("rate"), help="The peak of its schedule."
    )
    schedule = _choose(first[2], "Schedule", SCHEDULES, config.schedule, SCHEDULE_TITLES)
    batch_size = first[3].number_input("Batch size", value=config.batch_size, step=16, key=_key("batch_size"))
    decay = first[4].number_input("Weight decay", value=config.weight_decay, format="%g", step=0.01, key=_key("decay"))
    names = [name for name in config.augmentation.split("+") if name != "none"]
    varied = first[5].multiselect(
        "Augmentation",
        [name for name in AUGMENTATIONS if name != "none"],
        names,
        placeholder="none",
        key=_key("augmentation"),
    )
    second = st.columns([1, 1, 1, 1, 1.6, 1.2, 1], vertical_alignment="bottom")
    epochs = second[0].number_input("Epochs", value=float(config.epochs), format="%g", step=1.0, key=_key("epochs"))
    target = second[1].number_input(
        "Stop at accuracy, %",
        value=None if config.until_accuracy is None else 100 * config.until_accuracy,
        format="%g",
        step=0.5,
        placeholder="no",
        key=_key("target"),
        help="Ends the run once the test accuracy reaches this.",
    )
    seconds = second[2].number_input("Seconds", value=config.seconds, placeholder="no limit", key=_key("seconds"))
    seed = second[3].number_input(
        "Seed", value=config.seed, step=1, key=_key("seed"), help="First weights, order and variations of the pictures."
    )
    devices = available()
    device = second[4].selectbox(
        "Device",
        devices,
        index=devices.index(config.device) if config.device in devices else 0,
        format_func=lambda name: {"auto": "The fastest here", "cpu": "CPU", "cuda": "GPU", "mps": "Apple GPU"}[name],
        key=_key("device"),
    )
    speeds = (1.0, 2.0, 5.0, 10.0, 50.0, None)
    pace = second[5].selectbox(
        "Speed at first",
        speeds,
        index=speeds.index(speed) if speed in speeds else len(speeds) - 1,
        format_func=lambda pace: f"{counted(pace, 'step')} a second" if pace else "Full",
        key=_key("speed"),
    )
    mixed = second[6].toggle("bfloat16", config.bfloat16, key=_key("bfloat16"), help="Where the device has it.")
    asked = dataclasses.replace(
        config,
        epochs=epochs,
        seconds=seconds,
        until_accuracy=None if target is None else target / 100,
        batch_size=batch_size,
        optimiser=optimiser,
        rate=rate,
        schedule=schedule,
        weight_decay=decay,
        augmentation="+".join(varied) or "none",
        bfloat16=mixed,
        seed=seed,
        device=device,
    )
    return asked, pace


def _choose(column, label: str, known, value: str, titles: Mapping[str, str], off: bool = False) -> str:
    names = list(known)
    return column.selectbox(
        label,
        names,
        index=names.index(value),
        format_func=lambda name: titles.get(name, name),
        key=_key(label),
        disabled=off,
    )
