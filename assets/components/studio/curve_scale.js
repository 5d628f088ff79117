// The scales of the studio's curves: ranges, ticks, and where a step and a value stand. Knows numbers; draws nothing.

/** @import { Row, Status } from "./types.js" */

export const MARGIN = { left: 46, right: 12, top: 8, bottom: 20 };
export const STRIP = 30; // the learning rate's height, at the foot of the loss
export const STRIP_GAP = 12;
const SHARES = [0.99, 0.98, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0]; // where a closer look at an accuracy may begin
const TOPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
const WILD = 0.995; // of the losses are below the top: one wild batch does not flatten the rest
const MOST_TICKS = 5; // on a logarithmic scale

/**
 * About `most` round numbers between low and high.
 * @param {number} low
 * @param {number} high
 * @param {number} most
 */
export function niceTicks(low, high, most) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((times) => times * power >= rough * 0.999) ?? 10);
  const ticks = [];
  for (let at = Math.ceil(low / step - 1e-9) * step; at <= high + step * 1e-9; at += step) {
    ticks.push(Number(at.toPrecision(12)));
  }
  return ticks;
}

/**
 * Ticks of a logarithmic scale: 1, 2 and 5 of each power of ten, or only the powers where those are too many.
 * @param {number} low
 * @param {number} high
 */
export function logTicks(low, high) {
  const powers = Array.from({ length: 13 }, (_, i) => i - 6);
  const inside = (/** @type {number} */ value) => value >= low && value <= high;
  const ticks = powers.flatMap((power) => [1, 2, 5].map((times) => Number(`${times}e${power}`))).filter(inside);
  return ticks.length > MOST_TICKS ? powers.map((power) => Number(`1e${power}`)).filter(inside) : ticks;
}

/**
 * The row whose step is nearest; rows are in the order of their steps.
 * @param {Row[]} rows
 * @param {number} step
 */
export function nearestRow(rows, step) {
  let [low, high] = [0, rows.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (rows[middle][0] <= step) low = middle;
    else high = middle;
  }
  if (high < 0) return null;
  return Math.abs(rows[low][0] - step) <= Math.abs(rows[high][0] - step) ? rows[low] : rows[high];
}

/**
 * The first round number at or above a value.
 * @param {number} value
 */
export function niceTop(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return TOPS.map((times) => times * power).find((size) => size >= value) ?? value;
}

/**
 * @param {Status[]} statuses
 * @param {boolean} log
 * @returns {[low: number, high: number]}
 */
export function lossRange(statuses, log) {
  const all = statuses
    .flatMap(({ loss, parts, evaluations }) => [
      ...[...loss, ...Object.values(parts).flat()].map((row) => row[1]),
      ...evaluations.map((row) => row[3]),
    ])
    .filter(Number.isFinite);
  if (!all.length) return log ? [0.1, 1] : [0, 1];
  all.sort((a, b) => a - b);
  const [least, top] = [all[0], all[Math.floor((all.length - 1) * WILD)]];
  if (!log) return [0, niceTop(top)];
  const low = Math.max(1e-6, least);
  return [low * 0.9, Math.max(top, low * 2) * 1.1];
}

/**
 * From a round share below all that are shown to 1.
 * @param {number[]} shares
 * @returns {[low: number, high: number]}
 */
export function closeRange(shares) {
  const lowest = Math.min(1, ...shares);
  return [SHARES.find((edge) => edge < lowest - 0.001) ?? 0, 1];
}

/**
 * Where things stand in a plot, in CSS pixels: x(step), y(value), and the step at an x.
 * @param {[width: number, height: number]} size
 * @param {boolean} strip - whether the learning rate stands below
 * @param {[low: number, high: number]} range
 * @param {boolean} log
 * @param {number} most - the last step
 */
export function plotScale([width, height], strip, [low, high], log, most) {
  const right = width - MARGIN.right;
  const bottom = height - MARGIN.bottom - (strip ? STRIP + STRIP_GAP : 0);
  /** @param {number} value */
  const share = (value) => {
    if (!log) return (value - low) / (high - low);
    return (Math.log(Math.max(value, low)) - Math.log(low)) / (Math.log(high) - Math.log(low));
  };
  return {
    width,
    height,
    right,
    bottom,
    low,
    high,
    log,
    most,
    x: (/** @type {number} */ step) => MARGIN.left + ((right - MARGIN.left) * step) / most,
    step: (/** @type {number} */ x) => ((x - MARGIN.left) / (right - MARGIN.left)) * most,
    y: (/** @type {number} */ value) => bottom - (bottom - MARGIN.top) * Math.min(4, Math.max(-4, share(value))),
  };
}
