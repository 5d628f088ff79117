"""What an activation costs on this machine. Knows time; not networks."""

import time
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import torch

from explorer.models.activations import ACTIVATION_LAYERS

VALUES = 2**15  # float32 in a processor's near cache: the arithmetic is measured, not the memory
TRIES = 20


@cache
def nanoseconds_per_value() -> Mapping[str, float]:
    """Activation → nanoseconds that PyTorch takes for one number: the best of 20 tries, once a process."""
    values = torch.linspace(-4, 4, VALUES)
    with torch.inference_mode():
        return MappingProxyType({key: _best(make(), values) for key, make in ACTIVATION_LAYERS.items()})


def _best(layer: torch.nn.Module, values: torch.Tensor) -> float:
    times = []
    for _ in range(TRIES):
        start = time.perf_counter_ns()
        layer(values)
        times.append(time.perf_counter_ns() - start)
    return min(times) / VALUES
