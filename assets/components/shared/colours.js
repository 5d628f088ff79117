// Colours: the theme's, and the scales that numbers are painted with. Knows colours; not what they stand for.

import { contextOf, wordOf } from "./canvas.js";

/** @import { Rgb, Tables, Theme, ThemedScales } from "./types.js" */

/**
 * "#rrggbb" or "rgb(1, 2, 3)" → [r, g, b]
 * @param {string} text
 * @returns {Rgb}
 */
export function rgbOf(text) {
  const parts = text.startsWith("#")
    ? [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16))
    : (text.match(/[\d.]+/g) ?? [0, 0, 0]).slice(0, 3).map(Number);
  return [parts[0], parts[1], parts[2]];
}

/**
 * Any colour that CSS knows → [r, g, b]
 * @param {string} text
 * @returns {Rgb}
 */
export function parseColour(text) {
  const probe = contextOf(document.createElement("canvas"));
  probe.fillStyle = text;
  return rgbOf(probe.fillStyle);
}

/**
 * How bright a colour is to the eye, 0 to 255 (ITU-R BT.601's luma).
 * @param {number[]} rgb
 */
export const brightness = ([r, g, b]) => 0.299 * r + 0.587 * g + 0.114 * b;

/**
 * A word of a colour table → [r, g, b]
 * @param {number} word
 * @returns {Rgb}
 */
export const partsOf = (word) => [word & 255, (word >> 8) & 255, (word >> 16) & 255];

/**
 * The theme's colours as the browser resolved them, and whether it is a dark theme.
 * @param {Element} element
 * @returns {Theme}
 */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const read = (/** @type {string} */ name, /** @type {string} */ fallback) =>
    style.getPropertyValue(name).trim() || fallback;
  const background = read("--st-background-color", "#ffffff");
  return {
    background,
    text: read("--st-text-color", "#31333f"),
    primary: read("--st-primary-color", "#ff4b4b"),
    border: read("--st-border-color", "#d0d0d8"),
    panel: read("--st-secondary-background-color", "#f0f2f6"),
    font: read("--st-font", "sans-serif"),
    dark: brightness(parseColour(background)) < 128,
  };
}

/**
 * Anchor colours → 256 words of a scale from the first to the last.
 * @param {string[]} anchors - "#rrggbb"
 */
export function colourTable(anchors) {
  const colours = anchors.map(rgbOf);
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (colours.length - 1);
    const low = Math.min(Math.floor(at), colours.length - 2);
    table[i] = wordOf(colours[low].map((c, k) => Math.round(c + (at - low) * (colours[low + 1][k] - c))));
  }
  return table;
}

/**
 * The scales of a theme, ready to paint with.
 * @param {ThemedScales} scales
 * @param {Theme} theme
 * @returns {Tables}
 */
export function colourTables(scales, theme) {
  const { sequential, diverging } = scales[theme.dark ? "dark" : "light"];
  return { sequential: colourTable(sequential), diverging: colourTable(diverging) };
}

/**
 * Which of 256 colours a value has on a scale from low to high; beyond its ends it has theirs.
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export function levelOf(value, low, high) {
  return Math.max(0, Math.min(255, Math.round((255 * (value - low)) / (high - low))));
}

/**
 * The ends of a scale for values from low to high: symmetric about zero if signed, else with zero at or below its start.
 * @param {number} low
 * @param {number} high
 * @param {boolean} signed
 * @returns {[low: number, high: number]}
 */
export function scaleEnds(low, high, signed) {
  if (!signed) return [Math.min(0, low), high > Math.min(0, low) ? high : Math.min(0, low) + 1];
  const reach = Math.max(Math.abs(low), Math.abs(high)) || 1;
  return [-reach, reach];
}
