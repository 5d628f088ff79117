"""A network's graph with its blocks folded, and where each box stands. Knows graphs; not pixels, not screens.

A block is a module with others inside: layer1, layer1.0. A folded one is one box; equal neighbours are one box together.
Boxes stand in rows by the longest path from the input, within a row in the order of what they take, which keeps most edges
from crossing (Sugiyama, Tagawa, Toda 1981: Methods for visual understanding of hierarchical system structures).
"""

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from explorer.probe.graph import Graph, Node

FEWEST_EQUAL = 3  # so many equal blocks in a row become one box
PASSING = 0.4  # the width of an edge that passes a row, in boxes


@dataclass(frozen=True)
class Box:
    """One box: a step, a folded block, or a run of equal blocks.

    key: what is unfolded when it is clicked. kind: the step's kind; for blocks "" . count: equal blocks in it. steps: inside.
    shape: of what a step puts out, channels first.
    column, row: where its middle stands; rows count from the input down.
    """

    key: str
    title: str
    kind: str
    steps: int
    count: int = 1
    row: int = 0
    column: float = 0.0
    node: Node | None = None
    shape: tuple[int, ...] = ()

    @property
    def folded(self) -> bool:
        """Whether there is more to see inside."""
        return self.node is None


@dataclass(frozen=True)
class Edge:
    """From a box to a later one: what passes, (C, H, W), and the points (column, row) on its way, ends included."""

    source: str
    target: str
    shape: tuple[int, ...]
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Drawing:
    """All boxes and edges; columns go from −width/2 to width/2, rows from 0 to rows − 1."""

    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    rows: int
    width: float


def fold(graph: Graph, unfolded: Collection[str] = ()) -> Drawing:
    """Fold every block but those named in `unfolded`: dotted names, or "first…last" for a run of equal ones."""
    keys = _equal_runs(graph, _by_block(graph, unfolded), unfolded)
    members: dict[str, list[Node]] = defaultdict(list)
    for node in graph:
        members[keys[node.name]].append(node)
    boxes = {key: _box(key, nodes, graph) for key, nodes in members.items()}
    passing: dict[tuple[str, str], tuple[int, ...]] = {}
    for node in graph:
        for taken in node.inputs:
            ends = keys[taken], keys[node.name]
            if ends[0] != ends[1]:
                passing[ends] = graph.shown_shape(taken)
    return _place(boxes, passing)


def blocks(graph: Graph) -> tuple[str, ...]:
    """Names of all modules with more than one step inside, outermost first."""
    counts: dict[str, int] = defaultdict(int)
    for node in graph:
        for path in _prefixes(node.block):
            counts[path] += path != node.module
    return tuple(sorted((path for path, count in counts.items() if count > 1), key=lambda path: path.count(".")))


# ── which box a node is in ──────────────────────────────────────────────────────────────────────────────────


def _prefixes(path: str) -> list[str]:
    parts = path.split(".") if path else []
    return [".".join(parts[: end + 1]) for end in range(len(parts))]


def _by_block(graph: Graph, unfolded: Collection[str]) -> dict[str, str]:
    """Node → the outermost block around it that is not unfolded, else itself. A block of one step is that step."""
    sizes: dict[str, int] = defaultdict(int)
    for node in graph:
        for path in _prefixes(node.block):
            sizes[path] += 1
    found = {}
    for node in graph:
        around = [path for path in _prefixes(node.block) if path != node.module and sizes[path] > 1]
        closed = next((path for path in around if path not in unfolded), None)
        found[node.name] = f"{closed}." if closed else node.name  # a dot at its end: no node is called so
    return found


def _equal_runs(graph: Graph, keys: dict[str, str], unfolded: Collection[str]) -> dict[str, str]:
    """Three or more equal folded blocks one after the other become one box, unless that run is unfolded."""
    inside: dict[str, list[Node]] = defaultdict(list)
    for node in graph:
        if keys[node.name].endswith("."):
            inside[keys[node.name]].append(node)
    looks = {key: (key.rstrip(".").rpartition(".")[0], _look(nodes)) for key, nodes in inside.items()}
    order = list(dict.fromkeys(keys.values()))
    merged, start = {}, 0
    for end in range(1, len(order) + 1):
        if end < len(order) and order[start] in looks and looks.get(order[end]) == looks[order[start]]:
            continue
        run, start = order[start:end], end
        name = f"{run[0].rstrip('.')}…{run[-1].rstrip('.').rpartition('.')[2]}"
        if len(run) >= FEWEST_EQUAL and name not in unfolded:
            merged |= dict.fromkeys(run, f"{name}.")
    return {node: merged.get(key, key) for node, key in keys.items()}


def _look(nodes: Iterable[Node]) -> tuple:
    return tuple((node.kind, node.shape, repr(sorted(node.settings.items()))) for node in nodes)


def _box(key: str, nodes: list[Node], graph: Graph) -> Box:
    if not key.endswith("."):
        (node,) = nodes
        return Box(key, node.module or node.kind, node.kind, 1, node=node, shape=graph.shown_shape(node.name))
    name = key.removesuffix(".")
    first, _, last = name.partition("…")
    if not last:
        return Box(name, name, "", len(nodes))
    parent = first.rpartition(".")[0]
    depth = parent.count(".") + 2 if parent else 1
    count = len({".".join(node.block.split(".")[:depth]) for node in nodes})
    return Box(name, name, "", len(nodes), count)


# ── where it stands ─────────────────────────────────────────────────────────────────────────────────────────


def _place(boxes: dict[str, Box], passing: dict[tuple[str, str], tuple[int, ...]]) -> Drawing:
    taken: dict[str, list[str]] = defaultdict(list)
    for source, target in passing:
        taken[target].append(source)
    rows: dict[str, int] = {}
    for key in boxes:  # in the order of execution: what a box takes stands before it
        rows[key] = max((rows[source] + 1 for source in taken[key] if source in rows), default=0)
    ways = {ends: _way(ends, rows) for ends in passing}
    slots: dict[int, list[tuple]] = defaultdict(list)  # row → boxes, and edges that pass it
    before: dict[tuple, list[tuple]] = defaultdict(list)
    for key, row in rows.items():
        slots[row].append(("box", key))
    for _ends, way in ways.items():
        for place in way[1:-1]:
            slots[place[-1]].append(place)
        for here, there in itertools.pairwise(way):
            before[there].append(here)
    columns: dict[tuple, float] = {}
    widest = 1.0
    for row in sorted(slots):
        middles = {
            item: sum(columns[one] for one in before[item]) / len(before[item]) if before[item] else 0.0
            for item in slots[row]
        }
        ordered = sorted(slots[row], key=middles.__getitem__)
        widths = [1.0 if item[0] == "box" else PASSING for item in ordered]
        edge = -sum(widths) / 2
        for item, width in zip(ordered, widths, strict=True):
            columns[item] = edge + width / 2
            edge += width
        widest = max(widest, sum(widths))
    placed = tuple(replace(box, row=rows[key], column=columns["box", key]) for key, box in boxes.items())
    names = {key: box.key for key, box in boxes.items()}
    edges = tuple(
        Edge(
            names[source],
            names[target],
            passing[source, target],
            tuple((columns[place], rows[place[1]] if place[0] == "box" else place[-1]) for place in way),
        )
        for (source, target), way in ways.items()
    )
    return Drawing(placed, edges, max(rows.values()) + 1, widest)


def _way(ends: tuple[str, str], rows: dict[str, int]) -> list[tuple]:
    """The box, a place in every row between, the box."""
    source, target = ends
    between = [("pass", source, target, row) for row in range(rows[source] + 1, rows[target])]
    return [("box", source), *between, ("box", target)]
