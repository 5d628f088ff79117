// The network's answer as bars. Knows labels and probabilities; not where they come from.

import { sizeCanvas } from "../shared/canvas.js";
import { withDecimals } from "../shared/numbers.js";
import { fitting } from "./names.js";

/** @import { Theme } from "../shared/types.js" */
/** @import { Header } from "./types.js" */

const HEIGHT = 112; // CSS pixels
const [BAR, SHARE, APART] = [40, 58, 14]; // the width of a probability of 1, of its number, between two columns
const MOST = 6; // rows of a column
const SHORT = 3; // signs: labels that leave room for a second column

/**
 * Where each row of the answer stands: up to MOST below each other, those of short labels in two columns.
 * @param {Header["answer"]} rows
 */
export function placeRows(rows) {
  const longest = Math.max(0, ...rows.map(({ label }) => [...label].length));
  const names = longest <= SHORT ? 18 : longest <= 10 ? 76 : 96;
  const columns = rows.length > MOST ? 2 : 1;
  const down = Math.max(Math.ceil(rows.length / columns), 5);
  const wide = names + 6 + BAR + SHARE;
  const places = rows.map((_, i) => ({
    x: Math.floor(i / down) * (wide + APART),
    y: (((i % down) + 0.5) * HEIGHT) / down,
  }));
  return { names, wide, step: HEIGHT / down, width: columns * (wide + APART) - APART, places };
}

/**
 * The bars stand in the head, at a fixed size, so that they never move while the maps below are laid out anew.
 * @param {HTMLCanvasElement} bars
 * @param {Header["answer"]} rows
 * @param {Theme} theme
 */
export function paintAnswer(bars, rows, theme) {
  bars.style.visibility = rows.length ? "visible" : "hidden"; // it keeps its column of the head
  if (!rows.length) {
    sizeCanvas(bars, 1, HEIGHT);
    return;
  }
  const { names, wide, step, width, places } = placeRows(rows);
  const context = sizeCanvas(bars, width, HEIGHT);
  context.clearRect(0, 0, width, HEIGHT);
  const best = Math.max(...rows.map((row) => row.probability));
  context.textBaseline = "middle";
  context.textAlign = "right";
  rows.forEach(({ label, probability }, i) => {
    const { x, y } = places[i];
    const winner = probability === best;
    const left = x + names + 6;
    context.font = `${winner ? 600 : 400} 14px ${theme.font}`;
    context.fillStyle = theme.text;
    context.fillText(fitting(context, label, names), x + names, y, names);
    context.fillStyle = theme.panel;
    context.fillRect(left, y - step * 0.32, BAR, step * 0.64);
    context.fillStyle = winner ? theme.primary : theme.text;
    context.fillRect(left, y - step * 0.32, Math.max(0.5, BAR * probability), step * 0.64);
    context.fillStyle = theme.text;
    context.fillText(percent(probability), x + wide, y, SHARE - 4);
  });
  bars.setAttribute("aria-label", rows.map((row) => `${row.label} ${percent(row.probability)}`).join(", "));
}

/** @param {number} share */
function percent(share) {
  return share > 0.9995 && share < 1 ? "> 99.9 %" : `${withDecimals(100 * share, share < 0.0995 ? 2 : 1)} %`;
}
