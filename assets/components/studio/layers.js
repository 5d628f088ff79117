// The layers of a frame as tiles: kernels and feature maps with their values, their arrangement and their words. Knows shapes;
// draws nothing.

/** @import { Arrangement, Entry, Frame, Tiles } from "./types.js" */

const MOST_PLANES = 8; // of a kernel that are shown; the rest is named in the title
const LARGEST_SIDE = 4096; // of any axis: a header that says more is none of ours
const TILE_GAP = 3; // CSS pixels between maps

/** @param {number[]} shape */
export const productOf = (shape) => shape.reduce((product, size) => product * size, 1);

/**
 * The shape of an entry if it has the rank, or null.
 * @param {Entry} entry
 * @param {number} rank
 */
function shapeOf(entry, rank) {
  const shape = entry?.shape;
  if (!Array.isArray(shape) || shape.length !== rank) return null;
  return shape.every((size) => Number.isInteger(size) && size > 0 && size <= LARGEST_SIDE) ? shape : null;
}

/**
 * The numbers that an entry of a frame names, or null where there are none.
 * @param {Frame} frame
 * @param {Entry | undefined} entry
 */
export function floatsOf(frame, entry) {
  const values = entry && frame.arrays[entry.array];
  return values?.length ? values : null;
}

/**
 * The layers of a frame that can be drawn.
 * @param {Frame} frame
 * @param {"kernels" | "maps"} kind
 * @returns {Tiles[]}
 */
export function tilesOf(frame, kind) {
  const sent = frame.header[kind];
  return (Array.isArray(sent) ? sent : []).flatMap((entry) => {
    const shape = shapeOf(entry, kind === "kernels" ? 4 : 3);
    const values = floatsOf(frame, entry);
    if (!shape || values?.length !== productOf(shape)) return [];
    const [low, high] = [Number(entry.low), Number(entry.high)];
    const layer = String(entry.layer);
    const common = {
      layer,
      title: String(entry.title ?? layer),
      values,
      low,
      high,
      coded: values instanceof Uint8Array,
    };
    return [kind === "maps" ? mapsOf(common, entry, shape) : kernelsOf(common, shape)];
  });
}

/** @typedef {Pick<Tiles, "layer" | "title" | "values" | "low" | "high" | "coded">} Common */

/**
 * @param {Common} common
 * @param {Entry} entry
 * @param {number[]} shape
 * @returns {Tiles}
 */
function mapsOf(common, entry, [tiles, h, w]) {
  const flat = h * w === 1;
  const about = flat ? `${tiles} units` : `${tiles}×${h}×${w}`;
  const signed = Boolean(entry.signed);
  return { ...common, about, signed, tiles, h, w, fixed: 0, planes: 1, flat, source: (tile) => tile };
}

/**
 * One kernel a column, its planes below each other; a single plane may break into lines.
 * @param {Common} common
 * @param {number[]} shape
 * @returns {Tiles}
 */
function kernelsOf(common, [out, planes, h, w]) {
  const shown = Math.min(planes, MOST_PLANES);
  const about = `${out} × ${planes}×${h}×${w}${shown < planes ? `, first ${shown} planes` : ""}`;
  const several = shown > 1;
  return {
    ...common,
    title: common.layer,
    about,
    signed: true,
    tiles: out * shown,
    h,
    w,
    fixed: several ? out : 0,
    planes,
    flat: h * w === 1,
    source: several ? (tile) => (tile % out) * planes + Math.floor(tile / out) : (tile) => tile * planes,
  };
}

/**
 * The largest whole cell with which a layer fits into width × room.
 * @param {Tiles} entry
 * @param {"kernels" | "maps"} kind
 * @param {number} width
 * @param {number} room
 * @returns {Arrangement}
 */
export function arrange(entry, kind, width, room) {
  const most = entry.flat ? 12 : kind === "kernels" ? 11 : Math.max(2, Math.floor(90 / entry.h));
  for (let cell = most; ; cell--) {
    const gap = entry.flat ? 0 : kind === "kernels" ? 2 + Math.min(6, cell) : TILE_GAP;
    const [tw, th] = [entry.w * cell + gap, entry.h * cell + gap];
    const fit = Math.max(1, Math.floor((width + gap - 2) / tw));
    const columns = entry.fixed || Math.min(entry.tiles, fit);
    if (columns > fit && cell > 1) continue;
    if (kind === "kernels" && !entry.fixed && entry.tiles > fit && cell > 6) continue; // rather smaller in one line
    const even = entry.fixed ? columns : Math.ceil(entry.tiles / Math.ceil(entry.tiles / columns));
    const rows = Math.ceil(entry.tiles / even);
    if (rows * th > room && cell > 1) continue;
    return { cell, gap, columns: even, rows, w: even * tw - gap + 2, h: rows * th - gap + 2, tw, th };
  }
}
