"""Pairs of runs that differ in one thing, so that what it does can be seen. Knows settings; not screens, not processes."""

import dataclasses
from dataclasses import dataclass

from explorer.models.trainable import Design
from explorer.training.config import TrainConfig
from explorer.training.settings import RunSettings


@dataclass(frozen=True)
class Duel:
    """Two runs with the same seed. names: what each is called. watch: what to look at while they train.
    seen: what one will have seen there, where that answers what was asked.

    offline: the same pair on a data set that is always there; None where it is that already.
    """

    names: tuple[str, str]
    runs: tuple[RunSettings, RunSettings]
    watch: str
    seen: str = ""

    def with_data(self, data: str) -> "Duel":
        """The same pair on another data set."""
        left, right = (dataclasses.replace(run, data=data) for run in self.runs)
        return dataclasses.replace(self, runs=(left, right))


def _pair(data: str, config: TrainConfig, designs: tuple[Design, Design], pictures: int | None = None):
    return tuple(RunSettings(design, data, config, pictures) for design in designs)


# One thread each: two runs at once share the machine with those who watch
_DEEP = TrainConfig(epochs=30, batch_size=64, optimiser="momentum", rate=0.02, schedule="constant", threads=1)
_FEW = TrainConfig(epochs=100, batch_size=50, rate=2e-3, schedule="constant", weight_decay=0.0, threads=1)
_CORNER = TrainConfig(epochs=10, batch_size=64, rate=5e-3, threads=1)
FEW_PICTURES = 200

DUELS: dict[str, Duel] = {
    "H2": Duel(
        ("Sigmoid", "ReLU"),
        _pair(
            "digits",
            _DEEP,
            (Design("deep", "sigmoid", initialisation="xavier"), Design("deep", "relu", initialisation="he")),
        ),
        "Twelve dense layers. Does either learn?",
        "The sigmoid's gradients are gone before they reach the first layers: its loss stays.",
    ),
    "H3": Duel(
        ("Zeros", "He"),
        _pair("digits", _DEEP, (Design(initialisation="zeros"), Design(initialisation="he"))),
        "Compare the kernels.",
        "All of the first run stay the same grey: where every weight is 0, no unit is told anything of its own.",
    ),
    "H4": Duel(
        ("Without batch normalisation", "With it"),
        _pair(
            "digits",
            _DEEP,
            (Design("deep", initialisation="small"), Design("deep", initialisation="small", batch_norm=True)),
        ),
        "Twelve dense layers, all weights begun much too small. Normalised batches bring each layer back to a spread of 1.",
    ),
    "H5": Duel(
        ("Without dropout", "Dropout 0.5"),
        _pair("mnist", _FEW, (Design(), Design(dropout=0.5)), FEW_PICTURES),
        "Two hundred training pictures. Both learn them by heart (dashed); compare how they do on pictures they never saw.",
    ),
    "H6": Duel(
        ("As they are", "Varied"),
        tuple(
            RunSettings(Design(), "mnist", dataclasses.replace(_FEW, augmentation=how), FEW_PICTURES)
            for how in ("none", "shift+rotate+scale")
        ),
        "The same two hundred pictures, as they are and newly shifted, turned and scaled in every batch.",
    ),
    "B2": Duel(
        ("CNN", "MLP"),
        _pair("corner", _CORNER, (Design("corner_cnn"), Design("corner_mlp"))),
        "Both reach the same accuracy, on pictures whose shape lies in the top left corner, like those they learn from.",
    ),
}
