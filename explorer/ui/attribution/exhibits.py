"""The exhibit of the page Which pixels matter: what it asks, answers and opens with. Knows words; draws nothing."""

from dataclasses import dataclass

from explorer.errors import ExplorerError
from explorer.images.samples import SAMPLES
from explorer.models.registry import MODELS
from explorer.probe.randomised import MOST_LEVELS
from explorer.ui.address import Codec, choice_codec, whole_codec
from explorer.ui.exhibits import Exhibit
from explorer.ui.state import MINE

ANSWER = -1  # the class that the network answers
RANKS = ("sizes", "signs")


@dataclass(frozen=True)
class Settings:
    """sample: a key of SAMPLES or MINE. network: a name of the registry, "" for the session's. target: a class or ANSWER.

    level: down to which step of the cascade weights are random. ranks: whether a map's signs count when maps are compared.
    """

    sample: str = MINE
    network: str = ""
    target: int = ANSWER
    level: int = 0
    ranks: str = "sizes"


def _read_network(text: str) -> str:
    if text not in MODELS:
        raise ExplorerError(f"“{text[:20]}” is no network")
    return text


CODECS = {
    "sample": choice_codec(*SAMPLES, MINE),
    "network": Codec(_read_network),
    "target": whole_codec(ANSWER, 999),
    "level": whole_codec(0, MOST_LEVELS),
    "ranks": choice_codec(*RANKS),
}
EXHIBITS: dict[str, Exhibit[Settings]] = {
    "Check": Exhibit(
        "Check",
        "heat maps against random weights",
        "Five methods say which pixels made the network choose a class. Now its weights are replaced by "
        "random numbers, layer by "
        "layer, until it knows nothing. Which of the five maps should change, and which do?",
        "All of them should: a network that knows nothing has no reasons. A map that stays shows the picture "
        "(its edges, its ink) "
        "and not what the network learned. Whatever is multiplied by the pixel, or covers it, keeps the "
        "picture's shape, most of all "
        "where most of the picture is black: compare the drawn digit with the photograph. After Adebayo et al., "
        "*Sanity Checks for Saliency Maps* (2018).",
        Settings(),
        {"a digit": Settings("digit-3", "lenet5"), "a photograph": Settings("cat", "colour")},
    )
}
