// Canvases: sharp ones on the screen, and small ones with one pixel a cell. Knows pixels; not what they mean.

import { zoomOf } from "./dom.js";

/** @import { Numbers, Rgb } from "./types.js" */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 * @returns {CanvasRenderingContext2D}
 */
export function contextOf(canvas, settings) {
  const context = canvas.getContext("2d", settings);
  if (!context) throw new TypeError("this browser draws nothing on a canvas");
  return context;
}

/**
 * Size a canvas in CSS pixels with a backing store that is sharp on this screen; returns its context, scaled.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
export function sizeCanvas(canvas, width, height) {
  const ratio = (window.devicePixelRatio || 1) * zoomOf(canvas);
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = contextOf(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/**
 * One colour as the word that a Uint32Array over ImageData takes, opaque.
 * @param {Readonly<Rgb> | number[]} rgb
 */
export const wordOf = ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

/**
 * Fill a canvas with a picture, one pixel a pixel.
 * @param {HTMLCanvasElement} canvas
 * @param {Numbers} pixels - uint8, row by row, the planes of a pixel together
 * @param {number} rows
 * @param {number} columns
 * @param {number} planes - 3 for colours; of any other number the first is grey
 */
export function fillPicture(canvas, pixels, rows, columns, planes) {
  [canvas.width, canvas.height] = [columns, rows];
  const image = new ImageData(columns, rows);
  const words = new Uint32Array(image.data.buffer);
  for (let i = 0, at = 0; i < words.length; i++, at += planes) {
    const [second, third] = planes === 3 ? [at + 1, at + 2] : [at, at];
    words[i] = (255 << 24) | (pixels[third] << 16) | (pixels[second] << 8) | pixels[at];
  }
  contextOf(canvas).putImageData(image, 0, 0);
}
