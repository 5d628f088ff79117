"""The exhibit of the page Where a number comes from: its question, answer, and how a unit stands in the address."""

import re
from dataclasses import dataclass

from explorer.errors import ExplorerError
from explorer.images.samples import SAMPLES
from explorer.models.registry import MODELS
from explorer.probe.terms import Unit
from explorer.ui.address import Codec, choice_codec, whole_codec
from explorer.ui.exhibits import Exhibit
from explorer.ui.state import MINE

ANSWER = -1  # the class that the network answers
SHOWS = ("value", "gradient")
MOST_TRAIL = 24
_UNIT = re.compile(r"([A-Za-z0-9_]{1,120})\.([0-9]{1,6}(?:_[0-9]{1,6}){0,3})")


@dataclass(frozen=True)
class Settings:
    """sample: a key of SAMPLES or MINE. network: a name of the registry, "" for the session's.

    unit: what is looked at, None for the strongest logit. trail: the units before it, the oldest first. show: what the map
    tells. target: the class whose logit the gradient is of, or ANSWER.
    """

    sample: str = MINE
    network: str = ""
    unit: Unit | None = None
    trail: tuple[Unit, ...] = ()
    show: str = "value"
    target: int = ANSWER


def _read_network(text: str) -> str:
    if text not in MODELS:
        raise ExplorerError(f"“{text[:20]}” is no network")
    return text


def write_unit(unit: Unit | None) -> str:
    """c1, (3, 4, 5) → "c1.3_4_5"."""
    return f"{unit.node}.{'_'.join(str(part) for part in unit.at)}" if unit else ""


def read_unit(text: str) -> Unit:
    """The unit that `write_unit` wrote. Raises ExplorerError for any other text."""
    if not (found := _UNIT.fullmatch(text)):
        raise ExplorerError(f"“{text[:30]}” is no unit")
    return Unit(found[1], tuple(int(part) for part in found[2].split("_")))


def _read_trail(text: str) -> tuple[Unit, ...]:
    parts = text.split("~")
    if len(parts) > MOST_TRAIL:
        raise ExplorerError(f"a trail has at most {MOST_TRAIL} units")
    return tuple(read_unit(part) for part in parts)


CODECS = {
    "sample": choice_codec(*SAMPLES, MINE),
    "network": Codec(_read_network),
    "unit": Codec(read_unit, write_unit),
    "trail": Codec(_read_trail, lambda trail: "~".join(write_unit(unit) for unit in trail)),
    "show": choice_codec(*SHOWS),
    "target": whole_codec(ANSWER, 999),
}
EXHIBITS: dict[str, Exhibit[Settings]] = {
    "G2": Exhibit(
        "G2",
        "provenance of a unit",
        "One number somewhere in a network. Which numbers below made it, and do they add up to exactly what was recorded?",
        "A convolution's number is Σ value × weight over its window in every input channel, plus one bias; normalisation "
        "scales and shifts it, the activation bends it, pooling picks one of a window. Each value was made the same way: step "
        "by step you come down to pixels. Few terms carry most of the sum, and large ones of both signs cancel. Try next: "
        "from the answer always take the largest term, and see at which pixel you arrive.",
        Settings(),
        {
            "an answer": Settings("digit-3", "lenet5"),
            "a first layer": Settings("digit-3", "lenet5", Unit("c1", (0, 14, 14))),
            "a photograph": Settings("cat", "colour"),
        },
    )
}
