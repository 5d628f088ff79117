"""What each kind of step does to what its input sees. Knows the nodes of a graph; runs nothing, holds no network.

What is not listed here is taken to see all that it is given.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from explorer.probe import windows
from explorer.probe.graph import Node
from explorer.probe.reach import Reach
from explorer.probe.rearranging import (
    LIST,
    box_of,
    flipped,
    narrowed,
    of_axes,
    rearranged,
    seen_through,
    shuffled,
    sliced,
    split,
    unknown,
    viewed,
)
from explorer.probe.spans import (
    Beyond,
    Segment,
    Span,
    beyond_of,
    end_to_end,
    flat,
    mapped,
    merged,
    mixed,
    seen_text,
    side_by_side,
    together,
)

Spans = list[Span]
Size = tuple[int, int]
_PLACE_BY_PLACE = """
    AlphaDropout BatchNorm2d CELU Dropout Dropout2d ELU FeatureAlphaDropout FrozenBatchNorm2d GELU Hardshrink
    Hardsigmoid Hardswish Hardtanh Identity LeakyReLU LogSigmoid Mish PReLU RReLU ReLU ReLU6 SELU SiLU Sigmoid
    Softplus Softshrink Softsign StochasticDepth SyncBatchNorm Tanh Tanhshrink Threshold abs alias batch_norm clamp
    clip clone contiguous cos detach exp feature_dropout float floor hardtanh leaky_relu log mish neg pow reciprocal
    round rsqrt sin softplus sqrt square stochastic_depth to type type_as
"""
ELEMENTWISE = set(_PLACE_BY_PLACE.split())
MIXING_CHANNELS = {"LocalResponseNorm", "CrossMapLRN2d", "normalize", "local_response_norm"}
COMBINING = {"add", "sub", "mul", "div", "maximum", "minimum", "pow", "rsub", "where", "lerp"}
NORMALISING = {"GroupNorm", "InstanceNorm2d", "instance_norm"}
REDUCING = {"mean", "sum", "amax", "amin", "max", "min", "var", "std", "logsumexp", "norm"}
WINDOWS = {
    "Conv2d": windows.convolution,
    "ConvTranspose2d": windows.transposed,
    "MaxPool2d": windows.pooling,
    "AvgPool2d": windows.pooling,
    "LPPool2d": windows.pooling,
    "Upsample": windows.upsampling,
    "UpsamplingNearest2d": windows.upsampling,
    "UpsamplingBilinear2d": windows.upsampling,
    "Pad": windows.padding,
    "ZeroPad2d": windows.padding,
    "ConstantPad2d": windows.padding,
    "ReflectionPad2d": windows.padding,
    "ReplicationPad2d": windows.padding,
    "CircularPad2d": windows.padding,
}
PAD_MODES = {"ReflectionPad2d": "reflect", "ReplicationPad2d": "replicate", "CircularPad2d": "circular"}
ADAPTIVE = {"AdaptiveAvgPool2d": "average", "AdaptiveMaxPool2d": "max"}
GLOBAL = "global {} pooling: every unit sees {}"
DENSE = "dense: every unit sees {}"


def step(node: Node, spans: Sequence[Span], shapes: Sequence[tuple[int, ...]], size: Size) -> Span | Spans:
    """What the node's numbers see. spans, shapes: of its inputs, in order. size: rows and columns of the network's input."""
    span, kind = spans[0], node.kind
    if len(spans) > 1 and kind in COMBINING:
        return _combined(node, spans, shapes, size)
    if kind in ("cat", "stack"):
        return _concatenated(node, spans, shapes, size)
    if not span.layout:
        return _of_list(node, spans, size)
    if kind == "MaxPool2d" and "shapes" in node.settings:  # a pooling that also says where its values lay
        return [_windowed(replace(node, shape=shape), span, shapes[0]) for shape in node.settings["shapes"]]
    if kind == "MaxUnpool2d" and len(spans) == 2:
        return _unpooled(node, spans, shapes, size)
    if kind in ELEMENTWISE or kind in COMBINING:
        return span
    if kind in WINDOWS and node.shape and len(node.shape) == 3 and span.layout == "chw":
        return _windowed(node, span, shapes[0])
    for kinds, act in _ACTS:
        if kind in kinds:
            return act(node, span, shapes[0], size)
    return unknown(node, spans, size)


def _windowed(node: Node, span: Span, shape: tuple[int, ...]) -> Span:
    """Everything that slides: the same taps for all channels."""
    settings = dict(node.settings)
    if node.kind in PAD_MODES:
        settings["mode"] = PAD_MODES[node.kind]
    if node.kind == "UpsamplingBilinear2d":
        settings |= {"mode": "bilinear", "align_corners": True}
    make = WINDOWS[node.kind]
    rows, columns = (make(settings, axis, shape[1 + axis], node.shape[1 + axis]) for axis in (0, 1))
    span = mapped(span, lambda segment: seen_through(segment, rows, columns))
    if node.kind in ("Conv2d", "ConvTranspose2d"):
        return mixed(span, node.shape[0], settings.get("groups", 1))
    return span


def _unpooled(node: Node, spans: Sequence[Span], shapes: Sequence[tuple[int, ...]], size: Size) -> Span:
    """Every place of a window may hold the window's value, or a zero, as its switch says: it sees both."""
    if len(node.shape) != 3:
        return unknown(node, spans, size)
    for axis in (0, 1):
        kernel = windows.of_axis(node.settings["kernel_size"], axis)
        stride = windows.of_axis(node.settings.get("stride"), axis, kernel)
        if kernel != stride or node.shape[1 + axis] != kernel * shapes[0][1 + axis]:  # windows that do not tile
            return unknown(node, spans, size)
    rows, columns = (windows.upsampling({}, axis, shapes[0][1 + axis], node.shape[1 + axis]) for axis in (0, 1))
    return mapped(together(spans), lambda segment: seen_through(segment, rows, columns))


def _adaptive(node: Node, span: Span, shape: tuple[int, ...], size: Size) -> Span:
    taps = [windows.adaptive({}, axis, shape[1 + axis], node.shape[1 + axis]) for axis in (0, 1)]
    pooled = mapped(span, lambda segment: seen_through(segment, *taps))
    if node.shape[1:] == (1, 1) and shape[1:] != (1, 1):
        return mapped(pooled, lambda segment: _without_rule(segment, GLOBAL.format(ADAPTIVE[node.kind], "{}"), size))
    return pooled


def _without_rule(segment: Segment, reason: str, size: Size) -> Segment:
    """Every unit sees the same; `reason` has a gap for what that is."""
    box = segment.box
    rows, columns = (Reach(reach.lows, reach.highs, None) for reach in (segment.rows, segment.columns))
    return Segment(segment.channels, rows, columns, Beyond(reason.format(seen_text(box, size)), box))


def _reduced(node: Node, span: Span, shape: tuple[int, ...], size: Size) -> Span:
    """mean, sum, amax … over some axes."""
    dims = node.settings.get("dim", node.settings.get("dims"))
    dims = range(1, len(shape) + 1) if dims is None else dims if isinstance(dims, tuple) else (dims,)
    axes = {dim % (len(shape) + 1) - 1 for dim in dims}
    letters = "".join(span.layout[axis] for axis in axes if axis >= 0)
    if not set(letters) & {"h", "w"}:
        span = replace(span, segments=(replace(span.whole, channels=1),))
        keep = node.settings.get("keepdim", False)
        return span if keep else replace(span, layout="".join(a for i, a in enumerate(span.layout) if i not in axes))
    if not node.settings.get("keepdim", False) or not {"h", "w"} <= set(letters):
        word = {"mean": "average", "amax": "max", "max": "max"}.get(node.kind, node.kind)
        return flat(GLOBAL.format(word, seen_text(span.box, size)), span.box)
    taps = [windows.adaptive({}, i, shape[span.layout.index(a)], 1) for i, a in enumerate("hw")]
    pooled = mapped(span, lambda segment: seen_through(segment, *taps))
    return mapped(pooled, lambda segment: _without_rule(segment, GLOBAL.format("average", "{}"), size))


def _normalised(node: Node, span: Span, shape: tuple[int, ...], size: Size) -> Span:
    """Group, instance and layer normalisation measure mean and spread over whole maps, unless over channels alone."""
    over = node.settings.get("normalized_shape")
    if node.kind == "LayerNorm" and span.layout.endswith("c") and (over is None or len(over) == 1):
        return replace(span, segments=(span.whole,))
    box = span.box
    reason = f"normalised by the mean and spread of whole maps: every unit sees {seen_text(box, size)}"
    return mapped(span, lambda s: replace(s, beyond=beyond_of([Beyond(reason, box), s.beyond])))


def _dense(node: Node, span: Span, shape: tuple[int, ...], size: Size) -> Span:
    """Over the last axis: where that is the channels', a 1×1 convolution."""
    if span.layout.endswith("c"):
        return replace(span, segments=(replace(span.whole, channels=node.shape[-1]),))
    return flat(DENSE.format(seen_text(span.box, size)), span.box)


def _mixed_channels(node: Node, span: Span, shape: tuple[int, ...], size: Size) -> Span:
    if node.kind == "Softmax":
        axis = (node.settings.get("dim") or 1) % (len(shape) + 1)
        if axis == 0 or span.layout[axis - 1] != "c":
            return unknown(node, [span], size)
    return replace(span, segments=(span.whole,))


# ── several inputs ──────────────────────────────────────────────────────────────────────────────────────────


def _combined(node: Node, spans: Sequence[Span], shapes: Sequence[tuple[int, ...]], size: Size) -> Span:
    """add, mul, …: place by place; what is smaller is spread over all places, as in squeeze-and-excitation."""
    if all(span.layout == spans[0].layout and span.layout for span in spans):
        places = [[n for n, letter in zip(shape, spans[0].layout, strict=True) if letter != "c"] for shape in shapes]
        largest = [max(lengths) for lengths in zip(*places, strict=True)]
        full = [span for span, place in zip(spans, places, strict=True) if place == largest]
        rest = [span for span, place in zip(spans, places, strict=True) if place != largest]
        if full:
            span = _of_equal_channels(full, node.shape[spans[0].layout.index("c")] if "c" in spans[0].layout else 1)
            return _gated(node, span, rest, size) if rest else span
    elif full := [span for span in spans if span.layout]:
        rest = [span for span in spans if not span.layout]
        return _gated(node, together(full), rest, size) if len(full) == 1 else unknown(node, spans, size)
    box = box_of(spans)
    return flat(spans[0].beyond.reason if spans[0].beyond else LIST.format(seen_text(box, size)), box)


def _of_equal_channels(spans: Sequence[Span], channels: int) -> Span:
    """A span of one channel, spread over all of them, goes with each."""
    equal = [
        replace(span, segments=(replace(span.whole, channels=channels),))
        if sum(s.channels for s in span.segments) != channels
        else span
        for span in spans
    ]
    return together(equal) if len(equal) > 1 else equal[0]


def _gated(node: Node, span: Span, rest: Sequence[Span], size: Size) -> Span:
    """Every place also sees what `rest` sees: numbers shared by all places, or something unknown."""
    box = box_of(rest)
    unknown_ones = [other.beyond.reason for other in rest if not other.layout]
    word = {"mul": "multiplied by", "div": "divided by", "sub": "less"}.get(node.kind, "joined by")
    shared = f"{word} one number a channel that sees {seen_text(box, size)}"
    reason = unknown_ones[0] if unknown_ones else f"{shared} (squeeze-and-excitation)" if node.kind == "mul" else shared
    return mapped(span, lambda s: replace(s, beyond=beyond_of([Beyond(reason, box), s.beyond])))


def _concatenated(node: Node, spans: Sequence[Span], shapes: Sequence[tuple[int, ...]], size: Size) -> Span:
    layout = spans[0].layout
    if layout and all(span.layout == layout for span in spans) and node.kind == "cat":
        letter = layout[node.settings.get("dim", 0) % (len(node.shape) + 1) - 1]
        if letter == "c" and layout.count("c") == 1:
            return side_by_side(spans)
        if letter != "c":
            return end_to_end(spans, letter)
        return replace(spans[0], segments=(merged([span.whole for span in spans]),))
    box = box_of(spans)
    reasons = [span.beyond.reason for span in spans if span.beyond]
    return flat(reasons[0] if reasons else LIST.format(seen_text(box, size)), box)


def _of_list(node: Node, spans: Sequence[Span], size: Size) -> Span | Spans:
    """Numbers without rows and columns stay so."""
    box = box_of(spans)
    if node.kind == "Linear":
        return flat(DENSE.format(seen_text(box, size)), box)
    if isinstance(node.settings.get("shapes"), tuple):
        return [spans[0]] * len(node.settings["shapes"])
    return Span("", (), beyond_of([span.beyond for span in spans]))


_ACTS: tuple[tuple[set[str], Callable], ...] = (
    (set(ADAPTIVE), _adaptive),
    ({"Linear"}, _dense),
    ({"Flatten", "view", "unflatten", "Unflatten"}, viewed),
    ({"permute", "transpose"}, rearranged),
    ({"getitem"}, sliced),
    ({"narrow", "slice", "select"}, narrowed),
    ({"chunk", "split", "unsafe_split", "split_with_sizes", "unsafe_chunk"}, split),
    ({"flip"}, flipped),
    (REDUCING, _reduced),
    (NORMALISING | {"LayerNorm"}, _normalised),
    (MIXING_CHANNELS | {"Softmax", "Softmax2d", "LogSoftmax"}, _mixed_channels),
    ({"PixelShuffle", "PixelUnshuffle"}, shuffled),
    ({"unsqueeze", "squeeze"}, of_axes),
)
