// The pixel that is pointed at or chosen: outlined in the picture and in its grids, and told in words. Knows the view; moves nothing.

import { sizeCanvas } from "../shared/canvas.js";
import { element, finder } from "../shared/dom.js";
import { NUMBERS_FROM } from "./layout.js";
import { outline } from "./painting.js";

/** @import { View } from "./types.js" */

/**
 * @param {ParentNode} root
 * @param {View} view
 * @param {ReturnType<typeof import("./painting.js").createPainting>} painting
 */
export function createReading(root, view, { value, colour, paintOf }) {
  const { find, canvas } = finder(root);
  const [overviewMarks, gridMarks, grids] = [".overview-marks", ".grids-marks", ".grids"].map(canvas);

  function mark() {
    const { top, left, rows, columns } = view.region;
    const s = view.scale;
    const over = sizeCanvas(overviewMarks, ...view.overviewSize);
    over.clearRect(0, 0, ...view.overviewSize);
    outline(over, left * s - 1, top * s - 1, columns * s + 2, rows * s + 2, view.theme.primary);
    if (!view.gridsSize) return;
    const on = sizeCanvas(gridMarks, ...view.gridsSize);
    on.clearRect(0, 0, ...view.gridsSize);
    for (const [spot, dashed] of /** @type {const} */ ([
      [view.chosen, true],
      [view.pointed, false],
    ])) {
      if (!spot) continue;
      const bright = dashed ? "#ffffff" : view.theme.primary;
      const size = Math.max(dashed ? 2 : 5, s);
      const [left0, top0] = [(spot.column + 0.5) * s - size / 2, (spot.row + 0.5) * s - size / 2];
      outline(over, left0, top0, size, size, bright, dashed);
      const [r, c] = [spot.row - top, spot.column - left];
      if (r < 0 || c < 0 || r >= rows || c >= columns) continue;
      for (const { x, y, cell } of view.grids) {
        outline(on, x + c * cell + 1, y + r * cell + 1, cell - 1, cell - 1, bright, dashed);
      }
    }
  }

  function explain() {
    const spot = view.pointed ?? view.chosen;
    const { top, left, rows, columns } = view.region;
    find(".where").textContent = `${view.pointed ? "Row" : "Chosen: row"} ${spot.row}, column ${spot.column}`;
    const ink = view.theme.dark ? view.header.ink.dark : view.header.ink.light;
    find(".values").replaceChildren(
      ...view.header.names.map((name, plane) => {
        const span = element("span", "", `${colour() ? name : "Grey"} ${value(spot.row, spot.column, plane)}`);
        span.style.color = colour() ? ink[plane] : "";
        return span;
      }),
    );
    find(".swatch").style.background = `rgb(${paintOf(spot.row, spot.column, colour() ? -1 : 0).join(", ")})`;
    const place = `Rows ${top}–${top + rows - 1}, columns ${left}–${left + columns - 1}. `;
    const readable = Math.max(...view.grids.map(({ cell }) => cell)) >= NUMBERS_FROM;
    find(".hint").textContent = place + (readable ? view.header.hint : "Numbers appear when the region is smaller.");
    grids.setAttribute(
      "aria-label",
      `${view.header.label} Region: ${place}Arrow keys move from pixel to pixel, Enter chooses one.`,
    );
  }

  return { mark, explain };
}
