// A run's status: what the server sends, checked, and how it is told. Knows states and numbers; draws nothing.

/** @import { Status } from "./types.js" */

/** @type {Record<string, string>} */
export const STATES = {
  starting: "Starting",
  downloading: "Downloading",
  running: "Training",
  paused: "Paused",
  finished: "Finished",
  stopped: "Stopped",
  failed: "Failed",
  interrupted: "Interrupted",
};
export const ENDED = ["finished", "stopped", "failed", "interrupted"];
const MOST_NAMES = 6; // of extras, parts and weights

/** @type {Record<string, string[]>} */
const EXTRAS = { masks: ["pixel accuracy"], boxes: ["accuracy", "found"] }; // keep their place before they are first measured

/**
 * The newest metric of a status: on the whole test set, or on a sample of it where that is newer.
 * @param {Status} status
 */
export function newestAccuracy(status) {
  const test = status.evaluations.at(-1);
  const sample = status.sampled.at(-1);
  if (sample && (!test || sample[0] > test[0])) return { value: sample[1], word: `${status.metric}, sampled` };
  return { value: test ? test[1] : null, word: `test ${status.metric}` };
}

/**
 * A status as the studio uses it, whatever was sent: every part there and of its kind.
 * @param {Record<string, unknown>} sent
 */
export function checkedStatus(sent) {
  /**
   * @template T
   * @param {unknown} value
   * @param {T} otherwise
   */
  const finite = (value, otherwise) => (typeof value === "number" && Number.isFinite(value) ? value : otherwise);
  /** @param {unknown} value */
  const rows = (value) =>
    Array.isArray(value) ? value.filter((row) => Array.isArray(row) && row.length >= 2 && Number.isFinite(row[0])) : [];
  /** @param {unknown} value */
  const words = (value) => (typeof value === "string" ? value.slice(0, 500) : "");
  /**
   * @template T
   * @param {unknown} value
   * @param {(each: unknown) => T} check
   * @returns {Record<string, T>}
   */
  const named = (value, check) => {
    const entries = Object.entries(value && typeof value === "object" ? value : {}).slice(0, MOST_NAMES);
    return Object.fromEntries(entries.map(([name, each]) => [name, check(each)]));
  };
  const awaited = Object.fromEntries((EXTRAS[words(sent.task)] ?? []).map((name) => [name, []]));
  const steps = Array.isArray(sent.snapshots) ? sent.snapshots : [];
  return {
    title: words(sent.title),
    state: words(sent.state),
    message: words(sent.message),
    device: words(sent.device),
    pin: finite(sent.pin, 0),
    memory_mb: finite(sent.memory_mb, null),
    step: finite(sent.step, 0),
    total_steps: finite(sent.total_steps, 0),
    epoch: finite(sent.epoch, 0),
    fraction: finite(sent.fraction, 0),
    seconds: finite(sent.seconds, 0),
    speed: finite(sent.speed, 0),
    rate: finite(sent.rate, 0),
    wanted_speed: finite(sent.wanted_speed, null),
    loss: rows(sent.loss),
    evaluations: rows(sent.evaluations),
    sampled: rows(sent.sampled),
    snapshots: steps.filter((step) => Number.isInteger(step) && step >= 0).sort((a, b) => a - b),
    classes: Array.isArray(sent.classes) ? sent.classes.map(String) : [],
    metric: words(sent.metric) || "accuracy",
    extras: { ...awaited, ...named(sent.extras, rows) },
    parts: named(sent.parts, rows),
    loss_weights: named(sent.loss_weights, (value) => finite(value, 0)),
  };
}
