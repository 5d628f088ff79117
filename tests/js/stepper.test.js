// The stepper's indices: windows, what meets there, what fills up, flattened places, and the keyboard's cursor.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cellInWords, movedCell } from "../../assets/components/stepper/cursor.js";
import { createFlattening, runsOf } from "../../assets/components/stepper/flattening.js";
import { createGeometry } from "../../assets/components/stepper/geometry.js";
import { fitted } from "../../assets/components/stepper/grid.js";
import { acrossOf, flowOf, gridSize, layOutScene } from "../../assets/components/stepper/layout.js";

const grid = (planes, rows, cols, array, more = {}) => ({
  ...{ title: "Input", planes, rows, cols, signed: true, editable: true, names: null, border: null },
  ...{ pad: [0, 0], range: null, late: false, borderText: "", array },
  ...more,
});

function made(header, arrays, step = 0) {
  const view = {
    header: { perChannel: false, groups: 1, links: [], alike: {}, results: {}, bias: null, ...header },
    arrays: arrays.map((values) => Float64Array.from(values)),
    step,
  };
  const grids = Object.fromEntries(
    Object.entries(view.header.grids).map(([name, spec]) => [
      name,
      {
        values: view.arrays[spec.array],
        index: (plane, row, col) => (plane * spec.rows + row) * spec.cols + col,
      },
    ]),
  );
  return createGeometry(view, grids);
}

const CONVOLUTION = {
  kind: "convolution",
  grids: { input: grid(1, 3, 3, 0), kernel: grid(1, 2, 2, 1), output: grid(1, 2, 2, 2) },
  roles: { window: "input", kernel: "kernel", place: "output" },
  window: { kernel: [2, 2], stride: [1, 1], dilation: [1, 1] },
};
const NUMBERS = [
  [1, 2, 3, 4, 5, 6, 7, 8, 9],
  [10, 20, 30, 40],
  [370, 470, 670, 770],
];

test("a step's window, and the numbers that meet there", () => {
  const { count, placeOf, stepAt, termsAt } = made(CONVOLUTION, NUMBERS);
  assert.equal(count(), 4);
  assert.deepEqual(placeOf(3), { plane: 0, row: 1, col: 1 });
  assert.equal(stepAt({ plane: 0, row: 1, col: 0 }), 2);
  const [{ terms }] = termsAt(3);
  assert.deepEqual(
    terms.map(({ value, weight }) => [value, weight]),
    [
      [5, 10],
      [6, 20],
      [8, 30],
      [9, 40],
    ],
  );
});

test("products are those of the record, whatever the numbers beside them are", () => {
  const sent = Array.from({ length: 16 }, (_, i) => 1000 + i);
  const { termsAt } = made({ ...CONVOLUTION, results: { products: 3 } }, [...NUMBERS, sent]);
  assert.deepEqual(
    termsAt(2)[0].terms.map(({ product }) => product),
    [1008, 1009, 1010, 1011],
  );
});

test("only where products were too many to send are they made of the two numbers shown", () => {
  const { termsAt } = made(CONVOLUTION, NUMBERS);
  assert.deepEqual(
    termsAt(0)[0].terms.map(({ product }) => product),
    [10, 40, 120, 200],
  );
});

test("what fills up has the record's cells after each step; nothing is added up here", () => {
  const header = {
    kind: "transposed",
    grids: { input: grid(1, 1, 2, 0), kernel: grid(1, 1, 2, 1), output: grid(1, 1, 3, 2) },
    roles: { window: "output", kernel: "kernel", place: "input", sum: "output" },
    window: { kernel: [1, 2], stride: [1, 1], dilation: [1, 1] },
    results: { products: 3, after: 4 },
  };
  // 3 and 5 stamp [1, 2]; the second cell holds 6, then 11
  const numbers = [
    [3, 5],
    [1, 2],
    [0, 0, 0],
    [3, 6, 5, 10],
    [3, 6, 11, 10],
  ];
  const { filledUpTo } = made(header, numbers);
  assert.deepEqual([...filledUpTo(-1, 3)], [0, 0, 0]);
  assert.deepEqual([...filledUpTo(0, 3)], [3, 6, 0]);
  assert.deepEqual([...filledUpTo(1, 3)], [3, 11, 10]);
});

test("the step whose window lies about a cell", () => {
  const { stepAround } = made(CONVOLUTION, NUMBERS);
  assert.equal(stepAround({ plane: 0, row: 0, col: 0 }), 0);
  assert.equal(stepAround({ plane: 0, row: 2, col: 2 }), 3);
});

test("groups and channels look at their own planes", () => {
  const header = { ...CONVOLUTION, grids: { ...CONVOLUTION.grids, input: grid(4, 3, 3, 0), output: grid(2, 2, 2, 2) } };
  const numbers = [Array(36).fill(0), Array(16).fill(0), Array(8).fill(0)];
  const planes = (more) => made({ ...header, ...more }, numbers).planesOf({ plane: 1, row: 0, col: 0 });
  assert.deepEqual(planes({}), [0, 1, 2, 3]);
  assert.deepEqual(planes({ groups: 2 }), [2, 3]);
  assert.deepEqual(planes({ perChannel: true }), [1]);
});

test("the padded input as one column, and back", () => {
  const border = [1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1];
  const input = grid(2, 3, 4, 0, { border, pad: [1, 1] });
  const { flatten, unflatten } = createFlattening({ header: { ...CONVOLUTION, grids: { input } } });
  assert.equal(flatten({ plane: 0, row: 0, col: 1 }), -1);
  assert.equal(flatten({ plane: 1, row: 1, col: 2 }), 3);
  for (const index of [0, 1, 2, 3]) assert.equal(flatten(unflatten(index)), index);
  assert.deepEqual(runsOf([5, 2, -1, 3, 9]), [
    [2, 2],
    [5, 1],
    [9, 1],
  ]);
});

test("the cursor goes from cell to cell, and on to the plane beside or below", () => {
  const spec = { planes: 4, rows: 2, cols: 3 };
  const go = (plane, row, col, by) => Object.values(movedCell(spec, 2, { plane, row, col }, by));
  assert.deepEqual(go(0, 0, 0, [0, 1]), [0, 0, 1]);
  assert.deepEqual(go(0, 0, 0, [0, -1]), [0, 0, 0]);
  assert.deepEqual(go(0, 1, 2, [0, 1]), [1, 1, 0]);
  assert.deepEqual(go(1, 1, 2, [0, 1]), [1, 1, 2]);
  assert.deepEqual(go(1, 1, 2, [1, 0]), [3, 0, 2]);
  assert.deepEqual(go(3, 0, 1, [-1, 0]), [1, 1, 1]);
  assert.deepEqual(go(3, 1, 1, [1, 0]), [3, 1, 1]);
});

test("a cell in words counts as the layer does, without the padding", () => {
  const border = Array(16).fill(0).fill(1, 0, 4);
  const spec = grid(1, 4, 4, 0, { border, pad: [1, 0] });
  assert.equal(cellInWords(spec, { plane: 0, row: 3, col: 3 }, "5"), "Input, row 2, column 3: 5");
  assert.equal(cellInWords(spec, { plane: 0, row: 0, col: 3 }, "0"), "Input, padding: 0");
  const planes = { ...spec, planes: 2, names: ["red", "green"], border: null };
  assert.equal(cellInWords(planes, { plane: 1, row: 1, col: 0 }, "−2"), "Input, green, row 0, column 0: −2");
});

test("a region moves as little as shows a window", () => {
  assert.equal(fitted(0, 10, 4, 3, 40), 0);
  assert.equal(fitted(0, 10, 9, 3, 40), 2);
  assert.equal(fitted(20, 10, 5, 3, 40), 5);
  assert.equal(fitted(0, 10, 39, 3, 40), 30);
});

test("planes are spread evenly", () => {
  assert.equal(acrossOf({ planes: 4 }, 3), 2);
  assert.equal(acrossOf({ planes: 5 }, 9), 5);
  assert.deepEqual(gridSize({ planes: 1, rows: 2, cols: 4, names: null }, 1, 10), [52, 56]);
});

test("a scene gets the largest cells that fit, in one row if it can", () => {
  const sized = (rows, cols) => ({ spec: { planes: 1, rows, cols, names: null }, cell: 0, perRow: 0 });
  const grids = { input: sized(5, 5), output: sized(3, 3) };
  const keys = ["input", "→", "output"];
  layOutScene(keys, grids, 1200, 600, 13, 46);
  assert.equal(grids.input.cell, 46);
  assert.equal(flowOf(keys, grids, 1, 46, 1200)?.rows, 1);
  layOutScene(keys, grids, 300, 600, 13, 46);
  assert.ok((flowOf(keys, grids, 1, grids.input.cell, 300)?.rows ?? 0) > 1);
  layOutScene(keys, grids, 200, 600, 13, 46);
  assert.equal(grids.input.cell, 39);
  assert.equal(flowOf(keys, grids, 1, 46, 100), null);
});
