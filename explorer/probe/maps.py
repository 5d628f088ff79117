"""A recording made ready to be looked at: per map its range and 256 levels. Knows numbers; not colours, not screens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from explorer.probe.facts import LayerFacts, NetworkFacts
from explorer.probe.kinds import kind_of
from explorer.probe.layouts import order
from explorer.probe.recording import Recording


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


def layer_maps(
    recording: Recording, facts: NetworkFacts, channels: Callable[[LayerFacts], Sequence[int]] | None = None
) -> tuple[LayerMaps, ...]:
    """The maps of every recorded layer for the first input of the batch; Flatten, which changes no number, is left out.

    channels: which of a layer's channels; None means all of every layer.
    """
    maps = []
    for layer in facts.layers:
        if not kind_of(layer.type).listing and layer.name in recording.outputs:
            chosen = channels(layer) if channels else None
            maps.append(maps_of(layer, recording.outputs[layer.name][0], layer.signed, chosen))
    return tuple(maps)


def maps_of(
    layer: LayerFacts, output: torch.Tensor, signed: bool | None, channels: Sequence[int] | None = None
) -> LayerMaps:
    """One layer's maps from its output without the batch: (C, H, W), or (C,) of a dense layer; other shapes are brought to it.

    Where `layer.layout` has the channels last, they are put first. signed: None looks at the numbers themselves. channels:
    which ones; None means all.
    """
    values = output.permute(order(layer.layout)) if len(layer.layout) == output.ndim else output
    values = values.reshape(len(values), -1, values.shape[-1]) if values.ndim > 3 else values
    if channels is not None:
        values = values[list(channels)]
    if signed is None:
        signed = bool((values < 0).any())
    return _maps(layer, values.float().numpy(), signed, channels)


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


def _maps(layer: LayerFacts, output: np.ndarray, signed: bool, channels: Sequence[int] | None) -> LayerMaps:
    values = output.reshape(*output.shape, *(1,) * (3 - output.ndim)).astype(np.float32, copy=False)
    lows, highs = values.min(axis=(1, 2)), values.max(axis=(1, 2))
    shown = values
    if not (np.isfinite(lows).all() and np.isfinite(highs).all()):  # NaN spreads to both ends, infinity is one of them
        lows, highs, shown = _finite(values)
    span = np.where(highs > lows, highs.astype(np.float64) - lows, 1)  # of two large float32 it would be infinite
    levels = np.rint((shown - lows[:, None, None]) * (255 / span)[:, None, None]).astype(np.uint8)
    return LayerMaps(
        layer, tuple(range(len(values)) if channels is None else channels), values, lows, highs, levels, signed
    )


def _finite(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lows and highs of each map's finite values, and the maps with everything else moved to one of these ends."""
    finite = np.isfinite(values)
    none = ~finite.any(axis=(1, 2))
    lows = np.where(none, np.float32(0), np.where(finite, values, np.float32(np.inf)).min(axis=(1, 2)))
    highs = np.where(none, np.float32(0), np.where(finite, values, np.float32(-np.inf)).max(axis=(1, 2)))
    low, high = lows[:, None, None], highs[:, None, None]
    return lows, highs, np.clip(np.where(np.isnan(values), low, values), low, high)
