"""The receptive field of any unit of any network: which rows and columns of the input it can see.

Knows a network's graph and its shapes; neither weights nor pictures. A weight of zero and an activation that is off are seen
through all the same: the field is what a unit could see. Rule: Araujo, Norris & Sim, "Computing receptive fields of
convolutional neural networks", Distill 2019, here with the exact interval of every unit instead of one formula.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from explorer.errors import ExplorerError
from explorer.probe.graph import INPUT, Graph, Node
from explorer.probe.reach import Rule
from explorer.probe.spans import Box, Segment, Span, around, flat, of_input
from explorer.probe.steps import step

Pair = tuple[int, int]
NO_REASON = "branches of different strides meet: units' fields grow apart"


@dataclass(frozen=True)
class FieldSize:
    """A unit's field away from the border, rows first: size in inputs, stride between neighbours' fields, start of unit 0's.

    A stride is no whole number where neighbours see alike in turn (up-sampling: 0.5); the size is then the largest there is.
    start is negative where the first unit's field begins in the padding.
    """

    size: Pair
    stride: tuple[int | float, int | float]
    start: Pair

    def as_json(self) -> dict[str, list[int | float]]:
        """Plain values for json.dumps."""
        return {"size": list(self.size), "stride": list(self.stride), "start": list(self.start)}


@dataclass(frozen=True, eq=False)
class FieldOf:
    """What the units of one node see of the network's input.

    node: its name in the graph. input: rows and columns of the network's input. shape: of the output, without the batch.
    span: what its rows and columns see.
    """

    node: str
    input: Pair
    shape: tuple[int, ...]
    span: Span

    @property
    def window(self) -> FieldSize | None:
        """The field where it is one box that moves from unit to unit; None where it is not, and `reason` says why."""
        return None if self.reason else self.own

    @cached_property
    def reason(self) -> str:
        """Why there is no such box, "" where there is one."""
        if not self.span.layout:
            return self.span.beyond.reason
        if self._whole.beyond:
            own = f"; besides it has a window of {self.own.size[0]}×{self.own.size[1]} of its own" if self.own else ""
            return self._whole.beyond.reason + own
        return "" if self.own else NO_REASON

    @cached_property
    def own(self) -> FieldSize | None:
        """A unit's window by itself, also where it sees something else besides (squeeze-and-excitation)."""
        rules = self._rules(self._whole) if self.span.layout else None
        if rules is None or any(rule.size == 0 for rule in rules):
            return None
        rows, columns = rules
        return FieldSize((rows.size, columns.size), (rows.stride, columns.stride), (rows.start, columns.start))

    @property
    def units(self) -> Pair | None:
        """Rows and columns of units, in the output's order; None where the output is a list."""
        if not self.span.layout:
            return None
        lengths = len(self._whole.rows.lows), len(self._whole.columns.lows)
        return lengths[::-1] if self._swapped else lengths

    @property
    def _swapped(self) -> bool:
        """Whether the output's rows go along the picture's columns."""
        return "w" in self.span.layout.partition("h")[0]

    def _in_picture(self, row: int, column: int) -> Pair:
        """A unit's place counted along the picture's rows and columns."""
        return (column, row) if self._swapped else (row, column)

    def box(self, row: int = 0, column: int = 0, *, channel: int | None = None, clipped: bool = True) -> Box | None:
        """(top, left, bottom, right) that the unit sees, bottom and right the first outside; (0, 0, 0, 0) for nothing.

        row, column: of the output, which may be the picture's columns and rows (after a transpose); the box is the picture's.
        channel: one of the output's, where branches that see differently lie side by side; None for all of them. clipped:
        False tells the box as if there was no border. A unit that sees something else besides its own window has the box
        around both. None where that is not known, or nothing goes on beyond the border.
        Raises ExplorerError for a unit that the layer does not have.
        """
        if not self.span.layout:
            return self.span.box
        part = self._whole if channel is None else self._part(channel)
        rows, columns = self.units
        if not (0 <= row < rows and 0 <= column < columns):
            raise ExplorerError(
                f"There is no unit in row {row}, column {column}: choose rows 0 to {rows - 1} and columns 0 to {columns - 1}."
            )
        row, column = self._in_picture(row, column)
        if not clipped:
            rules = self._rules(part)
            return None if rules is None or part.beyond else _between(rules[0].at(row), rules[1].at(column))
        own = _between(
            (int(part.rows.lows[row]), int(part.rows.highs[row])),
            (int(part.columns.lows[column]), int(part.columns.highs[column])),
        )
        if not part.beyond:
            return own
        return None if part.beyond.box is None else around([own, part.beyond.box])

    def own_box(self, row: int, column: int, *, clipped: bool = True) -> Box | None:
        """The unit's window by itself, whatever it sees besides; None where it has none."""
        if not self.own:
            return None
        rules = self._rules(self._whole)
        row, column = self._in_picture(row, column)
        if not clipped:
            return _between(rules[0].at(row), rules[1].at(column))
        rows, columns = self._whole.rows, self._whole.columns
        return _between(
            (int(rows.lows[row]), int(rows.highs[row])), (int(columns.lows[column]), int(columns.highs[column]))
        )

    @cached_property
    def _whole(self) -> Segment:
        return self.span.whole

    @staticmethod
    def _rules(part: Segment) -> tuple[Rule, Rule] | None:
        rules = part.rows.rule, part.columns.rule
        return None if None in rules else rules

    def _part(self, channel: int) -> Segment:
        at = 0
        for segment in self.span.segments:
            at += segment.channels
            if 0 <= channel < at:
                return segment
        raise ExplorerError(f"There is no channel {channel}: choose 0 to {at - 1}.")


def _between(rows: Pair, columns: Pair) -> Box:
    (top, bottom), (left, right) = rows, columns
    return (top, left, bottom + 1, right + 1) if top <= bottom and left <= right else (0, 0, 0, 0)


def fields(graph: Graph) -> dict[str, FieldOf]:
    """Every node's field by the node's name, in the order of execution; the input sees itself.

    Raises ExplorerError for a network whose input is no picture (C, H, W).
    """
    first = graph.nodes[0]
    if len(first.shape) != 3:
        raise ExplorerError(
            f"The input has shape {first.shape}: choose a network for pictures (channels, rows, columns)."
        )
    size = first.shape[1:]
    spans: dict[str, Span | list[Span]] = {}
    for node in graph:
        if node.kind == INPUT:
            spans[node.name] = of_input(first.shape[0], size) if node is first else flat("a second input", None)
            continue
        first_given = spans[node.inputs[0]]
        if node.kind == "getitem" and isinstance(first_given, list):  # of the pieces of chunk or split
            index = node.settings.get("index")
            spans[node.name] = first_given[slice(*index[1:]) if isinstance(index, tuple) else index]
            continue
        given = [pair for name in node.inputs for pair in _pieces(spans[name], graph[name])]
        spans[node.name] = step(node, [span for span, _ in given], [shape for _, shape in given], size)
    seen = {}
    for node in graph:
        span, shape = spans[node.name], node.shape
        if (
            isinstance(span, list) and node.module
        ):  # a layer's values; what it gives besides (switches, a state) sees alike
            span, shape = span[0], node.settings["shapes"][0]
        if isinstance(span, Span):
            seen[node.name] = FieldOf(node.name, size, shape, span)
    return seen


def _pieces(span: Span | list[Span], node: Node) -> list[tuple[Span, tuple[int, ...]]]:
    """Spans with their shapes: of one tensor, or of each that chunk or split made."""
    if isinstance(span, Span):
        return [(span, node.shape)]
    return list(zip(span, node.settings["shapes"], strict=True))


def fields_of_layers(graph: Graph, known: Mapping[str, FieldOf] | None = None) -> dict[str, FieldOf]:
    """Layer's dotted name → its field; of a layer that runs more than once the last, as in a recording."""
    known = known or fields(graph)
    return {node.module: known[node.name] for node in graph if node.module and node.name in known}
