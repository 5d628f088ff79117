// The keyboard's way over a panel of the studio: from each place that tells something to the next one that tells something else.
// Knows places and words; not what a panel paints.

import { zoomOf } from "../shared/dom.js";
import { listenForCursor } from "../shared/keys.js";

/** @import { Line, Tell } from "./types.js" */

const COARSE = 4; // CSS pixels: how closely the first place is looked for

/**
 * @param {HTMLCanvasElement} canvas
 * @param {(x: number, y: number) => Line[] | null} at
 * @param {Tell} tell
 */
export function walkCanvas(canvas, at, tell) {
  canvas.tabIndex = 0;
  /** @type {{x: number, y: number} | null} */
  let spot = null;
  const textAt = (/** @type {number} */ x, /** @type {number} */ y) =>
    x < 0 || y < 0 || x >= canvas.clientWidth || y >= canvas.clientHeight
      ? null
      : (at(x, y) ?? []).map(({ text }) => text).join(", ");

  /**
   * How far the same is told from a place on, in one direction.
   * @param {number} x
   * @param {number} y
   * @param {number} dx
   * @param {number} dy
   */
  function reach(x, y, dx, dy) {
    const text = textAt(x, y);
    let far = 0;
    while (textAt(x + (far + 1) * dx, y + (far + 1) * dy) === text) far++;
    return far;
  }

  /**
   * Put the cursor into the middle of what is told at a place.
   * @param {number} x
   * @param {number} y
   */
  function put(x, y) {
    const [left, right] = [reach(x, y, -1, 0), reach(x, y, 1, 0)];
    const [up, down] = [reach(x, y, 0, -1), reach(x, y, 0, 1)];
    spot = { x: Math.floor(x + (right - left) / 2), y: Math.floor(y + (down - up) / 2) };
    const [box, zoom] = [canvas.getBoundingClientRect(), zoomOf(canvas)];
    const around = /** @type {[number, number]} */ ([left + right + 1, up + down + 1]);
    const [middle, level] = [x + (right - left) / 2, y + (down - up) / 2];
    tell(at(x, y), { clientX: box.left + middle * zoom, clientY: box.top + level * zoom, around });
  }

  function start() {
    for (let y = 1; y < canvas.clientHeight; y += COARSE) {
      for (let x = 1; x < canvas.clientWidth; x += COARSE) if (textAt(x, y)) return put(x, y);
    }
  }

  /** @param {readonly [rows: number, columns: number]} by */
  function move([dy, dx]) {
    if (!spot) return start();
    const from = textAt(spot.x, spot.y);
    for (let far = 1; ; far++) {
      const [x, y] = [spot.x + far * dx, spot.y + far * dy];
      const text = textAt(x, y);
      if (text === null) return; // the canvas's edge
      if (text && text !== from) return put(x, y);
    }
  }

  function leave() {
    spot = null;
    tell(null);
  }

  canvas.addEventListener("focus", () => canvas.matches(":focus-visible") && start());
  canvas.addEventListener("blur", leave);
  listenForCursor(canvas, { move, leave });
}
