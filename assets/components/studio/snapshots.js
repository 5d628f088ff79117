// A run's snapshots as places of one slider. Knows steps and fractions of a training; not what a snapshot holds.

import { ENDED } from "./status.js";

/** @import { Run } from "./types.js" */

/** @typedef {Pick<Run, "status" | "gone" | "at">} Placed - what is asked of a run here */

/**
 * The snapshots of a run that the server still has, as far as is known.
 * @param {Placed} run
 */
export const keptSteps = (run) => (run.status?.snapshots ?? []).filter((step) => !run.gone.has(step));

/**
 * The snapshot that a new run may go on from: the one at the slider, or the newest of a run that is over; null while it trains.
 * @param {Placed} run
 * @param {boolean} live
 */
export function branchStep(run, live) {
  if (!live) return run.at;
  return ENDED.includes(run.status?.state ?? "") ? (keptSteps(run).at(-1) ?? null) : null;
}

/**
 * How many steps a run has or will have.
 * @param {Placed} run
 */
export const total = (run) => run.status?.total_steps || run.status?.step || 1;

/**
 * Every snapshot of every run as a fraction of its training, in order.
 * @param {Placed[]} runs
 */
export function stopsOf(runs) {
  const all = new Set(runs.flatMap((run) => keptSteps(run).map((step) => step / total(run))));
  return [...all].sort((a, b) => a - b);
}

/**
 * The number of a list that is nearest to a value; of two as near the first.
 * @param {number[]} list - not empty
 * @param {number} value
 */
export function nearest(list, value) {
  return list.reduce((best, each) => (Math.abs(each - value) < Math.abs(best - value) ? each : best), list[0]);
}
