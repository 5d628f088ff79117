"""Facts about a network's layers: shapes, settings, costs. Knows nn.Module; not weights' values, not screens."""

import dataclasses
from collections import Counter
from dataclasses import dataclass

import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.probe.costs import NOBODY, Products, owner_of, shared_out
from explorer.probe.fields import FieldSize, fields, fields_of_layers
from explorer.probe.graph import Graph, Node, trace
from explorer.probe.kinds import kind_of, module_kind
from explorer.probe.layouts import channels_first
from explorer.probe.paddings import Padding, padding_of, padding_text
from explorer.probe.recording import BARE, leaves, record
from explorer.probe.signs import signed_nodes
from explorer.words import counted

Pair = tuple[int, int]
OUTSIDE = "outside the layers"


@dataclass(frozen=True)
class LayerFacts:
    """One layer: its output shape without the batch, settings (None where it has none), parameters and multiply-adds.

    output: channels first, whatever the order in memory; layout: that order, "hwc" where the channels are last, "" where the
    output is no map. padding: a pair where before and after differ, None also where it cannot be told.
    parameters: its own and those of modules in it that are no layer of their own; parameters that two layers share belong to
    the first. macs: multiplications by its weights, for one input, as probe/costs counts them. A layer that runs twice counts
    twice. receptive_field: of a unit away from the border, None where there is no such box, and reason says why. signed:
    whether its values can be negative.
    """

    name: str
    type: str
    output: tuple[int, ...]
    kernel: Pair | None
    stride: Pair | None
    padding: Padding | None
    dilation: Pair | None
    parameters: int
    macs: int
    receptive_field: FieldSize | None = None
    reason: str = ""
    signed: bool = True
    layout: str = ""

    def as_json(self) -> dict[str, object]:
        """Plain values for json.dumps; `reason` only where there is no field, `layout` where channels are not first."""
        hidden = {"reason", "signed"} | ({"layout"} if self.layout in ("", "chw") else set())
        plain = {key: value for key, value in dataclasses.asdict(self).items() if key not in hidden}
        if self.receptive_field is None:
            return {**plain, "receptive_field": None, "reason": self.reason}
        return {**plain, "receptive_field": self.receptive_field.as_json()}


@dataclass(frozen=True)
class NetworkFacts:
    """A network's input shape (C, H, W), its number of parameters and its layers in the order of execution.

    outside: (parameters, multiply-adds) of weights that no layer holds, or one that did not run.
    """

    input: tuple[int, int, int]
    parameters: int
    layers: tuple[LayerFacts, ...]
    outside: Pair = (0, 0)

    @property
    def macs(self) -> int:
        """All multiply-adds."""
        return sum(layer.macs for layer in self.layers) + self.outside[1]

    @property
    def rows(self) -> tuple[LayerFacts, ...]:
        """The layers, and where something is outside them a last row for that: they add up to the network's numbers."""
        parameters, macs = self.outside
        if not parameters and not macs:
            return self.layers
        return *self.layers, LayerFacts(OUTSIDE, "", (), None, None, None, None, parameters, macs)

    def as_json(self) -> dict[str, object]:
        """Plain values for json.dumps; `outside` only where there is something."""
        plain = {
            "input": list(self.input),
            "parameters": self.parameters,
            "layers": [layer.as_json() for layer in self.layers],
        }
        if any(self.outside):
            plain["outside"] = dict(zip(("parameters", "macs"), self.outside, strict=True))
        return plain


def describe(network: nn.Module, input_shape: tuple[int, int, int]) -> NetworkFacts:
    """Measure `network` with one forward pass over zeros of `input_shape` (C, H, W), and follow its steps.

    Where they cannot be followed, no layer has a receptive field.
    """
    inputs = torch.zeros(1, *input_shape)
    if any(nn.parameter.is_lazy(parameter) for parameter in network.parameters()):
        record(network, inputs)  # such layers take their size from the first input
    with Products(network, inputs) as products:
        recording = record(network, inputs)
    modules = leaves(network)
    graph, reason = _followed(network, input_shape)
    known = fields(graph) if graph else {}
    by_layer = fields_of_layers(graph, known) if graph else {}
    signs = signed_nodes(graph) if graph else {}
    rest = BARE if modules.get(BARE) is network else NOBODY
    macs = shared_out(products.found, recording.outputs, rest)
    parameters = shared_out(_parameters(network), recording.outputs, rest)
    layers = []
    for name, output in recording.outputs.items():
        module, shape = modules[name], tuple(output.shape[1:])
        run = _last_run(graph, name, shape)
        field = by_layer.get(name) or (known.get(run.name) if run else None)
        layout = graph.layouts.get(run.name, "") if run else ""
        layers.append(
            LayerFacts(
                name=name,
                type=module_kind(module),
                output=channels_first(shape, layout),
                kernel=_pair(getattr(module, "kernel_size", None)),
                stride=_pair(getattr(module, "stride", None)),
                padding=padding_of(module, graph, name, recording.taken[name][1:], shape),
                dilation=_pair(getattr(module, "dilation", None)),
                parameters=parameters[name],
                macs=macs[name],
                receptive_field=field.window if field else None,
                reason=field.reason if field else reason,
                signed=signs[run.name] if run else kind_of(module_kind(module)).sign != "never",
                layout=layout,
            )
        )
    return NetworkFacts(input_shape, sum(parameters.values()), tuple(layers), (parameters[NOBODY], macs[NOBODY]))


def _parameters(network: nn.Module) -> Counter[str]:
    """Whose and how many; what two layers share is the first one's."""
    found: Counter[str] = Counter()
    for name, parameter in network.named_parameters():
        found[owner_of(name)] += parameter.numel()
    return found


def _last_run(graph: Graph | None, name: str, shape: tuple[int, ...]) -> Node | None:
    """The node whose numbers a recording keeps of a layer."""
    runs = graph.of_layer(name) if graph else ()
    return runs[-1] if runs and runs[-1].shape in (shape, ()) else None


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


def shape_text(shape: tuple[int, ...]) -> str:
    """(6, 28, 28) → "6 @ 28×28"; (120, 1, 1) → "120 @ 1×1"; (84,) → "84"."""
    if len(shape) == 3:
        return f"{shape[0]} @ {shape[1]}×{shape[2]}"
    return " × ".join(str(size) for size in shape)


_HEAD = ("layer", "type", "output", "kernel", "stride", "padding", "dilation", "field", "parameters", "multiply-adds")
_FIRST_NUMBER = _HEAD.index("parameters")


def table(title: str, facts: NetworkFacts) -> str:
    """The layer table as text, one line a layer, and one for what is outside of them; the columns of numbers add up."""
    rows = [_HEAD, *(_row(layer) for layer in facts.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = [
        "  ".join(
            cell.rjust(width) if column >= _FIRST_NUMBER else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    head = f"{title}: input {shape_text(facts.input)}, {counted(facts.parameters, 'parameter')}, {facts.macs:,} multiply-adds"
    return "\n".join([head, *lines])


def _row(layer: LayerFacts) -> tuple[str, ...]:
    pairs = ("×".join(map(str, pair)) if pair else "" for pair in (layer.kernel, layer.stride))
    return (
        layer.name,
        layer.type,
        shape_text(layer.output),
        *pairs,
        padding_text(layer.padding),
        "×".join(map(str, layer.dilation)) if layer.dilation else "",
        "×".join(map(str, layer.receptive_field.size)) if layer.receptive_field else "",
        f"{layer.parameters:,}",
        f"{layer.macs:,}",
    )


def in_words(layer: LayerFacts) -> str:
    """What kind of layer it is: "convolution 5×5", "max pooling 2×2", "ReLU"."""
    word = kind_of(layer.type).word
    return f"{word} {layer.kernel[0]}×{layer.kernel[1]}" if layer.kernel else word
