// Numbers as they are written: true minus signs, powers of ten, and sums that are the sums of what is shown.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as numbers from "../../assets/components/shared/numbers.js";

const { alike, asPercent, duration, grouped, lossText, number, readNumber, rounded, shortNumber, typed } = numbers;

test("a number has four significant digits, a whole one all of its own", () => {
  for (const [value, text] of [
    [12, "12"],
    [0, "0"],
    [-0, "0"],
    [-3, "−3"],
    [0.1234567, "0.1235"],
    [-12.3, "−12.30"],
    [123.456, "123.5"],
    [1431.25, "1431.3"], // 1.43e+3 beside terms of four digits said less than they did
    [-54321.6, "−54321.6"],
    [0.00123456, "0.001235"],
    [-0.000012345, "−1.23·10⁻⁵"],
    [12345678.9, "1.23·10⁷"],
    [9999999, "9999999"],
    [NaN, "not a number"],
    [-Infinity, "−∞"],
  ]) {
    assert.equal(number(value), text);
  }
});

test("no writer puts a hyphen where a minus belongs", () => {
  for (const value of [-1, -0.5, -1234.5, -1e-9, -1e9, -0.0625]) {
    const { write } = alike([value, 1]);
    const texts = [
      number(value),
      shortNumber(value, 4),
      rounded(value),
      write(value),
      asPercent(value),
      grouped(value),
    ];
    for (const text of texts) assert.doesNotMatch(text, /-/, text);
  }
});

test("a cell's number fits into its room", () => {
  for (const [value, room, text] of [
    [12, 2, "12"],
    [0.53, 3, ".53"],
    [-0.53, 4, "−.53"],
    [1.25, 4, "1.25"],
    [10.004, 3, "10"],
    [100000, 3, "1e5"],
    [-0.00001, 3, "0"],
    [1e-7, 2, "0"],
  ]) {
    assert.equal(shortNumber(value, room), text);
    assert.ok(shortNumber(value, room).length <= Math.max(room, 3));
  }
});

test("exact terms are written exactly, and so is their sum", () => {
  const terms = [1000, 431, 0.25];
  const { write, sign } = alike([...terms, 1431.25]);
  assert.deepEqual(terms.map(write), ["1000", "431", "0.25"]);
  assert.equal(write(1431.25), "1431.25");
  assert.equal(sign(terms, 1431.25), "=");
});

test("tenths that are no binary fractions count as exact", () => {
  const terms = [0.1, 0.2];
  const { write, sign } = alike([...terms, 0.1 + 0.2]);
  assert.equal(`${write(0.1)} + ${write(0.2)} ${sign(terms, 0.1 + 0.2)} ${write(0.1 + 0.2)}`, "0.1 + 0.2 = 0.3");
});

test("rounded terms that do not add up to the rounded sum say so", () => {
  const third = 1 / 3;
  const rest = alike([third, third, third, 1]);
  assert.deepEqual([third, 1].map(rest.write), ["0.333", "1.000"]);
  assert.equal(rest.sign([third, third, third], 1), "≈");
  const even = alike([third, 2 * third, 1]);
  assert.equal(even.sign([third, 2 * third], 1), "=");
});

test("whatever is shown with = is the sum of what is shown", () => {
  let seed = 1;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647 - 0.5;
  for (let round = 0; round < 500; round++) {
    const size = 10 ** Math.floor(random() * 10);
    const terms = Array.from({ length: 9 }, () => random() * size);
    const total = terms.reduce((sum, term) => sum + term, 0);
    const { write, sign } = alike([...terms, total]);
    if (sign(terms, total) !== "=") continue;
    const read = (/** @type {number} */ value) => readNumber(write(value));
    const shown = terms.map(read).reduce((sum, term) => sum + term, 0);
    assert.ok(Math.abs(shown - read(total)) < 1e-9 * Math.max(1, size), `${terms.map(write)} = ${write(total)}`);
  }
});

test("what was typed is read with a comma and a true minus", () => {
  assert.equal(readNumber(" −1,5 "), -1.5);
  assert.equal(readNumber("-2"), -2);
  assert.ok(Number.isNaN(readNumber("")));
  assert.ok(Number.isNaN(readNumber("two")));
  assert.equal(readNumber(typed(-0.000123456)), -0.0001235);
});

test("groups, shares, times and losses", () => {
  assert.equal(grouped(1234567), "1\u2009234\u2009567");
  assert.equal(asPercent(0.9951), "99.5 %");
  assert.equal(duration(59.96), "60.0 s");
  assert.equal(duration(125), "2 min 05 s");
  assert.deepEqual([2345.67, 1.5, 0.0123, NaN, undefined].map(lossText), [
    "2345.7",
    "1.500",
    "0.012",
    "not finite",
    "not finite",
  ]);
  assert.equal(rounded(-1.26e-9, 2), "−1.3·10⁻⁹");
});
