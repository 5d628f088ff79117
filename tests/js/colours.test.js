// Scales and colours, as far as they need no canvas.

import assert from "node:assert/strict";
import { test } from "node:test";

import { wordOf } from "../../assets/components/shared/canvas.js";
import { colourTables, levelOf, partsOf, rgbOf, scaleEnds } from "../../assets/components/shared/colours.js";

test("a colour is read as hexadecimal and as the browser writes it", () => {
  assert.deepEqual(rgbOf("#ff8000"), [255, 128, 0]);
  assert.deepEqual(rgbOf("rgba(1, 2, 3, 0.5)"), [1, 2, 3]);
});

test("a word of a table has its parts, opaque", () => {
  assert.deepEqual(partsOf(wordOf([1, 2, 3])), [1, 2, 3]);
  assert.equal(wordOf([0, 0, 0]), 0xff000000);
});

test("a table goes from the first anchor through the others to the last", () => {
  const scales = { sequential: ["#000000", "#ffffff"], diverging: ["#0000ff", "#ffffff", "#ff0000"] };
  const theme = { dark: false };
  const { sequential, diverging } = colourTables({ light: scales, dark: scales }, theme);
  assert.deepEqual(partsOf(sequential[0]), [0, 0, 0]);
  assert.deepEqual(partsOf(sequential[51]), [51, 51, 51]);
  assert.deepEqual(partsOf(diverging[255]), [255, 0, 0]);
  assert.deepEqual(partsOf(diverging[127]).map(Math.round), [254, 254, 255]);
});

test("a value has its level, and beyond the ends theirs", () => {
  assert.equal(levelOf(0.5, 0, 1), 128);
  assert.equal(levelOf(-3, 0, 1), 0);
  assert.equal(levelOf(3, 0, 1), 255);
});

test("signed scales are symmetric, others begin at or below zero", () => {
  assert.deepEqual(scaleEnds(-1, 3, true), [-3, 3]);
  assert.deepEqual(scaleEnds(0, 0, true), [-1, 1]);
  assert.deepEqual(scaleEnds(2, 5, false), [0, 5]);
  assert.deepEqual(scaleEnds(-2, -2, false), [-2, -1]);
  assert.deepEqual(scaleEnds(0, 0, false), [0, 1]);
});
