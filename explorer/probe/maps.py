"""A recording made ready to be looked at: per map its range and 256 levels. Knows numbers; not colours, not screens."""

from collections.abc import Sequence
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

    channels: which channel of the layer each map is. values: float32 (C, H, W); a dense layer's units are maps of 1×1.
    lows, highs: float32 (C,), the range of each map's finite values (0 where it has none). levels: uint8 (C, H, W), that
    range in 256 steps; what is not finite shows as its nearest end, NaN as the lowest.
    signed: whether values below zero can occur.
    """

    facts: LayerFacts
    channels: tuple[int, ...]
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
            maps.append(_maps(layer, recording.outputs[layer.name][0].float().numpy(), signed))
    return tuple(maps)


def only_channels(maps: LayerMaps, channels: Sequence[int]) -> LayerMaps:
    """The same layer with some of its channels; none named means all."""
    if not channels:
        return maps
    at = list(channels)
    return LayerMaps(
        maps.facts, tuple(at), maps.values[at], maps.lows[at], maps.highs[at], maps.levels[at], maps.signed
    )


def reach(maps: Sequence[LayerMaps], *, signed: bool) -> tuple[float, float] | None:
    """The least and the greatest value of all signed (or all unsigned) layers; None where there is no such layer."""
    chosen = [layer for layer in maps if layer.signed == signed]
    if not chosen:
        return None
    return min(float(layer.lows.min()) for layer in chosen), max(float(layer.highs.max()) for layer in chosen)


def _maps(layer: LayerFacts, output: np.ndarray, signed: bool) -> LayerMaps:
    values = output.reshape(*output.shape, *(1,) * (3 - output.ndim)).astype(np.float32, copy=False)
    lows, highs = values.min(axis=(1, 2)), values.max(axis=(1, 2))
    shown = values
    if not (np.isfinite(lows).all() and np.isfinite(highs).all()):  # NaN spreads to both ends, infinity is one of them
        lows, highs, shown = _finite(values)
    span = np.where(highs > lows, highs.astype(np.float64) - lows, 1)  # of two large float32 it would be infinite
    levels = np.rint((shown - lows[:, None, None]) * (255 / span)[:, None, None]).astype(np.uint8)
    return LayerMaps(layer, tuple(range(len(values))), values, lows, highs, levels, signed)


def _finite(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lows and highs of each map's finite values, and the maps with everything else moved to one of these ends."""
    finite = np.isfinite(values)
    none = ~finite.any(axis=(1, 2))
    lows = np.where(none, np.float32(0), np.where(finite, values, np.float32(np.inf)).min(axis=(1, 2)))
    highs = np.where(none, np.float32(0), np.where(finite, values, np.float32(-np.inf)).max(axis=(1, 2)))
    low, high = lows[:, None, None], highs[:, None, None]
    return lows, highs, np.clip(np.where(np.isnan(values), low, values), low, high)
