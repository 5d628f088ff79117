"""What one run is: network, data and how it is trained, as a value that can be saved and typed. Knows no files of its own."""

import dataclasses
import math
import re
import shlex
from dataclasses import dataclass, field

from explorer.errors import ExplorerError
from explorer.models.registry import find
from explorer.models.trainable import Design
from explorer.training.config import TrainConfig
from explorer.training.recipes import find_recipe
from explorer.training.tasks import check_augmentation
from explorer.typed import record
from explorer.words import counted, noun

STUDENTS = {"last": "Last layers only", "fine_tune": "Fine-tuning", "scratch": "From scratch"}
IDENTITY = re.compile(r"[0-9a-z][0-9a-z_-]{0,63}")  # a run's name
DATA = re.compile(r"[0-9A-Za-z_.-]{1,80}")  # a data set's
LAYER = re.compile(r"[\w.+-]{1,200}")
SOURCE = re.compile(r"[0-9A-Za-z_.-]{1,80}(:[0-9A-Za-z_.]{1,80})?")  # a network, or a run's name and a step

# How a run's title says what is unusual about it; what is not listed says how long or where, not what is learned
IN_TITLE = {
    "activation": str,
    "pooling": "{} pooling".format,
    "initialisation": "{} initialisation".format,
    "batch_norm": lambda on: "batch norm" if on else "no batch norm",
    "dropout": "dropout {:g}".format,
    "batch_size": "batch {}".format,
    "optimiser": str,
    "rate": "rate {:g}".format,
    "schedule": lambda name: name.replace("_", " "),
    "weight_decay": "decay {:g}".format,
    "augmentation": lambda text: "no augmentation" if text == "none" else text,
    "seed": "seed {}".format,
    "class_weight": "class × {:g}".format,
    "box_weight": "box × {:g}".format,
}


@dataclass(frozen=True)
class Start:
    """A run that goes on from another one's snapshot: the weights are taken over, the optimiser's momentum begins anew."""

    run: str
    step: int


@dataclass(frozen=True)
class Transfer:
    """What a student takes over from a trained network of the same architecture; its last layer answers new classes.

    source: a network of the registry ("lenet5_low"), or "RUN:STEP" of a run of one's own. cut: the last layer whose weights are
    taken over; those above it begin at random. student: a key of STUDENTS: "last" learns above the cut only, "fine_tune"
    learns everywhere, "scratch" takes nothing over. depth_rate: in (0, 1], of fine-tuning: the learning rate's factor at the
    cut, once more for each layer below it.
    channels: of the network's input; network: torchvision's name of the architecture, where it is not the run's design. Both
    are the source's and need not be said: `sources.completed` fills them in.
    """

    source: str
    cut: str
    student: str
    depth_rate: float = 0.3
    channels: int | None = None
    network: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no transfer."""
        if not isinstance(self.source, str) or not SOURCE.fullmatch(self.source):
            raise ExplorerError("That is no source to transfer from: name a network, or RUN:STEP of a run of your own.")
        if not isinstance(self.cut, str) or not LAYER.fullmatch(self.cut):
            raise ExplorerError("That is no layer to cut at: name the last layer whose weights are taken over.")
        if not isinstance(self.student, str) or self.student not in STUDENTS:
            known = ", ".join(STUDENTS)
            raise ExplorerError(f"There is no student called “{str(self.student)[:40]}”: choose one of {known}.")
        if not 0 < self.depth_rate <= 1 or not math.isfinite(self.depth_rate):
            raise ExplorerError(
                f"A rate for each depth of {self.depth_rate} is not possible: choose above 0, at most 1."
            )
        if self.channels not in (None, 1, 3):
            raise ExplorerError(f"Pictures of {counted(self.channels, 'channel')} cannot be fed: choose 1 or 3.")

    @property
    def takes_over(self) -> bool:
        """Whether any weights are taken over."""
        return self.student != "scratch"

    @property
    def in_words(self) -> str:
        """For a title: "last layers only, from lenet5_low up to f6"."""
        words = STUDENTS[self.student].lower()
        return f"{words}, from {self.source} up to {self.cut}" if self.takes_over else words


@dataclass(frozen=True)
class RunSettings:
    """One run. train_pictures: only so many training pictures, evenly from all classes; None takes all of them.

    transfer: what it takes over from another network; its design is then that network's.
    """

    design: Design = field(default_factory=Design)
    data: str = "mnist"
    config: TrainConfig = field(default_factory=TrainConfig)
    train_pictures: int | None = None
    start: Start | None = None
    transfer: Transfer | None = None

    def __post_init__(self) -> None:
        """Refuse what no data set can give."""
        if self.train_pictures is not None and self.train_pictures < 1:
            raise ExplorerError(
                f"{counted(self.train_pictures, 'training picture')} {noun(self.train_pictures, 'teaches', 'teach')} "
                "nothing: choose 1 or more."
            )
        check_augmentation(self.design, self.config.augmentation)

    @property
    def network(self) -> str:
        """The name of its architecture, as one types it: "lenet5", or torchvision's."""
        return (self.transfer and self.transfer.network) or self.design.network

    @property
    def network_title(self) -> str:
        """What its architecture is called: "LeNet-5"."""
        if self.transfer and self.transfer.network:
            return find(self.transfer.network).title
        return find_recipe(self.design.network).title

    @property
    def title(self) -> str:
        """Network, data and what differs from the network's recipe in what it learns: "LeNet-5, mnist, tanh, seed 3"."""
        recipe = find_recipe(self.design.network)
        words = [self.network_title, self.data]
        if self.train_pictures is not None:
            words.append(counted(self.train_pictures, "picture"))
        for mine, usual in ((self.design, recipe.design), (self.config, recipe.config)):
            for setting in dataclasses.fields(mine):
                value = getattr(mine, setting.name)
                if setting.name in IN_TITLE and value != getattr(usual, setting.name):
                    words.append(IN_TITLE[setting.name](value))
        if self.transfer:
            words.append(self.transfer.in_words)
        if self.start:
            words.append(f"from step {self.start.step:,}")
        return ", ".join(words)

    def as_json(self) -> dict[str, object]:
        """Plain values only; `from_json` reads them back."""
        return dataclasses.asdict(self)

    @staticmethod
    def from_json(values: dict[str, object]) -> "RunSettings":
        """The settings that `as_json` wrote. Raises ExplorerError for anything else."""
        try:
            if not {"design", "data", "config"} <= set(values):
                raise ValueError("too little")
            settings = record(RunSettings, values)
            if not DATA.fullmatch(settings.data) or (settings.start and not IDENTITY.fullmatch(settings.start.run)):
                raise ValueError("no name")
            return settings
        except (TypeError, ValueError) as error:
            raise ExplorerError("The run's settings cannot be read: they were written by another version.") from error

    def command(self) -> str:
        """The command line that trains the same again; what the network's recipe says anyway is left out."""
        recipe = find_recipe(self.design.network)
        words = ["python", "-m", "explorer", "train", self.network, "--data", self.data]
        for mine, usual in ((self.design, recipe.design), (self.config, recipe.config)):
            for setting in dataclasses.fields(mine):
                value = getattr(mine, setting.name)
                if setting.name != "network" and value != getattr(usual, setting.name):
                    words += _words(option(setting.name), value)
        if self.train_pictures is not None:
            words += ["--train-pictures", str(self.train_pictures)]
        if self.transfer:
            words += ["--transfer-from", self.transfer.source, "--cut", self.transfer.cut]
            words += ["--student", self.transfer.student, *_words("--depth-rate", self.transfer.depth_rate)]
        if self.start:
            words += ["--from", f"{self.start.run}:{self.start.step}"]
        return shlex.join(words)


def option(setting: str) -> str:
    """What the command line calls a setting of Design or TrainConfig."""
    return f"--{setting.replace('_', '-')}"


def _words(option: str, value: object) -> list[str]:
    if isinstance(value, bool):
        return [option if value else option.replace("--", "--no-", 1)]
    if value is None:
        return [option, "none"]
    if isinstance(value, float):
        short = f"{value:.12g}"
        return [option, short if float(short) == value else repr(value)]
    return [option, str(value)]
