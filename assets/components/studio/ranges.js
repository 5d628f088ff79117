// The ends of colours and axes of each layer, over all runs that are shown. Knows numbers; draws nothing.

import { scaleEnds } from "../shared/colours.js";

/** @import { FrameHeader } from "./types.js" */

const KINDS_WITH_RANGES = /** @type {const} */ (["kernels", "maps", "weights", "activations"]);

/**
 * Kind and layer → its ends: those of colours for kernels and maps, those of an axis for weights and activations.
 * @param {FrameHeader[]} headers - of the frames on the screen
 * @returns {Map<string, [low: number, high: number]>}
 */
export function rangesOf(headers) {
  /** @type {Map<string, {coloured: boolean, signed: boolean, lows: number[], highs: number[]}>} */
  const found = new Map();
  for (const header of headers) {
    for (const kind of KINDS_WITH_RANGES) {
      const entries = header[kind];
      for (const entry of Array.isArray(entries) ? entries : []) {
        const name = `${kind} ${entry.layer}`;
        const signed = kind !== "maps" || Boolean(entry.signed);
        const coloured = kind === "kernels" || kind === "maps";
        const known = found.get(name) ?? { coloured, signed, lows: [], highs: [] };
        known.lows.push(Number(entry.low));
        known.highs.push(Number(entry.high));
        found.set(name, known);
      }
    }
  }
  return new Map(
    [...found].map(([name, { coloured, signed, lows, highs }]) => {
      const [low, high] = [Math.min(...lows), Math.max(...highs)];
      return [name, coloured ? colourEnds(low, high, signed) : [low, high]];
    }),
  );
}

/**
 * @param {number} low
 * @param {number} high
 * @param {boolean} signed
 * @returns {[low: number, high: number]}
 */
function colourEnds(low, high, signed) {
  return Number.isFinite(low) && Number.isFinite(high) ? scaleEnds(low, high, signed) : [-1, 1];
}
