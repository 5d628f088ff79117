"""What each kind of step does to what its input sees. Knows the nodes of a graph; runs nothing, holds no network.

Which rule a kind follows, the kinds tell (`Kind.sees`); one without a rule is taken to see all that it is given.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from explorer.probe import windows
from explorer.probe.graph import Node
from explorer.probe.kinds import kind_of
from explorer.probe.reach import Reach
from explorer.probe.rearranging import (
    LIST,
    box_of,
    flipped,
    narrowed,
    of_axes,
    picture_axes,
    rearranged,
    seen_along,
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
GLOBAL = "global {} pooling: every unit sees {}"
DENSE = "dense: every unit sees {}"


def step(node: Node, spans: Sequence[Span], shapes: Sequence[tuple[int, ...]], size: Size) -> Span | Spans:
    """What the node's numbers see. spans, shapes: of its inputs, in order. size: rows and columns of the network's input."""
    span, sees = spans[0], kind_of(node.kind).sees
    if len(spans) > 1 and sees in ("combine", "reduce"):  # torch.max(x, y) goes place by place
        return _combined(node, spans, shapes, size)
    if sees == "join":
        return _concatenated(node, spans, shapes, size)
    if not span.layout:
        return _of_list(node, spans, size)
    if sees == "window" and "shapes" in node.settings:  # a pooling that also says where its values lay
        return [_windowed(replace(node, shape=shape), span, shapes[0], size) for shape in node.settings["shapes"]]
    if sees == "unpool" and len(spans) == 2:
        return _unpooled(node, spans, shapes, size)
    if sees in ("place", "combine"):
        return span
    return _ACTS.get(sees, _taken_as_it_is)(node, span, shapes[0], size)


def _taken_as_it_is(node: Node, span: Span, shape: tuple[int, ...], size: Size) -> Span | Spans:
    return unknown(node, [span], size)


def _windowed(node: Node, span: Span, shape: tuple[int, ...], size: Size) -> Span | Spans:
    """Everything that slides: the same taps for all channels."""
    kind = kind_of(node.kind)
    settings = {**node.settings, **kind.fixed}
    told = kind.window not in windows.WITH_KERNEL or "kernel_size" in settings
    if not picture_axes(span) or len(node.shape) != 3 or not told:
        return unknown(node, [span], size)
    taps = [kind.window(settings, axis, shape[1 + axis], node.shape[1 + axis]) for axis in (0, 1)]
    span = seen_along(span, *taps)
    if kind.carries_bias:  # a weight for each of its group's channels
        return mixed(span, node.shape[0], settings.get("groups", 1))
    return span


def _unpooled(node: Node, spans: Sequence[Span], shapes: Sequence[tuple[int, ...]], size: Size) -> Span:
    """Every place of a window may hold the window's value, or a zero, as its switch says: it sees both."""
    layouts = {span.layout for span in spans}
    if len(node.shape) != 3 or len(layouts) > 1 or not picture_axes(spans[0]) or "kernel_size" not in node.settings:
        return unknown(node, spans, size)
    for axis in (0, 1):
        kernel = windows.of_axis(node.settings["kernel_size"], axis)
        stride = windows.of_axis(node.settings.get("stride"), axis, kernel)
        if kernel != stride or node.shape[1 + axis] != kernel * shapes[0][1 + axis]:  # windows that do not tile
            return unknown(node, spans, size)
    taps = [windows.upsampling({}, axis, shapes[0][1 + axis], node.shape[1 + axis]) for axis in (0, 1)]
    return seen_along(together(spans), *taps)


def _adaptive(node: Node, span: Span, shape: tuple[int, ...], size: Size) -> Span:
    given = node.settings.get("shapes", (node.shape,))  # its values, and where they lay
    if not picture_axes(span) or len(given[0]) != 3:
        return unknown(node, [span], size)
    taps = [windows.adaptive({}, axis, shape[1 + axis], given[0][1 + axis]) for axis in (0, 1)]
    pooled = seen_along(span, *taps)
    if given[0][1:] == (1, 1) and shape[1:] != (1, 1):
        word = kind_of(node.kind).word.removeprefix("adaptive ")
        pooled = mapped(pooled, lambda segment: _without_rule(segment, GLOBAL.format(word, "{}"), size))
    return pooled if node.shape else [pooled] * len(given)


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
    over = (over,) if isinstance(over, int) else over
    layer_wide = node.kind in ("LayerNorm", "RMSNorm")
    if layer_wide and span.layout.endswith("c") and (over is None or len(over) == 1):
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
    return replace(span, segments=(span.whole,))


def _shared_out(node: Node, span: Span, shape: tuple[int, ...], size: Size) -> Span | Spans:
    """Softmax over the channels mixes them; over places every unit sees all."""
    axis = (node.settings.get("dim") or 1) % (len(shape) + 1)
    over_channels = axis > 0 and span.layout[axis - 1] == "c"
    return _mixed_channels(node, span, shape, size) if over_channels else unknown(node, [span], size)


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
    if kind_of(node.kind).sees == "dense":
        return flat(DENSE.format(seen_text(box, size)), box)
    if isinstance(node.settings.get("shapes"), tuple):
        return [spans[0]] * len(node.settings["shapes"])
    return Span("", (), beyond_of([span.beyond for span in spans]))


_ACTS: dict[str, Callable] = {
    "window": _windowed,
    "adaptive": _adaptive,
    "dense": _dense,
    "view": viewed,
    "order": rearranged,
    "index": sliced,
    "narrow": narrowed,
    "split": split,
    "flip": flipped,
    "reduce": _reduced,
    "normalised": _normalised,
    "channels": _mixed_channels,
    "softmax": _shared_out,
    "shuffle": shuffled,
    "axes": of_axes,
}
RULES = {"place", "combine", "join", "unpool", *_ACTS}
