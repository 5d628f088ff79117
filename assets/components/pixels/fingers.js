// Fingers on a picture and on its grids: one moves the region, two make it larger or smaller too. Knows places and regions; draws
// nothing.

import { within } from "../shared/keys.js";
import { moved, resized } from "./region.js";

/** @import { Region } from "./types.js" */
/** @import { Size } from "./region.js" */

/** @typedef {readonly [x: number, y: number]} Finger */

/**
 * Where fingers are: their middle, and how far two are apart; one alone is 1 from itself.
 * @param {readonly Finger[]} fingers
 */
function holdOf(fingers) {
  const [[ax, ay], [bx, by]] = [fingers[0], fingers[1] ?? fingers[0]];
  return { x: (ax + bx) / 2, y: (ay + by) / 2, apart: fingers[1] ? Math.max(1, Math.hypot(ax - bx, ay - by)) : 1 };
}

/**
 * The region whose pixels stay under the fingers that lie on a grid of it: apart, they show fewer and larger ones.
 * @param {Region} region - as it was when the fingers came down
 * @param {readonly Finger[]} from - where they came down
 * @param {readonly Finger[]} to - where they are
 * @param {{x: number, y: number, cell: number}} grid - as it was then
 * @param {Size} picture
 */
export function heldOnGrid(region, from, to, { x, y, cell }, picture) {
  const [before, now] = [holdOf(from), holdOf(to)];
  const next = resized(region, Math.round((region.side * before.apart) / now.apart), picture);
  const larger = (cell * region.side) / next.side;
  const row = region.top + (before.y - y) / cell;
  const column = region.left + (before.x - x) / cell;
  return moved(next, row - (now.y - y) / larger, column - (now.x - x) / larger, picture);
}

/**
 * The region that fingers on the whole picture hold: it goes with their middle and becomes as much larger as they go apart.
 * @param {Region} region - as it was when the fingers came down
 * @param {readonly Finger[]} from
 * @param {readonly Finger[]} to
 * @param {number} scale - screen pixels of one of the picture's
 * @param {Size} picture
 */
export function heldOnPicture(region, from, to, scale, picture) {
  const [before, now] = [holdOf(from), holdOf(to)];
  const next = resized(region, Math.round((region.side * now.apart) / before.apart), picture);
  const [down, right] = [(now.y - before.y) / scale, (now.x - before.x) / scale];
  return moved(next, next.top + down, next.left + right, picture);
}

/**
 * Tell of fingers that move on an element, at most two of them, from where the last one came or went.
 * @param {HTMLElement} at
 * @param {() => void} begin - they have another hold
 * @param {(from: Finger[], to: Finger[]) => void} follow
 */
export function followFingers(at, begin, follow) {
  /** @type {Map<number, Finger>} */
  const down = new Map();
  /** @type {Finger[]} */
  let from = [];
  const now = () => [...down.values()].slice(0, 2);
  const hold = () => {
    from = now();
    begin();
  };
  at.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse") return;
    at.setPointerCapture(event.pointerId);
    down.set(event.pointerId, within(event, at));
    hold();
  });
  at.addEventListener("pointermove", (event) => {
    if (!down.has(event.pointerId)) return;
    down.set(event.pointerId, within(event, at));
    follow(from, now());
  });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
    at.addEventListener(end, (event) => down.delete(event.pointerId) && hold());
  }
}
