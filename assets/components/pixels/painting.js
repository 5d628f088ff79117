// Paints a picture's pixels: the whole of it, and the planes of a region with their numbers. Knows pixels and colours; not what
// is pointed at.

import { contextOf } from "../shared/canvas.js";
import { brightness } from "../shared/colours.js";
import { clamp } from "../shared/numbers.js";
import { NUMBERS_FROM } from "./layout.js";

/** @import { PlaneGrid, View } from "./types.js" */

const TRIPLES_FROM = 50; // a cell this wide has room for three numbers one below the other
const TEXT = 14; // pixels at least

/** @param {View} view */
export function createPainting(view) {
  const part = document.createElement("canvas"); // the region of one grid, one pixel a cell
  /**
   * @param {number} row
   * @param {number} column
   * @param {number} plane
   */
  const value = (row, column, plane) => view.pixels[(row * view.header.columns + column) * view.header.planes + plane];
  const colour = () => view.header.planes === 3;

  /** @param {HTMLCanvasElement} canvas */
  function paintWhole(canvas) {
    const { rows, columns, planes } = view.header;
    [canvas.width, canvas.height] = [columns, rows];
    const image = new ImageData(columns, rows);
    const words = new Uint32Array(image.data.buffer);
    // Which of a pixel's numbers become red, green and blue; −1: none, black.
    const one = colour() ? view.plane : 0;
    const from = one < 0 ? [0, 1, 2] : [0, 1, 2].map((k) => (!colour() || view.grey || k === one ? one : -1));
    /**
     * @param {number} at
     * @param {number} plane
     */
    const numberAt = (at, plane) => (plane < 0 ? 0 : view.pixels[at + plane]);
    for (let i = 0, at = 0; i < words.length; i++, at += planes) {
      words[i] = (255 << 24) | (numberAt(at, from[2]) << 16) | (numberAt(at, from[1]) << 8) | numberAt(at, from[0]);
    }
    contextOf(canvas).putImageData(image, 0, 0);
  }

  /**
   * The colour a cell is painted with: [r, g, b]
   * @param {number} row
   * @param {number} column
   * @param {number} plane
   */
  function paintOf(row, column, plane) {
    if (plane < 0) return [0, 1, 2].map((k) => value(row, column, k));
    const v = value(row, column, plane);
    return colour() && !view.grey ? [0, 1, 2].map((k) => (k === plane ? v : 0)) : [v, v, v];
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {PlaneGrid} planeGrid
   */
  function paintGrid(context, { plane, cell, title, x, y }) {
    const { top, left, rows, columns } = view.region;
    const ink = view.theme.dark ? view.header.ink.dark : view.header.ink.light;
    context.font = `600 ${TEXT}px ${view.theme.font}`;
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    context.fillStyle = colour() && plane >= 0 ? ink[plane] : view.theme.text;
    context.fillText(title, x, y - 9);

    [part.width, part.height] = [columns, rows];
    const image = new ImageData(columns, rows);
    const small = plane < 0 && cell < TRIPLES_FROM;
    const numbers = cell >= NUMBERS_FROM && !small;
    /** @type {[row: number, column: number, light: boolean][]} */
    const texts = [];
    for (let r = 0, i = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++, i += 4) {
        const rgb = paintOf(top + r, left + c, plane);
        image.data.set([...rgb, 255], i);
        if (numbers) texts.push([r, c, brightness(rgb) < 120]);
      }
    }
    contextOf(part).putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(part, x, y, columns * cell, rows * cell);
    if (cell >= 12) paintLines(context, x, y, cell, rows, columns);
    context.strokeStyle = view.theme.border;
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, y + 0.5, columns * cell - 1, rows * cell - 1);

    const triple = plane < 0;
    const size = triple ? clamp(cell * 0.25, TEXT, 30) : clamp(cell * 0.4, TEXT, 40);
    context.font = `${size}px ${view.theme.font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const [r, c, light] of texts) {
      context.fillStyle = light ? "#ffffff" : "#000000";
      const [cx, cy] = [x + (c + 0.5) * cell, y + (r + 0.5) * cell + 1];
      /**
       * @param {number} k
       * @param {number} by
       */
      const write = (k, by) => context.fillText(String(value(top + r, left + c, k)), cx, cy + by * size * 1.12);
      if (!triple) write(plane, 0);
      else for (let k = 0; k < 3; k++) write(k, k - 1);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} x
   * @param {number} y
   * @param {number} cell
   * @param {number} rows
   * @param {number} columns
   */
  function paintLines(context, x, y, cell, rows, columns) {
    context.globalCompositeOperation = "difference"; // seen on black, on white and on any grey between
    context.strokeStyle = "#303030";
    context.lineWidth = 1;
    context.beginPath();
    for (let c = 1; c < columns; c++) {
      context.moveTo(x + c * cell + 0.5, y);
      context.lineTo(x + c * cell + 0.5, y + rows * cell);
    }
    for (let r = 1; r < rows; r++) {
      context.moveTo(x, y + r * cell + 0.5);
      context.lineTo(x + columns * cell, y + r * cell + 0.5);
    }
    context.stroke();
    context.globalCompositeOperation = "source-over";
  }

  return { value, colour, paintOf, paintWhole, paintGrid };
}

/**
 * A rectangle that shows on any colour: a wide dark line under a narrow bright one.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {string} bright
 * @param {boolean} [dashed]
 */
export function outline(context, x, y, width, height, bright, dashed = false) {
  context.setLineDash([]);
  context.strokeStyle = "rgba(0, 0, 0, 0.8)";
  context.lineWidth = 4;
  context.strokeRect(x, y, width, height);
  context.setLineDash(dashed ? [4, 3] : []);
  context.strokeStyle = bright;
  context.lineWidth = 2;
  context.strokeRect(x, y, width, height);
}
