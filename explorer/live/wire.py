"""The bytes that a browser component is fed with. Knows JSON headers and arrays; not what they mean.

Layout: uint32 length of the header (little-endian), the header as UTF-8 JSON, then the arrays one after the other, each
padded to four bytes. The header's `arrays` lists offset (from the header's end), length and type of each.
`assets/components/shared/wire.js` unpacks it.
"""

import json
import struct
from collections.abc import Sequence

import numpy as np

TYPES = ("uint8", "float32", "float64")


def pack(header: dict[str, object], arrays: Sequence[np.ndarray]) -> bytes:
    """One message: `header` of plain values and uint8, float32 or float64 `arrays` of any shape, sent flat."""
    entries, blocks, offset = [], [], 0
    for array in arrays:
        if array.dtype.name not in TYPES:
            raise TypeError(f"an array of {array.dtype} cannot be sent: {', '.join(TYPES)} can")
        block = np.ascontiguousarray(array).tobytes()
        entries.append({"offset": offset, "length": array.size, "type": array.dtype.name})
        blocks.append(block + b"\0" * (-len(block) % 4))
        offset += len(blocks[-1])
    text = json.dumps({**header, "arrays": entries}, ensure_ascii=False, allow_nan=False).encode()
    return struct.pack("<I", len(text)) + text + b"".join(blocks)
