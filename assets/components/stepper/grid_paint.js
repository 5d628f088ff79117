// Paints a grid's cells, its planes' names and its overview. Knows pixels and colours; not where the grid's region comes from.

import { brightness, levelOf, partsOf } from "../shared/colours.js";
import { contextOf, sizeCanvas } from "../shared/canvas.js";
import { shortNumber } from "../shared/numbers.js";
import { markSigns } from "../shared/signs.js";
import { DIGIT, GRID_EDGE, OVERVIEW, PLANE_ASIDE, PLANE_GAP, SMALLEST_TEXT } from "./sizes.js";

/** @import { Theme } from "../shared/types.js" */
/** @import { Grid, Pair } from "./types.js" */

const OF_CELL = 0.34; // the numbers' size

/**
 * All cells that the region shows, on the grid's canvas.
 * @param {Grid} grid
 * @param {Theme} theme
 * @param {Uint32Array} table
 * @param {Pair} range - values of the table's first and last colour
 */
export function paintCells(grid, theme, table, [low, high]) {
  const { spec, region, cell, values } = grid;
  const width = grid.planeLeft(Math.min(grid.perRow, spec.planes) - 1) + region.cols * cell + GRID_EDGE;
  const height = grid.planeTop(spec.planes - 1) + region.rows * cell + GRID_EDGE;
  const context = sizeCanvas(grid.base, width, height);
  sizeCanvas(grid.top, width, height);
  context.clearRect(0, 0, width, height);
  const size = Math.max(SMALLEST_TEXT, cell * OF_CELL); // of the numbers, in pixels
  const digits = cell > SMALLEST_TEXT ? Math.floor((cell - 1) / (size * DIGIT)) : 0;
  context.textBaseline = "middle";
  for (let plane = 0; plane < spec.planes; plane++) {
    paintName(context, grid, theme, plane);
    context.textAlign = "center";
    context.font = `${size}px ${theme.font}`;
    for (let row = region.top; row < region.top + region.rows; row++) {
      for (let col = region.left; col < region.left + region.cols; col++) {
        const index = grid.index(plane, row, col);
        const corner = grid.corner(plane, row, col);
        if (!corner) continue;
        const [x, y] = corner;
        const covered = grid.covered(index);
        const border = Boolean(spec.border?.[row * spec.cols + col]);
        const rgb = partsOf(table[levelOf(values[index], low, high)]);
        context.fillStyle = covered ? theme.panel : `rgb(${rgb.join(",")})`;
        context.fillRect(x, y, cell - 1, cell - 1);
        if (border) hatch(context, x, y, cell - 1, theme);
        if (!digits) continue;
        context.fillStyle = covered ? theme.text : brightness(rgb) > 140 ? "#14171f" : "#ffffff";
        const text = border && spec.borderText ? spec.borderText : shortNumber(values[index], digits);
        if (!covered && text.length > digits) continue; // its colour tells it
        context.fillText(covered ? "?" : text, x + (cell - 1) / 2, y + cell / 2);
      }
    }
    if (!spec.signed) continue;
    const [x, y] = [grid.planeLeft(plane), grid.planeTop(plane)];
    const { rows, cols: columns } = region;
    const map = { x, y, width: columns * cell, height: rows * cell, rows, columns, reach: high };
    const valueAt = (/** @type {number} */ row, /** @type {number} */ col) =>
      toldValue(grid, plane, region.top + row, region.left + col);
    markSigns(context, map, valueAt, theme);
  }
}

/**
 * The value that a cell shows; not a number where it shows none.
 * @param {Grid} grid
 * @param {number} plane
 * @param {number} row
 * @param {number} col
 */
function toldValue({ spec, values, index, covered }, plane, row, col) {
  const at = index(plane, row, col);
  const isBare = covered(at) || (spec.borderText && spec.border?.[row * spec.cols + col]);
  return isBare ? NaN : values[at];
}

/**
 * A plane's name above it, or its last word where there is no more room.
 * @param {CanvasRenderingContext2D} context
 * @param {Grid} grid
 * @param {Theme} theme
 * @param {number} plane
 */
function paintName(context, grid, theme, plane) {
  const name = grid.spec.names?.[plane];
  if (name === undefined) return;
  context.font = `${SMALLEST_TEXT}px ${theme.font}`;
  context.fillStyle = theme.text;
  context.textAlign = "left";
  const room = grid.region.cols * grid.cell + PLANE_ASIDE - 4;
  const shown = context.measureText(name).width > room ? (name.split(" ").at(-1) ?? name) : name;
  context.fillText(shown, grid.planeLeft(plane), grid.planeTop(plane) - PLANE_GAP / 2, Math.max(room, 24));
}

/**
 * Lines across a cell of the padding.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} side
 * @param {Theme} theme
 */
function hatch(context, x, y, side, theme) {
  context.save();
  context.beginPath();
  context.rect(x, y, side, side);
  context.clip();
  context.strokeStyle = theme.text;
  context.globalAlpha = 0.25;
  context.lineWidth = 1;
  context.beginPath();
  for (let at = -side; at < side; at += Math.max(6, side / 8)) {
    context.moveTo(x + at, y + side);
    context.lineTo(x + at + side, y);
  }
  context.stroke();
  context.restore();
}

/**
 * The whole grid in small with a frame around what is shown, only where not all is shown.
 * @param {Grid} grid
 * @param {Theme} theme
 * @param {Uint32Array} table
 * @param {Pair} range
 */
export function paintOverview(grid, theme, table, [low, high]) {
  const { spec, region, values, overview } = grid;
  const needed = spec.rows > region.rows || spec.cols > region.cols;
  overview.style.display = needed ? "block" : "none";
  if (!needed) return;
  const scale = OVERVIEW / Math.max(spec.rows, spec.cols);
  const context = sizeCanvas(overview, spec.cols * scale, spec.rows * scale);
  const image = new ImageData(spec.cols, spec.rows);
  const words = new Uint32Array(image.data.buffer);
  for (let i = 0; i < words.length; i++) words[i] = grid.covered(i) ? 0 : table[levelOf(values[i], low, high)];
  const small = document.createElement("canvas");
  [small.width, small.height] = [spec.cols, spec.rows];
  contextOf(small).putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, spec.cols * scale, spec.rows * scale);
  if (spec.signed) {
    const { rows, cols: columns } = spec;
    const whole = { x: 0, y: 0, width: columns * scale, height: rows * scale, rows, columns, reach: high };
    markSigns(context, whole, (row, col) => toldValue(grid, 0, row, col), theme);
  }
  context.strokeStyle = theme.primary;
  context.lineWidth = 2;
  context.strokeRect(region.left * scale, region.top * scale, region.cols * scale, region.rows * scale);
}
