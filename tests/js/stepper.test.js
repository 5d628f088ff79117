// The stepper's indices: windows, what meets there, what fills up, flattened places, and the keyboard's cursor.

import assert from "node:assert/strict";
import { test } from "node:test";

import { arrange } from "../../assets/components/stepper/arranging.js";
import { cellInWords, movedCell } from "../../assets/components/stepper/cursor.js";
import { createDemonstration } from "../../assets/components/stepper/demonstrating.js";
import { createFlattening, runsOf } from "../../assets/components/stepper/flattening.js";
import { createGeometry } from "../../assets/components/stepper/geometry.js";
import { createGuessing } from "../../assets/components/stepper/guessing.js";
import { fitted } from "../../assets/components/stepper/grid.js";
import { acrossOf, flowOf, gridSize } from "../../assets/components/stepper/layout.js";

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
  const spec = { title: "Input", planes: 1, rows: 2, cols: 4, names: null };
  assert.deepEqual(gridSize(spec, 1, 50), [206, 137]);
  assert.equal(gridSize({ ...spec, planes: 4 }, 2, 50)[0], 2 * 200 + 14 + 6);
});

test("a long caption over a narrow grid is broken into lines", () => {
  const spec = { title: "Gradient at the output", planes: 1, rows: 1, cols: 1, names: null };
  const [wide, tall] = gridSize(spec, 1, 40);
  assert.equal(wide, 116);
  assert.ok(tall - gridSize({ ...spec, title: "Output" }, 1, 40)[1] >= 18);
});

const sized = (rows, cols, planes = 1) => ({ spec: { title: "Input", planes, rows, cols, names: null } });
const PANEL = { planes: 1, rows: 2, cols: 2, lines: 2, lean: 1, letters: 5, leanLetters: 2, name: 0, words: 50 };
const placed = (grids, width, height, more = {}) => {
  const what = { main: ["input", "∗", "kernel", "=", "output"], extra: [], grids, panel: PANEL, ...more };
  return { what, found: arrange(what, width, height, 120) };
};

test("cells are as large as the stage lets them, in one row, and text grows with the room", () => {
  const { what, found } = placed({ input: sized(2, 4), kernel: sized(2, 2), output: sized(1, 3) }, 1236, 540);
  assert.ok(found.cell >= 100 && found.cell <= 120, String(found.cell));
  assert.ok(found.text >= 20, String(found.text));
  assert.equal(flowOf(what.main, what.grids, found.n, found.cell, found.width)?.rows, 1);
});

for (const [width, height] of [
  [1236, 540],
  [900, 540],
  [366, 500],
  [1850, 800],
]) {
  for (const [side, planes] of [
    [4, 1],
    [8, 3],
    [28, 1],
  ]) {
    test(`${planes} × ${side}×${side} in ${width}×${height} pixels: nothing is cut, no text is too small`, () => {
      const grids = {
        input: sized(side, side, planes),
        kernel: sized(3, 3, planes),
        output: sized(side - 2, side - 2),
      };
      const panel = { ...PANEL, rows: 3, cols: 3, planes, name: 18 };
      const { what, found } = placed(grids, width, height, { panel });
      const flow = flowOf(what.main, grids, found.n, found.cell, found.width);
      assert.ok(flow && flow.width <= found.width && found.width <= width);
      assert.ok(found.panel.wide <= width && found.text >= 14 && found.cell >= 10);
      if (found.beside) assert.ok(found.width + found.panel.wide + 24 <= width);
      if (width > 900) assert.ok(found.tall <= height, "it fits without scrolling");
    });
  }
}

test("a large input takes the height there is", () => {
  const grids = { input: sized(28, 28), kernel: sized(5, 5), output: sized(24, 24) };
  const { found } = placed(grids, 1850, 800, { panel: { ...PANEL, rows: 5, cols: 5 } });
  assert.ok(28 * found.cell >= 0.7 * 800, String(found.cell));
});

test("a second scene stands beside or below, smaller where it has to be", () => {
  const grids = { input: sized(5, 5, 3), output: sized(3, 3, 4), columns: sized(27, 9), product: sized(4, 9) };
  const more = { main: ["input", "=", "output"], extra: ["columns", "=", "product"] };
  const { found } = placed(grids, 1236, 520, more);
  assert.ok(found.tall <= 520 && found.small >= 9 && found.small <= found.cell);
});

function waited(isWanted = () => true) {
  const [shown, target] = [/** @type {number[]} */ ([]), new EventTarget()];
  /** @type {Map<number, () => void>} */
  const waiting = new Map();
  let timers = 0;
  const clock = {
    target,
    wait(/** @type {() => void} */ act) {
      waiting.set(++timers, act);
      return timers;
    },
    stop: (/** @type {number} */ timer) => void waiting.delete(timer),
  };
  const demonstration = createDemonstration({ show: (step) => void shown.push(step), isWanted }, clock);
  const pass = () => {
    const [timer, act] = [...waiting][0] ?? [];
    if (timer) waiting.delete(timer);
    act?.();
    return shown;
  };
  return { demonstration, pass, shown, target, waiting };
}

test("the first steps are shown by themselves, then the first one again, once", () => {
  const { demonstration, pass, waiting } = waited();
  demonstration.arm();
  assert.deepEqual(pass(), [1]);
  pass();
  assert.deepEqual(pass(), [1, 2, 0]);
  assert.equal(waiting.size, 0);
});

test("the first touch ends them and goes back; before they begin it keeps them away", () => {
  for (const touch of ["pointermove", "keydown", "wheel", "touchstart"]) {
    const { demonstration, pass, shown, target, waiting } = waited();
    demonstration.arm();
    pass();
    target.dispatchEvent(new Event(touch));
    assert.deepEqual(shown, [1, 0]);
    assert.equal(waiting.size, 0);
    demonstration.arm();
    target.dispatchEvent(new Event(touch));
    pass();
    assert.deepEqual(shown, [1, 0]);
  }
});

test("nothing is shown where it is not wanted", () => {
  const { demonstration, pass } = waited(() => false);
  demonstration.arm();
  assert.deepEqual(pass(), []);
});

test("a predicted cell is outlined where it is asked for, told once, and gone with the answer", () => {
  const [drawn, edited] = [{}, []];
  const grids = Object.fromEntries(
    ["input", "output"].map((key) => [key, { spec: { editable: true }, setGuess: (cell) => (drawn[key] = cell) }]),
  );
  const guessing = createGuessing({ header: { asked: "output" } }, grids, (...edit) => edited.push(edit));
  const told = [];
  guessing.tell = (cell) => told.push(cell);
  assert.equal(guessing.isAsked("output"), true);
  assert.equal(guessing.isAsked("input"), false);
  guessing.open("input", { plane: 0, row: 1, col: 1 });
  assert.equal(edited.length, 1);
  guessing.open("output", { plane: 0, row: 2, col: 1 });
  assert.equal(edited.length, 1);
  assert.deepEqual(told, [[2, 1]]);
  assert.deepEqual(drawn.output, { plane: 0, row: 2, col: 1 });
  guessing.receive({ asked: "output", guess: [0, 3] });
  assert.deepEqual(drawn, { input: null, output: { plane: 0, row: 0, col: 3 } });
  guessing.receive({ asked: null, guess: null });
  assert.deepEqual(drawn, { input: null, output: null });
});
