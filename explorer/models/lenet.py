"""LeNet-5. Knows its layers; not its weights, not how a picture is prepared for it.

Source: LeCun, Bottou, Bengio, Haffner: Gradient-Based Learning Applied to Document Recognition (1998). The layer names are
the paper's. Three things are today's usual choices instead of the paper's: ReLU for the scaled tanh, maximum for the
trained averaging, and every C3 kernel sees all six maps (2,416 parameters, where the paper's table of connections has
1,516).
"""

from collections import OrderedDict

from torch import nn


def lenet5(classes: int = 10) -> nn.Sequential:
    """LeNet-5: float32 (N, 1, 32, 32) → logits (N, classes); 61,706 parameters for ten classes."""
    return nn.Sequential(
        OrderedDict(
            c1=nn.Conv2d(1, 6, kernel_size=5),  # 6 @ 28×28, 156 parameters
            relu1=nn.ReLU(),
            s2=nn.MaxPool2d(2),  # 6 @ 14×14
            c3=nn.Conv2d(6, 16, kernel_size=5),  # 16 @ 10×10, 2,416 parameters
            relu3=nn.ReLU(),
            s4=nn.MaxPool2d(2),  # 16 @ 5×5
            c5=nn.Conv2d(16, 120, kernel_size=5),  # 120 @ 1×1, 48,120 parameters
            relu5=nn.ReLU(),
            flatten=nn.Flatten(),
            f6=nn.Linear(120, 84),  # 10,164 parameters
            relu6=nn.ReLU(),
            output=nn.Linear(84, classes),  # 850 parameters for ten classes
        )
    )
