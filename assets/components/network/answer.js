// The network's answer as bars. Knows labels and probabilities; not where they come from.

import { sizeCanvas } from "../shared/canvas.js";
import { withDecimals } from "../shared/numbers.js";
import { fitting } from "./names.js";

/** @import { Theme } from "../shared/types.js" */
/** @import { Header } from "./types.js" */

const HEIGHT = 138; // CSS pixels
const BAR = 68; // of a probability of 1

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
  const long = rows.some(({ label }) => label.length > 10); // ImageNet's names are
  const names = long ? 82 : 68;
  const [width, height] = [names + BAR + 64, HEIGHT];
  const context = sizeCanvas(bars, width, height);
  context.clearRect(0, 0, width, height);
  const step = height / Math.max(rows.length, 6);
  const best = Math.max(...rows.map((row) => row.probability));
  context.textBaseline = "middle";
  rows.forEach(({ label, probability }, i) => {
    const y = i * step + step / 2;
    const winner = probability === best;
    context.font = `${winner ? 600 : 400} 12px ${theme.font}`;
    context.fillStyle = theme.text;
    context.textAlign = "right";
    context.fillText(fitting(context, label, names - 2), names, y, names - 2);
    context.fillStyle = theme.panel;
    context.fillRect(names + 6, y - step * 0.32, BAR, step * 0.64);
    context.fillStyle = winner ? theme.primary : theme.text;
    context.fillRect(names + 6, y - step * 0.32, Math.max(0.5, BAR * probability), step * 0.64);
    context.fillStyle = theme.text;
    context.fillText(percent(probability), width, y);
  });
  bars.setAttribute("aria-label", rows.map((row) => `${row.label} ${percent(row.probability)}`).join(", "));
}

/** @param {number} share */
function percent(share) {
  return share > 0.9995 && share < 1 ? "> 99.9 %" : `${withDecimals(100 * share, share < 0.0995 ? 2 : 1)} %`;
}
