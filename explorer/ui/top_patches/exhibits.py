"""The exhibit of the page on top patches: what it opens with, asks and answers. Knows words and settings; draws nothing."""

import re
from dataclasses import dataclass

from explorer.data.datasets import DATA_SETS
from explorer.errors import ExplorerError
from explorer.models.registry import MODELS
from explorer.ui.address import Codec, choice_codec, whole_codec
from explorer.ui.exhibits import Exhibit

MOST_PICTURES = 1_000_000
ENDS = ("best", "least")


def _read_layer(text: str) -> str:
    if not re.fullmatch(r"[\w.]{0,120}", text):
        raise ExplorerError(f"“{text[:20]}” is no layer's name")
    return text


def _read_network(text: str) -> str:
    return choice_codec(*MODELS).read(text)  # the networks there are now: a user's own may have been added


CODECS = {
    "network": Codec(_read_network),
    "data": choice_codec(*DATA_SETS),
    "limit": whole_codec(0, MOST_PICTURES),
    "layer": Codec(_read_layer),
    "end": choice_codec(*ENDS),
    "first": whole_codec(0, 100_000),
    "channel": whole_codec(0, 100_000),
    "rank": whole_codec(0, 1_000),
}


@dataclass(frozen=True)
class Settings:
    """What is scanned and looked at.

    limit: so many pictures at most, 0 for all. layer: "" is the network's first. end: best|least. first: the first channel
    on the sheet. channel, rank: the patch whose whole picture is shown.
    """

    network: str = "lenet5"
    data: str = "digits"
    limit: int = 0
    layer: str = ""
    end: str = "best"
    first: int = 0
    channel: int = 0
    rank: int = 0


EXHIBITS: dict[str, Exhibit[Settings]] = {
    "G3": Exhibit(
        "G3",
        "What excites a channel",
        "A channel of the first layer answers to some short stroke. What will the nine patches of a channel in the second "
        "layer have in common?",
        "The patches grow with the receptive field: 5×5 pixels in C1, 14×14 in C3, the whole picture in C5. A channel of C1 "
        "answers to an edge in one direction, or to plain darkness, whichever digit it belongs to; one of C3 to a corner or "
        "a bow that several digits share; one of C5 nearly to a digit. The patches of one channel resemble each other; where "
        "they do not, the channel has no single meaning. The least exciting ones show the opposite: often the same edge with "
        "dark and light exchanged.",
        Settings(),
        {"C1": Settings(), "C3": Settings(layer="c3"), "C3, the least": Settings(layer="c3", end="least")},
    )
}
