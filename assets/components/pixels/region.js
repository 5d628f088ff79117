// The region of a picture that is shown as numbers: a square of its pixels, cut to what the picture has. Knows rows and columns.

import { clamp } from "../shared/numbers.js";

/** @import { Region } from "./types.js" */

const SMALLEST = 4;
const LARGEST = 48;

/** @typedef {{rows: number, columns: number}} Size - of the picture */

/**
 * The region with its corner at a place, as far as the picture reaches.
 * @param {Region} region
 * @param {number} top
 * @param {number} left
 * @param {Size} picture
 * @returns {Region}
 */
export function moved(region, top, left, { rows, columns }) {
  return {
    ...region,
    top: clamp(Math.round(top), 0, rows - region.rows),
    left: clamp(Math.round(left), 0, columns - region.columns),
  };
}

/**
 * The longest side that a region of this picture may have.
 * @param {Size} picture
 */
export const longestSide = ({ rows, columns }) => Math.min(LARGEST, Math.max(rows, columns));

/**
 * A square of `side` pixels around the same middle.
 * @param {Region} region
 * @param {number} side
 * @param {Size} picture
 */
export function resized(region, side, picture) {
  const most = longestSide(picture);
  const next = clamp(side, Math.min(SMALLEST, most), most);
  const [rows, columns] = [Math.min(next, picture.rows), Math.min(next, picture.columns)];
  const [top, left] = [region.top + (region.rows - rows) / 2, region.left + (region.columns - columns) / 2];
  return moved({ ...region, side: next, rows, columns }, top, left, picture);
}

/**
 * The region moved as little as shows a pixel.
 * @param {Region} region
 * @param {number} row
 * @param {number} column
 * @param {Size} picture
 */
export function showing(region, row, column, picture) {
  /** @type {(at: number, start: number, length: number) => number} */
  const into = (at, start, length) => (at < start ? at : at >= start + length ? at - length + 1 : start);
  return moved(region, into(row, region.top, region.rows), into(column, region.left, region.columns), picture);
}
