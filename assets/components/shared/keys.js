// Keys and pointers as steps and places. Knows events; not what moves.

import { zoomOf } from "./dom.js";

/** @import { Pointer } from "./types.js" */

/**
 * The arrow keys as [rows, columns].
 * @type {Readonly<Record<string, readonly [number, number]>>}
 */
export const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * Where a pointer is within an element, in CSS pixels.
 * @param {Pointer} event
 * @param {Element} element
 * @returns {[x: number, y: number]}
 */
export function within(event, element) {
  const [box, zoom] = [element.getBoundingClientRect(), zoomOf(element)];
  return [(event.clientX - box.left) / zoom, (event.clientY - box.top) / zoom];
}

/**
 * This key has been used: neither the browser nor the page does anything else with it.
 * @param {Event} event
 */
export function used(event) {
  event.preventDefault();
  event.stopPropagation();
}

/**
 * The keyboard's cursor over a canvas: arrows move it, Enter or F2 opens what it is on, Escape takes it away.
 * @param {HTMLElement} element
 * @param {{move: (by: readonly [rows: number, columns: number]) => void, open?: () => void, leave: () => void}} cursor
 */
export function listenForCursor(element, { move, open, leave }) {
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (ARROWS[event.key]) move(ARROWS[event.key]);
    else if (open && (event.key === "Enter" || event.key === "F2")) open();
    else if (event.key === "Escape") leave();
    else return;
    used(event);
  });
}

/**
 * Let a region be heard while the keyboard is on an element: a mouse that passes over it says nothing.
 * @param {HTMLElement} element
 * @param {HTMLElement} region
 */
export function hearWhileFocused(element, region) {
  element.addEventListener("focus", () => region.setAttribute("aria-live", "polite"));
  element.addEventListener("blur", () => region.setAttribute("aria-live", "off"));
}

/**
 * Do what a key means, unless it is typed into a field, belongs to the browser, or presses a button.
 * @param {HTMLElement} element
 * @param {(key: string) => (() => void) | undefined} meaning
 */
export function listenForKeys(element, meaning) {
  element.addEventListener("keydown", (event) => {
    const from = event.target instanceof Element ? event.target.tagName : "";
    if (from === "INPUT" || event.ctrlKey || event.metaKey || (event.key === " " && from === "BUTTON")) return;
    const act = meaning(event.key);
    if (!act) return;
    used(event);
    act();
  });
}
