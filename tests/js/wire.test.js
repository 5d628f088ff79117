// A message as explorer/live/wire.py packs it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { unpack } from "../../assets/components/shared/wire.js";

test("header and arrays come apart again, at unaligned places too", () => {
  const arrays = [
    { offset: 0, length: 3, type: "uint8" },
    { offset: 4, length: 1, type: "float32" },
    { offset: 8, length: 2, type: "float64" },
  ];
  const header = new TextEncoder().encode(JSON.stringify({ title: "Maße", arrays }));
  const bytes = new Uint8Array(5 + header.length + 24 - 1 + 1);
  const message = bytes.subarray(1); // one byte in: nothing is aligned
  const view = new DataView(message.buffer, message.byteOffset);
  view.setUint32(0, header.length, true);
  message.set(header, 4);
  const start = 4 + header.length;
  message.set([7, 8, 9], start);
  view.setFloat32(start + 4, 1.5, true);
  view.setFloat64(start + 8, -2.25, true);
  view.setFloat64(start + 16, 1e-300, true);
  const found = unpack(message);
  assert.equal(found.header.title, "Maße");
  assert.deepEqual(
    found.arrays.map((array) => [...array]),
    [[7, 8, 9], [1.5], [-2.25, 1e-300]],
  );
});
