// Sign marks: positive and negative told apart without colours, where a reader asked for it. A + or a − stands in each cell that
// has room for one; where cells are smaller, what is negative is hatched. Knows values and places; not what they mean.

import { contextOf } from "./canvas.js";
import { clamp } from "./numbers.js";

/** @import { Theme } from "./types.js" */

const SIGNS_FROM = 12; // CSS pixels: a cell this wide has room for a sign
const CORNER_FROM = 27; // one this wide has it in its corner, because a number may stand in its middle
const UNMARKED = 1 / 32; // of the scale's reach: what looks like zero has no mark
const HATCH = 6; // CSS pixels from one line to the next

/** @type {Record<string, HTMLCanvasElement>} */
const scratches = {}; // kept: a network has hundreds of maps
const scratchOf = (/** @type {string} */ name) => (scratches[name] ??= document.createElement("canvas"));

/** Whether the page's switch is on: the frame's component keeps it at the document. */
export const areSignsMarked = () => document.documentElement.dataset.signs === "on";

/**
 * Paint again when the switch is used; returns how to stop.
 * @param {() => void} repaint
 */
export function followSigns(repaint) {
  const watch = new MutationObserver(repaint);
  watch.observe(document.documentElement, { attributeFilter: ["data-signs"] });
  return () => watch.disconnect();
}

/**
 * Which mark a value has on a scale from −reach to reach: 1, −1, or 0 for none.
 * @param {number} value
 * @param {number} reach
 */
export function signOf(value, reach) {
  return Math.abs(value) > UNMARKED * reach ? Math.sign(value) : 0;
}

/**
 * Mark the cells of a map that has been painted on a signed scale, if the reader asked for it.
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number, y: number, width: number, height: number, rows: number, columns: number, reach: number}} map
 * @param {(row: number, column: number) => number} valueAt - not a number: no mark
 * @param {Theme} theme
 */
export function markSigns(context, map, valueAt, theme) {
  if (!areSignsMarked()) return;
  const cell = Math.min(map.width / map.columns, map.height / map.rows);
  if (cell >= SIGNS_FROM) writeSigns(context, map, valueAt, theme, cell);
  else hatchNegative(context, map, valueAt);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Parameters<typeof markSigns>[1]} map
 * @param {(row: number, column: number) => number} valueAt
 * @param {Theme} theme
 * @param {number} cell
 */
function writeSigns(context, { x, y, width, height, rows, columns, reach }, valueAt, theme, cell) {
  const inCorner = cell >= CORNER_FROM;
  const half = inCorner ? clamp(cell * 0.08, 4, 12) : cell * 0.25;
  const [across, down] = [width / columns, height / rows];
  const [right, below] = inCorner ? [half + 5, half + 5] : [across / 2, down / 2];
  context.save();
  context.beginPath();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const sign = signOf(valueAt(row, column), reach);
      if (!sign) continue;
      const [cx, cy] = [x + column * across + right, y + row * down + below].map(Math.round);
      context.moveTo(cx - half, cy);
      context.lineTo(cx + half, cy);
      if (sign < 0) continue;
      context.moveTo(cx, cy - half);
      context.lineTo(cx, cy + half);
    }
  }
  const line = Math.max(2, half * 0.45);
  for (const [colour, wide, cap] of /** @type {const} */ ([
    [theme.background, line + 3, "square"],
    [theme.text, line, "butt"],
  ])) {
    Object.assign(context, { strokeStyle: colour, lineWidth: wide, lineCap: cap }); // seen on any colour
    context.stroke();
  }
  context.restore();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Parameters<typeof markSigns>[1]} map
 * @param {(row: number, column: number) => number} valueAt
 */
function hatchNegative(context, { x, y, width, height, rows, columns, reach }, valueAt) {
  const scale = context.getTransform().a; // device pixels a CSS pixel
  const [mask, hatched] = [scratchOf("mask"), scratchOf("hatched")];
  [mask.width, mask.height] = [columns, rows];
  const image = new ImageData(columns, rows);
  const words = new Uint32Array(image.data.buffer);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) {
      if (signOf(valueAt(row, column), reach) < 0) words[i] = 0xff000000;
    }
  }
  contextOf(mask).putImageData(image, 0, 0);
  [hatched.width, hatched.height] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const on = contextOf(hatched);
  on.imageSmoothingEnabled = false;
  on.drawImage(mask, 0, 0, hatched.width, hatched.height);
  on.globalCompositeOperation = "source-in";
  on.fillStyle = hatchOf(on, Math.round(HATCH * scale));
  on.fillRect(0, 0, hatched.width, hatched.height);
  context.drawImage(hatched, x, y, width, height);
}

/**
 * Slanted lines, a light one beside each dark one: seen on any colour.
 * @param {CanvasRenderingContext2D} context
 * @param {number} side - of what is repeated, in device pixels
 */
function hatchOf(context, side) {
  const tile = scratchOf("tile");
  [tile.width, tile.height] = [side, side];
  const on = contextOf(tile);
  on.lineWidth = side / 6;
  for (const [colour, by] of /** @type {const} */ ([
    ["#000000", 0],
    ["#ffffff", side / 4],
  ])) {
    on.strokeStyle = colour;
    on.beginPath();
    for (const start of [-side, 0, side]) {
      on.moveTo(start + by - 1, side + 1);
      on.lineTo(start + by + side + 1, -1);
    }
    on.stroke();
  }
  return context.createPattern(tile, "repeat") ?? "#000000";
}
