"""What is large is kept up to so many bytes, and what was not wanted for the longest goes first."""

import threading

import pytest
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.live.shelf import Shelf, network_bytes, tensor_bytes
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
