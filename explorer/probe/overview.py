"""Which of a large network's layers to look at first, and how many of their channels. Knows facts and recordings only.

Where there are too many layers for one screen, blocks stand for the layers inside them: what a block puts out.
"""

import math
from collections.abc import Collection, Sequence

from explorer.probe.facts import LayerFacts, NetworkFacts
from explorer.probe.kinds import kind_of
from explorer.probe.layouts import channels_first
from explorer.probe.maps import LayerMaps, layer_maps, maps_of
from explorer.probe.recording import Recording
from explorer.probe.stages import stages

MOST_LAYERS, ENOUGH = 24, 16
FEWEST, MOST_CHANNELS, MOST_UNITS = 4, 32, 128


def overview(facts: NetworkFacts, most: int = MOST_LAYERS) -> tuple[str, ...]:
    """Names of layers or blocks, at most so many, in the order of execution.

    All layers where they are few enough. Else the blocks of one depth in the network's names (layer1, layer1.0,
    layer1.0.conv1), or the layers after which an activation has been applied.
    """
    layers = {layer.name for layer in facts.layers}
    names = [layer.name for layer in facts.layers if not _is_idle(layer) and not _is_inside(layer.name, layers)]
    ways = [names]
    deepest = max(name.count(".") for name in names) + 1
    for depth in range(1, deepest):
        ways.append(list(dict.fromkeys(".".join(name.split(".")[:depth]) for name in names)))
    ways.append(_stage_ends(facts))
    few = [way for way in ways if len(way) <= most]
    if enough := [way for way in few if len(way) >= ENOUGH]:
        return tuple(
            enough[0]
        )  # the outermost blocks: what is added or concatenated at their end is in what they put out
    return tuple(max(few, key=len)) if few else tuple(names[:: math.ceil(len(names) / most)])


def channels_shown(shape: Sequence[int], *, cells: int = 150_000, most: int = MOST_CHANNELS) -> int:
    """How many of a layer's channels are drawn: as many as have so many cells together, within bounds."""
    each = math.prod(shape[1:])
    limit = MOST_UNITS if each == 1 else max(FEWEST, min(most, cells // each))
    return min(shape[0], limit)


def overview_maps(
    recording: Recording, facts: NetworkFacts, names: Sequence[str], types: dict[str, str]
) -> tuple[LayerMaps, ...]:
    """The first channels of the named layers and blocks, in their order; what was not recorded is left out.

    types: name of a block → what it is called.
    """
    layers = {
        maps.facts.name: maps for maps in layer_maps(recording, facts, lambda layer: first_channels(layer.output))
    }
    found = []
    for name in names:
        if name in layers:
            found.append(layers[name])
        elif name in recording.outputs:
            output = recording.outputs[name][0]
            layout = last_layer(facts, name).layout
            shape = channels_first(tuple(output.shape), layout)
            block = LayerFacts(name, types.get(name, "block"), shape, None, None, None, None, 0, 0, layout=layout)
            found.append(maps_of(block, output, None, first_channels(block.output)))
    return tuple(found)


def first_channels(shape: Sequence[int]) -> range:
    """The channels that `channels_shown` allows."""
    return range(channels_shown(shape))


def last_layer(facts: NetworkFacts, name: str) -> LayerFacts:
    """The layer of that name, or the last one inside the block of that name. Raises KeyError for neither."""
    inside = [layer for layer in facts.layers if layer.name == name or layer.name.startswith(f"{name}.")]
    if not inside:
        raise KeyError(name)
    return inside[-1]


def _is_idle(layer: LayerFacts) -> bool:
    """Whether it puts out the numbers that it is given."""
    kind = kind_of(layer.type)
    return kind.listing or kind.unchanged


def _is_inside(name: str, layers: Collection[str]) -> bool:
    """Whether another layer, one with weights of its own beside those in it, puts out what this one has made."""
    parts = name.split(".")
    return any(".".join(parts[:depth]) in layers for depth in range(1, len(parts)))


def _stage_ends(facts: NetworkFacts) -> list[str]:
    ends = [stage.activation or stage.layer for stage in stages(facts)]
    return [layer.name for layer in ends if not _is_idle(layer)]
