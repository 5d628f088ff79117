"""Which numbers of a network can be negative. Knows the kinds of a graph's nodes; not weights, not values."""

from explorer.probe.graph import INPUT, Graph

NEVER_NEGATIVE = {
    "ReLU",
    "ReLU6",
    "Sigmoid",
    "Softmax",
    "Softmax2d",
    "Hardsigmoid",
    "Softplus",
    "abs",
    "square",
    "exp",
    "sqrt",
}
# nothing negative comes out where nothing negative goes in
_PASSES = """
    MaxPool2d MaxUnpool2d AvgPool2d AdaptiveAvgPool2d AdaptiveMaxPool2d Flatten Dropout Dropout2d Identity ZeroPad2d
    ReflectionPad2d ReplicationPad2d PixelShuffle PixelUnshuffle stochastic_depth contiguous clone getitem narrow select
    slice chunk split view permute transpose unsqueeze squeeze mean sum amax amin flip cat stack add mul div maximum
    minimum
"""
PASS_ON = set(_PASSES.split())


def signed_nodes(graph: Graph) -> dict[str, bool]:
    """Node's name → whether values below zero can occur. The network's input, which is normalised, can be negative.

    A sum is never negative where none of its branches is; a number of the code itself (x − 0.5, x · −1) is not seen: such a
    step counts as signed.
    """
    found: dict[str, bool] = {}
    for node in graph:
        if node.kind == INPUT:
            found[node.name] = True
        elif node.kind in NEVER_NEGATIVE:
            found[node.name] = False
        else:
            # a factor or an addend that is no node may be negative; so may what bicubic curves make between two values
            alone = node.kind in ("add", "mul", "div", "maximum", "minimum") and len(node.inputs) < 2
            straight = node.settings.get("mode", "nearest") in ("nearest", "nearest-exact", "bilinear", "area")
            passes = node.kind in PASS_ON or (node.kind == "Upsample" and straight)
            found[node.name] = alone or not passes or any(found[name] for name in node.inputs)
    return found
