"""What is large is kept up to so many bytes, and what was not wanted for the longest goes first."""

import gc
import threading
import weakref
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.live import shelf
from explorer.live.shelf import Shelf, held_bytes, network_bytes, tensor_bytes
from explorer.ui import cache


def _take(shelf: Shelf, key: str, size: int) -> object:
    return shelf.take(key, lambda: [key], lambda _: size)


def test_what_was_not_wanted_for_the_longest_goes_first():
    shelf = Shelf(10)
    first = _take(shelf, "a", 4)
    _take(shelf, "b", 4)
    assert _take(shelf, "a", 4) is first
    _take(shelf, "c", 4)
    assert (shelf.keys, shelf.bytes) == (["a", "c"], 8)
    assert _take(shelf, "a", 4) is first


def test_many_small_ones_stay_and_one_that_is_too_large_stands_alone():
    shelf = Shelf(10)
    for index in range(10):
        _take(shelf, str(index), 1)
    assert len(shelf.keys) == 10
    _take(shelf, "large", 99)
    assert shelf.keys == ["large"]


def test_what_could_not_be_made_is_tried_again():
    shelf = Shelf(10)

    def fail() -> object:
        raise ExplorerError("no")

    with pytest.raises(ExplorerError):
        shelf.take("a", fail, len)
    assert _take(shelf, "a", 1) == ["a"]


def test_two_threads_make_a_thing_once_and_others_do_not_wait():
    shelf, made, go = Shelf(10), [], threading.Event()

    def make() -> object:
        made.append(1)
        assert go.wait(10)
        return made

    threads = [threading.Thread(target=shelf.take, args=("a", make, len)) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert _take(shelf, "b", 1) == ["b"]  # while "a" is being made
    go.set()
    for thread in threads:
        thread.join()
    assert made == [1]


def test_bytes_of_tensors_count_what_is_shared_once():
    whole = torch.zeros(6)
    assert tensor_bytes({"a": whole, "part": whole[:2], "b": torch.zeros(2, dtype=torch.int64)}) == 6 * 4 + 2 * 8
    layer = nn.BatchNorm1d(3)
    assert network_bytes(layer) == 4 * 3 * 4 + 8


def test_a_network_without_weights_here_is_kept_once(monkeypatch, tmp_path):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    assert cache.network("squeezenet1_1") is cache.random_network("squeezenet1_1")


@dataclass(frozen=True)
class Held:
    values: dict[str, torch.Tensor]
    pixels: np.ndarray
    text: str = "x" * 1000


def test_bytes_of_anything_count_its_tensors_and_arrays_once():
    whole, pixels = torch.zeros(6), np.zeros((10, 10), np.uint8)
    held = Held({"a": whole, "part": whole[:2]}, pixels[2:, :3])
    assert held_bytes(held) == 24 + 100
    assert held_bytes([held, SimpleNamespace(again=held, more=b"abc")]) == 24 + 100 + 3
    network = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    assert held_bytes(network) == network_bytes(network)
    circle: list[object] = [whole]
    circle.append(circle)
    assert held_bytes(circle) == 24


def test_what_nobody_wants_any_more_is_given_back(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(shelf.time, "monotonic", lambda: now[0])
    kept = Shelf(100)
    for key in ("a", "b"):
        _take(kept, key, 4)
    now[0] = 50
    _take(kept, "b", 4)
    kept.sweep(60)
    assert kept.keys == ["a", "b"]
    now[0] = 70
    kept.sweep(60)
    assert kept.keys == ["b"]
    kept.sweep(0)
    assert (kept.keys, kept.bytes) == ([], 0)


def test_ten_large_networks_stay_within_the_bytes_and_go_when_nobody_is_there(monkeypatch):
    small = Shelf(10_000)
    monkeypatch.setattr(cache, "_shelf", lambda: small)
    watched = []

    def make() -> nn.Module:
        watched.append(weakref.ref(network := nn.Sequential(nn.Conv2d(1, 4, 3), nn.Flatten(), nn.Linear(4 * 36, 4))))
        return network

    for number in range(10):
        network = cache.kept_network(f"large {number}", _make=make)
        steps = cache.steps_of((f"large {number}",), _network=network, _shape=(1, 8, 8))
        cache.node_values((number,), _program=steps, _inputs=torch.zeros(1, 1, 8, 8))
        cache.kept_large("maps", (number,), _make=lambda: np.zeros(1000))
        assert small.bytes <= 10_000
    del network, steps
    gc.collect()
    assert sum(one() is not None for one in watched) <= 2
    monkeypatch.setattr(cache, "ALONE", 0.0)
    cache.sweep(alone=False)
    assert small.bytes > 0
    cache.sweep(alone=True)
    gc.collect()
    assert small.bytes == 0
    assert all(one() is None for one in watched)
