// Where a picture and the grids of its region stand. Knows sizes in CSS pixels; draws nothing.

import { clamp } from "../shared/numbers.js";

/** @import { Spot } from "../shared/types.js" */
/** @import { PlaneGrid, Region } from "./types.js" */

const GAP = 18; // between two grids, in CSS pixels
const TITLE = 24; // above a grid
const CONTROLS = 225; // what the panel under the overview needs
const NARROW = 640; // a stage with less room has one column

/**
 * The sizes of everything on a stage; the grids' is the same, together or apart: nothing jumps.
 * @param {number} width - of the stage
 * @param {number} windowHeight
 * @param {{rows: number, columns: number}} picture
 */
export function layoutOf(width, windowHeight, { rows, columns }) {
  const narrow = width < NARROW;
  const wanted = clamp(windowHeight * 0.78, 480, 900);
  const gridsWidth = Math.floor(narrow ? width : Math.min(wanted - 2 * TITLE, width * 0.64));
  const height = 2 * ((gridsWidth - GAP) / 2 + TITLE) + GAP / 2;
  const side = narrow ? width : width - gridsWidth - 24;
  const fitting = Math.min(side / columns, (narrow ? 300 : height - TITLE - CONTROLS) / rows, 40);
  const scale = fitting >= 2 ? Math.floor(fitting) : fitting;
  return {
    narrow,
    side,
    scale,
    gridsSize: /** @type {[number, number]} */ ([gridsWidth, height]),
    overviewSize: /** @type {[number, number]} */ ([Math.max(1, columns * scale), Math.max(1, rows * scale)]),
  };
}

/**
 * The grids on the screen: one of all planes, or that and one for each.
 * @param {[width: number, height: number]} size
 * @param {Region} region
 * @param {string[] | null} names - of the planes of a colour picture
 * @param {boolean} apart
 * @returns {PlaneGrid[]}
 */
export function placeGrids([width, height], region, names, apart) {
  const several = names !== null && apart;
  const room = several ? (width - GAP) / 2 : Math.min(width, height - TITLE);
  const fitting = Math.min(room / region.columns, room / region.rows);
  const cell = fitting >= 12 ? Math.floor(fitting) : fitting;
  const all = { plane: -1, title: "R, G and B together" };
  const grey = { plane: 0, title: "Grey: 0 is black, 255 is white" };
  const planes = several ? names.map((title, plane) => ({ plane, title })) : [];
  return [names ? all : grey, ...planes].map((grid, i) => {
    const [x, y] = [(i % 2) * (room + GAP), TITLE + Math.floor(i / 2) * (room + TITLE + GAP / 2)];
    return { ...grid, cell, x, y };
  });
}

/**
 * The picture's pixel under a point of the grids' canvas, or null.
 * @param {PlaneGrid[]} grids
 * @param {Region} region
 * @param {number} px
 * @param {number} py
 * @returns {Spot | null}
 */
export function pixelUnder(grids, { top, left, rows, columns }, px, py) {
  for (const { x, y, cell } of grids) {
    const [column, row] = [Math.floor((px - x) / cell), Math.floor((py - y) / cell)];
    if (row >= 0 && column >= 0 && row < rows && column < columns) return { row: top + row, column: left + column };
  }
  return null;
}
