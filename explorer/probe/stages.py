"""Layers as a reader counts them: each with the activation function that follows it. Knows facts only."""

from dataclasses import dataclass

from explorer.probe.facts import LayerFacts, NetworkFacts

ACTIVATIONS = {
    "ReLU",
    "ReLU6",
    "LeakyReLU",
    "Sigmoid",
    "Tanh",
    "ELU",
    "GELU",
    "SiLU",
    "Hardswish",
    "Hardsigmoid",
    "Softmax",
}


@dataclass(frozen=True)
class Stage:
    """A layer and the activation function right after it, if there is one."""

    layer: LayerFacts
    activation: LayerFacts | None = None


def stages(facts: NetworkFacts) -> tuple[Stage, ...]:
    """The network's layers in order, activations joined to the layer before; Flatten is left out."""
    result: list[Stage] = []
    for layer in facts.layers:
        if layer.type in ACTIVATIONS and result and result[-1].activation is None:
            result[-1] = Stage(result[-1].layer, layer)
        elif layer.type != "Flatten":
            result.append(Stage(layer))
    return tuple(result)


def stage_of(facts: NetworkFacts, name: str) -> Stage:
    """The stage in which the layer `name` is the layer or its activation. Raises KeyError where there is none."""
    for stage in stages(facts):
        if name == stage.layer.name or (stage.activation and name == stage.activation.name):
            return stage
    raise KeyError(name)
