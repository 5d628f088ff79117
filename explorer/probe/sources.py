"""Which layer takes which layer's output. Knows graphs; not networks."""

from explorer.probe.graph import Graph


def sources(graph: Graph) -> dict[str, str | None]:
    """Layer → the layer whose output it takes as it is; None where that is the input, a sum or a concatenation.

    A layer that runs more than once is judged by its last run, which is what a recording keeps.
    """
    nodes = {node.name: node for node in graph}
    found: dict[str, str | None] = {}
    for node in graph:
        if node.module is not None:
            taken = nodes.get(node.inputs[0]) if len(node.inputs) == 1 else None
            found[node.module] = taken.module if taken else None
    return found
