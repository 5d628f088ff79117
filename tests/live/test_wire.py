"""The message to a browser component, unpacked by code that shares nothing with what packed it."""

import json
import struct

import numpy as np
import pytest

from explorer.live.wire import TYPES, pack


def unpack(data: bytes) -> tuple[dict, list[tuple]]:
    """What the layout in wire's docstring says, byte by byte: the header, and each array as a tuple of numbers."""
    length = data[0] + 256 * data[1] + 65536 * data[2] + 16777216 * data[3]
    header = json.loads(data[4 : 4 + length].decode("utf-8"))
    arrays = []
    for entry in header["arrays"]:
        sign = {"uint8": "B", "float32": "f", "float64": "d"}[entry["type"]]
        arrays.append(struct.unpack_from(f"<{entry['length']}{sign}", data, 4 + length + entry["offset"]))
    return header, arrays


def test_by_hand():
    data = pack({"a": 1}, [np.array([7, 8], np.uint8), np.array([1.5], np.float32)])
    text = b'{"a": 1, "arrays": [{"offset": 0, "length": 2, "type": "uint8"}, {"offset": 4, "length": 1, "type": "float32"}]}'
    assert data == struct.pack("<I", len(text)) + text + b"\x07\x08\0\0" + b"\0\0\xc0\x3f"


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("shape", [(0,), (1,), (2, 3), (3, 1, 5), (4, 4)])
def test_what_goes_in_comes_out(kind, shape):
    values = np.random.default_rng(1).uniform(0, 255, shape).astype(kind)
    header, (flat, after) = unpack(pack({"title": "Maß · 5×5"}, [values, np.array([1, 2, 3], np.uint8)]))
    assert header["title"] == "Maß · 5×5"
    assert flat == tuple(values.ravel().tolist())
    assert after == (1, 2, 3)


def test_every_array_starts_at_a_multiple_of_four():
    arrays = [np.zeros(length, kind) for length in range(6) for kind in ("uint8", "float32")]
    data = pack({}, arrays)
    header, _ = unpack(data)
    offsets = [entry["offset"] for entry in header["arrays"]]
    assert all(offset % 4 == 0 for offset in offsets)
    ends = [offset + array.nbytes for offset, array in zip(offsets, arrays, strict=True)]
    assert all(0 <= start - end < 4 for start, end in zip(offsets[1:], ends, strict=False))  # no overlap, no waste


def test_views_are_sent_as_they_are_read():
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    _, (flat,) = unpack(pack({}, [values[::-1, ::2].T]))
    assert flat == tuple(values[::-1, ::2].T.ravel().tolist())


def test_arrays_may_hold_nan_but_the_header_may_not():
    _, (flat,) = unpack(pack({}, [np.array([np.nan], np.float32)]))
    assert flat[0] != flat[0]
    for bad in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="JSON"):
            pack({"value": bad}, [])


@pytest.mark.parametrize("kind", ["int64", "bool", "float16", "uint16", "complex64"])
def test_other_types_are_refused(kind):
    with pytest.raises(TypeError, match=kind):
        pack({}, [np.zeros(3, kind)])
