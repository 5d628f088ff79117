"""What moves the weights once their gradients are known. Knows parameters and rates; not data, not schedules."""

from collections.abc import Callable, Iterable

import torch
from torch import nn
from torch.optim import SGD, Adam, AdamW, Optimizer, RMSprop

Make = Callable[[Iterable[nn.Parameter], float | torch.Tensor, float], Optimizer]

# On a GPU the whole step is one CUDA graph: the rate is then a tensor there, and the optimiser has to be capturable.


def _captured(rate: float | torch.Tensor) -> bool:
    return isinstance(rate, torch.Tensor)


# Each: parameters, learning rate, weight decay → the optimiser
OPTIMISERS: dict[str, Make] = {
    "adamw": lambda weights, rate, decay: AdamW(
        weights, lr=rate, weight_decay=decay, fused=True, capturable=_captured(rate)
    ),
    "adam": lambda weights, rate, decay: Adam(
        weights, lr=rate, weight_decay=decay, fused=True, capturable=_captured(rate)
    ),
    "momentum": lambda weights, rate, decay: SGD(
        weights, lr=rate, momentum=0.9, nesterov=True, weight_decay=decay, fused=True
    ),
    "sgd": lambda weights, rate, decay: SGD(weights, lr=rate, weight_decay=decay, fused=True),
    "rmsprop": lambda weights, rate, decay: RMSprop(
        weights, lr=rate, weight_decay=decay, foreach=True, capturable=_captured(rate)
    ),
}
OPTIMISER_TITLES = {
    "sgd": "SGD",
    "momentum": "SGD with momentum",
    "adam": "Adam",
    "adamw": "AdamW",
    "rmsprop": "RMSprop",
}
