// Paints the studio's curves: axes, lines and dots. Knows rows of numbers and colours; not what is pointed at.

import { grouped, rounded } from "../shared/numbers.js";
import { MARGIN, STRIP, STRIP_GAP, logTicks, niceTicks } from "./curve_scale.js";

/** @import { Theme } from "../shared/types.js" */
/** @import { Row, Status } from "./types.js" */

const PART_DASHES = [
  [7, 4],
  [1.5, 3],
]; // of the class's loss and the box's

/** @typedef {ReturnType<typeof import("./curve_scale.js").plotScale>} Scale */
/** @typedef {{status: Status, colour: string}} Drawn - a run's curve */
/** @typedef {CanvasRenderingContext2D} Context */

/**
 * @param {Context} context
 * @param {Theme} theme
 * @param {Scale} at
 * @param {boolean} shares - whether the values are written in per cent
 */
export function axes(context, theme, at, shares) {
  context.font = `12px ${theme.font}`;
  context.fillStyle = theme.text;
  context.strokeStyle = theme.border;
  context.lineWidth = 1;
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.beginPath();
  for (const tick of at.log ? logTicks(at.low, at.high) : niceTicks(at.low, at.high, shares ? 5 : 4)) {
    const y = Math.round(at.y(tick)) + 0.5;
    context.moveTo(MARGIN.left, y);
    context.lineTo(at.right, y);
    context.fillText(shares ? `${rounded(100 * tick, 4)} %` : rounded(tick, 3), MARGIN.left - 6, y);
  }
  context.stroke();
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  for (const tick of niceTicks(0, at.most, Math.max(2, Math.floor((at.right - MARGIN.left) / 90)))) {
    const x = at.x(tick);
    if (x > at.right - 24 && tick !== at.most) continue;
    context.fillText(tick === 0 ? "step 0" : grouped(tick), Math.max(x, MARGIN.left + 14), at.height - 5);
  }
}

/**
 * A line through one column of the rows, broken where there is no number.
 * @param {Context} context
 * @param {Row[]} rows
 * @param {number} column
 * @param {Pick<Scale, "x" | "y">} at
 */
export function line(context, rows, column, at) {
  context.beginPath();
  let pen = false;
  for (const row of rows) {
    const value = row[column];
    if (!Number.isFinite(value)) {
      pen = false;
      continue;
    }
    if (pen) context.lineTo(at.x(row[0]), at.y(value));
    else context.moveTo(at.x(row[0]), at.y(value));
    pen = true;
  }
  context.stroke();
}

/**
 * @param {Context} context
 * @param {Row[]} rows
 * @param {number} column
 * @param {Pick<Scale, "x" | "y">} at
 * @param {number} radius
 */
export function dots(context, rows, column, at, radius) {
  context.beginPath();
  for (const row of rows) {
    if (!Number.isFinite(row[column])) continue;
    const [x, y] = [at.x(row[0]), at.y(row[column])];
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 7);
  }
  context.fill();
}

/**
 * @param {Context} context
 * @param {Drawn[]} runs
 * @param {Scale} at
 */
export function paintLoss(context, runs, at) {
  for (const { status, colour } of runs) {
    context.strokeStyle = context.fillStyle = colour;
    context.lineWidth = 2;
    line(context, status.loss, 1, at);
    const parts = Object.values(status.parts);
    context.lineWidth = 1.5;
    parts.forEach((rows, i) => {
      context.setLineDash(PART_DASHES[i % PART_DASHES.length]);
      line(context, rows, 1, at);
    });
    context.lineWidth = 2;
    context.setLineDash([2, 3]);
    if (!parts.length) line(context, status.evaluations, 3, at);
    context.setLineDash([]);
    dots(context, status.evaluations, 3, at, 3);
  }
}

/**
 * @param {Context} context
 * @param {(Drawn & {rows: Row[], sampled: Row[], training: boolean})[]} runs - training: whether rows have its column
 * @param {Scale} at
 */
export function paintAccuracy(context, runs, at) {
  for (const { colour, rows, sampled, training } of runs) {
    context.strokeStyle = context.fillStyle = colour;
    context.globalAlpha = 0.5;
    context.lineWidth = 1;
    dots(context, sampled, 1, at, 1.5);
    context.globalAlpha = 1;
    context.lineWidth = 1.5;
    context.setLineDash([6, 4]);
    if (training) line(context, rows, 2, at);
    context.setLineDash([]);
    context.lineWidth = 2.5;
    line(context, rows, 1, at);
    dots(context, rows, 1, at, 3);
  }
}

/**
 * The learning rate, below the loss.
 * @param {Context} context
 * @param {Theme} theme
 * @param {Drawn[]} runs
 * @param {Scale} at
 */
export function paintStrip(context, theme, runs, at) {
  const [top, foot] = [at.bottom + STRIP_GAP, at.bottom + STRIP_GAP + STRIP];
  let most = 0;
  for (const { status } of runs) for (const row of status.loss) if (row[2] > most) most = row[2];
  context.fillStyle = theme.text;
  context.font = `11px ${theme.font}`;
  context.textAlign = "right";
  context.fillText("rate", MARGIN.left - 6, foot - 3);
  if (most) context.fillText(rounded(most, 2), MARGIN.left - 6, top + 8);
  context.strokeStyle = theme.border;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(MARGIN.left, foot + 0.5);
  context.lineTo(at.right, foot + 0.5);
  context.stroke();
  if (!most) return;
  const strip = { x: at.x, y: (/** @type {number} */ value) => foot - (STRIP - 3) * (value / most) };
  context.lineWidth = 1.5;
  for (const { status, colour } of runs) {
    context.strokeStyle = colour;
    line(context, status.loss, 2, strip);
  }
}

/**
 * An upright line over the whole plot.
 * @param {Context} context
 * @param {Scale} at
 * @param {number} x
 * @param {string} colour
 * @param {number} width
 */
export function upright(context, at, x, colour, width) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(x, MARGIN.top - 6);
  context.lineTo(x, at.height - MARGIN.bottom);
  context.stroke();
}
