"""Facts about a network's layers: shapes, settings, costs. Knows nn.Module; not weights' values, not screens."""

import dataclasses
import math
from dataclasses import dataclass

import torch
from torch import nn

from explorer.probe.recording import leaves, record

Pair = tuple[int, int]


@dataclass(frozen=True)
class LayerFacts:
    """One layer: its output shape without the batch, settings (None where it has none), parameters and multiply-adds.

    macs: multiplications by a weight, for one input; additions of a bias and everything without weights count nothing.
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
            "layers": [dataclasses.asdict(layer) for layer in self.layers],
        }


def describe(network: nn.Module, input_shape: tuple[int, int, int]) -> NetworkFacts:
    """Measure `network` with one forward pass over zeros of `input_shape` (C, H, W)."""
    recording = record(network, torch.zeros(1, *input_shape))
    modules = leaves(network)
    layers = tuple(
        _layer(name, modules[name], recording.taken[name][1:], tuple(output.shape[1:]))
        for name, output in recording.outputs.items()
    )
    return NetworkFacts(input_shape, sum(parameter.numel() for parameter in network.parameters()), layers)


def _layer(name: str, module: nn.Module, taken: tuple[int, ...], output: tuple[int, ...]) -> LayerFacts:
    return LayerFacts(
        name=name,
        type=type(module).__name__,
        output=output,
        kernel=_pair(getattr(module, "kernel_size", None)),
        stride=_pair(getattr(module, "stride", None)),
        padding=_padding(module),
        dilation=_pair(getattr(module, "dilation", None)),
        parameters=sum(parameter.numel() for parameter in module.parameters(recurse=False)),
        macs=_multiply_adds(module, taken, output),
    )


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
    head = ("layer", "type", "output", "kernel", "stride", "padding", "dilation", "parameters", "multiply-adds")
    rows = [head] + [
        (
            layer.name,
            layer.type,
            shape_text(layer.output),
            *(
                "×".join(map(str, pair)) if pair else ""
                for pair in (layer.kernel, layer.stride, layer.padding, layer.dilation)
            ),
            f"{layer.parameters:,}",
            f"{layer.macs:,}",
        )
        for layer in facts.layers
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [
        "  ".join(
            cell.rjust(width) if column >= 7 else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    total = sum(layer.macs for layer in facts.layers)
    return "\n".join(
        [
            f"{title}: input {shape_text(facts.input)}, {facts.parameters:,} parameters, {total:,} multiply-adds",
            *lines,
        ]
    )


WORDS = {
    "Conv2d": "convolution",
    "ConvTranspose2d": "transposed convolution",
    "MaxPool2d": "max pooling",
    "AvgPool2d": "average pooling",
    "BatchNorm2d": "batch normalisation",
    "Linear": "dense",
}


def in_words(layer: LayerFacts) -> str:
    """What kind of layer it is: "convolution 5×5", "max pooling 2×2", "ReLU"."""
    word = WORDS.get(layer.type, layer.type)
    return f"{word} {layer.kernel[0]}×{layer.kernel[1]}" if layer.kernel else word
