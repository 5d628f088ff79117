"""A scan's file: there and back, and nothing believed that a scan would not have written."""

import json

import numpy as np
import pytest
import torch
from safetensors.numpy import load, save

from explorer.errors import ExplorerError
from explorer.probe.patches_file import network_digest, read_state, state_path, write_state
from explorer.probe.scanning import Batch, begin, scan

IDENTITY = {"network": "made up", "weights": "abc", "count": 40}


def scanned():
    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Conv2d(1, 3, 3), torch.nn.Conv2d(3, 2, 1))
    state = begin(network, 4)
    for _ in scan(network, [Batch(torch.randn(30, 1, 6, 6), range(30), 30)], state):
        pass
    return state


def again(state):
    return read_state(IDENTITY, state.layers, state.k, 40)


def test_there_and_back():
    state = scanned()
    path = write_state(IDENTITY, state)
    kept = again(state)
    assert np.array_equal(kept.ranking.keys, state.ranking.keys)
    assert np.array_equal(kept.ranking.places, state.ranking.places)
    assert (kept.k, kept.layers, kept.maps, kept.seen, kept.read) == (4, state.layers, state.maps, 30, 30)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_another_identity_is_another_file():
    state = scanned()
    write_state(IDENTITY, state)
    assert read_state({**IDENTITY, "weights": "abd"}, state.layers, 4, 40) is None
    assert state_path({**IDENTITY, "count": 41}) != state_path(IDENTITY)


def test_nothing_there():
    assert read_state(IDENTITY, {"a": 1}, 4, 40) is None


@pytest.mark.parametrize("length", [0, 7, 8, 100, -1])
def test_cut_off(length):
    state = scanned()
    path = write_state(IDENTITY, state)
    path.write_bytes(path.read_bytes()[:length])
    assert again(state) is None


def test_every_flipped_byte_is_survived():
    state = scanned()
    path = write_state(IDENTITY, state)
    whole = path.read_bytes()
    for at in range(0, len(whole), 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
        again(state)  # None, or numbers that a scan could have found; never an exception


def rewritten(state, **changes):
    """The file with other arrays or another header."""
    path = write_state(IDENTITY, state)
    data = path.read_bytes()
    told = json.loads(json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"]["scan"])
    tensors = load(data)
    told |= {name: value for name, value in changes.items() if name in told}
    tensors |= {name: value for name, value in changes.items() if name in tensors}
    path.write_bytes(save(tensors, {"scan": json.dumps(told)}))


@pytest.mark.parametrize(
    "changes",
    [
        {"seen": 41},
        {"seen": 3},  # pictures beyond what was seen
        {"read": 31},
        {"k": 5},
        {"format": 0},
        {"identity": {}},
        {"maps": {"0": [1, 1], "1": [1, 1]}},  # positions beyond the map
        {"maps": {"elsewhere": [4, 4]}},
        {"maps": "no"},
        {"layers": [["0", 3]]},
        {"keys": np.zeros((10, 4), np.float32)},
        {"keys": np.zeros((3, 3), np.int64)},
        {"places": np.zeros((10, 4), np.int8)},
        {"keys": np.arange(40).reshape(10, 4)},  # not sorted
    ],
    ids=str,
)
def test_what_no_scan_would_write(changes):
    state = scanned()
    rewritten(state)
    assert again(state) is not None
    rewritten(state, **changes)
    assert again(state) is None


def test_too_large_a_file_is_not_read():
    state = scanned()
    path = write_state(IDENTITY, state)
    with path.open("r+b") as file:
        file.truncate(2**24)
    assert again(state) is None


def test_a_folder_that_cannot_be_written(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "file"))
    with pytest.raises(ExplorerError, match="EXPLORER_CACHE"):
        write_state(IDENTITY, scanned())


def test_the_digest_tells_weights_apart():
    first, second = torch.nn.Linear(2, 2), torch.nn.Linear(2, 2)
    assert network_digest(first) != network_digest(second)
    second.load_state_dict(first.state_dict())
    assert network_digest(first) == network_digest(second)
