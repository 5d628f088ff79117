"""Which pixels matter for one class: heat maps by five methods of Captum. Knows nn.Module; not pictures, not screens.

Each method takes a network, its input float32 (1, C, H, W), a class's number and a baseline of the same shape (what counts as
"nothing there"), and gives float32 (H, W). The same arguments give the same map. The network comes back as it came.

Sources: Simonyan, Vedaldi, Zisserman 2014 (saliency); Shrikumar et al. 2016 (input × gradient); Sundararajan, Taly, Yan 2017
(integrated gradients); Selvaraju et al. 2017 (Grad-CAM); Zeiler, Fergus 2014 (occlusion).
"""

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.models.answer import class_row
from explorer.probe.kinds import kind_of, module_kind
from explorer.probe.kinds.kind import POOLING
from explorer.probe.lending import lent
from explorer.probe.recording import BARE, listening

INTEGRATION_STEPS = 64  # points of the Gauss-Legendre rule between baseline and input
VALUES_AT_ONCE = 2**21  # input values of one forward pass with many variations of a picture


@dataclass(frozen=True, eq=False)
class HeatMap:
    """One method's answer: values float32 (H, W), read-only; signed: whether a value below 0 (against the class) can occur."""

    values: np.ndarray
    signed: bool


Compute = Callable[[nn.Module, torch.Tensor, int, torch.Tensor], torch.Tensor]


@dataclass(frozen=True)
class Attribution:
    """One method. title: what one reads; asks: the question it answers, one sentence; signed: whether maps have a sign."""

    name: str
    title: str
    asks: str
    signed: bool
    compute: Compute


def attribute(
    method: str, network: nn.Module, inputs: torch.Tensor, target: int, *, baseline: torch.Tensor | None = None
) -> HeatMap:
    """The heat map of one method (a key of ATTRIBUTIONS) for class number `target`.

    inputs: (1, C, H, W). baseline: the same shape, or None for zeros. The explained number is the logit, not the probability.
    Raises ExplorerError for an unknown method or class, an input of another shape, or where the network gives no logits.
    """
    if method not in ATTRIBUTIONS:
        raise ExplorerError(f"There is no method “{method[:40]}”: choose one of {', '.join(ATTRIBUTIONS)}.")
    if inputs.ndim != 4 or len(inputs) != 1:
        raise ExplorerError(
            f"One picture is explained at a time and these are of shape {tuple(inputs.shape)}: give (1, C, H, W)."
        )
    baseline = torch.zeros_like(inputs) if baseline is None else baseline
    if baseline.shape != inputs.shape:
        raise ExplorerError(
            f"A baseline of shape {tuple(baseline.shape)} does not fit {tuple(inputs.shape)}: give equal ones."
        )
    found = ATTRIBUTIONS[method]
    classes = len(logits(network, inputs))
    if not 0 <= target < classes:
        raise ExplorerError(f"There is no class {target}: choose 0 to {classes - 1}.")
    values = (
        found.compute(network, inputs.detach().clone(), target, baseline.detach().clone())
        .detach()
        .float()
        .cpu()
        .numpy()
    )
    if not np.isfinite(values).all():
        raise ExplorerError(
            "The heat map is not a number (NaN or infinite): train the network again, or load other weights."
        )
    values.setflags(write=False)
    return HeatMap(values, found.signed)


def be_ready() -> None:
    """Import the library now, two seconds once, so that the first map's time is its own."""
    import captum.attr  # noqa: F401


def saliency(network: nn.Module, inputs: torch.Tensor, target: int, baseline: torch.Tensor) -> torch.Tensor:
    """|∂ logit / ∂ pixel|, of the colours the largest. Needs no baseline."""
    from captum.attr import Saliency

    with lent(network):
        return Saliency(_classes_of(network)).attribute(inputs.requires_grad_(), target=target, abs=True)[0].amax(0)


def input_x_gradient(network: nn.Module, inputs: torch.Tensor, target: int, baseline: torch.Tensor) -> torch.Tensor:
    """Pixel · ∂ logit / ∂ pixel, summed over the colours. Pixels are what the network is given (normalised)."""
    from captum.attr import InputXGradient

    with lent(network):
        return InputXGradient(_classes_of(network)).attribute(inputs.requires_grad_(), target=target)[0].sum(0)


def integrated_gradients(network: nn.Module, inputs: torch.Tensor, target: int, baseline: torch.Tensor) -> torch.Tensor:
    """(pixel − baseline) · mean gradient on the straight way between them; the map's sum is logit(input) − logit(baseline)."""
    from captum.attr import IntegratedGradients

    with lent(network):
        explained = IntegratedGradients(_classes_of(network)).attribute(
            inputs.requires_grad_(),
            baselines=baseline,
            target=target,
            n_steps=INTEGRATION_STEPS,
            method="gausslegendre",
            internal_batch_size=at_once(inputs),
        )
    return explained[0].sum(0)


def grad_cam(network: nn.Module, inputs: torch.Tensor, target: int, baseline: torch.Tensor) -> torch.Tensor:
    """The last feature maps, each times its mean gradient, summed; what is left above 0, enlarged to the input's size."""
    from captum.attr import LayerAttribution, LayerGradCam

    layer = network.get_submodule(name) if (name := last_maps(network, inputs)) != BARE else network
    with lent(network), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Captum's notes on hooks
        small = LayerGradCam(_classes_of(network), layer).attribute(
            inputs.requires_grad_(), target=target, relu_attributions=True
        )
        return LayerAttribution.interpolate(small, tuple(inputs.shape[2:]), "bilinear")[0, 0]


def occlusion(
    network: nn.Module,
    inputs: torch.Tensor,
    target: int,
    baseline: torch.Tensor,
    *,
    window: int | None = None,
    stride: int | None = None,
) -> torch.Tensor:
    """By how much the logit falls when a window is covered with the baseline; a pixel has the mean of all windows over it.

    window: its side, an eighth of the input's where None; stride: where None a quarter of the window's side, half of it where
    the input is large.
    """
    from captum.attr import Occlusion

    channels, height, width = inputs.shape[1:]
    window = window or max(1, min(height, width) // 8)
    stride = stride or max(1, window // (4 if window <= 8 else 2))
    with lent(network), torch.no_grad():
        explained = Occlusion(_classes_of(network)).attribute(
            inputs,
            sliding_window_shapes=(channels, window, window),
            strides=(channels, stride, stride),
            baselines=baseline,
            target=target,
            perturbations_per_eval=at_once(inputs),
        )
    return explained[0, 0]  # the same for every colour: they are covered together


def at_once(inputs: torch.Tensor) -> int:
    """So many variations of one input go through the network together."""
    return max(1, min(128, VALUES_AT_ONCE // inputs.numel()))


def last_maps(network: nn.Module, inputs: torch.Tensor) -> str:
    """The layer whose maps Grad-CAM weighs: the last one that puts out maps larger than 1×1 and is no pooling.

    A block that only hands on what its last layer made is not counted, one that adds or concatenates is. Raises ExplorerError
    where there is no such layer.
    """
    modules = {name or BARE: module for name, module in network.named_modules()}
    found: list[str] = []
    before: list[torch.Tensor] = []  # kept, so that its place in memory is not given to the next

    def hear(name: str, taken: tuple[int, ...], output: torch.Tensor) -> None:
        block = any(modules[name].children())
        handed_on = block and bool(before) and before[0].data_ptr() == output.data_ptr()
        before[:] = [output]
        kind = kind_of(module_kind(modules[name]))
        useful = kind.group != POOLING and not kind.unchanged and not handed_on
        if useful and output.ndim == 4 and math.prod(output.shape[2:]) > 1:
            found[:] = [name]

    with listening(network, modules, hear) as run:
        run(inputs.detach().clone())  # a first layer may overwrite it
    if not found:
        raise ExplorerError(
            "Grad-CAM needs feature maps and this network has none larger than 1×1: choose another method."
        )
    return found[0]


def logits(network: nn.Module, inputs: torch.Tensor) -> torch.Tensor:
    """The network's answer to one input, (classes,). Raises ExplorerError where it gives anything but one number a class."""
    with listening(network, (), lambda name, taken, output: None) as run:
        output = run(inputs.detach().clone())
    row = class_row(output) if isinstance(output, torch.Tensor) else None
    if row is None:
        raise ExplorerError("This network gives no logits of shape (1, classes): choose one that names classes.")
    return row[0].clone()


def _classes_of(network: nn.Module) -> Callable[[torch.Tensor], torch.Tensor]:
    """(N, C, H, W) → (N, classes), also where the network ends in a convolution with maps of 1×1."""
    return lambda inputs: class_row(network(inputs))


ATTRIBUTIONS: dict[str, Attribution] = {
    found.name: found
    for found in (
        Attribution("saliency", "Saliency", "How fast does the logit change when this pixel does?", False, saliency),
        Attribution(
            "input_x_gradient",
            "Input × gradient",
            "How fast, times the pixel itself?",
            True,
            input_x_gradient,
        ),
        Attribution(
            "integrated_gradients",
            "Integrated gradients",
            "How much of the logit came with this pixel, on the way from black?",
            True,
            integrated_gradients,
        ),
        Attribution("grad_cam", "Grad-CAM", "Where do the last feature maps speak for the class?", False, grad_cam),
        Attribution(
            "occlusion", "Occlusion", "How much does the logit fall when a window here is covered?", True, occlusion
        ),
    )
}
