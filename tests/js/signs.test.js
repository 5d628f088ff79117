// Which mark a value has, and when maps are marked at all.

import assert from "node:assert/strict";
import { test } from "node:test";

import { areSignsMarked, signOf } from "../../assets/components/shared/signs.js";

test("a value has the mark of its sign, and none where it looks like zero or is no number", () => {
  assert.deepEqual(
    [-8, -1, 1, 8].map((value) => signOf(value, 8)),
    [-1, -1, 1, 1],
  );
  assert.deepEqual(
    [0, -0.1, 0.1, NaN].map((value) => signOf(value, 8)),
    [0, 0, 0, 0],
  );
  assert.equal(signOf(-Infinity, 8), -1);
});

test("the document says whether signs are marked", () => {
  globalThis.document = { documentElement: { dataset: {} } };
  assert.equal(areSignsMarked(), false);
  document.documentElement.dataset.signs = "on";
  assert.equal(areSignsMarked(), true);
});
