"""From a layer's maps back to pixels: the deconvnet of Zeiler and Fergus 2014, with a choice of unpooling.

Knows networks that begin as a chain of convolutions, activations and max poolings; not pictures of files, not screens.
Going down, the network records what every layer puts out. Going back, each max pooling is undone by an unpooling, each
ReLU is a ReLU of what comes back, and each convolution a transposed convolution with the same kernels and no bias.
With switches and without the ReLUs the way back is exactly the gradient of a network without ReLUs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from explorer.errors import ExplorerError
from explorer.layers.restoring import WHITE, psnr
from explorer.probe.graph import Graph
from explorer.probe.kinds import kind_of, module_kind
from explorer.probe.recording import Recording, record

ALL = -1  # every channel at once


@dataclass(frozen=True)
class Unpooling:
    """One way to undo a max pooling. title: what one reads; does: one sentence.

    back: (maps (1, C, h, w), what the pooling was given (1, C, H, W), the layer) → (1, C, H, W).
    """

    title: str
    does: str
    back: Callable[[torch.Tensor, torch.Tensor, nn.MaxPool2d], torch.Tensor]


@dataclass(frozen=True, eq=False)
class Projection:
    """What a layer's maps are as pixels: values float32 (C, H, W) in the network's input; channel ALL or one of the layer's."""

    layer: str
    channel: int
    unpooling: str
    values: np.ndarray


@dataclass(frozen=True, eq=False)
class Fit:
    """A projection beside the picture it came from, after the best scale and offset (least squares).

    pixels: float64, scale · projection + offset. correlation: −1 to 1, before the fit; nan where either is flat.
    psnr: in dB, of the fitted pixels: 10 · log₁₀(255² / (variance of the picture · (1 − correlation²))).
    """

    pixels: np.ndarray
    scale: float
    offset: float
    correlation: float
    psnr: float


# ── unpooling ───────────────────────────────────────────────────────────────────────────────────────────────


def _switches(maps: torch.Tensor, given: torch.Tensor, layer: nn.MaxPool2d) -> torch.Tensor:
    """Where windows overlap and two maxima are one cell, both are added, as a gradient would."""
    _, at = F.max_pool2d(
        given, layer.kernel_size, layer.stride, layer.padding, layer.dilation, layer.ceil_mode, return_indices=True
    )
    flat = torch.zeros_like(given).flatten(2)
    return flat.scatter_add_(2, at.flatten(2), maps.flatten(2)).view_as(given)


def _nearest(maps: torch.Tensor, given: torch.Tensor, layer: nn.MaxPool2d) -> torch.Tensor:
    return F.interpolate(maps, size=given.shape[-2:])


def _bilinear(maps: torch.Tensor, given: torch.Tensor, layer: nn.MaxPool2d) -> torch.Tensor:
    return F.interpolate(maps, size=given.shape[-2:], mode="bilinear", align_corners=False)


def _corner(maps: torch.Tensor, given: torch.Tensor, layer: nn.MaxPool2d) -> torch.Tensor:
    back = torch.zeros_like(given)
    rows, cols = (
        (torch.arange(count) * step - extra).clamp(0, size - 1)
        for count, step, extra, size in zip(
            maps.shape[-2:], _pair(layer.stride), _pair(layer.padding), given.shape[-2:], strict=True
        )
    )
    back[:, :, rows[:, None], cols] = maps
    return back


UNPOOLINGS: Mapping[str, Unpooling] = MappingProxyType(
    {
        "switches": Unpooling("Max unpooling", "Each value goes back to where the maximum was.", _switches),
        "nearest": Unpooling(
            "Nearest",
            "Each value is repeated over its window; spreading it evenly instead only divides all by a factor.",
            _nearest,
        ),
        "bilinear": Unpooling("Bilinear", "Between the values lie their weighted means.", _bilinear),
        "corner": Unpooling(
            "Bed of nails", "Each value goes to its window's upper left cell, wherever it came from.", _corner
        ),
    }
)


# ── the way back ────────────────────────────────────────────────────────────────────────────────────────────


def projectable(graph: Graph) -> tuple[str, ...]:
    """The layers, in order, from which there is a way back to pixels: up to the first step that is none of ours.

    That is a step that takes more or something else than the step before it gave (a branch, a sum), that runs twice, or
    of a kind that knows no way back (`Kind.back`).
    """
    found: list[str] = []
    before = graph.nodes[0].name
    takers = [name for node in graph for name in node.inputs]
    for node in graph.nodes[1:]:
        if takers.count(before) != 1 or node.inputs != (before,) or not kind_of(node.kind).back or node.module is None:
            break
        if node.module in found:
            break
        found.append(node.module)
        before = node.name
    return tuple(found)


def passes(graph: Graph, layer: str) -> tuple[str, ...]:
    """The layers from the first to `layer`. Raises ExplorerError where there is no way back from it."""
    chain = projectable(graph)
    if layer not in chain:
        raise ExplorerError(
            f"There is no way back to pixels from “{layer[:40]}”: choose one of {', '.join(chain)}."
            if chain
            else "This network begins with no convolution that could be undone: choose the digits or the colour network."
        )
    return chain[: chain.index(layer) + 1]


def run_down(network: nn.Module, graph: Graph, inputs: torch.Tensor, layer: str) -> Recording:
    """What every layer up to `layer` puts out for inputs (1, C, H, W); the network comes back as it came."""
    return record(network, inputs, passes(graph, layer))


def strongest(recording: Recording, layer: str) -> int:
    """The channel of the layer whose map has the largest value."""
    return int(recording.outputs[layer][0].amax(dim=(1, 2)).argmax())


def project(
    network: nn.Module,
    recording: Recording,
    layer: str,
    channel: int = ALL,
    unpooling: str = "switches",
    *,
    rectify: bool = True,
) -> Projection:
    """Carry a layer's maps back to pixels. recording: `run_down`'s, to this layer.

    channel: only this one's map, all others are set to 0; ALL: all maps. unpooling: a key of UNPOOLINGS.
    rectify: whether each ReLU is one on the way back too. Raises ExplorerError for a channel that does not exist.
    """
    if unpooling not in UNPOOLINGS:
        raise ExplorerError(f"There is no unpooling “{unpooling[:40]}”: choose one of {', '.join(UNPOOLINGS)}.")
    names = list(recording.outputs)
    names = names[: names.index(layer) + 1]
    signal = recording.outputs[layer].clone()
    if channel != ALL:
        if not 0 <= channel < signal.shape[1]:
            raise ExplorerError(f"{layer} has no channel {channel}: choose 0 to {signal.shape[1] - 1}.")
        signal[:, torch.arange(signal.shape[1]) != channel] = 0
    modules = dict(network.named_modules())
    with torch.no_grad():
        for index in range(len(names) - 1, -1, -1):
            given = recording.outputs[names[index - 1]] if index else recording.input
            signal = _back(modules[names[index]], signal, given, unpooling, rectify)
    return Projection(layer, channel, unpooling, signal[0].float().numpy())


def _back(layer: nn.Module, signal: torch.Tensor, given: torch.Tensor, unpooling: str, rectify: bool) -> torch.Tensor:
    """One layer backwards; given: what it was given on the way down, (1, C, H, W)."""
    way = kind_of(module_kind(layer)).back
    if way == "unpooled":
        return UNPOOLINGS[unpooling].back(signal, given, layer)
    if way == "rectified" and not rectify:
        return signal
    return WAYS[way](layer, signal, given)


def _scaled(layer: nn.BatchNorm2d, signal: torch.Tensor, given: torch.Tensor) -> torch.Tensor:
    scale = (layer.running_var + layer.eps).rsqrt() * (1 if layer.weight is None else layer.weight)
    return signal * scale[:, None, None]


def _transposed(layer: nn.Conv2d, signal: torch.Tensor, given: torch.Tensor) -> torch.Tensor:
    """The transposed convolution with the layer's own kernels, to the shape that the layer was given."""
    shape, padding = given.shape, _padding(layer)
    reach = [
        (n - 1) * s + d * (k - 1) + 1 - 2 * p
        for n, s, d, k, p in zip(
            signal.shape[-2:], _pair(layer.stride), _pair(layer.dilation), layer.kernel_size, padding, strict=True
        )
    ]
    extra = [size - n for size, n in zip(shape[-2:], reach, strict=True)]
    return F.conv_transpose2d(signal, layer.weight, None, layer.stride, padding, extra, layer.groups, layer.dilation)


def _padding(layer: nn.Conv2d) -> tuple[int, int]:
    if layer.padding_mode != "zeros" or layer.padding == "same":
        raise ExplorerError(
            f"A convolution with {layer.padding_mode} padding {layer.padding!r} cannot be undone: choose another layer."
        )
    return (0, 0) if layer.padding == "valid" else layer.padding


def _pair(value: int | tuple[int, int]) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else tuple(value)


# by `Kind.back`, beside "unpooled", of which there are several
WAYS = {
    "transposed": _transposed,
    "rectified": lambda layer, signal, given: signal.clamp(min=0),
    "scaled": _scaled,
    "same": lambda layer, signal, given: signal,
}


# ── how close it comes ──────────────────────────────────────────────────────────────────────────────────────


def fit(pixels: np.ndarray, projection: Projection) -> Fit:
    """The projection brought to the picture's brightness and contrast, one scale and one offset for all, and how close it is.

    pixels: what the network saw, uint8 (H, W) or (H, W, 3). A flat projection can only become the picture's mean.
    """
    picture = pixels.astype(np.float64)
    values = projection.values.astype(np.float64).transpose(1, 2, 0).reshape(picture.shape)
    centred, target = values - values.mean(), picture - picture.mean()
    power, ink = float((centred**2).sum()), float((target**2).sum())
    shared = float((centred * target).sum())
    scale = shared / power if power else 0.0
    offset = float(picture.mean() - scale * values.mean())
    fitted = scale * values + offset
    correlation = shared / np.sqrt(power * ink) if power and ink else float("nan")
    return Fit(fitted, scale, offset, float(correlation), psnr(picture, fitted, WHITE))
