"""What the numbers of one node see of the network's input. Knows channels, rows and columns; not which layer does what.

A span is a list of segments, runs of channels that see alike: where branches are put behind one another as channels, each
keeps its own field until a layer mixes them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from explorer.probe.reach import Reach, joined, pixels, union

Box = tuple[int, int, int, int]  # top, left, bottom, right; the last two are the first row and column outside


@dataclass(frozen=True)
class Beyond:
    """Something that every unit sees besides, or instead of, a window of its own. box: None where it cannot be told."""

    reason: str
    box: Box | None


@dataclass(frozen=True, eq=False)
class Segment:
    """Some channels, and what their rows and columns see."""

    channels: int
    rows: Reach
    columns: Reach
    beyond: Beyond | None = None

    @property
    def box(self) -> Box:
        """What all its units together see."""
        (top, bottom), (left, right) = self.rows.all, self.columns.all
        return around([(top, left, bottom + 1, right + 1), self.beyond.box if self.beyond else None])


@dataclass(frozen=True, eq=False)
class Span:
    """layout: what each axis of the node's shape is, "chw" for maps; "" where there are no rows and columns any more.

    Without a layout, `segments` is empty and `beyond` says why; with one, `beyond` is None.
    """

    layout: str
    segments: tuple[Segment, ...]
    beyond: Beyond | None = None

    @property
    def box(self) -> Box | None:
        """What all units together see; None where that cannot be told."""
        if not self.segments:
            return self.beyond.box
        return around([segment.box for segment in self.segments])

    @property
    def whole(self) -> Segment:
        """All channels as one."""
        return merged(self.segments) if len(self.segments) > 1 else self.segments[0]


def around(boxes: Sequence[Box | None]) -> Box:
    """The least box around several; None and empty ones add nothing."""
    known = np.array([box for box in boxes if box and box[0] < box[2] and box[1] < box[3]])
    if not len(known):
        return 0, 0, 0, 0
    return (*known[:, :2].min(axis=0).tolist(), *known[:, 2:].max(axis=0).tolist())


def seen_text(box: Box | None, size: tuple[int, int]) -> str:
    """In words: "the whole input", or "rows 0–218 and columns 0–218 of the input"."""
    if box is None:
        return "an unknown part of the input"
    if box == (0, 0, *size):
        return "the whole input"
    top, left, bottom, right = box
    return f"rows {top}–{bottom - 1} and columns {left}–{right - 1} of the input"


def of_input(channels: int, size: tuple[int, int]) -> Span:
    """The network's input (channels, *size)."""
    return Span("chw", (Segment(channels, pixels(size[0]), pixels(size[1])),))


def flat(reason: str, box: Box | None) -> Span:
    """Numbers without rows and columns."""
    return Span("", (), Beyond(reason, box))


def merged(segments: Sequence[Segment]) -> Segment:
    """All these channels mixed: each sees what any of them saw."""
    if len(segments) == 1:
        return segments[0]
    return Segment(
        sum(segment.channels for segment in segments),
        union([segment.rows for segment in segments]),
        union([segment.columns for segment in segments]),
        beyond_of([segment.beyond for segment in segments]),
    )


def beyond_of(several: Sequence[Beyond | None]) -> Beyond | None:
    """The first one's reason, and the box around all."""
    known = [beyond for beyond in several if beyond]
    if not known:
        return None
    unknown = any(beyond.box is None for beyond in known)
    return Beyond(known[0].reason, None if unknown else around([beyond.box for beyond in known]))


def mapped(span: Span, change: Callable[[Segment], Segment]) -> Span:
    """The same change to every segment."""
    return replace(span, segments=tuple(change(segment) for segment in span.segments))


def mixed(span: Span, channels: int, groups: int = 1) -> Span:
    """A layer with `channels` outputs, of which each mixes the channels of its group."""
    if groups == 1 or len(span.segments) == 1:
        return replace(span, segments=(replace(span.whole, channels=channels),))
    every = sum(segment.channels for segment in span.segments) // groups
    parts = [merged(chosen(span, g * every, (g + 1) * every).segments) for g in range(groups)]
    return replace(span, segments=tuple(replace(part, channels=channels // groups) for part in parts))


def chosen(span: Span, start: int, stop: int) -> Span:
    """Channels start … stop − 1."""
    found, at = [], 0
    for segment in span.segments:
        low, high = max(start, at), min(stop, at + segment.channels)
        if low < high:
            found.append(replace(segment, channels=high - low))
        at += segment.channels
    return replace(span, segments=tuple(found))


def side_by_side(spans: Sequence[Span]) -> Span:
    """Branches put behind one another as channels."""
    return replace(spans[0], segments=tuple(segment for span in spans for segment in span.segments))


def end_to_end(spans: Sequence[Span], axis: str) -> Span:
    """Branches laid along "h" or "w": there every unit has its field, and no two need have the same size."""
    wholes = [span.whole for span in spans]
    rows, columns = [whole.rows for whole in wholes], [whole.columns for whole in wholes]
    laid = (joined(rows), union(columns)) if axis == "h" else (union(rows), joined(columns))
    reason = f"joined along {'rows' if axis == 'h' else 'columns'}: fields differ from part to part"
    beyond = beyond_of([whole.beyond for whole in wholes]) or Beyond(reason, (0, 0, 0, 0))
    return replace(spans[0], segments=(Segment(wholes[0].channels, *laid, beyond),))


def together(spans: Sequence[Span]) -> Span:
    """Added or multiplied, place by place and channel by channel; all have the same layout and size."""
    edges = sorted({edge for span in spans for edge in np.cumsum([s.channels for s in span.segments]).tolist()})
    found, start = [], 0
    for stop in edges:
        parts = [chosen(span, start, stop).segments for span in spans]
        one = merged([segment for part in parts for segment in part])
        found.append(replace(one, channels=stop - start))
        start = stop
    return replace(spans[0], segments=tuple(found))
