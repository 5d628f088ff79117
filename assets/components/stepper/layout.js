// How large a scene of the stepper is: its grids, the signs between them, and the rows that they fall into. Knows sizes; draws nothing.

import { clamp } from "../shared/numbers.js";
import { GRID_EDGE, MOST_CELLS, OVERVIEW, PLANE_ASIDE, PLANE_GAP, SMALLEST_TEXT, UNNAMED_GAP } from "./sizes.js";

/** @import { GridSpec } from "./types.js" */

/**
 * What is laid out of a grid.
 * @typedef {{spec: Pick<GridSpec, "title" | "planes" | "rows" | "cols" | "names">}} Sized
 */

const BETWEEN = 16; // pixels between neighbours in a row, and rows below each other
const SHORT_LINE = 116; // a caption over a narrow grid is broken at so many pixels
const SIGN = 0.7; // of its size: how wide a sign is
const LETTER = 0.54; // of a text's size: how wide a letter is

/** The size of a grid's caption, in pixels. @param {number} cell */
export const captionText = (cell) => clamp(cell * 0.2, SMALLEST_TEXT, 20);

/** The size of the signs between grids, in pixels. @param {number} cell */
export const signText = (cell) => clamp(cell * 0.45, 24, 48);

/**
 * The room that a scene takes, or null where one grid alone is wider than there is room.
 * @param {string[]} keys - grids and the signs between them
 * @param {Record<string, Sized>} grids
 * @param {number} n - planes beside each other at most
 * @param {number} cell
 * @param {number} width
 */
export function flowOf(keys, grids, n, cell, width) {
  let [x, rowHeight, height, rows, widest] = [0, 0, 0, 1, 0];
  for (const key of keys) {
    const [wide, tall] = grids[key] ? gridSize(grids[key].spec, n, cell) : signSize(key, cell);
    if (wide > width) return null;
    if (x && x + BETWEEN + wide > width) [x, height, rowHeight, rows] = [0, height + rowHeight + BETWEEN, 0, rows + 1];
    x += wide + (x ? BETWEEN : 0);
    widest = Math.max(widest, x);
    rowHeight = Math.max(rowHeight, tall);
  }
  return { rows, width: widest, height: height + rowHeight };
}

/**
 * @param {string} sign
 * @param {number} cell
 * @returns {[wide: number, tall: number]}
 */
export function signSize(sign, cell) {
  const size = signText(cell);
  return [Math.ceil([...sign].length * size * SIGN), size];
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
  const cells = across * cols * cell + (across - 1) * PLANE_ASIDE + 2 * GRID_EDGE;
  const text = captionText(cell);
  const title = Math.ceil(spec.title.length * text * LETTER);
  const wide = Math.max(cells, Math.min(title, SHORT_LINE));
  const lines = title > wide ? Math.ceil((title * 1.15) / wide) : 1; // a broken line is not full
  return [wide, down * (rows * cell + gap) + 2 * GRID_EDGE + Math.ceil(lines * text * 1.3) + 4 + overview];
}
