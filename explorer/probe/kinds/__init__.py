"""What is known of each kind of layer, told once: one `Kind` for each module class of PyTorch or function without one.

Everything that treats kinds of layers differently asks here. A kind that is not here is taken as it is, and is shown so.
"""

from explorer.probe.kinds.kind import TAKEN_AS_IT_IS, Kind
from explorer.probe.kinds.registry import (
    KINDS,
    argument_names,
    is_known,
    is_one_step,
    kind_of,
    module_kind,
    of_function,
)

__all__ = [
    "KINDS",
    "TAKEN_AS_IT_IS",
    "Kind",
    "argument_names",
    "is_known",
    "is_one_step",
    "kind_of",
    "module_kind",
    "of_function",
]
