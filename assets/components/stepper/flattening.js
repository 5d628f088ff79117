// The stepper's padded input as one column of numbers, and back. Knows indices only.

/** @import { Cell, Header } from "./types.js" */

/** @param {{header: Header}} view */
export function createFlattening(view) {
  /** Where the input lies within its padding. */
  function inner() {
    const { rows, cols, border, pad } = view.header.grids[view.header.roles.window];
    const [top, left] = pad;
    if (!border) return { rows, cols, top, left };
    let [tall, wide] = [0, 0];
    while (top + tall < rows && !border[(top + tall) * cols + left]) tall++;
    while (left + wide < cols && !border[top * cols + left + wide]) wide++;
    return { rows: tall, cols: wide, top, left };
  }

  return {
    /**
     * The place of a cell of the padded input in the flattened input, −1 for padding.
     * @param {Cell} cell
     */
    flatten({ plane, row, col }) {
      const { rows, cols, top, left } = inner();
      const [y, x] = [row - top, col - left];
      return y < 0 || x < 0 || y >= rows || x >= cols ? -1 : (plane * rows + y) * cols + x;
    },

    /**
     * @param {number} index
     * @returns {Cell}
     */
    unflatten(index) {
      const { rows, cols, top, left } = inner();
      const row = (Math.floor(index / cols) % rows) + top;
      return { plane: Math.floor(index / (rows * cols)), row, col: (index % cols) + left };
    },
  };
}

/**
 * Indices as runs of neighbours; those below zero are left out.
 * @param {number[]} indices
 * @returns {[first: number, length: number][]}
 */
export function runsOf(indices) {
  const sorted = indices.filter((index) => index >= 0).sort((a, b) => a - b);
  /** @type {[first: number, length: number][]} */
  const found = [];
  for (const index of sorted) {
    const last = found.at(-1);
    if (last && last[0] + last[1] === index) last[1]++;
    else found.push([index, 1]);
  }
  return found;
}
