"""What one run is: network, data and how it is trained, as a value that can be saved and typed. Knows no files of its own."""

import dataclasses
import shlex
from dataclasses import dataclass, field

from explorer.errors import ExplorerError
from explorer.models.trainable import Design
from explorer.training.config import TrainConfig
from explorer.training.recipes import find_recipe

# What the command line calls each setting of Design and TrainConfig
OPTIONS = {
    "activation": "--activation",
    "pooling": "--pooling",
    "initialisation": "--initialisation",
    "batch_norm": "--batch-norm",
    "dropout": "--dropout",
    "epochs": "--epochs",
    "seconds": "--seconds",
    "until_accuracy": "--until-accuracy",
    "batch_size": "--batch-size",
    "optimiser": "--optimiser",
    "rate": "--rate",
    "schedule": "--schedule",
    "weight_decay": "--weight-decay",
    "augmentation": "--augmentation",
    "bfloat16": "--bfloat16",
    "seed": "--seed",
    "device": "--device",
    "threads": "--threads",
}

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
}


@dataclass(frozen=True)
class Start:
    """A run that goes on from another one's snapshot: the weights are taken over, the optimiser's momentum begins anew."""

    run: str
    step: int


@dataclass(frozen=True)
class RunSettings:
    """One run. train_pictures: only so many training pictures, evenly from all classes; None takes all of them."""

    design: Design = field(default_factory=Design)
    data: str = "mnist"
    config: TrainConfig = field(default_factory=TrainConfig)
    train_pictures: int | None = None
    start: Start | None = None

    def __post_init__(self) -> None:
        """Refuse what no data set can give."""
        if self.train_pictures is not None and self.train_pictures < 1:
            raise ExplorerError(f"{self.train_pictures} training pictures teach nothing: choose 1 or more.")

    @property
    def title(self) -> str:
        """Network, data and what differs from the network's recipe in what it learns: "LeNet-5, mnist, tanh, seed 3"."""
        recipe = find_recipe(self.design.network)
        words = [recipe.title, self.data]
        if self.train_pictures is not None:
            words.append(f"{self.train_pictures} pictures")
        for mine, usual in ((self.design, recipe.design), (self.config, recipe.config)):
            for setting in dataclasses.fields(mine):
                value = getattr(mine, setting.name)
                if setting.name in IN_TITLE and value != getattr(usual, setting.name):
                    words.append(IN_TITLE[setting.name](value))
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
            start = values.get("start")
            return RunSettings(
                design=Design(**values["design"]),
                data=str(values["data"]),
                config=TrainConfig(**values["config"]),
                train_pictures=values.get("train_pictures"),
                start=Start(str(start["run"]), int(start["step"])) if start else None,
            )
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            raise ExplorerError("The run's settings cannot be read: they were written by another version.") from error

    def command(self) -> str:
        """The command line that trains the same again; what the network's recipe says anyway is left out."""
        recipe = find_recipe(self.design.network)
        words = ["python", "-m", "explorer", "train", self.design.network, "--data", self.data]
        for mine, usual in ((self.design, recipe.design), (self.config, recipe.config)):
            for setting in dataclasses.fields(mine):
                value = getattr(mine, setting.name)
                if setting.name in OPTIONS and value != getattr(usual, setting.name):
                    words += _words(OPTIONS[setting.name], value)
        if self.train_pictures is not None:
            words += ["--train-pictures", str(self.train_pictures)]
        if self.start:
            words += ["--from", f"{self.start.run}:{self.start.step}"]
        return shlex.join(words)


def _words(option: str, value: object) -> list[str]:
    if isinstance(value, bool):
        return [option if value else option.replace("--", "--no-", 1)]
    if value is None:
        return [option, "none"]
    if isinstance(value, float):
        short = f"{value:.12g}"
        return [option, short if float(short) == value else repr(value)]
    return [option, str(value)]
