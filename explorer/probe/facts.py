"""Facts about a network's layers: shapes, settings, costs. Knows nn.Module; not weights' values, not screens."""

import dataclasses
import math
from dataclasses import dataclass

import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.probe.fields import Window, fields_of_layers
from explorer.probe.graph import Graph, trace
from explorer.probe.recording import leaves, record
from explorer.probe.signs import NEVER_NEGATIVE, signed_nodes
from explorer.words import counted

Pair = tuple[int, int]


@dataclass(frozen=True)
class LayerFacts:
    """One layer: its output shape without the batch, settings (None where it has none), parameters and multiply-adds.

    macs: multiplications by a weight, for one input; additions of a bias and everything without weights count nothing. A layer
    that runs twice counts twice. receptive_field: of a unit away from the border, None where there is no such box, and reason
    says why. signed: whether its values can be negative.
    """

    name: str
    type: str
    output: tuple[int, ...]
    kernel: Pair | None
    stride: Pair | None
    padding: Pair | None
    dilation: Pair | None
    parameters: int
    macs: int
    receptive_field: Window | None = None
    reason: str = ""
    signed: bool = True

    def as_json(self) -> dict[str, object]:
        """Plain values for json.dumps; `reason` only where there is no receptive field."""
        plain = {key: value for key, value in dataclasses.asdict(self).items() if key not in ("reason", "signed")}
        if self.receptive_field is None:
            return {**plain, "receptive_field": None, "reason": self.reason}
        return {**plain, "receptive_field": self.receptive_field.as_json()}


@dataclass(frozen=True)
class NetworkFacts:
    """A network's input shape (C, H, W), its number of parameters and its layers in the order of execution."""

    input: tuple[int, int, int]
    parameters: int
    layers: tuple[LayerFacts, ...]

    def as_json(self) -> dict[str, object]:
        """Plain values for json.dumps."""
        return {
            "input": list(self.input),
            "parameters": self.parameters,
            "layers": [layer.as_json() for layer in self.layers],
        }


def describe(network: nn.Module, input_shape: tuple[int, int, int]) -> NetworkFacts:
    """Measure `network` with one forward pass over zeros of `input_shape` (C, H, W), and follow its steps.

    Where they cannot be followed, no layer has a receptive field, and one that runs twice counts once.
    """
    recording = record(network, torch.zeros(1, *input_shape))
    modules = leaves(network)
    graph, reason = _followed(network, input_shape)
    fields = fields_of_layers(graph) if graph else {}
    signs = signed_nodes(graph) if graph else {}
    layers = []
    for name, output in recording.outputs.items():
        module, field = modules[name], fields.get(name)
        runs = graph.of_layer(name) if graph else ()
        shapes = [(graph[run.inputs[0]].shape, run.shape) for run in runs]
        shapes = shapes or [(recording.taken[name][1:], tuple(output.shape[1:]))]
        layers.append(
            LayerFacts(
                name=name,
                type=type(module).__name__,
                output=tuple(output.shape[1:]),
                kernel=_pair(getattr(module, "kernel_size", None)),
                stride=_pair(getattr(module, "stride", None)),
                padding=_padding(module),
                dilation=_pair(getattr(module, "dilation", None)),
                parameters=sum(parameter.numel() for parameter in module.parameters(recurse=False)),
                macs=sum(_multiply_adds(module, taken, given) for taken, given in shapes),
                receptive_field=field.window if field else None,
                reason=field.reason if field else reason,
                signed=signs[runs[-1].name] if runs else type(module).__name__ not in NEVER_NEGATIVE,
            )
        )
    return NetworkFacts(input_shape, sum(parameter.numel() for parameter in network.parameters()), tuple(layers))


def _followed(network: nn.Module, input_shape: tuple[int, int, int]) -> tuple[Graph | None, str]:
    """The network's graph, or why there is none."""
    try:
        return trace(network, input_shape), "not a step of the network's graph"
    except ExplorerError as error:
        return None, str(error)


def _pair(value: object) -> Pair | None:
    if isinstance(value, int):
        return value, value
    return tuple(value) if isinstance(value, tuple | list) and len(value) == 2 else None


def _padding(module: nn.Module) -> Pair | None:
    padding = getattr(module, "padding", None)
    if padding == "valid":
        return 0, 0
    if padding == "same":
        return tuple(d * (k - 1) // 2 for d, k in zip(module.dilation, module.kernel_size, strict=True))
    return _pair(padding)


def _multiply_adds(module: nn.Module, taken: tuple[int, ...], output: tuple[int, ...]) -> int:
    """A convolution or dense layer multiplies once per weight that an output value sees; a transposed one, per input value."""
    if isinstance(module, nn.ConvTranspose1d | nn.ConvTranspose2d | nn.ConvTranspose3d):
        return math.prod(taken) * module.weight[0].numel()
    if isinstance(module, nn.Conv1d | nn.Conv2d | nn.Conv3d | nn.Linear):
        return math.prod(output) * module.weight[0].numel()
    return 0


def shape_text(shape: tuple[int, ...]) -> str:
    """(6, 28, 28) → "6 @ 28×28"; (120, 1, 1) → "120 @ 1×1"; (84,) → "84"."""
    if len(shape) == 3:
        return f"{shape[0]} @ {shape[1]}×{shape[2]}"
    return " × ".join(str(size) for size in shape)


def table(title: str, facts: NetworkFacts) -> str:
    """The layer table as text, one line a layer."""
    head = (
        "layer",
        "type",
        "output",
        "kernel",
        "stride",
        "padding",
        "dilation",
        "field",
        "parameters",
        "multiply-adds",
    )
    rows = [head] + [
        (
            layer.name,
            layer.type,
            shape_text(layer.output),
            *(
                "×".join(map(str, pair)) if pair else ""
                for pair in (layer.kernel, layer.stride, layer.padding, layer.dilation)
            ),
            "×".join(map(str, layer.receptive_field.size)) if layer.receptive_field else "",
            f"{layer.parameters:,}",
            f"{layer.macs:,}",
        )
        for layer in facts.layers
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [
        "  ".join(
            cell.rjust(width) if column >= 8 else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    total = sum(layer.macs for layer in facts.layers)
    return "\n".join(
        [
            f"{title}: input {shape_text(facts.input)}, {counted(facts.parameters, 'parameter')}, {total:,} multiply-adds",
            *lines,
        ]
    )


WORDS = {
    "Conv2d": "convolution",
    "ConvTranspose2d": "transposed convolution",
    "MaxPool2d": "max pooling",
    "AvgPool2d": "average pooling",
    "MaxUnpool2d": "max unpooling",
    "Upsample": "upsampling",
    "Concatenate": "concatenation",
    "BatchNorm2d": "batch normalisation",
    "Linear": "dense",
}


def in_words(layer: LayerFacts) -> str:
    """What kind of layer it is: "convolution 5×5", "max pooling 2×2", "ReLU"."""
    word = WORDS.get(layer.type, layer.type)
    return f"{word} {layer.kernel[0]}×{layer.kernel[1]}" if layer.kernel else word
