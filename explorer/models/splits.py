"""One kernel replaced by several smaller ones that see as much. Knows layers and their parameters; draws nothing.

Szegedy, Vanhoucke, Ioffe, Shlens, Wojna 2015: Rethinking the Inception Architecture, sections 3.1 and 3.2.
"""

from dataclasses import dataclass

from torch import nn

from explorer.errors import ExplorerError
from explorer.layers.checks import whole_number

MOST_CHANNELS = 2048
Size = tuple[int, int]
# the kernel, and those that stand in its place
SPLITS: dict[str, tuple[Size, tuple[Size, ...]]] = {
    "5×5": ((5, 5), ((3, 3), (3, 3))),
    "3×3": ((3, 3), ((1, 3), (3, 1))),
    "7×7": ((7, 7), ((1, 7), (7, 1))),
    "7×7 in threes": ((7, 7), ((3, 3), (3, 3), (3, 3))),
}


@dataclass(frozen=True)
class Split:
    """Parameters of the layers before and after, counted from layers that were built; and what both see."""

    before: Size
    after: tuple[Size, ...]
    parameters_before: int
    parameters_after: tuple[int, ...]
    field: Size

    @property
    def share(self) -> float:
        """What is left of the parameters."""
        return sum(self.parameters_after) / self.parameters_before


def split(name: str, channels: int) -> Split:
    """Build both ways with `channels` in and out, without biases, as Inception has them, and count.

    Raises ExplorerError for an unknown name or number of channels.
    """
    if name not in SPLITS:
        raise ExplorerError(f"There is no split called “{name[:20]}”: choose one of {', '.join(SPLITS)}.")
    channels = whole_number(channels, "Channels", 1, MOST_CHANNELS)
    before, after = SPLITS[name]
    counted = [_count(nn.Conv2d(channels, channels, size, bias=False, device="meta")) for size in (before, *after)]
    field = tuple(1 + sum(size[axis] - 1 for size in after) for axis in (0, 1))
    return Split(before, after, counted[0], tuple(counted[1:]), field)


def _count(layer: nn.Module) -> int:
    return sum(parameter.numel() for parameter in layer.parameters())
