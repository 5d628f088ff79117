"""The bundled colour network. Knows its layers; not its weights, not how a picture is prepared for it.

A plain stack in VGG's manner (Simonyan, Zisserman 2015), small enough to show every map at once. It learns with batch
normalisation and is shown without: after training each normalisation is folded into the convolution before it, which
leaves every output unchanged and spares the reader six layers that only rescale.
"""

from collections import OrderedDict

from torch import nn
from torch.nn.utils import fuse_conv_bn_eval

# name → (input channels, output channels, kernel size); a pooling layer follows each pair
CONVOLUTIONS = {
    "conv1": (3, 16, 5),  # 5×5 so that the learned colour kernels can be looked at
    "conv2": (16, 32, 3),
    "conv3": (32, 64, 3),
    "conv4": (64, 64, 3),
    "conv5": (64, 128, 3),
    "conv6": (128, 128, 3),
}


def colour_net(*, batch_norm: bool = False, classes: int = 10) -> nn.Sequential:
    """The network: float32 (N, 3, 32, 32) → logits (N, classes); 303,210 parameters without normalisation.

    `batch_norm=True` is the network as it is trained, see `fold_batch_norm`.
    """
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    for number, (name, (inputs, outputs, size)) in enumerate(CONVOLUTIONS.items(), start=1):
        layers[name] = nn.Conv2d(inputs, outputs, size, padding=size // 2)
        if batch_norm:
            layers[f"norm{number}"] = nn.BatchNorm2d(outputs)
        layers[f"relu{number}"] = nn.ReLU()
        if number % 2 == 0:
            layers[f"pool{number // 2}"] = nn.MaxPool2d(2)
    layers["flatten"] = nn.Flatten()
    layers["output"] = nn.Linear(128 * 4 * 4, classes)
    return nn.Sequential(layers)


def fold_batch_norm(trained: nn.Sequential) -> nn.Sequential:
    """The same function without normalisation layers: γ(w∗x + b − μ)/σ + β is again a convolution of x.

    Takes `colour_net(batch_norm=True)`, returns a new `colour_net()` in evaluation mode with equal outputs; a network that
    was trained without comes back as it is.
    """
    source = dict(trained.eval().named_children())
    if "norm1" not in source:
        return trained
    plain = colour_net(classes=source["output"].out_features).eval()
    for number, name in enumerate(CONVOLUTIONS, start=1):
        fused = fuse_conv_bn_eval(source[name], source[f"norm{number}"])
        plain.get_submodule(name).load_state_dict(fused.state_dict())
    plain.get_submodule("output").load_state_dict(source["output"].state_dict())
    return plain
