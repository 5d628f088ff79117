"""What each axis of every node's output is: channels, rows, columns. Knows graphs, fields and kinds; no numbers.

A field's layout is certain. Where a field is lost (attention, a step that is not known) the maps often go on: then the
steps round about tell, for some layers take the channels first and others last.
"""

from explorer.errors import ExplorerError
from explorer.probe.fields import fields
from explorer.probe.graph import Graph
from explorer.probe.kinds import kind_of

FIRST, LAST = "chw", "hwc"
_TAKES_FIRST = {"window", "adaptive", "unpool", "shuffle"}
_KEEPS = {"place", "combine", "normalised", "dense", "channels", "softmax"}  # puts out the axes that it takes


def layouts_of(graph: Graph) -> dict[str, str]:
    """Node → "chw" for maps, "hwc" for maps with the channels last, "cwh" for swapped rows and columns; "" for no maps."""
    try:
        found = {name: known.span.layout for name, known in fields(graph).items()}
    except ExplorerError:  # the input is no picture
        return {}
    nodes = {node.name: node for node in graph if len(node.shape) == 3}
    for name, node in nodes.items():
        if not found.get(name):
            found[name] = _by_kind(node.kind, node.settings.get("normalized_shape"))
    steps = [
        (taken, name) for name, node in nodes.items() if kind_of(node.kind).sees in _KEEPS for taken in node.inputs
    ]
    for ends in (*steps, *((after, before) for before, after in reversed(steps))):  # down the network, then up
        before, after = ends
        if before in nodes and after in nodes and not found.get(after):
            found[after] = found.get(before, "")
    return found


def _by_kind(kind: str, normalised: object) -> str:
    """Of a layer that decides it."""
    sees = kind_of(kind).sees
    if sees in _TAKES_FIRST or kind == "BatchNorm2d":
        return FIRST
    over_last = sees == "dense" or (sees == "normalised" and isinstance(normalised, tuple) and len(normalised) == 1)
    return LAST if over_last else ""


def channels_first(shape: tuple[int, ...], layout: str) -> tuple[int, ...]:
    """A shape without the batch, as maps are told: (C, rows, columns). Without a layout it stays as it is.

    >>> channels_first((56, 48, 96), "hwc")
    (96, 56, 48)
    """
    return tuple(shape[axis] for axis in turned(layout, len(shape)))


def turned(layout: str, axes: int) -> tuple[int, ...]:
    """`order` of an output with so many axes; without a layout they stay as they are."""
    return order(layout) if len(layout) == axes else tuple(range(axes))


def order(layout: str) -> tuple[int, ...]:
    """Where channels, then the two axes of places, in the output's own order, stand: (2, 0, 1) for "hwc"."""
    places = [axis for axis, letter in enumerate(layout) if letter != "c"]
    return (*(axis for axis, letter in enumerate(layout) if letter == "c"), *places)
