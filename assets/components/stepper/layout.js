// How large the stepper's cells are and how many planes of a grid stand beside each other. Knows sizes; draws nothing.

import { GRID_EDGE, MOST_CELLS, OVERVIEW, PLANE_ASIDE, PLANE_GAP, UNNAMED_GAP } from "./sizes.js";

/** @import { GridSpec } from "./types.js" */

/**
 * What is laid out of a grid.
 * @typedef {{spec: Pick<GridSpec, "planes" | "rows" | "cols" | "names">, cell: number, perRow: number}} Sized
 */

const LARGE_CELL = 34; // where several planes have to be seen together
const READABLE_CELL = 15; // a number of two digits fits
const SIGN = 16; // pixels that a sign between two grids takes
const BETWEEN = 16; // pixels between neighbours in a row, and rows below each other
const CAPTION = 24;
const NARROWEST = 52; // room for a short caption

/**
 * Set `cell` and `perRow` of each grid of a scene so that the scene fits `width` × `height`, in several rows if need be.
 * @param {string[]} keys - grids and the signs between them
 * @param {Record<string, Sized>} grids
 * @param {number} width
 * @param {number} height
 * @param {number} smallest - of the cells, in pixels
 * @param {number} largest
 */
export function layOutScene(keys, grids, width, height, smallest, largest) {
  const shown = keys.filter((key) => grids[key]).map((key) => grids[key]);
  if (!shown.length) return;
  const most = Math.max(...shown.map(({ spec }) => spec.planes));
  let best = null;
  for (let n = 1; n <= most; n++) {
    for (let cell = most > 1 ? LARGE_CELL : largest; cell >= smallest; cell--) {
      const flow = flowOf(keys, grids, n, cell, width);
      if (!flow) continue;
      const fits = flow.height <= height;
      // One row reads as a formula: larger cells have to be worth breaking it, and the height they take.
      const ragged = shown.some(({ spec }) => spec.planes % acrossOf(spec, n));
      let worth = cell * (flow.rows > 1 ? 0.75 : 1) * (ragged ? 0.8 : 1) - (most > 1 ? flow.height / 40 : 0);
      if (cell >= READABLE_CELL) worth += 4;
      if (!fits) worth = Math.min(cell, READABLE_CELL) - 1000 - flow.height / 1000;
      if (!best || worth > best.worth) best = { worth, cell, n };
    }
  }
  const { cell, n } = best ?? { cell: smallest, n: 1 };
  for (const grid of shown) Object.assign(grid, { cell, perRow: acrossOf(grid.spec, n) });
}

/**
 * The rows that the scene's grids and signs fall into, or null where one grid alone is wider than the screen.
 * @param {string[]} keys
 * @param {Record<string, Sized>} grids
 * @param {number} n - planes beside each other at most
 * @param {number} cell
 * @param {number} width
 */
export function flowOf(keys, grids, n, cell, width) {
  let [x, rowHeight, height, rows] = [0, 0, 0, 1];
  for (const key of keys) {
    const [wide, tall] = grids[key] ? gridSize(grids[key].spec, n, cell) : [SIGN, SIGN];
    if (wide > width) return null;
    if (x && x + wide > width) [x, height, rowHeight, rows] = [0, height + rowHeight + BETWEEN, 0, rows + 1];
    x += wide + BETWEEN;
    rowHeight = Math.max(rowHeight, tall);
  }
  return { rows, height: height + rowHeight };
}

/**
 * At most n planes beside each other, spread evenly: 4 planes and n = 3 make 2 rows of 2.
 * @param {{planes: number}} spec
 * @param {number} n
 */
export const acrossOf = ({ planes }, n) => Math.ceil(planes / Math.ceil(planes / n));

/**
 * @param {Sized["spec"]} spec
 * @param {number} n
 * @param {number} cell
 * @returns {[wide: number, tall: number]}
 */
export function gridSize(spec, n, cell) {
  const across = acrossOf(spec, n);
  const down = Math.ceil(spec.planes / across);
  const [rows, cols] = [Math.min(spec.rows, MOST_CELLS), Math.min(spec.cols, MOST_CELLS)];
  const cut = rows < spec.rows || cols < spec.cols;
  const overview = cut ? (OVERVIEW * spec.rows) / Math.max(spec.rows, spec.cols) + 8 : 0;
  const gap = spec.names ? PLANE_GAP : UNNAMED_GAP;
  return [
    Math.max(NARROWEST, across * cols * cell + (across - 1) * PLANE_ASIDE + 2 * GRID_EDGE),
    down * (rows * cell + gap) + 2 * GRID_EDGE + CAPTION + overview,
  ];
}
