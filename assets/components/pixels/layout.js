// Where a picture and the grids of its region stand. Knows sizes in CSS pixels; draws nothing.

export const NUMBERS_FROM = 27; // a cell this wide has room for three digits of 14 pixels

/** @import { Spot } from "../shared/types.js" */
/** @import { PlaneGrid, Region } from "./types.js" */

const GAP = 18; // between two grids, in CSS pixels
const TITLE = 24; // above a grid
const TITLES = 2 * TITLE - GAP / 2; // by which four grids are higher than they are wide
const BETWEEN = 24; // the picture's side and the grids, and the picture and its panel
const WIDE = 760; // a stage with less room has the picture above the grids
const PHONE = 480; // one with still less has everything in one column, as high as it comes
const LOWEST = 380;
const PANEL = 276; // CSS pixels: what the panel needs beside the picture
const READABLE = 12; // a region's side that is wanted, as long as its numbers can be read

/**
 * The sizes of everything on a stage; the grids' is the same, together or apart: nothing jumps.
 * @param {number} width - of the stage
 * @param {number} tall - its height; means nothing on a phone
 * @param {number} panel - the height of what stands under the picture
 * @param {{rows: number, columns: number}} picture
 */
export function layoutOf(width, tall, panel, { rows, columns }) {
  const kind = /** @type {"wide" | "tall" | "phone"} */ (width >= WIDE ? "wide" : width >= PHONE ? "tall" : "phone");
  const height = Math.max(tall, LOWEST);
  const gridsWidth = Math.floor(
    {
      wide: Math.min(height - TITLES, width * 0.64),
      tall: Math.min(height * 0.6 - BETWEEN - TITLES, width),
      phone: width,
    }[kind],
  );
  const side = kind === "wide" ? width - gridsWidth - BETWEEN : width;
  const [most, high] = {
    wide: [side, height - TITLE - panel - BETWEEN / 2],
    tall: [Math.min(side / 2, side - BETWEEN - PANEL), height * 0.4 - TITLE],
    phone: [side, 300],
  }[kind];
  const fitting = Math.min(most / columns, high / rows, 40);
  const scale = fitting >= 2 ? Math.floor(fitting) : fitting;
  return {
    kind,
    side,
    scale,
    gridsSize: /** @type {[number, number]} */ ([gridsWidth, gridsWidth + TITLES]),
    overviewSize: /** @type {[number, number]} */ ([Math.max(1, columns * scale), Math.max(1, rows * scale)]),
  };
}

/**
 * The side of a region whose numbers can be read in one of several grids.
 * @param {[width: number, height: number]} size - of the grids
 * @param {boolean} several
 */
export function readableSide([width], several) {
  return Math.min(READABLE, Math.floor((several ? (width - GAP) / 2 : width) / NUMBERS_FROM));
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
