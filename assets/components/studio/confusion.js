// The studio's confusion matrix. Knows one frame's counts; not where they come from.

import { sizeCanvas } from "../shared/canvas.js";
import { brightness, levelOf, partsOf } from "../shared/colours.js";
import { asPercent, grouped } from "../shared/numbers.js";
import { floatsOf } from "./layers.js";

/** @import { Numbers } from "../shared/types.js" */
/** @import { ConfusionEntry, Frame, Run, View } from "./types.js" */

/**
 * "97.1 % of 1 000 pictures"; of masks and boxes "mean IoU 83.0 %, 1 000 pictures"
 * @param {ConfusionEntry} confusion
 * @param {string} metric
 */
function toldBy(confusion, metric) {
  const many = `${grouped(confusion.pictures)} pictures`;
  return metric === "accuracy"
    ? `${asPercent(confusion.accuracy)} of ${many}`
    : `${metric} ${asPercent(confusion.accuracy)}, ${many}`;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {View} view
 */
export function createConfusion(canvas, view) {
  const panel = {
    k: 0,
    cell: 1,
    left: 0,
    top: 0,
    counts: /** @type {Numbers} */ (new Float32Array()),
    sums: /** @type {number[]} */ ([]), // of the rows
    confusion: /** @type {ConfusionEntry | null} */ (null),
    metric: "accuracy",
    /** @param {number} i */
    name: (i) => String(i),
    paint,
    describe,
    title,
    at,
  };

  /**
   * @param {Frame} frame
   * @param {number} width
   * @param {Run} run
   */
  function paint(frame, width, run) {
    const { confusion } = frame.header;
    const counts = floatsOf(frame, confusion);
    if (!confusion || !counts || !Number.isInteger(confusion.classes)) return false;
    const k = confusion.classes;
    if (k < 1 || counts.length !== k * k) return false;
    const classes = run.status?.classes ?? [];
    /** @param {number} i */
    const name = (i) => classes[i] ?? String(i);
    const short = Array.from({ length: k }, (_, i) => name(i)).every((text) => text.length <= 2);
    const left = short ? 36 : 82;
    const top = short ? 38 : 66;
    const cell = Math.max(6, Math.min(28, Math.floor((width - left) / k)));
    const [w, h] = [left + cell * k + 1, top + cell * k + 1];
    const context = sizeCanvas(canvas, Math.min(width, Math.max(w, 220)), h);
    context.clearRect(0, 0, Math.max(w, 220), h);
    Object.assign(panel, { k, cell, left, top, counts, name, confusion, metric: frame.header.metric ?? "accuracy" });
    panel.sums = Array.from({ length: k }, (_, row) => {
      return [...counts.subarray(row * k, (row + 1) * k)].reduce((sum, value) => sum + value, 0);
    });
    paintNames(context, short);
    paintCounts(context);
    return true;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {boolean} short
   */
  function paintNames(context, short) {
    const { k, cell, left, top, name } = panel;
    context.fillStyle = view.theme.text;
    context.font = `12px ${view.theme.font}`;
    context.textBaseline = "middle";
    context.textAlign = "left";
    context.fillText("called →", left, 8);
    context.fillText("true ↓", 0, 8, left);
    const every = Math.max(1, Math.ceil(12 / cell));
    for (let i = 0; i < k; i += every) {
      context.textAlign = "right";
      context.fillText(name(i), left - 6, top + (i + 0.5) * cell, left - 8);
      if (short) {
        context.textAlign = "center";
        context.fillText(name(i), left + (i + 0.5) * cell, top - 10);
      } else {
        context.save();
        context.translate(left + (i + 0.5) * cell, top - 6);
        context.rotate(-Math.PI / 3);
        context.textAlign = "left";
        context.fillText(name(i), 0, 0, 50);
        context.restore();
      }
    }
  }

  /** @param {CanvasRenderingContext2D} context */
  function paintCounts(context) {
    const { k, cell, left, top, counts } = panel;
    const table = view.tables.sequential;
    context.textAlign = "center";
    context.font = `${cell >= 26 ? 12 : 11}px ${view.theme.font}`;
    for (let row = 0; row < k; row++) {
      for (let column = 0; column < k; column++) {
        const count = counts[row * k + column];
        const share = panel.sums[row] ? count / panel.sums[row] : 0;
        const rgb = partsOf(table[levelOf(share, 0, 1)]);
        context.fillStyle = `rgb(${rgb.join(",")})`;
        context.fillRect(left + column * cell, top + row * cell, cell - 1, cell - 1);
        if (count > 0 && cell >= 20) {
          context.fillStyle = brightness(rgb) > 140 ? "#10131a" : "#ffffff";
          const text = count > 999 ? `${Math.round(count / 1000)}k` : String(count);
          context.fillText(text, left + (column + 0.5) * cell - 0.5, top + (row + 0.5) * cell);
        }
      }
    }
    context.strokeStyle = view.theme.border;
    context.lineWidth = 1;
    context.strokeRect(left - 0.5, top - 0.5, cell * k, cell * k);
  }

  function title() {
    return panel.confusion ? toldBy(panel.confusion, panel.metric) : "";
  }

  /** @param {string} heading */
  function describe(heading) {
    canvas.setAttribute("aria-label", panel.confusion ? `${heading}: ${title()}` : heading);
  }

  /**
   * What is told of a place of the canvas.
   * @param {number} x
   * @param {number} y
   */
  function at(x, y) {
    const { counts, k, name, sums, cell, confusion } = panel;
    const [column, row] = [Math.floor((x - panel.left) / cell), Math.floor((y - panel.top) / cell)];
    if (!confusion || row < 0 || column < 0 || row >= k || column >= k) return null;
    const count = counts[row * k + column];
    const of = `${grouped(count)} of ${grouped(sums[row])} ${confusion.unit ?? "pictures"}`;
    const share = sums[row] ? asPercent(count / sums[row]) : "none";
    const lines = [
      { text: `${of} of “${name(row)}” were called “${name(column)}”`, strong: true },
      { text: row === column ? "right answers" : `${share} of this row` },
    ];
    return lines;
  }

  return panel;
}
