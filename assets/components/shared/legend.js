// The bar that shows a scale's colours, with its sign marks. Knows colours; not the numbers at its ends.

import { sizeCanvas } from "./canvas.js";
import { partsOf } from "./colours.js";
import { markSigns } from "./signs.js";

/** @import { Theme } from "./types.js" */

/**
 * @param {HTMLCanvasElement} canvas - as large as its style makes it
 * @param {Uint32Array} table - 256 colours from its left to its right
 * @param {boolean} signed
 * @param {Theme} theme
 */
export function paintLegend(canvas, table, signed, theme) {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const bar = sizeCanvas(canvas, width, height);
  for (let i = 0; i < 256; i++) {
    bar.fillStyle = `rgb(${partsOf(table[i]).join(", ")})`;
    bar.fillRect((width * i) / 256, 0, width / 256 + 0.5, height);
  }
  if (!signed) return;
  const whole = { x: 0, y: 0, width, height, rows: 1, columns: 256, reach: 1 };
  markSigns(bar, whole, (_, column) => column / 127.5 - 1, theme);
}
