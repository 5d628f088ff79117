"""Layers as a reader counts them: each with the activation function that follows it. Knows facts only."""

from collections.abc import Mapping
from dataclasses import dataclass

from explorer.probe.facts import LayerFacts, NetworkFacts
from explorer.probe.kinds import kind_of


@dataclass(frozen=True)
class Stage:
    """A layer and the activation function right after it, if there is one."""

    layer: LayerFacts
    activation: LayerFacts | None = None


def stages(facts: NetworkFacts, sources: Mapping[str, str | None] | None = None) -> tuple[Stage, ...]:
    """The network's layers in order, activations joined to the layer before; Flatten is left out.

    sources: layer → the layer whose output it takes, as `graph.sources` has it; an activation that takes another one's, or a
    sum, then stands by itself. Without, the layer that ran before is taken for its source.
    """
    result: list[Stage] = []
    for layer in facts.layers:
        last = result[-1] if result else None
        free = last is not None and last.activation is None
        if kind_of(layer.type).activation and free and (sources is None or sources.get(layer.name) == last.layer.name):
            result[-1] = Stage(last.layer, layer)
        elif not kind_of(layer.type).listing:
            result.append(Stage(layer))
    return tuple(result)


def stage_of(facts: NetworkFacts, name: str, sources: Mapping[str, str | None] | None = None) -> Stage:
    """The stage in which the layer `name` is the layer or its activation. Raises KeyError where there is none."""
    for stage in stages(facts, sources):
        if name == stage.layer.name or (stage.activation and name == stage.activation.name):
            return stage
    raise KeyError(name)
