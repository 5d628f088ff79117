"""A recording made ready to be looked at: per map its range and 256 levels. Knows numbers; not colours, not screens."""

from dataclasses import dataclass

import numpy as np

from explorer.probe.facts import LayerFacts, NetworkFacts
from explorer.probe.recording import Recording

# Layers whose output has the sign of what they were given; every other layer's can be negative, save these activations.
PASS_ON = {
    "MaxPool2d",
    "AvgPool2d",
    "AdaptiveAvgPool2d",
    "AdaptiveMaxPool2d",
    "Flatten",
    "Dropout",
    "Dropout2d",
    "Identity",
}
NEVER_NEGATIVE = {"ReLU", "ReLU6", "Sigmoid", "Softmax", "Hardsigmoid"}


@dataclass(frozen=True)
class LayerMaps:
    """One layer's feature maps for one input.

    values: float32 (C, H, W); a dense layer's units are C maps of 1×1. lows, highs: float32 (C,), the range of each map.
    levels: uint8 (C, H, W), each map's range in 256 steps. signed: whether values below zero can occur.
    """

    facts: LayerFacts
    values: np.ndarray
    lows: np.ndarray
    highs: np.ndarray
    levels: np.ndarray
    signed: bool


def layer_maps(recording: Recording, facts: NetworkFacts) -> tuple[LayerMaps, ...]:
    """The maps of every recorded layer for the first input of the batch; Flatten, which changes no number, is left out."""
    maps, signed = [], True
    for layer in facts.layers:
        signed = signed if layer.type in PASS_ON else layer.type not in NEVER_NEGATIVE
        if layer.type != "Flatten" and layer.name in recording.outputs:
            maps.append(_maps(layer, recording.outputs[layer.name][0].numpy(), signed))
    return tuple(maps)


def _maps(layer: LayerFacts, output: np.ndarray, signed: bool) -> LayerMaps:
    values = output.reshape(*output.shape, *(1,) * (3 - output.ndim)).astype(np.float32, copy=False)
    lows, highs = values.min(axis=(1, 2)), values.max(axis=(1, 2))
    span = np.where(highs > lows, highs - lows, 1)
    levels = np.rint((values - lows[:, None, None]) * (255 / span)[:, None, None]).astype(np.uint8)
    return LayerMaps(layer, values, lows, highs, levels, signed)
