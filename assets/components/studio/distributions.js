// The studio's small histograms of weights and activations. Knows one frame's counts; not where they come from.

import { sizeCanvas } from "../shared/canvas.js";
import { asPercent, grouped, number, rounded } from "../shared/numbers.js";
import { floatsOf } from "./layers.js";

/** @import { Numbers } from "../shared/types.js" */
/** @import { Entry, Frame, Line, Run, View } from "./types.js" */

const SPARK = { width: 138, height: 44, above: 18, below: 15, gap: 12 }; // CSS pixels of a histogram and around it
const SATURATED = 0.2; // from here on it is told in the alarm's colour

/** @typedef {{kind: "weights" | "activations", entry: Entry, x: number, y: number, wide: number, counts: Numbers}} Place */

/**
 * Small histograms, weights first, then activations; the axis of a layer is one over all runs.
 * @param {HTMLCanvasElement} canvas
 * @param {View} view
 */
export function createDistributions(canvas, view) {
  const panel = { cells: /** @type {Place[]} */ ([]), paint, describe, at };

  /**
   * The ends of a layer's axis, one over all runs.
   * @param {Place["kind"]} kind
   * @param {Entry} entry
   */
  function axisOf(kind, entry) {
    return view.ranges.get(`${kind} ${entry.layer}`) ?? [Number(entry.low), Number(entry.high)];
  }

  /**
   * @param {Frame} frame
   * @param {number} width
   * @param {Run} run
   */
  function paint(frame, width, run) {
    const groups = /** @type {const} */ (["weights", "activations"])
      .map((kind) => ({ kind, found: histogramsOf(frame, kind) }))
      .filter(({ found }) => found.length);
    if (!groups.length) return false;
    const columns = Math.max(1, Math.floor((width + SPARK.gap) / (SPARK.width + SPARK.gap)));
    const wide = Math.floor((width + SPARK.gap) / columns) - SPARK.gap;
    const deep = SPARK.above + SPARK.height + SPARK.below + 9;
    let y = 0;
    const headings = [];
    panel.cells = [];
    for (const { kind, found } of groups) {
      headings.push({ text: kind === "weights" ? "Weights" : "Activations", y });
      y += 20;
      for (const [i, each] of found.entries()) {
        const x = (i % columns) * (wide + SPARK.gap);
        panel.cells.push({ ...each, kind, x, y: y + Math.floor(i / columns) * deep, wide });
      }
      y += Math.ceil(found.length / columns) * deep + 2;
    }
    const context = sizeCanvas(canvas, width, y);
    context.clearRect(0, 0, width, y);
    context.textBaseline = "alphabetic";
    context.fillStyle = view.theme.text;
    context.textAlign = "left";
    context.font = `600 12px ${view.theme.font}`;
    for (const heading of headings) context.fillText(heading.text, 0, heading.y + 12);
    for (const cell of panel.cells) spark(context, cell, run);
    return true;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Place} place
   * @param {Run} run
   */
  function spark(context, { kind, entry, x, y, wide, counts }, run) {
    const [from, to] = axisOf(kind, entry);
    const span = to - from || 1;
    const foot = y + SPARK.above + SPARK.height;
    context.fillStyle = view.theme.panel;
    context.fillRect(x, y + SPARK.above, wide, SPARK.height);
    // A layer after ReLU is mostly zeros: that one bar is cut, so that the others are seen.
    let [top, second] = [0, 0];
    for (const count of counts) {
      if (count > top) [top, second] = [count, top];
      else if (count > second) second = count;
    }
    const full = top > 3 * second && second > 0 ? 1.5 * second : top || 1;
    /** @param {number} value */
    const at = (value) => x + (wide * (value - from)) / span;
    const step = (Number(entry.high) - Number(entry.low)) / counts.length;
    context.fillStyle = run.colour;
    context.beginPath();
    for (let i = 0; i < counts.length; i++) {
      if (!counts[i]) continue;
      const left = at(Number(entry.low) + i * step);
      const tall = Math.max(1, Math.min(1, counts[i] / full) * (SPARK.height - 2));
      context.rect(left, foot - tall, Math.max(1, at(Number(entry.low) + (i + 1) * step) - left), tall);
    }
    context.fill();
    if (from < 0 && to > 0) {
      context.fillStyle = view.theme.text;
      context.fillRect(Math.round(at(0)), y + SPARK.above, 1, SPARK.height);
    }
    context.fillStyle = view.theme.text;
    context.font = `12px ${view.theme.font}`;
    context.textAlign = "left";
    context.fillText(String(entry.layer), x, y + 13, wide * 0.45);
    const { dead, units, saturated } = entry;
    context.textAlign = "right";
    if (dead) {
      context.fillStyle = view.theme.alarm;
      context.font = `600 12px ${view.theme.font}`;
      context.fillText(`${dead} of ${units} dead`, x + wide, y + 13, wide * 0.62);
    } else if (isShare(saturated)) {
      if (saturated > SATURATED) context.fillStyle = view.theme.alarm;
      context.fillText(`${Math.round(100 * saturated)} % saturated`, x + wide, y + 13, wide * 0.62);
    }
    context.fillStyle = view.theme.text;
    context.font = `11px ${view.theme.font}`;
    context.globalAlpha = 0.75;
    context.fillText(rounded(to), x + wide, foot + 12);
    context.textAlign = "left";
    context.fillText(rounded(from), x, foot + 12);
    context.globalAlpha = 1;
  }

  /** @param {string} title */
  function describe(title) {
    const told = panel.cells.map(({ kind, entry }) => {
      const dead = entry.dead ? `, ${entry.dead} of ${entry.units} dead` : "";
      return `${kind} of ${entry.layer} from ${rounded(Number(entry.low))} to ${rounded(Number(entry.high))}${dead}`;
    });
    canvas.setAttribute("aria-label", `${title}: ${told.join("; ")}`);
  }

  /**
   * What is told of a place of the canvas.
   * @param {number} px
   * @param {number} py
   */
  function at(px, py) {
    const tall = SPARK.above + SPARK.height + SPARK.below;
    const cell = panel.cells.find(({ x, y, wide }) => px >= x && px < x + wide && py >= y && py < y + tall);
    if (!cell) return null;
    const { kind, entry, counts, x, wide } = cell;
    const [from, to] = axisOf(kind, entry);
    const [low, high] = [Number(entry.low), Number(entry.high)];
    const step = (high - low) / counts.length;
    const bin = Math.floor((from + ((px - x) / wide) * (to - from) - low) / (step || 1));
    /** @type {Line[]} */
    const lines = [];
    if (bin >= 0 && bin < counts.length) {
      const ends = `from ${number(low + bin * step)} to ${number(low + (bin + 1) * step)}`;
      lines.push({ text: `${grouped(counts[bin])} ${ends}`, strong: true });
    }
    lines.push({ text: `${entry.layer}, ${kind}: ${number(low)} to ${number(high)}` });
    if (Number.isFinite(entry.dead) && entry.units)
      lines.push({ text: `${entry.dead} of ${entry.units} units are dead` });
    if (isShare(entry.saturated)) lines.push({ text: `${asPercent(entry.saturated)} saturated` });
    return lines;
  }

  return panel;
}

/**
 * The histograms of a frame that have counts.
 * @param {Frame} frame
 * @param {"weights" | "activations"} kind
 */
function histogramsOf(frame, kind) {
  const sent = frame.header[kind];
  return (Array.isArray(sent) ? sent : []).flatMap((entry) => {
    const counts = floatsOf(frame, entry);
    return counts ? [{ entry, counts }] : [];
  });
}

/**
 * @param {unknown} value
 * @returns {value is number}
 */
const isShare = (value) => typeof value === "number" && Number.isFinite(value);
