"""Which numbers of a network can be negative. Knows a graph's nodes; not weights, not values, not what a kind does to signs."""

from explorer.probe.graph import INPUT, Graph, Node
from explorer.probe.kinds import kind_of
from explorer.probe.kinds.kind import NEVER, PASSES


def signed_nodes(graph: Graph) -> dict[str, bool]:
    """Node's name → whether values below zero can occur. The network's input, which is normalised, can be negative.

    A sum is never negative where none of its branches is; a number of the code itself (x − 0.5, x · −1) is not seen: such a
    step counts as signed.
    """
    found: dict[str, bool] = {}
    for node in graph:
        sign = kind_of(node.kind).sign
        if node.kind == INPUT:
            found[node.name] = True
        elif sign == NEVER:
            found[node.name] = False
        else:
            found[node.name] = sign != PASSES or _adds_own(node) or any(found[name] for name in node.inputs)
    return found


def _adds_own(node: Node) -> bool:
    """A factor, an addend or a part that is no node may be negative; so may what bicubic curves make between two values."""
    alone = kind_of(node.kind).sees in ("combine", "join") and len(node.inputs) < 2
    return alone or node.settings.get("mode") == "bicubic"
