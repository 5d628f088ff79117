"""Steps that compute nothing: slices, views, other orders of the axes. Knows layouts and spans; not layers.

Each takes the node, what its input sees, the input's shape and the size of the network's input.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from explorer.probe import windows
from explorer.probe.graph import Node
from explorer.probe.reach import Taps, through
from explorer.probe.spans import Beyond, Segment, Span, around, chosen, flat, mapped, seen_text

Size = tuple[int, int]
LIST = "a list of numbers, without rows and columns; together they see {}"
UNKNOWN = "the step “{}” is not known here: it is taken to see all that it is given, {}"


def seen_through(segment: Segment, rows: Taps | None, columns: Taps | None) -> Segment:
    """Taps along the picture's rows and columns; None leaves an axis as it is."""
    return replace(
        segment,
        rows=through(segment.rows, rows) if rows else segment.rows,
        columns=through(segment.columns, columns) if columns else segment.columns,
    )


def picture_axes(span: Span) -> bool:
    """Whether it is maps one behind the other: channels first, then rows and columns, or columns and rows."""
    return span.layout in ("chw", "cwh")


def seen_along(span: Span, first: Taps, second: Taps) -> Span:
    """Taps along the two axes after the channels', which are columns and rows where they have been swapped."""
    along = (first, second) if span.layout.index("h") < span.layout.index("w") else (second, first)
    return mapped(span, lambda segment: seen_through(segment, *along))


def unknown(node: Node, spans: Sequence[Span], size: Size) -> Span | list[Span]:
    box = box_of(spans)
    span = flat(UNKNOWN.format(node.kind, seen_text(box, size)), box)
    shapes = node.settings.get("shapes")
    return [span] * len(shapes) if isinstance(shapes, tuple) else span


def box_of(spans: Sequence[Span]) -> tuple[int, int, int, int] | None:
    boxes = [span.box for span in spans]
    return None if None in boxes else around(boxes)


def flattened(node: Node, span: Span, shape: tuple[int, ...], size: Size) -> Span:
    reasons = {segment.beyond.reason for segment in span.segments if segment.beyond and segment.rows.rule is None}
    if len(reasons) == 1 and shape[-2:] == (1, 1):
        return flat(reasons.pop(), span.box)
    return flat(LIST.format(seen_text(span.box, size)), span.box)


def viewed(node: Node, span: Span, shape: tuple[int, ...], size: Size) -> Span:
    """A new shape: rows and columns stay where they are the last axes before and after."""
    ends_with_places = set(span.layout[-2:]) == {"h", "w"}
    if ends_with_places and len(node.shape) > 2 and node.shape[-2:] == shape[-2:]:
        whole = replace(span.whole, channels=math.prod(node.shape[:-2]))
        return Span("c" * (len(node.shape) - 2) + span.layout[-2:], (whole,))
    return flattened(node, span, shape, size)


def rearranged(node: Node, span: Span, shape: tuple[int, ...], size: Size) -> Span:
    """permute and transpose: the axes' order; the batch has to stay in front."""
    order = list(range(len(shape) + 1))
    if node.kind == "permute":
        order = [axis % len(order) for axis in node.settings["dims"]]
    else:
        one, other = (node.settings[name] % len(order) for name in ("dim0", "dim1"))
        order[one], order[other] = order[other], order[one]
    if order[0] != 0:
        return unknown(node, [span], size)
    layout = "".join(span.layout[axis - 1] for axis in order[1:])
    return Span(layout, (span.whole,))


def sliced(node: Node, span: Span, shape: tuple[int, ...], size: Size) -> Span:
    """x[…]: whole numbers, slices, None and "..." in any axis but the batch's."""
    index = node.settings.get("index")
    index = index if isinstance(index, tuple) and index[:1] != ("slice",) else (index,)
    taken = sum(1 for part in index if part not in (None, "..."))
    if "..." in index:
        at = index.index("...")
        index = index[:at] + (("slice", None, None, None),) * (len(shape) + 1 - taken) + index[at + 1 :]
    layout, axis, out = "", -1, span
    for part in index:
        if part is None:
            layout += "c"
            continue
        axis += 1
        if axis == 0:
            continue
        letter, length = span.layout[axis - 1], shape[axis - 1]
        if isinstance(part, int):
            start, stop, pace = part % length, part % length + 1, 1
        elif isinstance(part, tuple) and part[:1] == ("slice",):
            start, stop, pace = slice(*part[1:]).indices(length)
        else:
            return unknown(node, [span], size)
        out = _cut(out, letter, start, stop, pace)
        if not isinstance(part, int):
            layout += letter
        elif letter != "c":
            return flat(LIST.format(seen_text(out.box, size)), out.box)
    layout += span.layout[max(axis, 0) :]
    return replace(out, layout=layout)


def _cut(span: Span, letter: str, start: int, stop: int, pace: int) -> Span:
    """start:stop:pace of one axis."""
    count = len(range(start, stop, pace))
    if letter == "c":
        if pace == 1 and span.layout.count("c") == 1:
            return chosen(span, start, stop)
        return replace(span, segments=(replace(span.whole, channels=count),))
    taps = windows.sliced(start, pace, count)
    where = (taps, None) if letter == "h" else (None, taps)
    return mapped(span, lambda segment: seen_through(segment, *where))


def narrowed(node: Node, span: Span, shape: tuple[int, ...], size: Size) -> Span:
    """narrow, and torch.export's slice and select."""
    axis = node.settings.get("dim", 0) % (len(shape) + 1)
    if axis == 0:
        return span
    letter, length = span.layout[axis - 1], shape[axis - 1]
    if node.kind == "select":
        start = node.settings["index"] % length
        out = _cut(span, letter, start, start + 1, 1)
        layout = span.layout[: axis - 1] + span.layout[axis:]
        return replace(out, layout=layout) if letter == "c" else flat(LIST.format(seen_text(out.box, size)), out.box)
    if node.kind == "narrow":
        bounds = (node.settings["start"], node.settings["start"] + node.settings["length"], 1)
    else:
        bounds = slice(*(node.settings.get(name) for name in ("start", "end", "step"))).indices(length)
    return _cut(span, letter, *bounds)


def split(node: Node, span: Span, shape: tuple[int, ...], size: Size) -> list[Span]:
    """chunk, split: several pieces along one axis, told apart by their sizes."""
    axis = node.settings.get("dim", 0) % (len(shape) + 1)
    pieces, start = [], 0
    for piece in node.settings["shapes"]:
        length = piece[axis - 1]
        pieces.append(_cut(span, span.layout[axis - 1], start, start + length, 1) if axis else span)
        start += length
    return pieces


def flipped(node: Node, span: Span, shape: tuple[int, ...], size: Size) -> Span:
    for dim in node.settings["dims"]:
        letter = span.layout[dim % (len(shape) + 1) - 1]
        taps = windows.backwards(shape[dim % (len(shape) + 1) - 1])
        if letter != "c":
            where = (taps, None) if letter == "h" else (None, taps)
            beyond = Beyond("flipped: neighbours run the other way", (0, 0, 0, 0))
            span = mapped(span, lambda s, w=where, b=beyond: replace(seen_through(s, *w), beyond=s.beyond or b))
        else:
            span = replace(span, segments=(span.whole,))
    return span


def of_axes(node: Node, span: Span, shape: tuple[int, ...], size: Size) -> Span:
    """unsqueeze, squeeze: an axis of length 1 comes or goes."""
    if node.kind == "unsqueeze":
        at = node.settings["dim"] % (len(shape) + 2) - 1
        return replace(span, layout=span.layout[:at] + "c" + span.layout[at:])
    dims = node.settings.get("dim")
    axes = [i for i, n in enumerate(shape) if n == 1] if dims is None else [dims % (len(shape) + 1) - 1]
    if any(span.layout[axis] in "hw" for axis in axes if shape[axis] == 1):
        return flattened(node, span, shape, size)
    return replace(span, layout="".join(a for i, a in enumerate(span.layout) if i not in axes or shape[i] != 1))


def shuffled(node: Node, span: Span, shape: tuple[int, ...], size: Size) -> Span:
    """PixelShuffle, PixelUnshuffle: channels and places change into each other."""
    if not picture_axes(span) or len(node.shape) != 3:
        return unknown(node, [span], size)
    make = windows.spread if node.kind == "PixelShuffle" else windows.grouped
    factor = node.settings.get("upscale_factor") or node.settings.get("downscale_factor")
    if not isinstance(factor, int):
        return unknown(node, [span], size)
    taps = [make(factor, node.shape[1 + axis]) for axis in (0, 1)]
    mixed_up = replace(span, segments=(replace(span.whole, channels=node.shape[0]),))
    return seen_along(mixed_up, *taps)
