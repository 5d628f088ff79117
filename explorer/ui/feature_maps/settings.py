"""Which layer and channels of a network are looked at. Knows names and numbers; imports nothing that draws.

The home page opens *Feature maps* with these, and must not wait for what that page draws with.
"""

from dataclasses import dataclass
from typing import Annotated

from explorer.settings.fields import OneOf, Whole, Word
from explorer.ui.state import MINE
from explorer.ui.subject import NETWORK, PICTURE

VIEW_TITLES = {"before": "Before", "after": "After", "both": "Both"}


class _Channels(Word):
    """Channels by their numbers, each once; none stands for all that have room."""

    def write(self, value: tuple[int, ...]) -> str:
        return "~".join(map(str, value))

    def read(self, text: str) -> tuple[int, ...]:
        return tuple(map(int, super().read(text)))

    def check(self, value: tuple) -> None:
        super().check(tuple(map(str, value)))

    def drawn(self, st):
        """Any channels, by Hypothesis' strategies."""
        return st.lists(st.integers(0, 99_999), max_size=self.many, unique=True).map(tuple)


@dataclass(frozen=True)
class OneLayer:
    """layer: "" for the network's first. view: before or after the activation, or both. channels: those shown, () for all that
    have room. channel: the one whose making is shown.
    """

    sample: Annotated[str, PICTURE] = MINE
    network: Annotated[str, NETWORK] = ""
    layer: Annotated[str, Word("layer", r"[^\s~]{1,400}")] = ""
    view: Annotated[str, OneOf("", VIEW_TITLES)] = "both"
    channels: Annotated[tuple[int, ...], _Channels("channel", r"[0-9]{1,5}", many=64)] = ()
    channel: Annotated[int, Whole("", 0, 99_999)] = 0
