"""What is large and kept, bounded by its bytes and not by its number. Knows sizes and when a thing was last wanted."""

import contextlib
import ctypes
import gc
import threading
import time
import types
from collections import OrderedDict
from collections.abc import Callable, Hashable

import numpy as np
import torch
from torch import nn

LARGE = 20_000_000  # bytes of a thing whose making left much behind


class Shelf:
    """Things under keys; what was not wanted for the longest goes first when all together have more than `most_bytes`.

    The newest always stays, however large. Threads may share a shelf: they wait for each other under the same key only.
    """

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._things: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._wanted: dict[Hashable, float] = {}  # when each was wanted last
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def take(self, key: Hashable, make: Callable[[], object], size: Callable[[object], int]) -> object:
        """What is under the key, made where it is not there; its bytes are asked once. What `make` raises is not kept."""
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._things:
                    self._wanted[key] = time.monotonic()
                    self._things.move_to_end(key)
                    return self._things[key][0]
            thing = make()
            with self._lock:
                self._things[key] = (thing, new := size(thing))
                self._wanted[key] = time.monotonic()
                while len(self._things) > 1 and self.bytes > self.most_bytes:
                    self._drop(next(iter(self._things)))
            if new >= LARGE:
                _give_back()
            return thing

    def sweep(self, seconds: float) -> None:
        """Give back what nobody has wanted for so long."""
        with self._lock:
            before = time.monotonic() - seconds
            old = [key for key in self._things if self._wanted[key] <= before]
            for key in old:
                self._drop(key)
        if old:
            _give_back()

    def _drop(self, key: Hashable) -> None:
        for book in (self._things, self._wanted, self._making):
            book.pop(key, None)

    @property
    def bytes(self) -> int:
        """All together."""
        return sum(size for _, size in self._things.values())

    @property
    def keys(self) -> list[Hashable]:
        """What is there, the longest unwanted first."""
        return list(self._things)


def _give_back() -> None:
    """Free memory goes back to the system at once: glibc keeps what was freed in pieces, after a backward pass gigabytes."""
    gc.collect()
    with contextlib.suppress(AttributeError, OSError, TypeError):  # another system has no such function
        ctypes.CDLL(None).malloc_trim(0)


def network_bytes(network: nn.Module) -> int:
    """Of its parameters and buffers."""
    return tensor_bytes({**dict(network.named_parameters()), **dict(network.named_buffers())})


def tensor_bytes(tensors: dict[str, torch.Tensor]) -> int:
    """Of all together; tensors that share their numbers count once."""
    storages = {tensor.untyped_storage().data_ptr(): tensor.untyped_storage().nbytes() for tensor in tensors.values()}
    return sum(storages.values())


_HOLDS_NOTHING = (str, int, float, type(None), type, types.ModuleType, types.FunctionType, types.MethodType)


def held_bytes(thing: object) -> int:
    """Of all tensors and arrays that are held by a record, a container or an object of any kind; what is shared counts once."""
    found: dict[int, int] = {}
    seen, left = set(), [thing]
    while left:
        one = left.pop()
        if isinstance(one, _HOLDS_NOTHING) or id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, torch.Tensor):
            found[one.untyped_storage().data_ptr()] = one.untyped_storage().nbytes()
        elif isinstance(one, np.ndarray):
            while isinstance(one.base, np.ndarray):
                one = one.base
            found[one.ctypes.data] = one.nbytes
        elif isinstance(one, bytes):
            found[id(one)] = len(one)
        elif isinstance(one, dict | types.MappingProxyType):
            left += one.values()
        elif isinstance(one, list | tuple | set | frozenset):
            left += one
        else:
            left += getattr(one, "__dict__", {}).values()
    return sum(found.values())
